"""Arguments as models write them, turned into domain values; what cannot be meant is refused with the way to say it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from nimrod.domain.shared.city import City, VehicleType
from nimrod.domain.shared.errors import BadInput
from nimrod.platform.language import clean, local_iso

LONGEST_TIME = 40
LONGEST_ID = 64
LONGEST_PLACE = 120
LONGEST_SUMMARY = 2000
_FARTHEST_YEARS = 5  # beyond it a year was mistyped; the real horizons are the domain's
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?")
_OTHER_NAMES = {
    "e-scooter": "scooter", "escooter": "scooter", "kick scooter": "scooter", "e-bike": "bike", "ebike": "bike",
    "bicycle": "bike", "cargo van": "van",
}  # fmt: skip


def _vehicle_type(value: object) -> object:
    if not isinstance(value, str):
        return value
    name = value.strip().lower()
    if name in {"", "any", "all"}:
        return None
    singular = name[:-1] if name.endswith("s") else name
    return _OTHER_NAMES.get(singular, singular)


AnyType = Annotated[
    VehicleType | None,
    BeforeValidator(_vehicle_type),
    Field(description="scooter, bike, car or van; leave out for any"),
]
OneType = Annotated[VehicleType, BeforeValidator(_vehicle_type), Field(description="scooter, bike, car or van")]
Near = Annotated[
    str,
    Field(
        max_length=LONGEST_PLACE,
        description="Place name as the person said it (in any language, misspelt is fine) or 'lat,lon'; "
        "empty: where the person is",
    ),
]
Start = Annotated[
    str | None,
    Field(
        max_length=LONGEST_TIME,
        description="Date and time in the city, 2026-11-23T09:00 (an offset is accepted); leave out for now",
    ),
]
End = Annotated[
    str | None,
    Field(max_length=LONGEST_TIME, description="Date and time when the ride ends, written like start"),
]
VehicleId = Annotated[str, Field(max_length=LONGEST_ID, description="vehicle_id exactly as find_vehicles returned it")]
ReservationId = Annotated[
    str,
    Field(max_length=LONGEST_ID, description="reservation_id exactly as list_my_reservations or carry_out returned it"),
]
ProposalId = Annotated[
    str, Field(max_length=LONGEST_ID, description="proposal_id exactly as a propose tool returned it")
]
Replaces = Annotated[
    str | None,
    Field(max_length=LONGEST_ID, description="proposal_id of a pending proposal that this one takes the place of"),
]
Minutes = Annotated[int, Field(ge=1, le=100_000, description="Length of the ride in minutes")]


def read_id(text: str, *, field: str) -> str:
    """An id as it was shown; raises BadInput for anything that cannot be one."""
    trimmed = text.strip()
    if not _ID.fullmatch(trimmed):
        raise BadInput(field=field, reason="not_an_id")
    return trimmed


def find_id(text: str | None, *, field: str) -> str | None:
    """As `read_id`; nothing given stays None."""
    return read_id(text, field=field) if text and text.strip() else None


def read_text(text: str, *, field: str, most: int) -> str:
    """Free text without what cannot be seen; raises BadInput when nothing is left."""
    seen = clean(text, most)
    if not seen:
        raise BadInput(field=field, reason="empty")
    return seen


def find_time(text: str | None, *, field: str, city: City, now: datetime) -> datetime | None:
    """The instant (aware UTC) of `2026-11-23T09:00` in the city, or with its own offset; nothing given stays None.

    Raises BadInput for what is no date and time, an hour the clocks jump over, and one that comes twice.
    """
    trimmed = (text or "").strip()
    if not trimmed:
        return None
    if _DAY.fullmatch(trimmed):
        raise BadInput(field=field, reason="no_time_of_day", value=trimmed)
    if not _DAY_AND_TIME.fullmatch(trimmed):
        raise BadInput(field=field, reason="not_a_time", value=clean(trimmed, LONGEST_TIME))
    try:
        meant = datetime.fromisoformat(trimmed)
    except ValueError:
        raise BadInput(field=field, reason="not_a_time", value=trimmed) from None
    if abs(meant.year - now.year) > _FARTHEST_YEARS:
        raise BadInput(field=field, reason="out_of_range", value=trimmed)
    return (meant if meant.tzinfo else _in_city(meant, field, city)).astimezone(UTC)


def _in_city(wall: datetime, field: str, city: City) -> datetime:
    zone = ZoneInfo(city.time_zone)
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    shown = wall.isoformat(timespec="minutes")
    if _utc(first).astimezone(zone).replace(tzinfo=None) != wall:
        raise BadInput(field=field, reason="skipped_hour", local=shown[-5:], instead_iso=local_iso(_utc(first), city))
    both = {"first_iso": local_iso(_utc(first), city), "second_iso": local_iso(_utc(second), city)}
    raise BadInput(field=field, reason="doubled_hour", local=shown[-5:], **both)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def find_end(end: datetime | None, start: datetime | None, minutes: int | None, now: datetime) -> datetime | None:
    """The end from an end or a length; raises BadInput when both are given and disagree."""
    if minutes is None:
        return end
    by_length = (start or now.replace(second=0, microsecond=0)) + timedelta(minutes=minutes)
    if end is not None and abs(end - by_length) >= timedelta(minutes=1):
        raise BadInput(field="end", reason="end_and_duration")
    return end or by_length
