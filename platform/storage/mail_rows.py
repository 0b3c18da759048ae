"""The outbox and inbox columns that every system has."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from nimrod.platform.storage.columns import UtcTime


class EventColumns(SQLModel):
    """The envelope of `domain/contracts/events.py` as columns."""

    event_id: str
    type: str
    version: int
    source: str
    subject: str
    at: datetime = Field(sa_type=UtcTime)
    body: dict[str, Any] = Field(sa_type=JSON)


class OutboxColumns(EventColumns):
    """What this system has to tell: in order of `seq`, told when `delivered_at` is set; `attempts` that failed."""

    seq: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(unique=True)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcTime, index=True)
    attempts: int = 0


class InboxColumns(EventColumns):
    """What this system has heard, once per event; `problem` says why an event could not be used."""

    event_id: str = Field(primary_key=True)
    heard_at: datetime = Field(sa_type=UtcTime)
    problem: str | None = None
