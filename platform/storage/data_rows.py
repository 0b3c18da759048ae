"""The data system's tables: every event as it was heard (bronze)."""

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

from nimrod.platform.storage.mail_rows import InboxColumns, OutboxColumns


class DataRow(SQLModel, registry=registry()):
    """Base of the data system's tables."""

    metadata = MetaData()


class InboxRow(DataRow, InboxColumns, table=True):
    """Heard events are the bronze layer: they stay as received."""

    __tablename__ = "inbox"


class OutboxRow(DataRow, OutboxColumns, table=True):
    __tablename__ = "outbox"
