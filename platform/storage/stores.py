"""Opening a system's store: migrated to the newest shape, ready for any thread."""

from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.data import SqlDataStore
from nimrod.platform.storage.database import Database
from nimrod.platform.storage.migrate import System, migrate_open
from nimrod.platform.storage.operations import SqlOperationsStore


def open_customer_store(url: str) -> SqlCustomerStore:
    """The customer system's store at `sqlite:///<file>` or `postgresql://<server>/<database>`."""
    return SqlCustomerStore(_open(url, "customer"))


def open_operations_store(url: str) -> SqlOperationsStore:
    """The operations system's store."""
    return SqlOperationsStore(_open(url, "operations"))


def open_platform_store(url: str) -> SqlPlatformStore:
    """The platform system's store."""
    return SqlPlatformStore(_open(url, "platform"))


def open_data_store(url: str) -> SqlDataStore:
    """The data system's store."""
    return SqlDataStore(_open(url, "data"))


def _open(url: str, system: System) -> Database:
    database = Database(url)
    migrate_open(database, system)
    return database
