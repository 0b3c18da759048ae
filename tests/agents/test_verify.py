"""What a reply may say: only what tools returned, what the person said, what the context holds."""

from datetime import date

import pytest

from nimrod.agents.verify import Evidence, doubts
from nimrod.platform.cities import load_city
from nimrod.tests.agents.world import World, caller, calls, carries_out, says

FOUND = {
    "place": {"name": "Central Station"},
    "vehicles": [
        {"vehicle_id": "sc_0007", "vehicle_type": "scooter", "near": "Central Station", "walk_min": 2,
         "distance_m": 148, "price": "€1.00 to unlock, €0.25 a minute", "unlock_minor": 100, "minute_minor": 25},
        {"vehicle_id": "sc_0009", "vehicle_type": "scooter", "near": "Kamppi", "walk_min": 5},
    ],
}  # fmt: skip
CARD = {
    "proposal_id": "prp_k2", "kind": "booking", "title": "Book car ca_0003, Tue 24 Nov, 09:00 to 12:00",
    "facts": {"start_at": "2026-11-24T09:00:00+02:00", "end_at": "2026-11-24T12:00:00+02:00"},
    "lines": [{"code": "minutes", "minor": 4320}], "total": "€45.20", "total_minor": 4520,
}  # fmt: skip
RULES = "A scooter can be held 30 minutes ahead. One person may have 3 open reservations."
CONTEXT = (
    '<context>{"now": "2026-11-23T10:00:00+02:00", "places": ["Pasila", "Kallio", "Kamppi"], "pending": []}</context>'
)


def doubted(reply: str, *words: str, results: tuple[object, ...] = (FOUND, CARD)) -> list[str]:
    city = load_city("helsinki")
    return doubts(reply, Evidence(results, words, f"{RULES}\n\n{CONTEXT}", date(2026, 11, 23), city))


@pytest.mark.parametrize(
    "reply",
    [
        "Scooter sc_0007 is 2 minutes' walk (148 m) from the Central Station: €1.00 to unlock and €0.25 a minute.",
        "The nearest is about 150 m away, roughly 0.1 km; its battery is at 80%.",
        "I found 2 scooters near you. 1. sc_0007, 2. sc_0009 near Kamppi.",
        "I found two scooters.",
        "Car ca_0003, Tuesday 24 November, 9:00 to 12:00, €45.20 in all. Please confirm.",
        "Car ca_0003 on Tue 24 Nov from 9 am to noon for 45.20 EUR.",
        "That is 43,20 € for the minutes.",
        "A scooter costs 25 cents a minute.",
        "It is 10:00 now. Scooters can be held 30 minutes ahead, and you may have 3 open reservations.",
        "You could look at Pasila or Kallio, for example.",
        "Do you mean Pasila?",
        "The van is 100% electric; bring 1 helmet. Call 112 in an emergency, or see section 4.2 (version 3).",
        "Rides of 12 h are the longest; after 24/7 use we check the vehicle. It is e-scooter no. 2 in the row.",
        "Yes, from 9 to noon. Anything else?",
        "Tomorrow is 24 November. Today is Monday 23 November.",
    ],
)
def test_a_true_reply_raises_no_doubt(reply: str) -> None:
    assert doubted(reply, "a car tomorrow 9 to noon") == []


@pytest.mark.parametrize(
    ("reply", "about"),
    [
        ("It costs €46.20 in all.", "46.2"),
        ("It costs 4520 EUR.", "4520"),
        ("Booked from 9:30 to 12:00.", "09:30"),
        ("Ready at 4 pm.", "16:00"),
        ("It is on 25 November.", "25.11"),
        ("It is on Wednesday 24 November.", "Wednesday 24 November"),
        ("Take sc_0008, it is close.", "sc_0008"),
        ("Your reservation is rsv_12ab.", "rsv_12ab"),
        ("I found 7 scooters.", "7"),
        ("There is a scooter near Pasila.", "Pasila"),
    ],
)
def test_what_no_tool_returned_is_named(reply: str, about: str) -> None:
    found = doubted(reply, "a car tomorrow")
    assert len(found) == 1
    assert about in found[0]


def test_the_persons_own_words_may_be_repeated() -> None:
    assert doubted("You want it for 20 euros at Pasila, 18:30 on 5 December?", "pasila 18.30 5.12. for 20 euros") == []
    assert doubted("At half past nine, 9:30, then.", "at half past nine") == []
    assert doubted("Tonight at 20:00 is too early to hold it.", "bike for tonight 8 pm") == []
    assert doubted("Sunday 6 December is too far ahead.", "van next sunday") == []


async def test_a_false_price_goes_back_to_the_model_once(world: World, talk: str) -> None:
    world.script.then(
        calls("quote_ride", {"vehicle_type": "scooter", "duration_min": 10}),
        says("That costs €99.99."),
        says("I can look that up for you."),
    )
    done = await world.say(talk, "10 minutes by scooter?")
    assert done["reply"] == "I can look that up for you."
    assert "99.99" in str(world.script.seen[-1][-1])
    trace = world.conversations.traces(talk, caller())[0].body
    assert trace["doubts"] == ["no tool returned the amount 99.99"]


async def test_a_price_that_stays_false_is_replaced_by_the_tool_result(world: World, talk: str) -> None:
    quote = calls("quote_ride", {"vehicle_type": "scooter", "duration_min": 10})
    world.script.then(quote, says("That costs €99.99."), says("Really, €99.99."))
    done = await world.say(talk, "10 minutes by scooter?")
    assert "99.99" not in done["reply"]
    assert done["tool_calls"][0]["result"]["total"] in done["reply"]
    world.script.then(says("Anything else?"))
    await world.say(talk, "ok thanks for that")
    assert "99.99" not in str(world.script.seen[-1])


async def test_a_false_card_text_is_replaced_by_the_stored_preview(world: World, talk: str) -> None:
    world.script.then(calls("propose_hold", {"vehicle_id": "sc_0000"}), carries_out("I hold it for €77.00!"))
    done = await world.say(talk, "a scooter now")
    assert "77" not in done["reply"]
    assert done["pending"][0]["title"] in done["reply"]
