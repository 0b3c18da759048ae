"""Throw-away databases: each test gets fresh ones, on SQLite and on PostgreSQL where a server is found."""

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nimrod.platform.storage.migrate import System, fresh_sqlite, migrate

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
    """Makes databases from one migrated template per system and drops them all in the end."""

    def __init__(self) -> None:
        self._prefix = f"nimrod_test_{uuid.uuid4().hex[:8]}"
        self._made: list[str] = []
        self._templates: dict[System, str] = {}

    def url_for(self, system: System) -> str:
        if system not in self._templates:
            self._templates[system] = self._create(f"{system}_template", "template0")
            migrate(self._url(self._templates[system]), system)
        return self._url(self._create(f"{system}_{len(self._made)}", self._templates[system]))

    def empty(self) -> str:
        return self._url(self._create(f"empty_{len(self._made)}", "template0"))

    def drop_all(self) -> None:
        for name in self._made:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _create(self, what: str, template: str) -> str:
        name = f"{self._prefix}_{what}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        self._made.append(name)
        return name

    def _url(self, name: str) -> str:
        return POSTGRES.rpartition("/")[0] + "/" + name

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(statement.encode())


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
