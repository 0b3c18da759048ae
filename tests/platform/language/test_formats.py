"""Money, times and distances as people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from nimrod.domain.shared.city import City
from nimrod.platform.cities import load_city
from nimrod.platform.language import day, distance, duration, local_iso, moment, money, span

NINE = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minor", "currency", "language", "said"),
    [
        (450, "EUR", "en", "€4.50"),
        (-450, "EUR", "en", "-€4.50"),
        (0, "EUR", "en", "€0.00"),
        (123456, "EUR", "en", "€1,234.56"),
        (450, "EUR", "fi", "4,50 €"),
        (450, "EUR", "sv", "4,50 €"),
        (1900, "CZK", "cs", "19,00 Kč"),
        (1900, "CZK", "en", "CZK 19.00"),
        (1900, "JPY", "en", "¥1,900"),
        (450, "EUR", "tlh", "€4.50"),
    ],
)
def test_money_is_written_as_the_language_does(minor: int, currency: str, language: str, said: str) -> None:
    assert money(minor, currency, language) == said


def test_a_span_on_one_day_names_the_day_once(city: City) -> None:
    assert span(NINE, NINE + timedelta(hours=3), city, "en") == "Mon 23 Nov, 09:00-12:00"


def test_a_span_over_midnight_names_both_days(city: City) -> None:
    late = NINE + timedelta(hours=14)
    assert span(late, late + timedelta(hours=2), city, "en") == "Mon 23 Nov, 23:00 - Tue 24 Nov, 01:00"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Mon 23 Nov, 09:00"),
        ("fi", "ma 23.11. klo 9.00"),
        ("sv", "mån 23 nov. kl. 09:00"),
        ("cs", "po 23. 11. v 9:00"),
    ],
)
def test_a_moment_is_shown_in_the_citys_zone(language: str, said: str, city: City) -> None:
    assert moment(NINE, city, language) == said


def test_the_same_instant_is_an_hour_earlier_in_prague() -> None:
    prague = load_city("prague")
    assert local_iso(NINE, prague) == "2026-11-23T08:00:00+01:00"
    assert day(NINE, prague, "en") == "Mon 23 Nov"


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (40, "40 min"), (90, "1 h 30 min"), (1440, "1 d"), (1570, "1 d 2 h 10 min")]
)
def test_lengths_of_time_are_said_in_days_hours_and_minutes(minutes: int, said: str) -> None:
    assert duration(minutes, "en") == said


@pytest.mark.parametrize(
    ("metres", "language", "said"), [(349, "en", "350 m"), (1234, "en", "1.2 km"), (1234, "fi", "1,2 km")]
)
def test_distances_are_rounded_to_what_feet_notice(metres: float, language: str, said: str) -> None:
    assert distance(metres, language) == said
