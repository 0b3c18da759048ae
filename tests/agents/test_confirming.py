"""Propose, wait, confirm, carry out: through the runtime's public door."""

import pytest

from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.proposals import ProposalClosed
from nimrod.tests.agents.world import NOAH, World, caller, calls, carries_out, last_result, pairs, says

HOLD = calls("propose_hold", {"vehicle_id": "sc_0000"})
BIKE = calls("propose_hold", {"vehicle_id": "bi_0002"})


async def test_nothing_is_held_until_the_person_confirms_and_then_exactly_once(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out("I can hold sc_0000 for you. Please confirm."), says("It is held for you."))
    asked = await world.say(talk, "a scooter now")
    assert asked["reply"] == "I can hold sc_0000 for you. Please confirm."
    assert [card["kind"] for card in asked["pending"]] == ["hold"]
    assert world.reservations() == []
    card = asked["pending"][0]["proposal_id"]
    done = await world.hear(world.conversations.confirm(talk, card, caller()))
    assert done["reply"] == "It is held for you."
    assert done["pending"] == []
    assert [call["name"] for call in done["tool_calls"]] == ["carry_out"]
    assert done["tool_calls"][0]["result"]["status"] == "carried_out"
    assert [one.state for one in world.reservations()] == ["held"]
    again = await world.hear(world.conversations.confirm(talk, card, caller()))
    assert again["reply"] == "It is held for you."
    assert len(world.reservations()) == 1


async def test_a_proposal_without_a_carry_out_call_can_be_confirmed_as_well(world: World, talk: str) -> None:
    world.script.then(HOLD, says("Shall I hold sc_0000?"), says("Held."))
    asked = await world.say(talk, "a scooter now")
    await world.hear(world.conversations.confirm(talk, asked["pending"][0]["proposal_id"], caller()))
    assert len(world.reservations()) == 1
    told = last_result(world.script.seen[-1])
    assert told["status"] == "carried_out"


async def test_a_declined_proposal_changes_nothing(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out(), says("All right, nothing is held."))
    asked = await world.say(talk, "a scooter now")
    card = asked["pending"][0]["proposal_id"]
    done = await world.hear(world.conversations.decline(talk, card, caller()))
    assert (done["reply"], done["pending"]) == ("All right, nothing is held.", [])
    assert world.reservations() == []
    with pytest.raises(NotFound):
        await world.hear(world.conversations.decline(talk, "prp_none", caller()))


async def test_a_new_message_is_answered_while_the_card_stays_open(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out(), says("It has no fixed end."), says("Done."))
    asked = await world.say(talk, "a scooter now")
    later = await world.say(talk, "wait, how long may I ride?")
    assert later["reply"] == "It has no fixed end."
    assert [card["proposal_id"] for card in later["pending"]] == [asked["pending"][0]["proposal_id"]]
    assert ("tool-return", "carry_out") in list(pairs(world.script.seen[-1]))
    assert "waiting_for_person" in str(world.script.seen[-1])
    assert asked["pending"][0]["proposal_id"] in world.script.instructions[-1]
    await world.hear(world.conversations.confirm(talk, asked["pending"][0]["proposal_id"], caller()))
    assert len(world.reservations()) == 1


async def test_two_cards_are_decided_one_by_one(world: World, talk: str) -> None:
    world.script.then(HOLD, BIKE, says("Two cards for you."), says("The bike is yours."), says("Left it."))
    asked = await world.say(talk, "a scooter and a bike")
    assert len(asked["pending"]) == 2
    by_vehicle = {card["facts"]["vehicle_id"]: card["proposal_id"] for card in asked["pending"]}
    first = await world.hear(world.conversations.confirm(talk, by_vehicle["bi_0002"], caller()))
    assert [card["proposal_id"] for card in first["pending"]] == [by_vehicle["sc_0000"]]
    second = await world.hear(world.conversations.decline(talk, by_vehicle["sc_0000"], caller()))
    assert second["pending"] == []
    assert [one.vehicle_id for one in world.reservations()] == ["bi_0002"]


