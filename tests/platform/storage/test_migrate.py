"""Every database reaches the newest shape by its migrations alone, and only once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from nimrod.platform.storage.customer_rows import CustomerRow
from nimrod.platform.storage.data_rows import DataRow
from nimrod.platform.storage.database import Database
from nimrod.platform.storage.migrate import SYSTEMS, System, configuration, fresh_sqlite, migrate, newest
from nimrod.platform.storage.operations_rows import OperationsRow
from nimrod.platform.storage.platform_rows import PlatformRow

SHAPES = {
    "customer": CustomerRow.metadata,
    "operations": OperationsRow.metadata,
    "platform": PlatformRow.metadata,
    "data": DataRow.metadata,
}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_migrations_make_exactly_the_tables_the_code_knows(system: System, empty_url: str) -> None:
    assert migrate(empty_url, system)
    database = Database(empty_url)
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SHAPES[system])
    database.close()
    assert differences == []


def test_a_database_at_the_newest_shape_is_left_alone(empty_url: str) -> None:
    assert migrate(empty_url, "customer")
    assert not migrate(empty_url, "customer")


def test_two_processes_starting_at_once_migrate_once(empty_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _n: migrate(empty_url, "customer"), range(8))) == 1


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_newest_revision_is_the_one_the_migration_tool_finds(system: System) -> None:
    assert ScriptDirectory.from_config(configuration(system)).get_current_head() == newest(system)


def test_a_copied_template_needs_no_migration(tmp_path: Path) -> None:
    assert not migrate(fresh_sqlite(tmp_path / "new" / "customer.db", "customer"), "customer")


def test_each_system_has_tables_of_its_own(url_for: Callable[[System], str]) -> None:
    names = {system: set(shape.tables) for system, shape in SHAPES.items()}
    assert "calendar" in names["customer"]
    assert "calendar" not in names["operations"] | names["platform"] | names["data"]
    assert len({url_for(system) for system in SYSTEMS}) == len(SYSTEMS)


@pytest.mark.parametrize("url", ["sqlite://", "mysql://x/y", "sqlite:///:memory:"])
def test_a_url_we_cannot_keep_data_at_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="database URL"):
        Database(url)
