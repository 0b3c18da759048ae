"""Prices: every total explains itself, longer is never cheaper, clock changes neither add nor drop a minute."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from customer_fakes import CITY, NOON
from hypothesis import given
from hypothesis import strategies as st

from nimrod.domain.customer.pricing import policy
from nimrod.domain.customer.pricing.policy import compare, late_fee_minor, quote, started_minutes
from nimrod.domain.customer.reservations.errors import BadDuration
from nimrod.domain.shared.city import VEHICLE_TYPES
from nimrod.domain.shared.errors import NotFound

TYPES = st.sampled_from(VEHICLE_TYPES)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda moment: moment.replace(tzinfo=UTC))
LENGTHS = st.integers(30, 720)


def lines(vehicle_type: str, start_at: datetime, minutes: int) -> list[tuple[str, int]]:
    return [(line.code, line.minor) for line in quote(vehicle_type, start_at, minutes, city=CITY).lines]


def test_forty_minutes_by_scooter() -> None:
    offer = quote("scooter", NOON, 40, city=CITY)
    assert [(line.code, line.minor, dict(line.facts)) for line in offer.lines] == [
        ("unlock", 100, {}),
        ("minutes", 1000, {"minutes": 40, "minute_minor": 25}),
    ]
    assert (offer.total_minor, offer.currency) == (1100, "EUR")


def test_the_night_rate_begins_at_its_local_minute() -> None:
    before_ten = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)  # 21:30 in Helsinki
    assert lines("car", before_ten, 60) == [("unlock", 200), ("minutes", 30 * 42), ("minutes", 30 * 21)]


def test_rates_cross_midnight_and_morning() -> None:
    late = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)  # 23:00 to 07:00
    assert lines("car", late, 480) == [("unlock", 200), ("minutes", 420 * 21), ("minutes", 60 * 42), ("day_cap", -5440)]


def test_the_night_of_the_clock_change_has_its_real_minutes() -> None:
    to_winter = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 03:00 summer time; the hour 03-04 comes twice
    assert lines("car", to_winter, 180) == [("unlock", 200), ("minutes", 180 * 21)]
    assert lines("car", to_winter + timedelta(hours=3), 120) == [
        ("unlock", 200),
        ("minutes", 60 * 21),
        ("minutes", 60 * 42),
    ]
    to_summer = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 02:00; the hour 03-04 does not exist
    assert lines("car", to_summer, 200) == [("unlock", 200), ("minutes", 180 * 21), ("minutes", 20 * 42)]


def test_the_cap_counts_for_each_started_day() -> None:
    three_days = quote("van", NOON, 3 * 1440, city=CITY)
    assert three_days.total_minor == 300 + 3 * 7900
    assert dict(three_days.lines[-1].facts) == {"cap_minor": 7900, "days": 3}
    a_day_and_an_hour = quote("van", NOON, 1500, city=CITY)
    assert a_day_and_an_hour.total_minor == 300 + 7900 + 60 * 55


def test_exactly_at_the_cap_there_is_no_cap_line() -> None:
    city = replace(CITY, tariffs={**CITY.tariffs, "van": replace(CITY.tariffs["van"], day_cap_minor=60 * 55)})
    assert [line.code for line in quote("van", NOON, 60, city=city).lines] == ["unlock", "minutes"]


@given(TYPES, MOMENTS, LENGTHS)
def test_lines_sum_to_the_total_and_minutes_to_the_length(vehicle_type: str, start_at: datetime, minutes: int) -> None:
    offer = quote(vehicle_type, start_at, minutes, city=CITY)
    assert sum(line.minor for line in offer.lines) == offer.total_minor
    assert sum(int(line.facts["minutes"]) for line in offer.lines if line.code == "minutes") == minutes
    assert all(line.minor == int(line.facts["minutes"]) * int(line.facts["minute_minor"])
               for line in offer.lines if line.code == "minutes")  # fmt: skip


@given(TYPES, MOMENTS, LENGTHS, st.integers(1, 120))
def test_longer_is_never_cheaper(vehicle_type: str, start_at: datetime, minutes: int, more: int) -> None:
    shorter_ride = quote(vehicle_type, start_at, minutes, city=CITY)
    longer_ride = quote(vehicle_type, start_at, min(minutes + more, 720), city=CITY)
    assert longer_ride.total_minor >= shorter_ride.total_minor


@given(MOMENTS, st.integers(1, 4320))
def test_cheapest_comes_first_and_only_what_may_be_ridden_so_long(start_at: datetime, minutes: int) -> None:
    offers = compare(start_at, minutes, city=CITY)
    assert [offer.total_minor for offer in offers] == sorted(offer.total_minor for offer in offers)
    expected = ({"scooter", "bike"} if minutes <= 720 else set()) | ({"car", "van"} if minutes >= 30 else set())
    assert {offer.vehicle_type for offer in offers} == expected


@pytest.mark.parametrize("minutes", [0, -5, 4321, 10**12])
def test_no_vehicle_for_an_impossible_length(minutes: int) -> None:
    with pytest.raises(BadDuration) as refused:
        compare(NOON, minutes, city=CITY)
    assert refused.value.facts == {"minutes": minutes, "least": 1, "most": 4320}


@pytest.mark.parametrize(("minutes", "allowed"), [(0, False), (1, True), (720, True), (721, False)])
def test_a_scooter_ride_lasts_from_a_minute_to_twelve_hours(minutes: int, allowed: bool) -> None:
    if allowed:
        assert quote("scooter", NOON, minutes, city=CITY).minutes == minutes
    else:
        with pytest.raises(BadDuration):
            quote("scooter", NOON, minutes, city=CITY)


def test_a_type_the_city_does_not_have_is_not_found() -> None:
    with pytest.raises(NotFound):
        quote("van", NOON, 60, city=replace(CITY, rules={"bike": CITY.rules["bike"]}))


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (60, 1), (61, 2), (-1, 0), (-60, -1), (-61, -1)])
def test_a_started_minute_counts(seconds: int, minutes: int) -> None:
    assert started_minutes(NOON, NOON + timedelta(seconds=seconds)) == minutes


@pytest.mark.parametrize(("late_s", "fee"), [(-600, 0), (0, 0), (300, 0), (301, 42), (360, 42), (361, 84)])
def test_coming_late_costs_started_minutes_after_the_grace(late_s: int, fee: int) -> None:
    assert late_fee_minor(late_s, minute_minor=42) == fee


def test_the_rate_of_a_minute_follows_the_local_clock() -> None:
    assert policy.minute_rate_minor("car", datetime(2026, 11, 23, 19, 59, tzinfo=UTC), city=CITY) == 42
    assert policy.minute_rate_minor("car", datetime(2026, 11, 23, 20, 0, tzinfo=UTC), city=CITY) == 21
