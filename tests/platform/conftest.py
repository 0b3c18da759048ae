"""Throw-away databases: each test gets fresh ones, on SQLite and on PostgreSQL where a server is found."""

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest

from nimrod.platform.accounts.model import Person
from nimrod.platform.accounts.passwords import hash_password
from nimrod.platform.accounts.service import Accounts
from nimrod.platform.storage.migrate import System, fresh_sqlite, migrate
from nimrod.platform.storage.stores import open_platform_store

UrlFor = Callable[[System], str]
NATS = os.environ.get("NIMROD_TEST_NATS", "nats://127.0.0.1:4222")
POSTGRES = os.environ.get("NIMROD_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


HAS_POSTGRES = "NIMROD_TEST_POSTGRES" in os.environ or answers(5432)
HAS_NATS = "NIMROD_TEST_NATS" in os.environ or answers(4222)


class PostgresServer:
    """One database per system, emptied for each test (dropping many is slow); all are dropped in the end."""

    def __init__(self) -> None:
        self._prefix = f"nimrod_test_{uuid.uuid4().hex[:8]}"
        self._made: set[str] = set()

    def url_for(self, system: System) -> str:
        url = self._create(system)
        migrate(url, system)
        tables = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        kept = {"alembic_version"}
        with psycopg.connect(url, autocommit=True) as connection:
            names = [str(name) for (name,) in connection.execute(tables.encode()) if name not in kept]
            connection.execute(b"SET session_replication_role = replica")  # the audit log's triggers rest
            connection.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY".encode())
        return url

    def empty(self) -> str:
        url = self._create("empty")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(b"DROP SCHEMA public CASCADE")
            connection.execute(b"CREATE SCHEMA public")
        return url

    def drop_all(self) -> None:
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            for name in self._made:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _create(self, what: str) -> str:
        name = f"{self._prefix}_{what}"
        if name not in self._made:
            with psycopg.connect(POSTGRES, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"'.encode())
            self._made.add(name)
        return POSTGRES.rpartition("/")[0] + "/" + name


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    if not HAS_POSTGRES:
        pytest.skip("no PostgreSQL at NIMROD_TEST_POSTGRES or 127.0.0.1:5432")
    server = PostgresServer()
    yield server
    server.drop_all()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def url_for(request: pytest.FixtureRequest, tmp_path: Path) -> UrlFor:
    """`url_for("customer")` is the URL of a fresh, migrated database; one per system and test."""
    made: dict[System, str] = {}
    server: PostgresServer | None = request.getfixturevalue("postgres") if request.param == "postgres" else None

    def url(system: System) -> str:
        if system not in made:
            made[system] = server.url_for(system) if server else fresh_sqlite(tmp_path / f"{system}.db", system)
        return made[system]

    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.server)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres")
        return server.empty()
    return f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
def nats_url() -> str:
    if not HAS_NATS:
        pytest.skip("no NATS at NIMROD_TEST_NATS or 127.0.0.1:4222")
    return NATS


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    """Accounts with Mia (customer, Helsinki) and Otto (field operator)."""
    store = open_platform_store(fresh_sqlite(tmp_path / "platform.db", "platform"))
    numbers = count(1)
    password_hash = hash_password("right")
    with store.writing() as tables:
        for login, role in (("mia", "customer"), ("otto", "field_operator")):
            tables.save_person(
                Person(
                    f"per_{login}",
                    login,
                    f"{login}@example.org",
                    login.title(),
                    frozenset({role}),
                    "helsinki",
                    "en",
                    password_hash,
                    clock(),
                )
            )
    yield Accounts(store, clock, lambda prefix: f"{prefix}_{next(numbers)}")
    store.close()
