"""What all parts of a case file share: nothing unknown is let through; times are read in the city's zone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

Login = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.-]{0,39}$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]


class Strict(BaseModel):
    """A frozen mapping that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def also_called(names: Mapping[str, str]) -> ConfigDict:
    """Strict, and its JSON schema knows that a field may go by a second name (`{second: first}`)."""

    def name_twice(schema: dict[str, Any]) -> None:
        for second, first in names.items():
            schema["properties"][second] = {**schema["properties"][first], "description": f"The same as {first}."}

    return ConfigDict(json_schema_extra=name_twice)


def _iso(text: str) -> str:
    datetime.fromisoformat(text)
    return text


def _span(text: str) -> str:
    span_of(text)
    return text


When = Annotated[str, AfterValidator(_iso)]  # ISO 8601; without an offset it is the city's local time
Span = Annotated[str, AfterValidator(_span)]  # "30m", "2h", "1d", "90s", also joined: "1h30m"

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def span_of(text: str) -> timedelta:
    """`1h30m` as a duration; raises ValueError when it is not one."""
    seconds, digits = 0, ""
    for letter in text:
        if letter.isdigit():
            digits += letter
        elif letter in _UNITS and digits:
            seconds, digits = seconds + int(digits) * _UNITS[letter], ""
        else:
            raise ValueError(f"not a time span: {text!r}; write 90s, 30m, 2h, 1d or 1h30m")
    if digits or not text:
        raise ValueError(f"not a time span: {text!r}; write 90s, 30m, 2h, 1d or 1h30m")
    return timedelta(seconds=seconds)


def moment(text: str, zone: str) -> datetime:
    """The UTC instant an ISO text means; local to `zone` when it has no offset."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def listed(value: object) -> object:
    """A single value as a list of one: `says: car` is `says: [car]`."""
    return value if isinstance(value, list) or value is None else [value]
