"""The data system's store: every event it heard, as received (bronze)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, func, select

from nimrod.domain.contracts.events import Event
from nimrod.domain.data.datasets.bronze import EventCount
from nimrod.platform.storage import mail
from nimrod.platform.storage.data_rows import InboxRow, OutboxRow
from nimrod.platform.storage.database import Database, table_of

INBOX = table_of(InboxRow)


class DataTables:
    """The data system's tables on one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_events(self, *, type: str | None = None, limit: int = 1000) -> Sequence[Event]:
        """Heard events, latest first by their own time."""
        query = select(INBOX).order_by(INBOX.c.at.desc(), INBOX.c.event_id).limit(limit)
        if type is not None:
            query = query.where(INBOX.c.type == type)
        return [mail.event_of(row) for row in self._connection.execute(query).mappings()]

    def count_events(self) -> Sequence[EventCount]:
        """What was heard, by type and version."""
        group = (INBOX.c.type, INBOX.c.version, INBOX.c.source)
        counted = (func.count().label("count"), func.min(INBOX.c.at).label("first_at"))
        query = select(*group, *counted, func.max(INBOX.c.at).label("last_at")).group_by(*group).order_by(*group)
        return [EventCount(**row) for row in self._connection.execute(query).mappings()]

    def publish(self, event: Event) -> None:
        """Append to the outbox; delivered after commit, at least once."""
        mail.append(self._connection, OutboxRow, event)

    def hear(self, event: Event, *, at: datetime) -> bool:
        """Note the event as heard; False when it was heard before."""
        return mail.hear(self._connection, InboxRow, event, at=at)

    def note_problem(self, event: Event, problem: str) -> None:
        """Say why the event could not be used."""
        mail.note_problem(self._connection, InboxRow, event, problem)


class SqlDataStore:
    """The data system's database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.outbox = mail.Outbox(database, OutboxRow)

    @contextmanager
    def reading(self) -> Iterator[DataTables]:
        with self.database.reading() as connection:
            yield DataTables(connection)

    @contextmanager
    def writing(self) -> Iterator[DataTables]:
        with self.database.writing() as connection:
            yield DataTables(connection)

    def close(self) -> None:
        self.database.close()
