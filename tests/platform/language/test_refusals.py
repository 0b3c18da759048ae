"""A refusal says what, why and what next, in the city's time."""

from datetime import UTC, datetime, timedelta

from nimrod.domain.customer.reservations.errors import AlreadyPromised, BadDuration, TooFarAhead, TooManyOpen, WrongMode
from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import BadInput, DomainError
from nimrod.domain.shared.proposals import ProposalClosed, WorldChanged
from nimrod.platform.language import explain

AT = datetime(2026, 12, 6, 7, 0, tzinfo=UTC)


class Strange(DomainError):
    code = "never_heard_of"


def test_too_far_ahead_says_when_it_can_be_asked_for(city: City) -> None:
    refused = explain(
        TooFarAhead(wanted=AT, latest_start=AT - timedelta(days=7), ask_from=AT - timedelta(days=6)), city
    )
    assert "Sun 6 Dec, 09:00 can be asked for from Mon 30 Nov, 09:00" in refused.message
    assert "Sun 29 Nov, 09:00" in refused.message
    assert refused.facts["wanted"] == "2026-12-06T09:00:00+02:00"


def test_the_words_follow_the_language_and_the_model_step_stays_english(city: City) -> None:
    refused = explain(BadDuration(minutes=5, least=30, most=4320), city, "fi")
    assert refused.message == "5 min ei ole mahdollinen: aika voi olla 30 min - 3 pv."
    assert refused.model_step == "Offer a length between least and most (facts, minutes)."


def test_a_reason_narrows_the_words_down(city: City) -> None:
    mine = explain(AlreadyPromised(vehicle_id="CAR-1", free_from=AT, mine=True), city)
    other = explain(AlreadyPromised(vehicle_id="CAR-1", free_from=AT, mine=False), city)
    assert mine.message == "You already have CAR-1 for part of that time."
    assert other.message == "CAR-1 is taken for part of that time. It is free from Sun 6 Dec, 09:00."


def test_states_modes_and_counts_are_put_into_words(city: City) -> None:
    assert (
        explain(ProposalClosed(proposal_id="p", status="declined"), city).message
        == "That proposal is closed: declined."
    )
    assert explain(TooManyOpen(open=3, most=3), city).message.startswith("You already have 3 open reservations")
    assert (
        "booked for a fixed time"
        in explain(WrongMode(vehicle_id="C", vehicle_type="car", mode="booking"), city).message
    )


def test_a_changed_world_says_why(city: City) -> None:
    refused = explain(WorldChanged(proposal_id="p", because="already_promised", vehicle_id="CAR-1"), city)
    assert refused.message == "Someone else took the vehicle in the meantime, so nothing was done."


def test_an_unknown_code_is_said_in_general_terms_and_odd_facts_do_no_harm(city: City) -> None:
    facts = {"at": "0001-01-01T00:00+14:00", "nan": float("nan"), "set": {2, 1}, "text": "a\u202eb" * 900, "none": None}
    refused = explain(Strange(**facts, key="k", language="l"), city)
    assert refused.message == "That cannot be done."
    assert refused.facts["nan"] is None
    assert refused.facts["set"] == [1, 2]
    assert len(str(refused.facts["text"])) <= 200


def test_braces_in_a_fact_are_only_text(city: City) -> None:
    refused = explain(BadInput(field="{0.__class__}", reason="empty"), city)
    assert refused.message == "{0.__class__} is empty."
