"""The operations system's store: `domain/operations/fleet/ports.py` on a database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.geo import Point
from nimrod.platform.storage.database import lock, put, table_of
from nimrod.platform.storage.operations_rows import FleetVehicleRow, InboxRow, OutboxRow
from nimrod.platform.storage.system_store import SystemStore, SystemTables

VEHICLES = table_of(FleetVehicleRow)


class OperationsTables(SystemTables):
    """FleetTables on one open transaction."""

    outbox_row, inbox_row = OutboxRow, InboxRow

    def get_vehicle(self, vehicle_id: str) -> FleetVehicle:
        lock(self._connection, f"vehicle:{vehicle_id}")
        query = select(VEHICLES).where(VEHICLES.c.vehicle_id == vehicle_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound(vehicle_id=vehicle_id)
        return _vehicle(row)

    def list_vehicles(self, city_id: str) -> Sequence[FleetVehicle]:
        query = select(VEHICLES).where(VEHICLES.c.city_id == city_id).order_by(VEHICLES.c.vehicle_id)
        return [_vehicle(row) for row in self._connection.execute(query).mappings()]

    def save_vehicle(self, vehicle: FleetVehicle) -> None:
        put(self._connection, FleetVehicleRow, fleet_vehicle_values(vehicle))


class SqlOperationsStore(SystemStore[OperationsTables]):
    """FleetStore on a database."""

    tables = OperationsTables


def fleet_vehicle_values(vehicle: FleetVehicle) -> dict[str, Any]:
    """The columns of a vehicle."""
    values = {name: getattr(vehicle, name) for name in FleetVehicle.__dataclass_fields__ if name != "point"}
    return values | {"lat": vehicle.point.lat, "lon": vehicle.point.lon}


def _vehicle(row: Mapping[Any, Any]) -> FleetVehicle:
    plain = {name: value for name, value in row.items() if name not in {"lat", "lon"}}
    return FleetVehicle(**plain, point=Point(row["lat"], row["lon"]))
