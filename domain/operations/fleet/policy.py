"""What is true of vehicles by their type, and what a report about one may say."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from nimrod.domain.operations.fleet.model import FleetVehicle, VehicleChange
from nimrod.domain.shared.city import VehicleType
from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.principal import Role

FULL_RANGE_KM: Mapping[VehicleType, float] = {"scooter": 40.0, "bike": 70.0, "car": 320.0, "van": 240.0}
STAFF: tuple[Role, ...] = ("field_operator", "fleet_manager", "administrator")
MAX_NOTE_CHARS = 500
ONE_TICK = timedelta(microseconds=1)


def range_km(vehicle_type: VehicleType, battery_pct: int) -> float:
    """How far the battery goes, one decimal."""
    return round(FULL_RANGE_KM[vehicle_type] * battery_pct / 100, 1)


def check_change(change: VehicleChange) -> None:
    """Raises BadInput for a battery, place or note that cannot be."""
    if change.battery_pct is not None and not 0 <= change.battery_pct <= 100:
        raise BadInput(field="battery_pct", reason="not_0_to_100", value=change.battery_pct)
    point = change.point
    if point is not None and not (-90 <= point.lat <= 90 and -180 <= point.lon <= 180):
        raise BadInput(field="point", reason="not_on_earth")
    if change.note is not None and len(change.note) > MAX_NOTE_CHARS:
        raise BadInput(field="note", reason="too_long", most=MAX_NOTE_CHARS)


def next_update_at(vehicle: FleetVehicle, now: datetime) -> datetime:
    """`now`, or just after the last update: no two updates of one vehicle carry the same time."""
    return max(now, vehicle.updated_at + ONE_TICK)
