"""One system's database: how transactions begin, end and fail. SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Lock, get_ident
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import SQLModel

from nimrod.domain.shared.errors import Busy

BUSY_TIMEOUT_S = 30
PARTS = 500
BUSY_SQLSTATES = {"40001", "40P01", "55P03"}  # serialisation failure, deadlock, lock not available


def table_of(row: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a row class."""
    table: Table = row.__table__  # type: ignore[attr-defined]
    return table


class Database:
    """Opens transactions on one database. Thread-safe; share one per system and process.

    SQLite: WAL, every commit on disk before it is acknowledged, writers queue inside the process and by
    `BEGIN IMMEDIATE` between processes. PostgreSQL: READ COMMITTED for writing with explicit locks, a snapshot for
    reading.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_postgres = self.engine.dialect.name == "postgresql"
        self._turn = Lock()
        self._writer: int | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent snapshot; nothing can be written."""
        level = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if self.is_postgres else {}
        with self.engine.connect().execution_options(**level) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commits when the block ends well, rolls back when it raises; raises Busy when it lost against others."""
        try:
            with self._queue(), self._connect() as connection, connection.begin():
                yield connection
        except PoolTimeout as error:
            raise Busy() from error
        except OperationalError as error:
            if _lost_against_others(error):
                raise Busy() from error
            raise

    def _connect(self) -> Connection:
        return self.engine.connect().execution_options(nimrod_writes=True)

    @contextmanager
    def _queue(self) -> Iterator[None]:
        """SQLite has one writer at a time: wait here, in order, instead of polling the file."""
        if self.is_postgres:
            yield
            return
        if self._writer == get_ident():
            raise RuntimeError("this thread is already writing to this database")
        with self._turn:
            self._writer = get_ident()
            try:
                yield
            finally:
                self._writer = None

    def close(self) -> None:
        """Close pooled connections; SQLite then folds its write-ahead log into the file."""
        self.engine.dispose()


def lock(connection: Connection, name: str) -> None:
    """Hold the named lock until the transaction ends; on SQLite the writer is alone already."""
    if connection.dialect.name == "postgresql" and connection.get_execution_options().get("nimrod_writes"):
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def put(
    connection: Connection,
    row: type[SQLModel],
    values: Mapping[str, Any],
    *,
    key: Sequence[str] = (),
    not_older_by: str | None = None,
) -> bool:
    """Insert, or replace the row with the same key (default: primary key); whether it was written.

    `not_older_by` names a time column: a stored row with a later time stays as it is.
    """
    statement = _upsert(connection.dialect.name, row, tuple(values), tuple(key), not_older_by)
    return _count(connection, statement, values) > 0


def add_new(connection: Connection, row: type[SQLModel], values: Mapping[str, Any]) -> bool:
    """Insert unless a unique key is taken; whether it was inserted."""
    return _count(connection, _insert_new(connection.dialect.name, row), values) > 0


def add_many(connection: Connection, row: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, leaving those whose unique key is taken."""
    for at in range(0, len(rows), PARTS):
        connection.execute(_insert_new(connection.dialect.name, row), rows[at : at + PARTS])


@cache
def _upsert(
    dialect: str, row: type[SQLModel], names: Sequence[str], key: Sequence[str], not_older_by: str | None
) -> Executable:
    table = table_of(row)
    keys = list(key) or [column.name for column in table.primary_key]
    insert = _insert(dialect, table)
    new = {name: insert.excluded[name] for name in names if name not in keys}
    fresh = insert.excluded[not_older_by] >= table.c[not_older_by] if not_older_by else None
    return insert.on_conflict_do_update(index_elements=keys, set_=new, where=fresh)


@cache
def _insert_new(dialect: str, row: type[SQLModel]) -> Executable:
    return _insert(dialect, table_of(row)).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _count(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> int:
    return int(connection.execute(statement, values, execution_options={"preserve_rowcount": True}).rowcount)


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed, pool_size=8, max_overflow=12, pool_timeout=60, pool_pre_ping=True)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise ValueError("a database URL is sqlite:///<file> or postgresql://<server>/<database>")
    engine = create_engine(
        parsed, pool_size=8, max_overflow=24, pool_timeout=60, connect_args={"timeout": BUSY_TIMEOUT_S}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to say, see _begin_sqlite
    _switch_to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _switch_to_wal(connection: Any) -> None:
    """Write-ahead logging. SQLite does not wait its busy timeout here when several open a new file at once: we do."""
    until = monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > until:
                raise
            sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("nimrod_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _lost_against_others(error: OperationalError) -> bool:
    busy = getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    return busy or getattr(error.orig, "sqlstate", None) in BUSY_SQLSTATES
