"""A fact is found however it is worded, and nowhere else."""

from datetime import UTC, datetime

import pytest

from nimrod.evals.form.said import Said
from nimrod.evals.oracles.said import Context, is_said, sample
from nimrod.platform.cities import load_city

HELSINKI = Context(load_city("helsinki"), datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
PRAGUE = Context(load_city("prague"), datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize("text", ["It costs €12.50.", "12,50 € in all", "**12.50** EUR", "eur 12.50!", "12.50"])
def test_an_amount_is_found_in_every_form(text: str) -> None:
    assert is_said(Said(amount=1250), text, HELSINKI)


@pytest.mark.parametrize("text", ["112.50", "12.505", "1250", "12.5.2026", "€12"])
def test_another_amount_is_not_the_same(text: str) -> None:
    assert not is_said(Said(amount=1250), text, HELSINKI)


@pytest.mark.parametrize("text", ["5 euros", "€5", "5.00 €", "5,00 EUR", "a fee of EUR 5"])
def test_a_whole_amount_needs_its_currency_or_its_cents(text: str) -> None:
    assert is_said(Said(amount=500), text, HELSINKI)
    assert not is_said(Said(amount=500), "in 5 minutes, 15 €, 5.50 €", HELSINKI)


@pytest.mark.parametrize("text", ["1 190 Kč", "1,190.00 CZK", "1\u00a0190,00 Kč", "CZK 1190"])
def test_crowns_with_and_without_a_gap(text: str) -> None:
    assert is_said(Said(amount=119000), text, PRAGUE)


@pytest.mark.parametrize("text", ["free of charge", "There is no fee.", "0.00 €", "ilmaiseksi"])
def test_nothing_has_words_of_its_own(text: str) -> None:
    assert is_said(Said(amount=0), text, HELSINKI)


@pytest.mark.parametrize("text", ["at 13:00", "13.00", "1 pm", "1:00 p.m.", "klo 13", "from 1pm on", "1 o'clock"])
def test_a_time_of_day_is_found_in_every_form(text: str) -> None:
    assert is_said(Said(time="13:00"), text, HELSINKI)


@pytest.mark.parametrize("text", ["at 13:30", "1 am", "11 pm", "13 minutes", "21:00", "3:00"])
def test_another_time_is_not_the_same(text: str) -> None:
    assert not is_said(Said(time="13:00"), text, HELSINKI)


@pytest.mark.parametrize(
    "text", ["tomorrow", "on Tuesday", "24 November", "Nov 24th", "24.11.", "2026-11-24", "huomenna", "ti 24.11."]
)
def test_a_day_is_found_in_every_form(text: str) -> None:
    assert is_said(Said(date="2026-11-24"), text, HELSINKI)


@pytest.mark.parametrize("text", ["today", "Wednesday", "25 November", "24 October", "124.11"])
def test_another_day_is_not_the_same(text: str) -> None:
    assert not is_said(Said(date="2026-11-24"), text, HELSINKI)


def test_a_quote_is_worked_out_by_the_tariff() -> None:
    fact = Said.model_validate({"quote": {"vehicle_type": "bike", "minutes": 40}})
    assert is_said(fact, "A bike is €6.80 for 40 minutes.", HELSINKI)


def test_any_and_all_and_words_without_regard_to_case() -> None:
    assert is_said(Said.model_validate({"any": ["bus", "SCOOTER"]}), "A *scooter*  waits", HELSINKI)
    assert not is_said(Said.model_validate({"all": ["bus", "scooter"]}), "a scooter waits", HELSINKI)


def test_what_is_wanted_can_be_said() -> None:
    facts = [{"amount": 1250}, {"time": "00:00"}, {"date": "2026-11-24"}, {"any": ["x", "y"]}, {"text": "z"}]
    for fact in map(Said.model_validate, facts):
        assert is_said(fact, sample(fact, HELSINKI), HELSINKI)
