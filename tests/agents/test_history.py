"""The model's view of a long talk: trimmed at whole exchanges, every call with its result."""

from pydantic_ai.messages import ModelMessage, ModelRequest

from nimrod.agents import history
from nimrod.tests.agents.world import World, calls, carries_out, says


def exchange(n: int) -> list[ModelMessage]:
    made = history.call_and_result(f"c{n}", "find_vehicles", {"near": "Kamppi"}, {"vehicles": ["x" * 500]})
    return [history.said(f"question {n}"), *made, history.answered(f"answer {n}")]


def test_old_exchanges_go_first_and_stay_whole() -> None:
    messages = [one for n in range(20) for one in exchange(n)]
    kept = history.trim(messages, 5_000)
    assert 4 <= len(kept) < len(messages)
    assert history.own_words(kept)[-1] == "question 19"
    assert isinstance(kept[0], ModelRequest)
    assert history.own_words(kept[:1])
    assert history.open_calls(kept) == {}
    assert len(history.tool_results(kept)) == len(history.own_words(kept))


def test_the_latest_exchange_is_kept_whatever_its_size() -> None:
    messages = [*exchange(1), *exchange(2)]
    assert history.own_words(history.trim(messages, 10)) == ["question 2"]


def test_what_is_kept_reads_back_the_same_and_without_instructions() -> None:
    messages = exchange(1)
    messages[0].instructions = "secret rules"  # type: ignore[union-attr]
    text = history.dump(messages)
    assert "secret rules" not in text
    assert history.dump(history.load(text)) == text


async def test_a_long_talk_shows_the_model_a_bounded_history(world: World, talk: str) -> None:
    for n in range(12):
        world.script.then(calls("find_vehicles", {"near": "Kamppi", "limit": n + 1}), says(f"Look {n}." * 300))
        await world.say(talk, f"what is there, {n}")
    shown = [len(history.dump(one)) for one in world.script.seen]
    assert max(shown) < 60_000
    assert all(history.own_words(one)[-1].startswith("what is there") for one in world.script.seen)


async def test_calls_that_wait_are_answered_before_the_model_is_asked_again(world: World, talk: str) -> None:
    world.script.then(calls("propose_hold", {"vehicle_id": "sc_0000"}), carries_out(), says("First."), says("Second."))
    await world.say(talk, "a scooter")
    await world.say(talk, "is it charged?")
    await world.say(talk, "and far?")
    assert [history.open_calls(one) for one in world.script.seen] == [{}] * 4
