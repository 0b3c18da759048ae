"""The card says in one line what would happen, and every amount as to be read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nimrod.domain.shared.city import City
from nimrod.domain.shared.proposals import Preview, Proposal
from nimrod.platform.language import proposal_view

NOW = datetime(2026, 11, 22, 21, 10, tzinfo=UTC)


def _proposal(kind: str, facts: dict[str, Any], **preview: Any) -> Proposal:
    shown = Preview(facts, "EUR", **preview)
    return Proposal("prp_1", kind, {}, "per_mia", "helsinki", None, shown, "w", NOW, NOW + timedelta(minutes=10))


def _at(hours: float) -> str:
    return (NOW + timedelta(hours=hours)).isoformat()


CANCEL = "Cancel the car CAR-1, Mon 23 Nov, 09:00, "
SPAN = "Mon 23 Nov, 09:00-12:00"
CAR = {"vehicle_type": "car", "vehicle_id": "CAR-1"}
TIMES = {"start_at": "2026-11-23T07:00:00+00:00", "end_at": "2026-11-23T10:00:00+00:00"}


@pytest.mark.parametrize(
    ("kind", "facts", "language", "title"),
    [
        ("hold", {"vehicle_type": "bike", "vehicle_id": "B", "start_at": _at(0), "until_at": _at(0.25)}, "en",
         "Hold bike B now, kept until 23:25"),
        ("hold", {"vehicle_type": "bike", "vehicle_id": "B", "start_at": _at(0.25), "until_at": _at(0.5)}, "en",
         "Hold bike B for Sun 22 Nov, 23:25, kept until 23:40"),
        ("booking", {**CAR, **TIMES}, "en", "Book car CAR-1, " + SPAN),
        ("booking", {**CAR, **TIMES}, "sv", "Boka bil CAR-1, mån 23 nov. kl. 09:00-12:00"),
        ("change", {**CAR, **TIMES, "old_vehicle_id": "CAR-1"}, "en", "Change the car CAR-1 to " + SPAN),
        ("change", {**CAR, **TIMES, "old_vehicle_id": "CAR-9"}, "en", "Switch to car CAR-1, " + SPAN),
        ("cancellation", {**CAR, **TIMES, "fee_minor": 500}, "en", CANCEL + "fee €5.00"),
        ("cancellation", {**CAR, **TIMES, "fee_minor": 0}, "en", CANCEL + "free of charge"),
        ("handover", {"summary": "lost bag"}, "en", "Ask our staff to take over"),
        ("something_new", {}, "en", "Please confirm"),
    ],
)  # fmt: skip
def test_the_title_says_what_would_happen(
    kind: str, facts: dict[str, Any], language: str, title: str, city: City
) -> None:
    assert proposal_view(_proposal(kind, facts), city, language).title == title


def test_facts_are_shown_in_the_citys_time_and_lines_in_its_money(city: City) -> None:
    lines = (
        {"code": "unlock", "minor": 200, "facts": {}},
        {"code": "minutes", "minor": 7560, "facts": {"minutes": 180, "minute_minor": 42}},
        {"code": "day_cap", "minor": -1660, "facts": {"cap_minor": 5900, "days": 1}},
        {"code": "never_heard", "minor": 5, "facts": {}},
    )
    view = proposal_view(_proposal("booking", {**CAR, **TIMES}, lines=lines, total_minor=6105), city)
    assert view.facts["start_at"] == "2026-11-23T09:00:00+02:00"
    assert [(line.text, line.amount) for line in view.lines] == [
        ("Unlocking", "€2.00"),
        ("Riding, 180 min at €0.42 a minute", "€75.60"),
        ("Day price cap", "-€16.60"),
        ("never heard", "€0.05"),
    ]
    assert (view.total, view.total_minor, view.status) == ("€61.05", 6105, "pending")
    assert view.expires_at == "2026-11-22T23:20:00+02:00"


def test_an_open_ended_ride_has_no_total_and_hidden_characters_do_not_reach_the_card(city: City) -> None:
    facts = {"vehicle_type": "bike", "vehicle_id": "B\u202e1", "start_at": _at(0), "until_at": _at(0.25)}
    view = proposal_view(replace(_proposal("hold", facts), status="declined"), city)
    assert view.total is None
    assert view.title == "Hold bike B1 now, kept until 23:25"
    assert view.facts["vehicle_id"] == "B1"
    assert view.status == "declined"
