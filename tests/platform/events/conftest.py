"""The four stores of a small world, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from nimrod.platform.events.wiring import Events, build_events
from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.data import SqlDataStore
from nimrod.platform.storage.operations import SqlOperationsStore
from nimrod.platform.storage.stores import (
    open_customer_store,
    open_data_store,
    open_operations_store,
    open_platform_store,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    customer: SqlCustomerStore
    operations: SqlOperationsStore
    platform: SqlPlatformStore
    data: SqlDataStore

    def events(self, url: str = "", stream: str = "NIMROD") -> Events:
        return build_events(
            clock=lambda: NOW,
            customer=self.customer,
            operations=self.operations,
            platform=self.platform,
            data=self.data,
            url=url,
            stream=stream,
        )


@pytest.fixture
def world(url_for: Callable[[str], str]) -> Iterator[World]:
    made = World(
        open_customer_store(url_for("customer")),
        open_operations_store(url_for("operations")),
        open_platform_store(url_for("platform")),
        open_data_store(url_for("data")),
    )
    yield made
    for store in (made.customer, made.operations, made.platform, made.data):
        store.close()
