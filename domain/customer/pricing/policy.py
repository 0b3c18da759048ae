"""What riding, cancelling and coming late cost. Amounts are minor units of the city's currency."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from nimrod.domain.customer.pricing.model import PriceLine, Quote
from nimrod.domain.customer.reservations.errors import BadDuration
from nimrod.domain.customer.reservations.model import Reservation
from nimrod.domain.shared.city import VEHICLE_TYPES, City, Tariff, TypeRules, VehicleType
from nimrod.domain.shared.errors import NotFound

DAY_MIN = 24 * 60
LATE_GRACE_S = 300
MEMO_CODES = frozenset({"old_price", "difference", "minute_rate"})  # shown beside a total, not part of it


def started_minutes(start_at: datetime, end_at: datetime) -> int:
    """Whole minutes from start to end, a started minute counts; negative when backwards. Source: PAY-01."""
    seconds = (end_at - start_at) / timedelta(seconds=1)
    return int(-(-seconds // 60))


def quote(vehicle_type: VehicleType, start_at: datetime, minutes: int, *, city: City) -> Quote:
    """The price of `minutes` from `start_at` (aware), line by line; raises BadDuration, NotFound for a type not here.

    One unlock, minutes by the local time they fall in, at most the day cap for each started 24 hours.

    Source: docs/requirements.md PAY-01.
    """
    if vehicle_type not in city.rules:
        raise NotFound(vehicle_type=vehicle_type, city_id=city.city_id)
    rules, tariff = city.rules[vehicle_type], city.tariffs[vehicle_type]
    check_minutes(minutes, vehicle_type=vehicle_type, rules=rules)
    rates = _rates(tariff, start_at, minutes, ZoneInfo(city.time_zone))
    lines = [PriceLine("unlock", tariff.unlock_minor, {})] if tariff.unlock_minor else []
    for rate, count in Counter(rates).items():
        lines.append(PriceLine("minutes", rate * count, {"minutes": count, "minute_minor": rate}))
    if tariff.day_cap_minor is not None:
        lines += _cap_lines(rates, tariff.day_cap_minor)
    return Quote(vehicle_type, start_at, minutes, city.currency, tuple(lines), sum(line.minor for line in lines))


def compare(start_at: datetime, minutes: int, *, city: City) -> tuple[Quote, ...]:
    """Quotes of every vehicle type that may be ridden so long, cheapest first; raises BadDuration when none may.

    Source: docs/requirements.md PAY-01.
    """
    quotes = []
    for vehicle_type in VEHICLE_TYPES:
        if vehicle_type not in city.rules:
            continue
        try:
            quotes.append(quote(vehicle_type, start_at, minutes, city=city))
        except BadDuration:
            continue
    if not quotes:
        raise BadDuration(
            minutes=minutes,
            least=min(max(1, rules.min_ride_min) for rules in city.rules.values()),
            most=max(rules.max_ride_min for rules in city.rules.values()),
        )
    return tuple(sorted(quotes, key=lambda offer: offer.total_minor))


def check_minutes(minutes: int, *, vehicle_type: VehicleType, rules: TypeRules) -> None:
    """Raises BadDuration unless a ride of this type may last so long. Source: RES-02, RES-03."""
    least = max(1, rules.min_ride_min)
    if not least <= minutes <= rules.max_ride_min:
        raise BadDuration(vehicle_type=vehicle_type, minutes=minutes, least=least, most=rules.max_ride_min)


def minute_rate_minor(vehicle_type: VehicleType, at: datetime, *, city: City) -> int:
    """The price of the minute that begins at `at`. Source: PAY-01."""
    return _rates(city.tariffs[vehicle_type], at, 1, ZoneInfo(city.time_zone))[0]


def free_until(reservation: Reservation, *, city: City) -> datetime | None:
    """Until when (excluded) cancelling costs nothing; None when it always is free. Source: RES-06."""
    rules = city.rules[reservation.vehicle_type]
    if reservation.state != "booked" or not rules.cancel_fee_minor:
        return None
    return reservation.start_at - timedelta(minutes=rules.free_cancel_min)


def cancel_fee_minor(reservation: Reservation, *, now: datetime, city: City) -> int:
    """What cancelling now costs: nothing before `free_until`, then the fee, never more than the ride itself.

    Source: docs/requirements.md RES-06.
    """
    limit = free_until(reservation, city=city)
    if limit is None or now < limit:
        return 0
    return _at_most_price(city.rules[reservation.vehicle_type].cancel_fee_minor, reservation)


def no_show_fee_minor(reservation: Reservation, *, city: City) -> int:
    """What a booking costs that nobody came for, never more than the ride itself. Source: RES-06."""
    return _at_most_price(city.rules[reservation.vehicle_type].no_show_fee_minor, reservation)


def late_fee_minor(late_s: int, *, minute_minor: int, grace_s: int = LATE_GRACE_S) -> int:
    """Fee for a car or van returned `late_s` seconds after the booked end.

    Started minutes after the grace count whole; early or within the grace costs 0. Source: PAY-02.
    """
    late_min = -(-(late_s - grace_s) // 60)
    return max(0, late_min) * minute_minor


def _at_most_price(fee_minor: int, reservation: Reservation) -> int:
    return fee_minor if reservation.price_minor is None else min(fee_minor, reservation.price_minor)


def _rates(tariff: Tariff, start_at: datetime, minutes: int, zone: ZoneInfo) -> list[int]:
    """The rate of each minute. Steps in UTC, so a clock change neither adds nor drops a minute."""
    if not tariff.bands:
        return [tariff.minute_minor] * minutes
    by_minute = _day_rates(tariff)
    first, rates = start_at.astimezone(UTC), list[int]()
    while len(rates) < minutes:
        moment = first + timedelta(minutes=len(rates))
        local = moment.astimezone(zone)  # clocks change on a quarter of an hour only
        step = min(15 - moment.minute % 15, minutes - len(rates))
        rates += by_minute[local.hour * 60 + local.minute :][:step]
    return rates


@lru_cache
def _day_rates(tariff: Tariff) -> tuple[int, ...]:
    return tuple(_rate_at(tariff, minute_of_day) for minute_of_day in range(DAY_MIN))


def _rate_at(tariff: Tariff, minute_of_day: int) -> int:
    for band in tariff.bands:
        if band.from_min <= minute_of_day < band.to_min:
            return band.minute_minor
    return tariff.minute_minor


def _cap_lines(rates: list[int], cap_minor: int) -> Iterable[PriceLine]:
    days = [sum(rates[i : i + DAY_MIN]) for i in range(0, len(rates), DAY_MIN)]
    saved = sum(max(0, day - cap_minor) for day in days)
    if saved:
        yield PriceLine("day_cap", -saved, {"cap_minor": cap_minor, "days": len(days)})
