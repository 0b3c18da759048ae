"""Money, times, lengths and distances as people write them, in the city's zone and the reader's language (Babel)."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, get_currency_precision

from nimrod.domain.shared.city import City
from nimrod.platform.language.catalogue import known, say

_NARROW_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " "})
_CODE_THEN_DIGIT = re.compile(r"(?<=[A-Z]{3})(?=\d)")  # CZK25.00 -> CZK 25.00


def money(minor: int, currency: str, language: str) -> str:
    """An amount such as `€4.50`; minor units of the currency."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    text = str(format_currency(amount, currency, locale=_locale(language))).translate(_NARROW_SPACES)
    return _CODE_THEN_DIGIT.sub(" ", text)


def moment(at: datetime, city: City, language: str) -> str:
    """Day and time in the city: `Mon 23 Nov, 09:00`."""
    return _pattern(at, city, language, "pattern.moment")


def day(at: datetime, city: City, language: str) -> str:
    """The day in the city: `Mon 23 Nov`."""
    return _pattern(at, city, language, "pattern.day")


def clock_time(at: datetime, city: City, language: str) -> str:
    """The time of day in the city: `09:00`."""
    return _pattern(at, city, language, "pattern.time")


def span(start_at: datetime, end_at: datetime, city: City, language: str) -> str:
    """From start to end: `Mon 23 Nov, 09:00-12:00`, with both days when they differ."""
    zone = ZoneInfo(city.time_zone)
    if start_at.astimezone(zone).date() == end_at.astimezone(zone).date():
        return f"{moment(start_at, city, language)}-{clock_time(end_at, city, language)}"
    return f"{moment(start_at, city, language)} - {moment(end_at, city, language)}"


def local_iso(at: datetime, city: City) -> str:
    """ISO 8601 with the city's offset: `2026-11-23T09:00:00+02:00`."""
    return at.astimezone(ZoneInfo(city.time_zone)).isoformat(timespec="seconds")


def duration(minutes: int, language: str) -> str:
    """A length of time: `40 min`, `1 h 30 min`, `2 d 3 h`."""
    days, rest = divmod(timedelta(minutes=minutes), timedelta(days=1))
    hours, left = divmod(int(rest.total_seconds()) // 60, 60)
    parts = [(days, "unit.days"), (hours, "unit.hours"), (left, "unit.minutes")]
    said = [say(language, key, count=count) for count, key in parts if count]
    return " ".join(said) or say(language, "unit.minutes", count=0)


def distance(metres: float, language: str) -> str:
    """A distance on foot: `350 m`, `1.2 km`."""
    if metres < 1000:
        return f"{round(metres / 10) * 10} m"
    return f"{format_decimal(round(metres / 1000, 1), locale=_locale(language))} km"


def _pattern(at: datetime, city: City, language: str, key: str) -> str:
    local = at.astimezone(ZoneInfo(city.time_zone))
    return str(format_datetime(local, say(language, key), locale=_locale(language))).translate(_NARROW_SPACES)


def _locale(language: str) -> Locale:
    return Locale.parse(known(language))
