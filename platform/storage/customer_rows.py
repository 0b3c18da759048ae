"""The customer system's tables. Column names are the field names of the domain values."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from nimrod.platform.storage.columns import NullableJson, UtcTime
from nimrod.platform.storage.mail_rows import InboxColumns, OutboxColumns


class CustomerRow(SQLModel, registry=registry()):
    """Base of the customer system's tables."""

    metadata = MetaData()


class VehicleRow(CustomerRow, table=True):
    """The projection of operations' vehicles; `told_at` is the time of the event that said so."""

    __tablename__ = "vehicles"
    vehicle_id: str = Field(primary_key=True)
    city_id: str = Field(index=True)
    vehicle_type: str
    model: str
    lat: float
    lon: float
    battery_pct: int
    range_km: float
    state: str
    note: str
    told_at: datetime = Field(sa_type=UtcTime)


class ReservationRow(CustomerRow, table=True):
    __tablename__ = "reservations"
    __table_args__ = (
        Index("ix_reservations_customer", "customer_id", "state"),
        Index("ix_reservations_lapse", "state", "until_at"),
    )
    reservation_id: str = Field(primary_key=True)
    customer_id: str
    city_id: str
    vehicle_id: str = Field(index=True)
    vehicle_type: str
    state: str
    created_at: datetime = Field(sa_type=UtcTime)
    start_at: datetime = Field(sa_type=UtcTime)
    end_at: datetime | None = Field(sa_type=UtcTime)
    until_at: datetime = Field(sa_type=UtcTime)
    price_minor: int | None
    currency: str
    fee_minor: int
    version: int


class CalendarRow(CustomerRow, table=True):
    """Who has which vehicle when. On PostgreSQL an exclusion constraint (see the migration) refuses overlaps."""

    __tablename__ = "calendar"
    __table_args__ = (
        Index("ix_calendar_vehicle", "vehicle_id", "start_at", "end_at"),
        CheckConstraint("start_at < end_at", name="calendar_goes_forward"),
    )
    owner_id: str = Field(primary_key=True)
    vehicle_id: str
    start_at: datetime = Field(sa_type=UtcTime)
    end_at: datetime = Field(sa_type=UtcTime)
    kind: str


class ProposalRow(CustomerRow, table=True):
    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals_person", "principal_id", "status"),)
    proposal_id: str = Field(primary_key=True)
    kind: str
    arguments: dict[str, Any] = Field(sa_type=JSON)
    principal_id: str
    city_id: str
    conversation_id: str | None
    preview: dict[str, Any] = Field(sa_type=JSON)
    world: str
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    status: str
    result: dict[str, Any] | None = Field(sa_type=NullableJson)


class UsedGrantRow(CustomerRow, table=True):
    __tablename__ = "used_grants"
    grant_id: str = Field(primary_key=True)
    proposal_id: str
    used_at: datetime = Field(sa_type=UtcTime)


class HandoverRow(CustomerRow, table=True):
    __tablename__ = "handovers"
    handover_id: str = Field(primary_key=True)
    customer_id: str
    city_id: str = Field(index=True)
    conversation_id: str | None
    summary: str
    created_at: datetime = Field(sa_type=UtcTime)


class AnswerRow(CustomerRow, table=True):
    """The first answer given under a caller's idempotency key."""

    __tablename__ = "answers"
    principal_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest: str
    answer: dict[str, Any] = Field(sa_type=JSON)


class ConversationRow(CustomerRow, table=True):
    __tablename__ = "conversations"
    __table_args__ = (Index("ix_conversations_person", "principal_id", "updated_at"),)
    conversation_id: str = Field(primary_key=True)
    principal_id: str
    agent: str
    city_id: str
    title: str
    created_at: datetime = Field(sa_type=UtcTime)
    updated_at: datetime = Field(sa_type=UtcTime)


class MessageRow(CustomerRow, table=True):
    __tablename__ = "messages"
    seq: int | None = Field(default=None, primary_key=True)
    message_id: str = Field(unique=True)
    conversation_id: str = Field(index=True)
    role: str
    text: str
    at: datetime = Field(sa_type=UtcTime)
    body: dict[str, Any] = Field(sa_type=JSON)


class TraceRow(CustomerRow, table=True):
    __tablename__ = "traces"
    seq: int | None = Field(default=None, primary_key=True)
    turn_id: str = Field(unique=True)
    conversation_id: str = Field(index=True)
    at: datetime = Field(sa_type=UtcTime)
    body: dict[str, Any] = Field(sa_type=JSON)


class OutboxRow(CustomerRow, OutboxColumns, table=True):
    __tablename__ = "outbox"


class InboxRow(CustomerRow, InboxColumns, table=True):
    __tablename__ = "inbox"
