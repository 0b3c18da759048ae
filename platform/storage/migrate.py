"""Bringing a database to the newest shape, quickly when there is nothing to do."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text

from nimrod.platform.storage.database import Database, lock

if TYPE_CHECKING:
    from alembic.config import Config

System = Literal["customer", "operations", "platform", "data"]
SYSTEMS: tuple[System, ...] = ("customer", "operations", "platform", "data")
FOLDER = Path(__file__).parent / "migrations"


def newest(system: System) -> str:
    """The newest revision of the system's database: the number its last migration file begins with."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions" / system).glob("[0-9]*.py"))


def migrate(url: str, system: System) -> bool:
    """Apply the migrations that are missing, all or none; False when there were none. Safe to run at once."""
    database = Database(url)
    try:
        return migrate_open(database, system)
    finally:
        database.close()


def migrate_open(database: Database, system: System) -> bool:
    """`migrate` on a database that is open already."""
    with database.reading() as connection:
        if _revision(connection, database.is_postgres) == newest(system):
            return False
    with database.writing() as connection:
        lock(connection, "migrations")
        if _revision(connection, database.is_postgres) == newest(system):
            return False
        _upgrade(connection, system)
    return True


def fresh_sqlite(path: Path, system: System) -> str:
    """The URL of a new, empty, fully migrated SQLite database at `path`: a copy of a template made once a process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_template(system), path)
    return f"sqlite:///{path}"


@cache
def _template(system: System) -> Path:
    path = Path(mkdtemp(prefix="nimrod-template-")) / f"{system}.db"
    migrate(f"sqlite:///{path}", system)
    return path


def _revision(connection: Connection, is_postgres: bool) -> str | None:
    if is_postgres:
        # A query on the catalogue, not to_regclass: after waiting for the lock that may still answer from its cache.
        known = (
            "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_tables"
            " WHERE tablename = 'alembic_version' AND schemaname = ANY (current_schemas(false)))"
        )
    else:
        known = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    if not connection.execute(text(known)).scalar():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(connection: Connection, system: System) -> None:
    from alembic import command  # slow to import and seldom needed

    command.upgrade(configuration(system, connection), "head")


def configuration(system: System, connection: Connection | None = None) -> "Config":
    """Alembic's configuration for one system, bound to an open transaction when one is given."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("version_locations", str(FOLDER / "versions" / system))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["system"] = system
    return config
