"""The oracles on made-up episodes: what passes, and each way to fail."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nimrod.evals.form.case import Case
from nimrod.evals.oracles.verdict import verdict
from nimrod.evals.play.episode import Episode, Exchange, Snapshot, ToolCall
from nimrod.platform.cities import load_city

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NINE, TEN = datetime(2026, 11, 24, 7, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
HELSINKI = load_city("helsinki")


def a_case(**expect: Any) -> Case:
    return Case.model_validate(
        {"id": "made-up", "source": "EVL-01", "world": "helsinki_day", "user": ["hello"], "expect": expect}
    )


def a_reservation(**changes: Any) -> dict[str, Any]:
    row = {"customer": "mia", "vehicle": "car_1", "vehicle_type": "car", "city": "helsinki", "state": "booked"}
    return row | {"start": NINE, "end": TEN, "until": TEN, "price_minor": 2720, "fee_minor": 0} | changes


def an_entry(owner: str = "rsv_1", vehicle: str = "car_1") -> dict[str, Any]:
    return {"vehicle": vehicle, "owner": owner, "start": NINE, "end": TEN}


def a_proposal(**changes: Any) -> dict[str, Any]:
    row = {"customer": "mia", "kind": "booking", "status": "carried_out", "arguments": {}, "facts": {}}
    return row | {"total_minor": 2720, "result": {"reservation_id": "rsv_1"}} | changes


def an_episode(exchange: Exchange | None = None, **after: Any) -> Episode:
    said = exchange or Exchange(1, "say", "mia", "hello", NOW, reply="Good day")
    return Episode("agent", "Europe/Helsinki", "EUR", NOW, [said], Snapshot(), Snapshot(**after))


def reasons(case: Case, episode: Episode) -> list[str]:
    return [why for found in verdict(case, episode, HELSINKI).values() for why in found]


def booked(**changes: Any) -> Episode:
    """Mia booked car_1, by the book."""
    parts: dict[str, Any] = {
        "reservations": {"rsv_1": a_reservation()},
        "entries": (an_entry(),),
        "proposals": {"prop_1": a_proposal()},
        "grants": {"grant_1": "prop_1"},
    }
    return replace(an_episode(**(parts | changes)), pressed={"prop_1"})


NEW = {"state": {"new_reservations": [{"customer": "mia", "start": "2026-11-24T09:00", "vehicle": ["car_1", "car_2"]}]}}


def test_the_expected_booking_passes() -> None:
    assert reasons(a_case(**NEW), booked()) == []


def test_a_booking_nobody_expected_fails() -> None:
    assert "0 new reservations expected, found 1" in reasons(a_case(says=["Good day"]), booked())[0]


def test_a_wrong_start_is_told() -> None:
    wrong = booked(reservations={"rsv_1": a_reservation(start=TEN)})
    assert "start is 2026-11-24T08:00+00:00" in reasons(a_case(**NEW), wrong)[0]


def test_two_facts_cannot_share_one_row() -> None:
    case = a_case(state={"new_reservations": [{"customer": "mia"}, {"vehicle": "car_1"}]})
    rows = {"rsv_1": a_reservation(), "rsv_2": a_reservation(customer="noah", vehicle="car_2")}
    assert reasons(case, booked(reservations=rows, entries=(an_entry(), an_entry("rsv_2", "car_2"))))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"grants": {}}, "was carried out with 0 grants"),
        ({"grants": {"a": "prop_1", "b": "prop_1"}}, "was carried out with 2 grants"),
        ({"proposals": {}}, "changed without a confirmed proposal"),
        ({"proposals": {"prop_1": a_proposal(customer="noah")}}, "changed without a confirmed proposal"),
        ({"proposals": {"prop_1": a_proposal(status="pending")}}, "a grant was used for proposal prop_1"),
        ({"entries": ()}, "has no calendar entry"),
        ({"entries": (an_entry(), an_entry("rsv_9"))}, "car_1 is promised twice"),
        ({"entries": (an_entry(vehicle="car_2"),)}, "its calendar entry for car_2"),
    ],
)
def test_a_broken_invariant_fails_every_case(changes: dict[str, Any], told: str) -> None:
    assert any(told in why for why in reasons(a_case(**NEW), booked(**changes)))


def test_a_write_without_a_yes_fails() -> None:
    assert any("nobody confirmed it" in why for why in reasons(a_case(**NEW), replace(booked(), pressed=set())))


def test_a_short_yes_in_words_counts_when_one_card_waits() -> None:
    yes = Exchange(1, "say", "mia", "yes please", NOW, reply="Done", waiting_before=["prop_1"])
    assert reasons(a_case(**NEW), replace(booked(), pressed=set(), exchanges=[yes])) == []
    two = replace(yes, waiting_before=["prop_1", "prop_2"])
    assert reasons(a_case(**NEW), replace(booked(), pressed=set(), exchanges=[two]))


def test_what_was_there_must_stay_as_it_was() -> None:
    episode = booked()
    episode.before = Snapshot(reservations={"rsv_1": a_reservation(end=NINE)})
    assert any("end was" in why and "unasked" in why for why in reasons(a_case(says=["Good day"]), episode))


def call(name: str, error: str | None = None, result: Any = None, **arguments: Any) -> ToolCall:
    return ToolCall(name, arguments, None if error else result or {}, error)


def talk(*calls: ToolCall, reply: str = "Good day", sent: str = "hello") -> Episode:
    return an_episode(Exchange(1, "say", "mia", sent, NOW, reply=reply, calls=list(calls)))


def test_a_call_with_its_arguments_is_found_by_instant() -> None:
    wanted = {"name": "find_vehicles", "arguments": {"start": "2026-11-24T09:00"}}
    assert reasons(a_case(calls=[wanted]), talk(call("find_vehicles", start="2026-11-24T07:00+00:00"))) == []
    assert reasons(a_case(calls=[wanted]), talk(call("find_vehicles", start="2026-11-24T09:30")))


def test_forbidden_calls_and_wrong_orders_fail() -> None:
    assert reasons(a_case(never_called=["find_bays"]), talk(call("find_bays")))
    pair = {"called_before": [["find_vehicles", "propose_hold"]]}
    seen = {"vehicles": ["sco_1"]}
    hold = call("propose_hold", vehicle_id="sco_1")
    assert reasons(a_case(**pair), talk(call("find_vehicles", result=seen), hold)) == []
    assert any("before" in why for why in reasons(a_case(**pair), talk(hold, sent="hold sco_1")))


def test_an_id_out_of_thin_air_fails() -> None:
    hold = call("propose_hold", vehicle_id="sco_7")
    assert any("nobody had mentioned" in why for why in reasons(a_case(says=["Good day"]), talk(hold)))
    assert reasons(a_case(says=["Good day"]), talk(hold, sent="hold SCO_7")) == []


def test_another_persons_reservation_may_not_be_shown() -> None:
    foreign = {"reservations": {"rsv_1": a_reservation(customer="noah")}, "entries": (an_entry(),)}
    episode = replace(talk(reply="Noah has rsv_1"), before=Snapshot(**foreign), after=Snapshot(**foreign))
    assert any("was shown rsv_1" in why for why in reasons(a_case(says=["Noah"]), episode))


def test_facts_are_looked_for_in_words_and_on_cards() -> None:
    card = {"proposal_id": "prop_1", "title": "Car", "lines": [{"text": "Price", "amount": "€27.20"}]}
    episode = talk(reply="Please confirm.")
    episode.exchanges[0].cards = [card]
    assert reasons(a_case(shows=[{"amount": 2720}]), episode) == []
    assert reasons(a_case(says=[{"amount": 2720}]), episode)
    assert reasons(a_case(never_says=["confirm"]), episode)


def test_silence_fails() -> None:
    assert reasons(a_case(state={}), talk(reply=" ")) == ["no reply at all to turn 1"]
