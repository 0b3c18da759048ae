"""Times, ids and text as models write them: understood, or refused with the way to say it."""

import contextlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimrod.domain.shared.errors import BadInput
from nimrod.mcp_servers.customer.inputs import find_time, read_id
from nimrod.platform.cities import load_city
from nimrod.platform.language import explain

HELSINKI = load_city("helsinki")
NOW = datetime(2026, 11, 22, 21, 10, tzinfo=UTC)
NINE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T09:00",
        "2026-11-23 09:00",
        "2026-11-23T09:00:00",
        "2026-11-23T09:00+02:00",
        "2026-11-23T09:00+0200",
        "2026-11-23T07:00Z",
        "2026-11-23T08:00:00.000+01:00",
        "  2026-11-23T09:00 ",
    ],
)
def test_local_time_and_offset_mean_the_same_instant(text: str) -> None:
    assert find_time(text, field="start", city=HELSINKI, now=NOW) == NINE


@pytest.mark.parametrize("text", [None, "", "   "])
def test_nothing_given_stays_nothing(text: str | None) -> None:
    assert find_time(text, field="start", city=HELSINKI, now=NOW) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-11-23", "no_time_of_day"),
        ("tomorrow at nine", "not_a_time"),
        ("09:00", "not_a_time"),
        ("2026-13-40T09:00", "not_a_time"),
        ("2026-11-23T24:30", "not_a_time"),
        ("2026-11-23T09:00+99:00", "not_a_time"),
        ("2026-W47-1T09:00", "not_a_time"),
        ("1763888400", "not_a_time"),
        ("0001-01-01T00:00+14:00", "out_of_range"),
        ("9999-12-31T23:59-12:00", "out_of_range"),
        ("2062-11-23T09:00", "out_of_range"),
        ("2027-03-28T03:30", "skipped_hour"),
        ("2027-10-31T03:30", "doubled_hour"),
    ],
)
def test_a_time_that_cannot_be_meant_is_refused_with_the_way_to_say_it(text: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        find_time(text, field="start", city=HELSINKI, now=NOW)
    assert refused.value.facts["reason"] == reason
    words = explain(refused.value, HELSINKI)
    assert words.model_step != explain(BadInput(), HELSINKI).model_step


def test_a_skipped_hour_names_the_hour_to_use_instead() -> None:
    with pytest.raises(BadInput) as refused:
        find_time("2027-03-28T03:30", field="start", city=HELSINKI, now=NOW)
    assert explain(refused.value, HELSINKI).next_step == "Use 2027-03-28T04:30:00+03:00 or another time."


def test_a_doubled_hour_names_both() -> None:
    with pytest.raises(BadInput) as refused:
        find_time("2027-10-31T03:30", field="start", city=HELSINKI, now=NOW)
    said = explain(refused.value, HELSINKI).next_step
    assert said == "Say which one: 2027-10-31T03:30:00+03:00 or 2027-10-31T03:30:00+02:00."
    first = find_time("2027-10-31T03:30+03:00", field="start", city=HELSINKI, now=NOW)
    second = find_time("2027-10-31T03:30+02:00", field="start", city=HELSINKI, now=NOW)
    assert first is not None
    assert second is not None
    assert (second - first).total_seconds() == 3600


@given(st.text(max_size=60))
def test_any_text_is_a_time_nothing_or_a_clear_refusal(text: str) -> None:
    found = None
    with contextlib.suppress(BadInput):
        found = find_time(text, field="start", city=HELSINKI, now=NOW)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "  ", "a b", "'; DROP TABLE", "rsv\u200b_1", "../x", "ид", "-1"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_id(text, field="vehicle_id")


async def test_wrong_arguments_get_a_json_error_and_never_a_stack_trace(world: Any) -> None:
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("find_vehicles", {"vehicle_type": "tank"}, "bad_input"),
        ("find_vehicles", {"limit": 0}, "bad_input"),
        ("find_vehicles", {"limit": "many"}, "bad_input"),
        ("find_vehicles", {"near": "x" * 10_000}, "bad_input"),
        ("find_vehicles", {"near": ["a"]}, "bad_input"),
        ("find_vehicles", {"min_range_km": 1e12}, "bad_input"),
        ("find_vehicles", {"customer_id": "per_noah"}, "bad_input"),
        ("find_vehicles", {"desk": {}}, "bad_input"),
        ("find_vehicles", {"start": "2026-11-23T12:00", "end": "2026-11-23T09:00"}, "bad_input"),
        ("find_vehicles", {"end": "2026-11-23T12:00", "duration_min": 5}, "bad_input"),
        ("find_vehicles", {"vehicle_type": "van", "start": "2026-12-06T09:00"}, "too_far_ahead"),
        ("find_vehicles", {"vehicle_type": "bike", "start": "2026-11-23T20:00"}, "too_far_ahead"),
        ("find_vehicles", {"vehicle_type": "car", "start": "2026-11-20T09:00"}, "in_the_past"),
        ("find_vehicles", {"vehicle_type": "car", "duration_min": 5}, "bad_duration"),
        ("propose_hold", {}, "bad_input"),
        ("propose_hold", {"vehicle_id": None}, "bad_input"),
        ("propose_hold", {"vehicle_id": "NO-SUCH"}, "not_found"),
        ("propose_hold", {"vehicle_id": "CAR-1"}, "wrong_mode"),
        ("propose_booking", {"vehicle_id": "SCO-1", "start": "", "end": "2026-11-23T12:00"}, "wrong_mode"),
        ("propose_booking", {"vehicle_id": "CAR-1", "start": "2026-11-23T09:00", "end": ""}, "bad_input"),
        ("propose_handover", {"summary": "\u200b\u202e"}, "bad_input"),
        ("carry_out", {"proposal_id": "prp_nothing"}, "not_found"),
        ("steal_everything", {}, "unknown_tool"),
    ]
    for tool, arguments, code in cases:
        answer = await world.call(tool, arguments)
        assert answer["error"]["code"] == code, (tool, arguments, answer)
        assert answer["error"]["message"]
        assert answer["error"]["next_step"]
        assert "Traceback" not in str(answer)
        assert "pydantic" not in str(answer)


async def test_a_grant_that_is_garbage_is_refused_not_ignored(world: Any) -> None:
    card = await world.call("propose_hold", {"vehicle_id": "SCO-1"})
    refused = await world.call("carry_out", {"proposal_id": card["proposal_id"]}, grant="eyJ.garbage.x")
    assert refused["error"]["code"] == "grant_refused"


@pytest.mark.parametrize("name", ["e-scooter", "Scooters", "SCOOTER", "any", ""])
async def test_other_names_of_a_type_are_understood(world: Any, name: str) -> None:
    found = await world.call("find_vehicles", {"vehicle_type": name})
    assert "SCO-1" in [one["vehicle_id"] for one in found["vehicles"]]
