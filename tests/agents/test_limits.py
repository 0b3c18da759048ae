"""Budgets, loops, cancelling, one message at a time: every turn ends, and says why."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from nimrod.agents.limits import Limits
from nimrod.agents.talking import ConversationBusy
from nimrod.domain.shared.errors import NotAllowed, NotFound
from nimrod.domain.shared.principal import Principal
from nimrod.platform.model_client import Models
from nimrod.tests.agents.world import MIA, World, agent_without_knowledge, caller, calls, carries_out, says

FIND = calls("find_vehicles", {"near": "Kamppi"})


class SlowModel:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.asked.set()
        await self.go.wait()
        return ModelResponse(parts=[TextPart("At last.")])


async def opened(folder: Path, **options: Any) -> AsyncIterator[World]:
    world = World(folder, **options)
    async with world.conversations:
        yield world
    world.close()


@pytest.fixture
def slow() -> SlowModel:
    return SlowModel()


@pytest.fixture
async def waiting(tmp_path: Path, slow: SlowModel) -> AsyncIterator[World]:
    """A world whose model answers only when it is let."""
    async for world in opened(tmp_path, models=Models(FunctionModel(slow))):
        yield world


async def test_the_same_call_for_the_third_time_ends_the_turn(world: World, talk: str) -> None:
    world.script.then(*[FIND] * 10)
    done = await world.say(talk, "scooter at Kamppi")
    assert "circles" in done["reply"]
    assert len(done["tool_calls"]) == 2
    world.script.steps.clear()
    world.script.then(says("Hello again."))
    assert (await world.say(talk, "hello"))["reply"] == "Hello again."


async def test_endless_different_calls_end_at_the_budget(world: World, talk: str) -> None:
    world.script.then(*[calls("find_vehicles", {"near": "Kamppi", "limit": n + 1}) for n in range(40)])
    done = await world.say(talk, "scooter at Kamppi")
    assert "too much" in done["reply"]
    assert len(done["tool_calls"]) <= Limits().tool_calls


async def test_endless_carry_out_calls_end_as_well(world: World, talk: str) -> None:
    world.script.then(*[calls("carry_out", {"proposal_id": f"prp_{n}"}) for n in range(40)])
    done = await world.say(talk, "book it all")
    assert done["reply"]
    assert len(world.script.seen) <= Limits().rounds
    assert world.reservations() == []


async def test_a_turn_that_takes_too_long_is_stopped_and_the_talk_goes_on(tmp_path: Path, slow: SlowModel) -> None:
    async for world in opened(tmp_path, models=Models(FunctionModel(slow)), turn_timeout_s=0.1):
        talk = world.conversations.create("booking", caller()).conversation_id
        assert "too long" in (await world.say(talk, "hello"))["reply"]
        slow.go.set()
        assert (await world.say(talk, "hello"))["reply"] == "At last."


async def test_a_running_turn_can_be_stopped(waiting: World, slow: SlowModel) -> None:
    talk = waiting.conversations.create("booking", caller()).conversation_id
    answer = asyncio.create_task(waiting.say(talk, "hello"))
    await slow.asked.wait()
    assert waiting.conversations.cancel(talk, caller())
    assert (await answer)["reply"] == "Stopped, as you wished."
    assert not waiting.conversations.cancel(talk, caller())
    slow.go.set()
    assert (await waiting.say(talk, "and now?"))["reply"] == "At last."


async def test_a_second_message_while_the_first_is_answered_is_refused(waiting: World, slow: SlowModel) -> None:
    talk = waiting.conversations.create("booking", caller()).conversation_id
    answer = asyncio.create_task(waiting.say(talk, "hello"))
    await slow.asked.wait()
    with pytest.raises(ConversationBusy):
        waiting.conversations.send(talk, "and?", caller())
    assert waiting.conversations.is_running(talk)
    slow.go.set()
    assert (await answer)["reply"] == "At last."
    _, messages, _ = await waiting.conversations.read(talk, caller())
    assert [one.text for one in messages] == ["hello", "At last."]


async def test_a_listener_that_leaves_does_not_stop_the_answer(waiting: World, slow: SlowModel) -> None:
    talk = waiting.conversations.create("booking", caller()).conversation_id
    answer = asyncio.create_task(waiting.say(talk, "hello"))
    await slow.asked.wait()
    answer.cancel()
    slow.go.set()
    with pytest.raises(asyncio.CancelledError):
        await answer
    await waiting.conversations.settled(talk)
    _, messages, _ = await waiting.conversations.read(talk, caller())
    assert [one.text for one in messages] == ["hello", "At last."]


async def test_empty_and_endless_texts_get_a_kind_answer_without_a_model(world: World, talk: str) -> None:
    assert "What do you need" in (await world.say(talk, "  "))["reply"]
    assert "two or three sentences" in (await world.say(talk, "la " * 5_000))["reply"]
    assert world.script.seen == []


async def test_there_is_a_number_of_messages_a_day(tmp_path: Path) -> None:
    async for world in opened(tmp_path, messages_per_day=2):
        world.script.then(says("One."), says("Two."))
        talk = world.conversations.create("booking", caller()).conversation_id
        replies = [(await world.say(talk, "hello"))["reply"] for _ in range(3)]
        assert replies[:2] == ["One.", "Two."]
        assert "2 times" in replies[2]
        world.clock.on(hours=25)
        world.script.then(says("A new day."))
        assert (await world.say(talk, "hello"))["reply"] == "A new day."


async def test_a_turn_has_a_token_budget(tmp_path: Path) -> None:
    spec = replace(agent_without_knowledge(), limits=Limits(tokens=50))
    async for world in opened(tmp_path, spec=spec):
        world.script.then(FIND, says("Done."))
        talk = world.conversations.create("booking", caller()).conversation_id
        assert "too much" in (await world.say(talk, "scooter at Kamppi"))["reply"]


async def test_only_those_the_agent_is_for_may_talk_to_it(world: World) -> None:
    staff = Principal("per_otto", frozenset({"field_operator"}), "helsinki")
    with pytest.raises(NotAllowed):
        world.conversations.create("booking", caller(staff))
    with pytest.raises(NotFound):
        world.conversations.create("nobody", caller(MIA))


async def test_a_turn_killed_after_its_proposal_makes_no_second_card(tmp_path: Path) -> None:
    class Gone(BaseException):
        """The process ends here."""

    def passed(point: str) -> None:
        if point == "turn.after":
            raise Gone

    hold = calls("propose_hold", {"vehicle_id": "sc_0000"})
    async for world in opened(tmp_path, passed=passed):
        world.script.then(hold, carries_out())
        talk = world.conversations.create("booking", caller()).conversation_id
        with pytest.raises(Gone):
            await world.say(talk, "a scooter now")
    async for world in opened(tmp_path):
        world.script.then(hold, carries_out("Please confirm."))
        _, messages, pending = await world.conversations.read(talk, caller())
        assert len(pending) == 1
        assert [one.role for one in messages] == ["user", "agent"]


async def test_a_run_that_fails_again_and_again_is_given_up_with_an_apology(tmp_path: Path) -> None:
    class Bug(BaseException):
        """Something nobody thought of."""

    def passed(point: str) -> None:
        if point == "turn.before":
            raise Bug

    async for world in opened(tmp_path, passed=passed):
        talk = world.conversations.create("booking", caller()).conversation_id
        for _ in range(2):
            with pytest.raises(Bug):
                await world.say(talk, "hello")
        _, messages, _ = await world.conversations.read(talk, caller())
        assert "went wrong" in messages[-1].text
