"""What a remote model may do wrong: the person gets an answer, nothing is written twice, nothing hangs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import respx
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.models.function import FunctionModel

from nimrod.platform.model_client import Fallback, Models, open_models
from nimrod.tests.agents.bridge import HTTPCore2Mocker, completion
from nimrod.tests.agents.world import Script, World, caller, carries_out, says

URL = "http://far-away.test/v1"
assert HTTPCore2Mocker.name == "httpcore2"


class Cut(httpx.AsyncByteStream):
    """Half an answer, then nothing."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"id": "c1", "object": "chat.comp'
        raise httpx.ReadError("cut")


async def _stall(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(60)
    return httpx.Response(200)


def ok(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=completion(**body))


NO_WAIT = {"retry-after-ms": "1"}
FAULTS: dict[str, Callable[[], Any]] = {
    "down": lambda: httpx.ConnectError("down"),
    "slow": lambda: _stall,
    "429": lambda: httpx.Response(429, headers=NO_WAIT, json={"error": {"message": "too many"}}),
    "500": lambda: httpx.Response(500, headers=NO_WAIT, text="oh"),
    "401": lambda: httpx.Response(401, json={"error": {"message": "wrong key"}}),
    "half an answer": lambda: httpx.Response(200, stream=Cut()),
    "broken JSON": lambda: httpx.Response(200, headers={"content-type": "application/json"}, text='{"id": '),
    "not a completion": lambda: httpx.Response(200, json={"hello": "you"}),
    "a web page": lambda: httpx.Response(200, html="<p>Sign in to this network</p>"),
    "no choices": lambda: httpx.Response(200, json={**completion(text="x"), "choices": []}),
}


def remote(world_script: Any, timeout_s: float = 0.3) -> Models:
    """The remote model over the (mocked) network, with the scripted model in the place of the local one."""
    made = open_models(url=URL, key="k", model="far-away", timeout_s=timeout_s, local=httpx2.MockTransport(_nobody))
    backup = FunctionModel(world_script, model_name="near")
    return Models(Fallback(made.main.wrapped, backup, timeout_s=timeout_s), backup)  # type: ignore[attr-defined]


def _nobody(request: httpx2.Request) -> httpx2.Response:
    raise AssertionError("not asked in these tests")


@pytest.fixture
async def far(tmp_path: Path) -> AsyncIterator[World]:
    """A world whose model is remote; its script answers when the remote one fails."""
    script = Script()
    world = World(tmp_path, models=remote(script), turn_timeout_s=5.0)
    world.script = script
    async with world.conversations:
        yield world
    world.close()


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_local_model_answers_when_the_remote_one_fails(far: World, fault: str) -> None:

    far.script.then(says("The nearer model answers."))
    talk = far.conversations.create("booking", caller()).conversation_id
    with respx.mock(using="httpcore2", assert_all_called=False) as net:
        net.post(f"{URL}/chat/completions").mock(side_effect=FAULTS[fault]())
        done = await far.say(talk, "hello")
    assert done["reply"] == "The nearer model answers."
    trace = far.conversations.traces(talk, caller())[0].body
    assert trace["models"] == ["near"]


async def test_a_short_fault_is_retried_and_the_remote_model_answers(far: World) -> None:
    talk = far.conversations.create("booking", caller()).conversation_id
    with respx.mock(using="httpcore2", assert_all_called=False) as net:
        net.post(f"{URL}/chat/completions").mock(side_effect=[FAULTS["429"](), ok(text="Here I am.")])
        assert (await far.say(talk, "hello"))["reply"] == "Here I am."


async def test_a_fault_after_a_proposal_leaves_one_card_and_no_second(far: World) -> None:

    far.script.then(carries_out("Please confirm the hold."))
    talk = far.conversations.create("booking", caller()).conversation_id
    hold = ok(tool="propose_hold", arguments='{"vehicle_id": "sc_0000"}')
    with respx.mock(using="httpcore2", assert_all_called=False) as net:
        net.post(f"{URL}/chat/completions").mock(side_effect=[hold, FAULTS["down"](), FAULTS["down"]()])
        done = await far.say(talk, "a scooter now")
    assert done["reply"] == "Please confirm the hold."
    assert len(done["pending"]) == 1
    assert far.reservations() == []


@pytest.mark.parametrize(
    "nonsense",
    [
        {"tool": "hack_the_bank"},
        {"tool": "propose_hold", "arguments": '{"vehicle_id": '},
        {"tool": "propose_hold", "arguments": "[1, 2]"},
        {"text": ""},
    ],
)
async def test_a_model_that_talks_nonsense_is_replaced_for_the_turn(far: World, nonsense: dict[str, Any]) -> None:

    far.script.then(says("Let me try."))
    talk = far.conversations.create("booking", caller()).conversation_id
    with respx.mock(using="httpcore2", assert_all_called=False) as net:
        net.post(f"{URL}/chat/completions").mock(return_value=ok(**nonsense))
        done = await far.say(talk, "a scooter now")
    assert done["reply"] == "Let me try."
    assert far.reservations() == []


async def test_wrong_argument_types_are_told_to_the_model_which_corrects_itself(far: World) -> None:
    talk = far.conversations.create("booking", caller()).conversation_id
    wrong = ok(tool="find_vehicles", arguments='{"limit": "many"}')
    with respx.mock(using="httpcore2", assert_all_called=False) as net:
        net.post(f"{URL}/chat/completions").mock(side_effect=[wrong, ok(text="Which place do you mean?")])
        done = await far.say(talk, "vehicles")
    assert done["reply"] == "Which place do you mean?"
    assert done["tool_calls"][0]["error"]["code"]


async def test_when_every_model_is_down_the_person_is_told_plainly(far: World) -> None:
    def breaks(messages: object) -> Any:
        raise ModelAPIError("near", "down as well")

    far.script.then(breaks, breaks)
    talk = far.conversations.create("booking", caller()).conversation_id
    with respx.mock(using="httpcore2", assert_all_called=False) as net:
        net.post(f"{URL}/chat/completions").mock(side_effect=httpx.ConnectError("down"))
        done = await far.say(talk, "hello")
    assert "went wrong" in done["reply"]
    far.script.steps.clear()

    far.script.then(says("Back again."))
    assert (await far.say(talk, "hello?"))["reply"] == "Back again."
