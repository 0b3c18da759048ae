"""The nouns of reserving: vehicle as the customer side knows it, reservation, calendar entry."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from nimrod.domain.customer.reservations.errors import IllegalMove
from nimrod.domain.shared.city import VehicleType
from nimrod.domain.shared.geo import Point

State = Literal["held", "booked", "active", "ended", "cancelled", "expired", "no_show"]
MOVES: dict[State, set[State]] = {
    "held": {"active", "cancelled", "expired"},
    "booked": {"active", "cancelled", "no_show"},
    "active": {"ended"},
}
OPEN: frozenset[State] = frozenset({"held", "booked", "active"})


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as operations last told us; `state` in MDS 2 words, `note` free text by staff (untrusted)."""

    vehicle_id: str
    city_id: str
    vehicle_type: VehicleType
    model: str
    point: Point
    battery_pct: int
    range_km: float
    state: str = "available"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reservation:
    """A promise of one vehicle to one customer.

    `start_at` is the pick-up time; `end_at` the booked end (cars, vans) or None (open-ended ride);
    `until_at` when an unused promise lapses; all aware UTC. `fee_minor` is what the end of it cost (cancel, no-show).
    `version` grows with every change.
    """

    reservation_id: str
    customer_id: str
    city_id: str
    vehicle_id: str
    vehicle_type: VehicleType
    state: State
    created_at: datetime
    start_at: datetime
    end_at: datetime | None
    until_at: datetime
    price_minor: int | None
    currency: str
    fee_minor: int = 0
    version: int = 1

    def to(self, new: State, **changes: object) -> "Reservation":
        """The reservation after one legal move; raises IllegalMove."""
        if new not in MOVES.get(self.state, set()):
            raise IllegalMove(reservation_id=self.reservation_id, state=self.state, wanted=new)
        return replace(self, state=new, version=self.version + 1, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the vehicle calendar: who has it from (included) to (excluded); `owner_id` a reservation or block."""

    vehicle_id: str
    owner_id: str
    start_at: datetime
    end_at: datetime
    kind: Literal["reservation", "block"] = "reservation"
