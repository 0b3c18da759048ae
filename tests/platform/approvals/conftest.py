"""Accounts on a throw-away database with a clock that moves only when told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from nimrod.platform.accounts.model import Person
from nimrod.platform.accounts.passwords import hash_password
from nimrod.platform.accounts.service import Accounts
from nimrod.platform.storage.migrate import fresh_sqlite
from nimrod.platform.storage.stores import open_platform_store


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
