"""Events between the systems: one envelope, a version per type; a change of shape is a new version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `event_id` is unique for ever: consumers drop what they have seen.

    `type` is `<noun>.<past tense>` such as `reservation.booked`; `subject` the id it is about;
    `body` JSON scalars only; `at` aware UTC.
    """

    event_id: str
    type: str
    version: int
    source: str
    subject: str
    at: datetime
    body: Mapping[str, str | int | float | bool | None]
