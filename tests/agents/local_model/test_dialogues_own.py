"""Talks about one's own reservations and about the card that waits."""

from typing import Any

import pytest

Person = Any


async def with_a_car(mia: Person) -> None:
    await mia.say("car tomorrow 9 to 12 at kamppi")
    await mia.press("confirm")


async def with_a_car_and_a_van(mia: Person) -> None:
    await with_a_car(mia)
    await mia.say("van on saturday 10 to 14 at kamppi")
    await mia.press("confirm")


@pytest.mark.parametrize("text", ["cancel scooter", "cancel the bike", "cancel my friday booking"])
async def test_what_does_not_exist_is_not_cancelled(mia: Person, text: str) -> None:
    await with_a_car(mia)
    said = await mia.say(text)
    assert not mia.pending
    assert "rsv_1" in said


async def test_the_one_that_was_named_instead_is_taken_with_a_yes(mia: Person) -> None:
    await with_a_car(mia)
    await mia.say("cancel my scooter")
    await mia.say("yes")
    assert mia.arguments("propose_cancellation") == {"reservation_id": "rsv_1"}


async def test_the_same_cancellation_asked_twice_is_one_card(mia: Person) -> None:
    await with_a_car(mia)
    await mia.say("cancel my car")
    await mia.say("cancel the booking for tomorrow")
    assert len(mia.pending) == 1


async def test_the_other_one_takes_the_place_of_the_card(mia: Person) -> None:
    await with_a_car_and_a_van(mia)
    await mia.say("cancel the car")
    first = mia.pending[0]["proposal_id"]
    await mia.say("no wait, the van")
    assert mia.arguments("propose_cancellation") == {"reservation_id": "rsv_2", "replaces": first}
    assert len(mia.pending) == 1


async def test_two_that_were_named_are_both_proposed(mia: Person) -> None:
    await with_a_car_and_a_van(mia)
    await mia.say("cancel the car and the van")
    assert mia.last_names.count("propose_cancellation") == 2


@pytest.mark.parametrize(
    "text",
    [
        "hmm what kind of car is it",
        "for how long is it?",
        "and can i cancel it for free",
        "is that the cheapest",
        "ok and can I return it at pasila",
        "remind me at 19:30?",
        "what do I have now",
    ],
)
async def test_a_question_leaves_the_card_as_it_is(mia: Person, text: str) -> None:
    await mia.say("car tomorrow 9 to 12 at kamppi")
    before = [dict(card) for card in mia.pending]
    await mia.say(text)
    assert mia.pending == before
    assert not [name for name in mia.last_names if name.startswith(("propose_", "withdraw_"))]


async def test_the_length_of_what_is_proposed_is_on_the_card(mia: Person) -> None:
    await mia.say("car tomorrow 9 to 11:15 at kamppi")
    assert "2 h 15" in await mia.say("for how long is it?")


async def test_a_correction_is_of_the_amount_that_was_said(mia: Person) -> None:
    await with_a_car(mia)
    await mia.say("extend the car by 2 hours")
    assert mia.arguments("propose_change")["end"] == "2026-11-19T14:00"
    await mia.say("no 1 hour")
    assert mia.arguments("propose_change")["end"] == "2026-11-19T13:00"


async def test_more_taken_off_than_there_is_asks_for_another_end(mia: Person) -> None:
    await with_a_car(mia)
    said = await mia.say("shorten it by 5 hours")
    assert "3 hours" in said
    assert not mia.pending


async def test_bringing_it_back_earlier_moves_the_end(mia: Person) -> None:
    await with_a_car(mia)
    await mia.say("can i bring the car back earlier, say 11 am")
    assert mia.arguments("propose_change") == {"reservation_id": "rsv_1", "end": "2026-11-19T11:00"}


async def test_the_day_after_keeps_the_hours(mia: Person) -> None:
    await with_a_car(mia)
    await mia.say("move it to the day after")
    assert mia.arguments("propose_change")["start"] == "2026-11-20T09:00"


async def test_book_it_after_the_booking_is_no_new_wish(mia: Person) -> None:
    await with_a_car(mia)
    said = await mia.say("book it already!")
    assert "rsv_1" in said
    assert not mia.pending


async def test_a_vehicle_named_first_is_a_new_wish(mia: Person) -> None:
    await with_a_car_and_a_van(mia)
    await mia.say("car on friday from 6 pm until 11 pm")
    assert "propose_booking" in mia.last_names


async def test_a_repeated_offer_is_not_one_that_was_answered(mia: Person) -> None:
    await with_a_car(mia)
    assert "Please confirm" not in await mia.say("say that again")


async def test_a_booking_nobody_came_for_is_named(mia: Person) -> None:
    await with_a_car(mia)
    mia.reservations[0] |= {"state": "no_show", "fee": "€15.00", "fee_minor": 1500}
    said = await mia.say("cancel my car")
    assert "€15.00" in said
    assert not mia.pending


@pytest.mark.parametrize("text", ["Kallio", "near Kallio please"])
async def test_a_bare_place_at_a_card_is_where_to_look_instead(mia: Person, text: str) -> None:
    await mia.say("scooter now")
    await mia.say(text)
    assert mia.last_names[:2] == ["find_vehicles", "propose_hold"]
    assert len(mia.pending) == 1
