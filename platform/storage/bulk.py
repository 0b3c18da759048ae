"""Writing a whole seeded world at once: the same rows that use cases and events would leave, in few statements."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from nimrod.domain.contracts.events import Event
from nimrod.domain.customer.reservations.model import Entry, Reservation, Vehicle
from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.platform.accounts.model import Person
from nimrod.platform.storage import customer_rows, data_rows, operations_rows, platform_rows
from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.customer import SqlCustomerStore, vehicle_values
from nimrod.platform.storage.data import SqlDataStore
from nimrod.platform.storage.database import add_many, lock, table_of
from nimrod.platform.storage.mail import event_values
from nimrod.platform.storage.operations import SqlOperationsStore, fleet_vehicle_values


def add_fleet(
    store: SqlOperationsStore, city_id: str, vehicles: Sequence[FleetVehicle], told: Sequence[Event], *, at: datetime
) -> bool:
    """Operations: the city's vehicles and the events about them, marked delivered; False when it has some already."""
    with store.database.writing() as connection:
        if _has_city(connection, operations_rows.FleetVehicleRow, city_id):
            return False
        add_many(connection, operations_rows.FleetVehicleRow, [fleet_vehicle_values(one) for one in vehicles])
        sent = {"delivered_at": at, "attempts": 0}
        add_many(connection, operations_rows.OutboxRow, [event_values(one) | sent for one in told])
    return True


def add_city(
    store: SqlCustomerStore,
    city_id: str,
    vehicles: Sequence[tuple[Vehicle, Event]],
    reservations: Sequence[Reservation],
    entries: Sequence[Entry],
    *,
    at: datetime,
) -> bool:
    """Customer: vehicles as the events told, past and coming reservations; False when the city has vehicles already."""
    with store.database.writing() as connection:
        if _has_city(connection, customer_rows.VehicleRow, city_id):
            return False
        told = [vehicle_values(vehicle, event.at) for vehicle, event in vehicles]
        add_many(connection, customer_rows.VehicleRow, told)
        heard = {"heard_at": at, "problem": None}
        add_many(connection, customer_rows.InboxRow, [event_values(event) | heard for _vehicle, event in vehicles])
        add_many(connection, customer_rows.ReservationRow, [asdict(one) for one in reservations])
        add_many(connection, customer_rows.CalendarRow, [asdict(one) for one in entries])
    return True


def add_heard(store: SqlDataStore, events: Sequence[Event], *, at: datetime) -> None:
    """Data: events as heard, leaving those that were heard already."""
    heard = {"heard_at": at, "problem": None}
    with store.database.writing() as connection:
        add_many(connection, data_rows.InboxRow, [event_values(one) | heard for one in events])


def add_people(store: SqlPlatformStore, people: Sequence[Person]) -> int:
    """Platform: people who are not there yet; how many came."""
    with store.database.writing() as connection:
        rows = table_of(platform_rows.PersonRow)
        known: set[str] = set(connection.execute(select(rows.c.principal_id)).scalars())
        new = [asdict(one) | {"roles": sorted(one.roles)} for one in people if one.principal_id not in known]
        add_many(connection, platform_rows.PersonRow, new)
    return len(new)


def has_fleet(store: SqlOperationsStore, city_id: str) -> bool:
    """Whether operations knows vehicles of the city."""
    with store.database.reading() as connection:
        return _has_city(connection, operations_rows.FleetVehicleRow, city_id)


def has_city(store: SqlCustomerStore, city_id: str) -> bool:
    """Whether the customer side knows vehicles of the city."""
    with store.database.reading() as connection:
        return _has_city(connection, customer_rows.VehicleRow, city_id)


def _has_city(connection: Connection, row: type[SQLModel], city_id: str) -> bool:
    lock(connection, f"seeding:{city_id}")
    rows = table_of(row)
    return connection.execute(select(rows.c.city_id).where(rows.c.city_id == city_id).limit(1)).first() is not None