@pytest.mark.parametrize("text", ["yes", "Yes please!", "ok do it", "joo", "kyllä", "ano", "Ja, tack"])
async def test_a_plain_yes_confirms_the_only_card(world: World, talk: str, text: str) -> None:
    world.script.then(HOLD, carries_out(), says("Held."))
    await world.say(talk, "a scooter now")
    done = await world.say(talk, text)
    assert done["reply"] == "Held."
    assert len(world.reservations()) == 1


async def test_a_plain_no_declines_the_only_card(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out(), says("Nothing is held."))
    await world.say(talk, "a scooter now")
    done = await world.say(talk, "nej tack")
    assert (done["pending"], world.reservations()) == ([], [])


@pytest.mark.parametrize("text", ["yes but at 10", "yes?", "no wait, yes the other one", "maybe"])
async def test_what_is_no_plain_answer_goes_to_the_model(world: World, talk: str, text: str) -> None:
    world.script.then(HOLD, carries_out(), says("What do you mean?"))
    await world.say(talk, "a scooter now")
    done = await world.say(talk, text)
    assert done["reply"] == "What do you mean?"
    assert (len(done["pending"]), world.reservations()) == (1, [])


async def test_a_yes_with_two_cards_open_decides_nothing(world: World, talk: str) -> None:
    world.script.then(HOLD, BIKE, says("Two cards."), says("Which one?"))
    await world.say(talk, "a scooter and a bike")
    done = await world.say(talk, "yes")
    assert done["reply"] == "Which one?"
    assert (len(done["pending"]), world.reservations()) == (2, [])


async def test_a_yes_to_another_question_does_not_confirm_an_older_card(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out(), says("Shall I look for a van on Sunday?"), says("Here are the vans."))
    await world.say(talk, "a scooter now")
    await world.say(talk, "and a van?")
    done = await world.say(talk, "yes")
    assert done["reply"] == "Here are the vans."
    assert (len(done["pending"]), world.reservations()) == (1, [])


async def test_a_yes_after_a_question_about_the_card_is_answered_confirms_it(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out("Shall I hold it?"), says("It has no fixed end."), says("Held."))
    await world.say(talk, "a scooter now")
    await world.say(talk, "how long may I ride?")
    assert (await world.say(talk, "yes"))["reply"] == "Held."
    assert len(world.reservations()) == 1


async def test_a_card_that_lapsed_cannot_be_confirmed(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out())
    asked = await world.say(talk, "a scooter now")
    world.clock.on(minutes=11)
    with pytest.raises(ProposalClosed):
        await world.hear(world.conversations.confirm(talk, asked["pending"][0]["proposal_id"], caller()))
    assert world.reservations() == []


async def test_another_person_finds_neither_conversation_nor_card(world: World, talk: str) -> None:
    world.script.then(HOLD, carries_out())
    asked = await world.say(talk, "a scooter now")
    card = asked["pending"][0]["proposal_id"]
    door = world.conversations
    with pytest.raises(NotFound):
        await door.read(talk, caller(NOAH))
    with pytest.raises(NotFound):
        door.confirm(talk, card, caller(NOAH))
    with pytest.raises(NotFound):
        door.send(talk, "yes", caller(NOAH))
    with pytest.raises(NotFound):
        door.traces(talk, caller(NOAH))
    with pytest.raises(NotFound):
        door.cancel(talk, caller(NOAH))
    own = door.create("booking", caller(NOAH)).conversation_id
    with pytest.raises(NotFound):
        await world.hear(door.confirm(own, card, caller(NOAH)))
    assert world.reservations() == world.reservations(NOAH) == []


async def test_the_model_cannot_carry_out_what_nobody_confirmed(world: World, talk: str) -> None:
    world.script.then(HOLD, calls("carry_out", {"proposal_id": "prp_forged"}), says("I may not do that."))
    done = await world.say(talk, "a scooter now")
    assert done["reply"] == "I may not do that."
    assert done["tool_calls"][-1]["error"]["code"] in ("not_found", "not_confirmed")
    assert world.reservations() == []
