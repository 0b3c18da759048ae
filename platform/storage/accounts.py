"""The platform system's store: `platform/accounts/ports.py` PlatformStore on a database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, insert, or_, select
from sqlmodel import SQLModel

from nimrod.domain.shared.errors import NotFound
from nimrod.platform.accounts.model import AuditRow, Person, RefreshToken, Session, SigningKey, SignInTries
from nimrod.platform.storage.database import lock, put, table_of
from nimrod.platform.storage.platform_rows import (
    AuditLogRow,
    InboxRow,
    OutboxRow,
    PersonRow,
    RefreshTokenRow,
    SessionRow,
    SigningKeyRow,
    SignInTriesRow,
)
from nimrod.platform.storage.system_store import SystemStore, SystemTables

PEOPLE, KEYS, AUDIT = table_of(PersonRow), table_of(SigningKeyRow), table_of(AuditLogRow)


class SqlPlatformTables(SystemTables):
    """`platform/accounts/ports.py` PlatformTables, on one open transaction."""

    outbox_row, inbox_row = OutboxRow, InboxRow

    def find_person(self, login_or_email: str) -> Person | None:
        wanted = login_or_email.lower()
        row = self._one(select(PEOPLE).where(or_(PEOPLE.c.login == wanted, PEOPLE.c.email == wanted)))
        return _person(row) if row else None

    def get_person(self, principal_id: str) -> Person:
        row = self._one(select(PEOPLE).where(PEOPLE.c.principal_id == principal_id))
        if row is None:
            raise NotFound(principal_id=principal_id)
        return _person(row)

    def list_people(self) -> Sequence[Person]:
        rows = self._connection.execute(select(PEOPLE).order_by(PEOPLE.c.principal_id)).mappings()
        return [_person(row) for row in rows]

    def save_person(self, person: Person) -> None:
        put(self._connection, PersonRow, asdict(person) | {"roles": sorted(person.roles)})

    def get_session(self, session_id: str) -> Session:
        lock(self._connection, f"session:{session_id}")
        row = self._one(_by(SessionRow, session_id=session_id))
        if row is None:
            raise NotFound(session_id=session_id)
        return Session(**row)

    def save_session(self, session: Session) -> None:
        put(self._connection, SessionRow, asdict(session))

    def find_refresh_token(self, token_hash: str) -> RefreshToken | None:
        lock(self._connection, f"refresh_token:{token_hash}")
        row = self._one(_by(RefreshTokenRow, token_hash=token_hash))
        return RefreshToken(**row) if row else None

    def save_refresh_token(self, token: RefreshToken) -> None:
        put(self._connection, RefreshTokenRow, asdict(token))

    def list_keys(self) -> Sequence[SigningKey]:
        lock(self._connection, "signing_keys")
        query = select(KEYS).order_by(KEYS.c.created_at.desc(), KEYS.c.key_id)
        return [SigningKey(**row) for row in self._connection.execute(query).mappings()]

    def add_key(self, key: SigningKey) -> None:
        self._connection.execute(insert(KEYS).values(**asdict(key)))

    def find_tries(self, login: str) -> SignInTries | None:
        lock(self._connection, f"tries:{login}")
        row = self._one(_by(SignInTriesRow, login=login))
        return SignInTries(**row) if row else None

    def save_tries(self, tries: SignInTries) -> None:
        put(self._connection, SignInTriesRow, asdict(tries))

    def add_audit(self, row: AuditRow) -> None:
        self._connection.execute(insert(AUDIT).values(**(asdict(row) | {"facts": dict(row.facts)})))

    def list_audit(self, limit: int) -> Sequence[AuditRow]:
        columns = [AUDIT.c[name] for name in AuditRow.__dataclass_fields__]
        query = select(*columns).order_by(AUDIT.c.seq.desc()).limit(limit)
        return [AuditRow(**row) for row in self._connection.execute(query).mappings()]

    def _one(self, query: Select[Any]) -> Mapping[Any, Any] | None:
        return self._connection.execute(query).mappings().one_or_none()


class SqlPlatformStore(SystemStore[SqlPlatformTables]):
    """`platform/accounts/ports.py` PlatformStore on a database."""

    tables = SqlPlatformTables


def _by(row: type[SQLModel], **same: str) -> Select[Any]:
    table = table_of(row)
    return select(table).where(*(table.c[name] == value for name, value in same.items()))


def _person(row: Mapping[Any, Any]) -> Person:
    return Person(**{**row, "roles": frozenset(row["roles"])})
