"""What the database of every system has: transactions, an outbox for what it tells, an inbox for what it hears."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from sqlalchemy import Connection
from sqlmodel import SQLModel

from nimrod.domain.contracts.events import Event
from nimrod.platform.storage import mail
from nimrod.platform.storage.database import Database


class SystemTables:
    """One open transaction; each system adds its own tables."""

    outbox_row: ClassVar[type[SQLModel]]
    inbox_row: ClassVar[type[SQLModel]]

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def publish(self, event: Event) -> None:
        """Append to the outbox; delivered after commit, at least once."""
        mail.append(self._connection, self.outbox_row, event)

    def hear(self, event: Event, *, at: datetime) -> bool:
        """Note the event as heard; False when it was heard before."""
        return mail.hear(self._connection, self.inbox_row, event, at=at)

    def note_problem(self, event: Event, problem: str) -> None:
        """Say why the event could not be used."""
        mail.note_problem(self._connection, self.inbox_row, event, problem)


TablesT = TypeVar("TablesT", bound=SystemTables)


class SystemStore(Generic[TablesT]):
    """Opens transactions on one system's database. Thread-safe."""

    tables: type[TablesT]

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = mail.Outbox(database, self.tables.outbox_row)

    @contextmanager
    def reading(self) -> Iterator[TablesT]:
        """A consistent snapshot; nothing can be written."""
        with self.database.reading() as connection:
            yield self.tables(connection)

    @contextmanager
    def writing(self) -> Iterator[TablesT]:
        """Commits when the block ends well, rolls back when it raises."""
        with self.database.writing() as connection:
            yield self.tables(connection)

    def close(self) -> None:
        """Close the connections."""
        self.database.close()
