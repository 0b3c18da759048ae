"""The platform store keeps people, sessions and keys, and an audit log that cannot be edited."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from nimrod.domain.shared.errors import NotFound
from nimrod.platform.accounts.model import AuditRow, Person, RefreshToken, Session, SigningKey, SignInTries
from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.stores import open_platform_store


@pytest.fixture
def accounts(url_for: Callable[[str], str]) -> Iterator[SqlPlatformStore]:
    opened = open_platform_store(url_for("platform"))
    yield opened
    opened.close()


@pytest.fixture
def mia(now: datetime) -> Person:
    roles = frozenset({"customer", "analyst"})
    return Person("per_mia", "mia", "mia@example.org", "Mia", roles, "helsinki", "fi", "$argon2id$x", now)  # type: ignore[arg-type]


def test_a_person_is_found_by_login_and_by_e_mail_in_any_case(accounts: SqlPlatformStore, mia: Person) -> None:
    with accounts.writing() as tables:
        tables.save_person(mia)
        tables.save_person(replace(mia, name="Mia M"))
    with accounts.reading() as tables:
        assert tables.find_person("MIA") == tables.find_person("mia@Example.org") == replace(mia, name="Mia M")
        assert tables.list_people() == [tables.get_person("per_mia")]
        assert tables.find_person("noah") is None
        with pytest.raises(NotFound):
            tables.get_person("per_noah")


def test_sessions_tokens_keys_and_tries_come_back(accounts: SqlPlatformStore, now: datetime) -> None:
    session = Session("ses_1", "per_mia", now, now)
    token = RefreshToken("abc", "ses_1", now)
    tries = SignInTries("mia", 3, now)
    with accounts.writing() as tables:
        tables.save_session(session)
        tables.save_refresh_token(token)
        tables.save_refresh_token(replace(token, used_at=now))
        tables.add_key(SigningKey("k1", "{}", now.replace(hour=1)))
        tables.add_key(SigningKey("k2", "{}", now))
        tables.save_tries(tries)
    with accounts.reading() as tables:
        assert tables.get_session("ses_1") == session
        assert tables.find_refresh_token("abc") == replace(token, used_at=now)
        assert [key.key_id for key in tables.list_keys()] == ["k2", "k1"]
        assert tables.find_tries("mia") == tries
        assert tables.find_tries("noah") is None
        with pytest.raises(NotFound):
            tables.get_session("ses_2")


@pytest.mark.parametrize("edit", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
def test_the_audit_log_cannot_be_edited(accounts: SqlPlatformStore, now: datetime, edit: str) -> None:
    row = AuditRow("aud_1", now, "per_mia", None, "grant.minted", "prp_1", {"system": "customer"})
    with accounts.writing() as tables:
        tables.add_audit(row)
        tables.add_audit(replace(row, audit_id="aud_2"))
    with pytest.raises(DBAPIError, match="append-only"), accounts.database.writing() as connection:
        connection.execute(text(edit))
    with accounts.reading() as tables:
        assert tables.list_audit(5) == [replace(row, audit_id="aud_2"), row]
        assert tables.list_audit(1) == [replace(row, audit_id="aud_2")]
