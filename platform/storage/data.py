"""The data system's store: every event it heard, as received (bronze)."""

from collections.abc import Sequence

from sqlalchemy import func, select

from nimrod.domain.contracts.events import Event
from nimrod.domain.data.datasets.bronze import EventCount
from nimrod.platform.storage import mail
from nimrod.platform.storage.data_rows import InboxRow, OutboxRow
from nimrod.platform.storage.database import table_of
from nimrod.platform.storage.system_store import SystemStore, SystemTables

INBOX = table_of(InboxRow)


class DataTables(SystemTables):
    """The data system's tables on one open transaction."""

    outbox_row, inbox_row = OutboxRow, InboxRow

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


class SqlDataStore(SystemStore[DataTables]):
    """The data system's database."""

    tables = DataTables
