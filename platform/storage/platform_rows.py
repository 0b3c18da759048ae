"""The platform system's tables: people, sessions, keys, sign-in tries, the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from nimrod.platform.storage.columns import UtcTime
from nimrod.platform.storage.mail_rows import InboxColumns, OutboxColumns


class PlatformRow(SQLModel, registry=registry()):
    """Base of the platform system's tables."""

    metadata = MetaData()


class PersonRow(PlatformRow, table=True):
    __tablename__ = "people"
    principal_id: str = Field(primary_key=True)
    login: str = Field(unique=True)
    email: str = Field(unique=True)
    name: str
    roles: list[str] = Field(sa_type=JSON)
    city_id: str
    language: str
    password_hash: str
    created_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(sa_type=UtcTime)


class SessionRow(PlatformRow, table=True):
    __tablename__ = "sessions"
    session_id: str = Field(primary_key=True)
    principal_id: str = Field(index=True)
    created_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    closed_at: datetime | None = Field(sa_type=UtcTime)


class RefreshTokenRow(PlatformRow, table=True):
    __tablename__ = "refresh_tokens"
    token_hash: str = Field(primary_key=True)
    session_id: str = Field(index=True)
    created_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(sa_type=UtcTime)


class SigningKeyRow(PlatformRow, table=True):
    __tablename__ = "signing_keys"
    key_id: str = Field(primary_key=True)
    private_jwk: str
    created_at: datetime = Field(sa_type=UtcTime)
    retired_at: datetime | None = Field(sa_type=UtcTime)


class SignInTriesRow(PlatformRow, table=True):
    __tablename__ = "sign_in_tries"
    login: str = Field(primary_key=True)
    failures: int
    locked_until: datetime | None = Field(sa_type=UtcTime)


class AuditLogRow(PlatformRow, table=True):
    """Append-only: triggers (see the migration) refuse changing and removing rows."""

    __tablename__ = "audit_log"
    __table_args__ = (Index("ix_audit_log_person", "principal_id", "at"),)
    seq: int | None = Field(default=None, primary_key=True)
    audit_id: str = Field(unique=True)
    at: datetime = Field(sa_type=UtcTime)
    principal_id: str
    actor: str | None
    action: str
    subject: str
    facts: dict[str, Any] = Field(sa_type=JSON)


class OutboxRow(PlatformRow, OutboxColumns, table=True):
    __tablename__ = "outbox"


class InboxRow(PlatformRow, InboxColumns, table=True):
    __tablename__ = "inbox"
