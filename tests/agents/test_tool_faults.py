"""A tool server that fails or hangs: the person is told, nothing hangs, a confirmation is never lost or doubled."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from nimrod.agents.doors import Answer, DoorClosed, Json, McpDoor, ToolDoor, http_connect
from nimrod.tests.agents.world import World, caller, calls, carries_out, last_result, open_door, says


@dataclass
class Faulty:
    """A door that is closed for some tools, before or after the server did its work."""

    door: ToolDoor
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)

    async def list_tools(self, server: str, token: str) -> list[Any]:
        return await self.door.list_tools(server, token)

    async def call(self, server: str, name: str, arguments: Json, *, token: str, meta: Mapping[str, str]) -> Answer:
        if name in self.before:
            raise DoorClosed(name)
        answer = await self.door.call(server, name, arguments, token=token, meta=meta)
        if name in self.after:
            raise DoorClosed(name)
        return answer


def faulty(folder: Path) -> tuple[World, Faulty]:
    world = World(folder)
    door = Faulty(open_door(world.servers))
    world.close()
    again = World(folder, door=door)
    door.door = open_door(again.servers)
    return again, door


async def test_a_closed_tool_server_is_told_to_the_model(tmp_path: Path) -> None:
    world, door = faulty(tmp_path)
    door.before.add("find_vehicles")
    world.script.then(calls("find_vehicles", {"near": "Kamppi"}), says("I cannot look right now, sorry."))
    async with world.conversations:
        talk = world.conversations.create("booking", caller()).conversation_id
        assert (await world.say(talk, "a scooter"))["reply"] == "I cannot look right now, sorry."
    assert last_result(world.script.seen[-1])["error"]["code"] == "unreachable"
    world.close()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_confirmation_whose_answer_was_lost_can_be_given_again(tmp_path: Path, when: str) -> None:
    world, door = faulty(tmp_path)
    hold = calls("propose_hold", {"vehicle_id": "sc_0000"})
    world.script.then(hold, carries_out(), says("I could not reach it."), says("Held."))
    async with world.conversations:
        talk = world.conversations.create("booking", caller()).conversation_id
        asked = await world.say(talk, "a scooter")
        getattr(door, when).add("carry_out")
        card = asked["pending"][0]["proposal_id"]
        lost = await world.hear(world.conversations.confirm(talk, card, caller()))
        assert lost["reply"] == "I could not reach it."
        getattr(door, when).clear()
        assert [one["proposal_id"] for one in lost["pending"]] == ([card] if when == "before" else [])
        done = await world.hear(world.conversations.confirm(talk, card, caller()))
        assert "could not" not in done["reply"]
        assert done["reply"]
    assert len(world.reservations()) == 1
    world.close()


async def hangs(request: httpx2.Request) -> httpx2.Response:
    await asyncio.Event().wait()
    raise AssertionError


ANSWERS = {
    "500": lambda request: httpx2.Response(500, text="oh"),
    "401": lambda request: httpx2.Response(401, text="no"),
    "a web page": lambda request: httpx2.Response(200, html="<p>hello</p>"),
    "broken JSON": lambda request: httpx2.Response(200, headers={"content-type": "application/json"}, text="{"),
    "hanging": hangs,
}


@pytest.mark.parametrize("fault", ANSWERS)
async def test_whatever_a_server_answers_the_call_ends(fault: str) -> None:
    transport = httpx2.MockTransport(ANSWERS[fault])  # type: ignore[arg-type]
    door = McpDoor(http_connect("http://tools.test", lambda token: httpx2.AsyncClient(transport=transport)), 0.2)
    try:
        answer = await door.call("reservations", "find_vehicles", {}, token="t", meta={})
    except DoorClosed:
        return
    assert answer.refused
