"""Every event by type and version: its body as a typed value. A change of shape that breaks readers is a new class."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from types import NoneType
from typing import ClassVar, Self, get_args, get_type_hints

from nimrod.domain.contracts.events import Event
from nimrod.domain.shared.errors import BadInput

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What every event body can do. Fields are JSON scalars; times are ISO 8601 UTC text."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[int]
    SOURCE: ClassVar[str]
    SUBJECT: ClassVar[str]

    def event(self, *, event_id: str, at: datetime) -> Event:
        """The envelope around this body."""
        body: dict[str, Scalar] = asdict(self)
        return Event(event_id, self.TYPE, self.VERSION, self.SOURCE, str(body[self.SUBJECT]), at, body)

    @classmethod
    def of(cls, body: Mapping[str, Scalar]) -> Self:
        """The typed body; unknown fields are left out, a missing or mistyped one raises BadInput."""
        hints, values = get_type_hints(cls), {}
        for field in fields(cls):
            if field.name not in body:
                raise BadInput(field=field.name, reason="missing", event=cls.TYPE)
            value = body[field.name]
            if not _fits(value, hints[field.name]):
                raise BadInput(field=field.name, reason="wrong_type", event=cls.TYPE)
            values[field.name] = value
        return cls(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationBody(Body):
    """The reservation after what happened. Money in minor units; `fee_minor` is what its end cost."""

    SOURCE: ClassVar[str] = "customer"
    SUBJECT: ClassVar[str] = "reservation_id"

    reservation_id: str
    customer_id: str
    city_id: str
    vehicle_id: str
    vehicle_type: str
    state: str
    start_at: str
    end_at: str | None
    until_at: str
    price_minor: int | None
    fee_minor: int
    currency: str
    reservation_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationHeldV1(ReservationBody):
    """A scooter or bike is kept for a customer until `until_at`."""

    TYPE: ClassVar[str] = "reservation.held"
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationBookedV1(ReservationBody):
    """A car or van is promised to a customer from `start_at` to `end_at`."""

    TYPE: ClassVar[str] = "reservation.booked"
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationChangedV1(ReservationBody):
    """An open reservation has other terms now; the `old_` fields are the terms before."""

    TYPE: ClassVar[str] = "reservation.changed"
    VERSION: ClassVar[int] = 1

    old_vehicle_id: str
    old_start_at: str
    old_end_at: str | None
    old_price_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationCancelledV1(ReservationBody):
    """The customer gave the reservation up; the vehicle is free again."""

    TYPE: ClassVar[str] = "reservation.cancelled"
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationExpiredV1(ReservationBody):
    """A hold was not used in time; the vehicle is free again."""

    TYPE: ClassVar[str] = "reservation.expired"
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationNoShowV1(ReservationBody):
    """Nobody came for a booking; the vehicle is free again and `fee_minor` is owed."""

    TYPE: ClassVar[str] = "reservation.no_show"
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleUpdatedV1(Body):
    """A vehicle as operations knows it now. `state` is the MDS 2 vehicle state, `note` free text by staff."""

    TYPE: ClassVar[str] = "vehicle.updated"
    VERSION: ClassVar[int] = 1
    SOURCE: ClassVar[str] = "operations"
    SUBJECT: ClassVar[str] = "vehicle_id"

    vehicle_id: str
    city_id: str
    vehicle_type: str
    model: str
    lat: float
    lon: float
    battery_pct: int
    range_km: float
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverRequestedV1(Body):
    """A customer asks for a person. The words themselves stay with the customer system."""

    TYPE: ClassVar[str] = "handover.requested"
    VERSION: ClassVar[int] = 1
    SOURCE: ClassVar[str] = "customer"
    SUBJECT: ClassVar[str] = "handover_id"

    handover_id: str
    customer_id: str
    city_id: str
    conversation_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffActedV1(Body):
    """A member of the staff did something that the audit log must keep; `subject_id` is what it was done to."""

    TYPE: ClassVar[str] = "staff.acted"
    VERSION: ClassVar[int] = 1
    SOURCE: ClassVar[str] = "operations"
    SUBJECT: ClassVar[str] = "subject_id"

    principal_id: str
    action: str
    subject_id: str
    city_id: str | None


CATALOGUE: tuple[type[Body], ...] = (
    ReservationHeldV1,
    ReservationBookedV1,
    ReservationChangedV1,
    ReservationCancelledV1,
    ReservationExpiredV1,
    ReservationNoShowV1,
    VehicleUpdatedV1,
    HandoverRequestedV1,
    StaffActedV1,
)
BY_NAME: Mapping[tuple[str, int], type[Body]] = {(body.TYPE, body.VERSION): body for body in CATALOGUE}


def find_body(event: Event) -> Body | None:
    """The typed body of a known event, None for a type or version this side does not know; raises BadInput."""
    known = BY_NAME.get((event.type, event.version))
    return known.of(event.body) if known else None


def _fits(value: Scalar, hint: object) -> bool:
    allowed = get_args(hint) or (hint,)
    if isinstance(value, bool):
        return bool in allowed
    if isinstance(value, int):
        return int in allowed or float in allowed
    return type(value) in allowed or (value is None and NoneType in allowed)
