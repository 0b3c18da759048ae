"""Outbox and inbox: what a system still has to tell, and what it has heard."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlmodel import SQLModel

from nimrod.domain.contracts.events import Event
from nimrod.platform.storage.database import Database, add_new, table_of


def event_values(event: Event) -> dict[str, Any]:
    """The columns of an event."""
    return asdict(event) | {"body": dict(event.body)}


def event_of(row: Mapping[Any, Any]) -> Event:
    """The event in a row."""
    return Event(**{name: row[name] for name in Event.__dataclass_fields__})


def append(connection: Connection, outbox: type[SQLModel], event: Event) -> None:
    """Write the event to the outbox inside the transaction of the change it tells about."""
    connection.execute(insert(table_of(outbox)).values(**event_values(event), attempts=0))


class Outbox:
    """One system's outbox, for the relay."""

    def __init__(self, database: Database, row: type[SQLModel]) -> None:
        self._database, self._rows = database, table_of(row)

    def list_waiting(self, *, after: int, limit: int) -> Sequence[tuple[int, Event]]:
        """Events not delivered yet with their place in the outbox, oldest first, from behind the place `after`."""
        rows = self._rows
        waiting = (rows.c.delivered_at.is_(None), rows.c.seq > after)
        query = select(rows).where(*waiting).order_by(rows.c.seq).limit(limit)
        with self._database.reading() as connection:
            return [(row["seq"], event_of(row)) for row in connection.execute(query).mappings()]

    def mark(self, *, delivered: Sequence[str], failed: Sequence[str], at: datetime) -> None:
        """Note which events (by id) reached the bus and which did not."""
        rows = self._rows
        with self._database.writing() as connection:
            if delivered:
                done = update(rows).where(rows.c.event_id.in_(delivered)).values(delivered_at=at)
                connection.execute(done)
            if failed:
                tried = update(rows).where(rows.c.event_id.in_(failed)).values(attempts=rows.c.attempts + 1)
                connection.execute(tried)

    def count_waiting(self) -> int:
        """How many events are not delivered yet."""
        query = select(func.count()).select_from(self._rows).where(self._rows.c.delivered_at.is_(None))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())


def hear(connection: Connection, inbox: type[SQLModel], event: Event, *, at: datetime) -> bool:
    """Note the event as heard; False when it was heard before."""
    return add_new(connection, inbox, event_values(event) | {"heard_at": at, "problem": None})


def note_problem(connection: Connection, inbox: type[SQLModel], event: Event, problem: str) -> None:
    """Say in the inbox why an event could not be used."""
    rows = table_of(inbox)
    connection.execute(update(rows).where(rows.c.event_id == event.event_id).values(problem=problem))
