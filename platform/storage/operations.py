"""The operations system's store: `domain/operations/fleet/ports.py` on a database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from nimrod.domain.contracts.events import Event
from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.geo import Point
from nimrod.platform.storage import mail
from nimrod.platform.storage.database import Database, lock, put, table_of
from nimrod.platform.storage.operations_rows import FleetVehicleRow, InboxRow, OutboxRow

VEHICLES = table_of(FleetVehicleRow)


class OperationsTables:
    """FleetTables on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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

    def publish(self, event: Event) -> None:
        mail.append(self._connection, OutboxRow, event)

    def hear(self, event: Event, *, at: datetime) -> bool:
        """Note the event as heard; False when it was heard before."""
        return mail.hear(self._connection, InboxRow, event, at=at)

    def note_problem(self, event: Event, problem: str) -> None:
        """Say why the event could not be used."""
        mail.note_problem(self._connection, InboxRow, event, problem)


class SqlOperationsStore:
    """FleetStore on a database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = mail.Outbox(database, OutboxRow)

    @contextmanager
    def reading(self) -> Iterator[OperationsTables]:
        with self.database.reading() as connection:
            yield OperationsTables(connection)

    @contextmanager
    def writing(self) -> Iterator[OperationsTables]:
        with self.database.writing() as connection:
            yield OperationsTables(connection)

    def close(self) -> None:
        self.database.close()


def fleet_vehicle_values(vehicle: FleetVehicle) -> dict[str, Any]:
    """The columns of a vehicle."""
    values = {name: getattr(vehicle, name) for name in FleetVehicle.__dataclass_fields__ if name != "point"}
    return values | {"lat": vehicle.point.lat, "lon": vehicle.point.lon}


def _vehicle(row: Mapping[Any, Any]) -> FleetVehicle:
    plain = {name: value for name, value in row.items() if name not in {"lat", "lon"}}
    return FleetVehicle(**plain, point=Point(row["lat"], row["lon"]))
