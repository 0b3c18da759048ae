"""The whole house on throw-away databases, with a clock that moves only when told and one person of every role."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nimrod.app import Nimrod, build
from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.shared.principal import ROLES
from nimrod.platform.accounts.model import Person
from nimrod.platform.accounts.passwords import hash_password
from nimrod.platform.cities import load_cities
from nimrod.platform.settings import SYSTEMS, Settings
from nimrod.platform.storage.migrate import fresh_sqlite

PASSWORD_HASH = hash_password("right")


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
def settings(tmp_path: Path) -> Settings:
    """Fresh databases in a folder of the test."""
    urls: dict[str, Any] = {f"{name}_db": fresh_sqlite(tmp_path / f"{name}.db", name) for name in SYSTEMS}
    return Settings(_env_file=None, data_dir=tmp_path, seed_scale="none", **urls)  # type: ignore[call-arg]


@pytest.fixture
def furnish(clock: Clock) -> Callable[[Nimrod], None]:
    """Puts people (their login is their role) and four vehicles in."""

    def put(nimrod: Nimrod) -> None:
        if nimrod.stores.platform is not None:
            with nimrod.stores.platform.writing() as tables:
                for role in ROLES:
                    tables.save_person(
                        Person(
                            f"per_{role}",
                            role,
                            f"{role}@example.org",
                            role.title(),
                            frozenset({role}),
                            "helsinki",
                            "en",
                            PASSWORD_HASH,
                            clock(),
                        )
                    )
        if nimrod.stores.customer is not None:
            centre = load_cities()["helsinki"].centre
            with nimrod.stores.customer.writing() as stock:
                for kind in ("scooter", "bike", "car", "van"):
                    vehicle = Vehicle(f"hel-{kind}", "helsinki", kind, "Model", centre, 90, 40.0)
                    stock.put_vehicle(vehicle, told_at=clock())

    return put


@pytest.fixture
async def nimrod(settings: Settings, clock: Clock, furnish: Callable[[Nimrod], None]) -> AsyncIterator[Nimrod]:
    """All four systems, running."""
    built = build(settings, clock=clock)
    furnish(built)
    async with built.running():
        yield built
