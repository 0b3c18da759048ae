"""The customer system's store: vehicles as told, reservations, the calendar, and what `proposals.py` adds."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.exc import IntegrityError

from nimrod.domain.customer.reservations.errors import AlreadyPromised
from nimrod.domain.customer.reservations.model import Entry, Reservation, State, Vehicle
from nimrod.domain.shared.city import VehicleType
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.geo import Point
from nimrod.platform.storage.conversations import SqlConversations
from nimrod.platform.storage.customer_rows import CalendarRow, InboxRow, OutboxRow, ReservationRow, VehicleRow
from nimrod.platform.storage.database import Database, lock, put, table_of
from nimrod.platform.storage.proposals import ProposalTables
from nimrod.platform.storage.system_store import SystemStore, SystemTables

VEHICLES, RESERVATIONS, CALENDAR = table_of(VehicleRow), table_of(ReservationRow), table_of(CalendarRow)
VEHICLE_COLUMNS = [VEHICLES.c[name] for name in ("lat", "lon", *Vehicle.__dataclass_fields__) if name != "point"]
EXCLUSION_VIOLATION = "23P01"
LAPSING: tuple[State, ...] = ("held", "booked")


class CustomerTables(ProposalTables, SystemTables):
    """`domain/customer/reservations/ports.py` Tables, on one open transaction."""

    outbox_row, inbox_row = OutboxRow, InboxRow

    def get_vehicle(self, vehicle_id: str, *, city_id: str) -> Vehicle:
        same = (VEHICLES.c.vehicle_id == vehicle_id, VEHICLES.c.city_id == city_id)
        row = self._connection.execute(select(*VEHICLE_COLUMNS).where(*same)).one_or_none()
        if row is None:
            raise NotFound(vehicle_id=vehicle_id)
        return _vehicle(row)

    def list_vehicles(self, city_id: str, types: Collection[VehicleType] | None = None) -> Sequence[Vehicle]:
        query = select(*VEHICLE_COLUMNS).where(VEHICLES.c.city_id == city_id).order_by(VEHICLES.c.vehicle_id)
        if types is not None:
            query = query.where(VEHICLES.c.vehicle_type.in_(list(types)))
        return [_vehicle(row) for row in self._connection.execute(query)]

    def put_vehicle(self, vehicle: Vehicle, *, told_at: datetime) -> bool:
        """Take over what operations said at `told_at`; False when something later is known already."""
        return put(self._connection, VehicleRow, vehicle_values(vehicle, told_at), not_older_by="told_at")

    def get_reservation(self, reservation_id: str, *, customer_id: str) -> Reservation:
        self._alone(customer_id)
        own = (RESERVATIONS.c.reservation_id == reservation_id, RESERVATIONS.c.customer_id == customer_id)
        found = self._reservations(self._held(select(RESERVATIONS).where(*own)))
        if not found:
            raise NotFound(reservation_id=reservation_id)
        return found[0]

    def list_reservations(self, customer_id: str, states: Collection[State] | None = None) -> Sequence[Reservation]:
        self._alone(customer_id)
        query = select(RESERVATIONS).where(RESERVATIONS.c.customer_id == customer_id)
        if states is not None:
            query = query.where(RESERVATIONS.c.state.in_(list(states)))
        return self._reservations(query.order_by(RESERVATIONS.c.created_at, RESERVATIONS.c.reservation_id))

    def list_lapsed(self, now: datetime) -> Sequence[Reservation]:
        query = select(RESERVATIONS).where(RESERVATIONS.c.state.in_(LAPSING), RESERVATIONS.c.until_at <= now)
        query = query.order_by(RESERVATIONS.c.until_at, RESERVATIONS.c.reservation_id)
        return self._reservations(self._held(query, skip_locked=True))

    def save_reservation(self, reservation: Reservation) -> None:
        put(self._connection, ReservationRow, asdict(reservation))

    def list_entries(self, vehicle_ids: Collection[str], start_at: datetime, end_at: datetime) -> Sequence[Entry]:
        inside = (CALENDAR.c.start_at < end_at, CALENDAR.c.end_at > start_at)
        query = select(CALENDAR).where(CALENDAR.c.vehicle_id.in_(list(vehicle_ids)), *inside)
        query = query.order_by(CALENDAR.c.vehicle_id, CALENDAR.c.start_at)
        return [Entry(**row) for row in self._connection.execute(query).mappings()]

    def put_entry(self, entry: Entry) -> None:
        lock(self._connection, f"vehicle:{entry.vehicle_id}")
        if self._connection.dialect.name == "postgresql":
            self._put_entry_or_be_refused(entry)
            return
        others = self.list_entries([entry.vehicle_id], entry.start_at, entry.end_at)
        if any(other.owner_id != entry.owner_id for other in others):
            raise _promised(entry)
        put(self._connection, CalendarRow, asdict(entry))

    def _put_entry_or_be_refused(self, entry: Entry) -> None:
        """The exclusion constraint decides; the transaction goes on after a refusal."""
        try:
            with self._connection.begin_nested():
                put(self._connection, CalendarRow, asdict(entry))
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) != EXCLUSION_VIOLATION:
                raise
            raise _promised(entry) from error

    def remove_entry(self, owner_id: str) -> None:
        self._connection.execute(delete(CALENDAR).where(CALENDAR.c.owner_id == owner_id))

    def _held(self, query: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
        """Keep others from writing these rows until we are done; reading transactions hold nothing."""
        writes = self._connection.get_execution_options().get("nimrod_writes")
        return query.with_for_update(skip_locked=skip_locked) if writes else query

    def _reservations(self, query: Select[Any]) -> Sequence[Reservation]:
        return [Reservation(**row) for row in self._connection.execute(query).mappings()]


class SqlCustomerStore(SystemStore[CustomerTables]):
    """`domain/customer/reservations/ports.py` CustomerStore on a database, with the conversations beside it."""

    tables = CustomerTables

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.conversations = SqlConversations(database)


def vehicle_values(vehicle: Vehicle, told_at: datetime) -> dict[str, Any]:
    """The columns of a vehicle as told at that time."""
    values = {name: getattr(vehicle, name) for name in Vehicle.__dataclass_fields__ if name != "point"}
    return values | {"lat": vehicle.point.lat, "lon": vehicle.point.lon, "told_at": told_at}


def _vehicle(row: Sequence[Any]) -> Vehicle:
    """A row in the order of VEHICLE_COLUMNS; by position, because a search reads thousands of rows."""
    lat, lon, vehicle_id, city_id, vehicle_type, model, *rest = row
    return Vehicle(vehicle_id, city_id, vehicle_type, model, Point(lat, lon), *rest)


def _promised(entry: Entry) -> AlreadyPromised:
    return AlreadyPromised(vehicle_id=entry.vehicle_id, free_from=None, mine=False)
