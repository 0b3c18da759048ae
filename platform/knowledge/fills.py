"""The numbers and names the articles speak of, read from the city and the domain's policies."""

from collections.abc import Iterator, Mapping

from babel import Locale

from nimrod.domain.customer.pricing.policy import DAY_MIN, LATE_GRACE_S
from nimrod.domain.customer.reservations.policy import LEAST_BATTERY_PCT, PROPOSAL_TTL_MIN
from nimrod.domain.shared.city import City, RateBand, VehicleType
from nimrod.platform.language import duration, money, say

ENGLISH = "en"  # the language every article is written in first


def fills_of(city: City, language: str = ENGLISH) -> Mapping[str, str]:
    """Every `$name` an article in this language may use."""
    fills = {
        "city": city.names.get(language, city.names[ENGLISH]),
        "country_name": Locale(language).territories[city.country],
        "currency": city.currency,
        "phone": city.support_phone or say(language, "knowledge.no_phone"),
        "max_open": str(city.max_open_reservations),
        "day_hours": str(DAY_MIN // 60),
        "proposal_min": str(PROPOSAL_TTL_MIN),
        "late_grace": duration(LATE_GRACE_S // 60, language),
        "least_battery": str(LEAST_BATTERY_PCT),
    }
    for rule in ("no_parking", "no_riding", "slow"):
        names = [zone.name for zone in city.zones if zone.rule == rule]
        fills[f"{rule}_zones"] = ", ".join(names) or say(language, "knowledge.none")
    for vehicle_type in city.rules:
        fills.update(_of_type(vehicle_type, city, language))
    return fills


def _of_type(vehicle_type: VehicleType, city: City, language: str) -> Iterator[tuple[str, str]]:
    rules, tariff = city.rules[vehicle_type], city.tariffs[vehicle_type]
    lengths = {
        "ahead": rules.max_ahead_min,
        "hold": rules.hold_min,
        "max": rules.max_ride_min,
        "min": rules.min_ride_min,
        "free_cancel": rules.free_cancel_min,
    }
    amounts = {
        "unlock": tariff.unlock_minor,
        "minute": tariff.minute_minor,
        "cancel_fee": rules.cancel_fee_minor,
        "no_show": rules.no_show_fee_minor,
        "day_cap": tariff.day_cap_minor,
    }
    for name, minutes in lengths.items():
        yield f"{vehicle_type}_{name}", duration(minutes, language)
    for name, minor in amounts.items():
        said = say(language, "knowledge.no_cap") if minor is None else money(minor, city.currency, language)
        yield f"{vehicle_type}_{name}", said
    bands = [_band(band, city, language) for band in tariff.bands]
    yield f"{vehicle_type}_bands", ", ".join(bands) or say(language, "knowledge.no_bands")


def _band(band: RateBand, city: City, language: str) -> str:
    hours = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in (band.from_min, band.to_min)]
    price = money(band.minute_minor, city.currency, language)
    return say(language, "knowledge.band", price=price, start=hours[0], end=hours[1])
