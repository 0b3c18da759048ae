"""Conversations, their messages and turn traces: `agents/ports.py` ConversationStore on the customer database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func, select, update

from nimrod.domain.shared.conversations import Conversation, Message, Trace
from nimrod.domain.shared.errors import NotFound
from nimrod.platform.storage.customer_rows import ConversationRow, MessageRow, TraceRow
from nimrod.platform.storage.database import Database, add_new, put, table_of

CONVERSATIONS, MESSAGES, TRACES = table_of(ConversationRow), table_of(MessageRow), table_of(TraceRow)


class SqlConversations:
    """Every call is its own short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, conversation: Conversation) -> None:
        with self._database.writing() as connection:
            put(connection, ConversationRow, asdict(conversation))

    def get(self, conversation_id: str, *, principal_id: str) -> Conversation:
        own = (CONVERSATIONS.c.conversation_id == conversation_id, CONVERSATIONS.c.principal_id == principal_id)
        with self._database.reading() as connection:
            row = connection.execute(select(CONVERSATIONS).where(*own)).mappings().one_or_none()
        if row is None:
            raise NotFound(conversation_id=conversation_id)
        return Conversation(**row)

    def list(self, principal_id: str, *, agent: str | None = None, limit: int = 50) -> Sequence[Conversation]:
        query = select(CONVERSATIONS).where(CONVERSATIONS.c.principal_id == principal_id)
        if agent is not None:
            query = query.where(CONVERSATIONS.c.agent == agent)
        query = query.order_by(CONVERSATIONS.c.updated_at.desc(), CONVERSATIONS.c.conversation_id).limit(limit)
        with self._database.reading() as connection:
            return [Conversation(**row) for row in connection.execute(query).mappings()]

    def touch(self, conversation_id: str, *, at: datetime, title: str | None = None) -> None:
        new: dict[str, object] = {"updated_at": at} if title is None else {"updated_at": at, "title": title}
        with self._database.writing() as connection:
            connection.execute(
                update(CONVERSATIONS).where(CONVERSATIONS.c.conversation_id == conversation_id).values(**new)
            )

    def add_message(self, message: Message) -> bool:
        with self._database.writing() as connection:
            return add_new(connection, MessageRow, asdict(message))

    def list_messages(self, conversation_id: str) -> Sequence[Message]:
        columns = [MESSAGES.c[name] for name in Message.__dataclass_fields__]
        query = select(*columns).where(MESSAGES.c.conversation_id == conversation_id).order_by(MESSAGES.c.seq)
        with self._database.reading() as connection:
            return [Message(**row) for row in connection.execute(query).mappings()]

    def add_trace(self, trace: Trace) -> None:
        with self._database.writing() as connection:
            put(connection, TraceRow, asdict(trace), key=("turn_id",))

    def list_traces(self, conversation_id: str) -> Sequence[Trace]:
        columns = [TRACES.c[name] for name in Trace.__dataclass_fields__]
        query = select(*columns).where(TRACES.c.conversation_id == conversation_id).order_by(TRACES.c.seq)
        with self._database.reading() as connection:
            return [Trace(**row) for row in connection.execute(query).mappings()]

    def count_messages(self, principal_id: str, *, since: datetime) -> int:
        said = (MESSAGES.c.role == "user", MESSAGES.c.at >= since)
        both = MESSAGES.join(CONVERSATIONS, MESSAGES.c.conversation_id == CONVERSATIONS.c.conversation_id)
        query = select(func.count()).select_from(both).where(CONVERSATIONS.c.principal_id == principal_id, *said)
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())
