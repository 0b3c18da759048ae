"""The vehicle as operations owns it, and its legal moves in MDS 2 words."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from nimrod.domain.operations.fleet.errors import IllegalVehicleMove
from nimrod.domain.shared.city import VehicleType
from nimrod.domain.shared.geo import Point

VehicleState = Literal[
    "available", "reserved", "on_trip", "non_operational", "non_contactable", "missing", "elsewhere", "removed"
]

# Source: MDS 2.0, vehicle states and the moves its event types allow; contact is lost and found from any state.
MOVES: dict[VehicleState, set[VehicleState]] = {
    "available": {"reserved", "on_trip", "non_operational", "removed", "non_contactable", "missing"},
    "reserved": {"available", "on_trip", "non_operational", "non_contactable", "missing"},
    "on_trip": {"available", "non_operational", "elsewhere", "non_contactable", "missing"},
    "non_operational": {"available", "removed", "non_contactable", "missing"},
    "elsewhere": {"available", "on_trip", "removed", "non_contactable", "missing"},
    "removed": {"available", "non_operational", "elsewhere", "non_contactable", "missing"},
    "non_contactable": {"available", "reserved", "on_trip", "non_operational", "elsewhere", "removed", "missing"},
    "missing": {"available", "non_operational", "removed", "non_contactable"},
}


@dataclass(frozen=True, slots=True)
class FleetVehicle:
    """One vehicle: where it is, how full its battery, in which MDS 2 state; `note` is free text by staff."""

    vehicle_id: str
    city_id: str
    vehicle_type: VehicleType
    model: str
    point: Point
    battery_pct: int
    state: VehicleState
    note: str
    updated_at: datetime

    def to(self, new: VehicleState) -> "FleetVehicle":
        """The vehicle after one legal move; staying is one. Raises IllegalVehicleMove."""
        if new != self.state and new not in MOVES[self.state]:
            allowed = sorted(MOVES[self.state])
            raise IllegalVehicleMove(vehicle_id=self.vehicle_id, state=self.state, wanted=new, allowed=allowed)
        return replace(self, state=new)


@dataclass(frozen=True, slots=True)
class VehicleChange:
    """What to set; None leaves it as it is."""

    state: VehicleState | None = None
    point: Point | None = None
    battery_pct: int | None = None
    note: str | None = None
