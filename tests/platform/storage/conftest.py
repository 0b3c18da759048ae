"""A customer store to work on, and values to put into it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nimrod.domain.customer.reservations.model import Reservation, Vehicle
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.proposals import Preview, Proposal
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.stores import open_customer_store

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def store(url_for: Callable[[str], str]) -> Iterator[SqlCustomerStore]:
    opened = open_customer_store(url_for("customer"))
    yield opened
    opened.close()


@pytest.fixture
def vehicle() -> Vehicle:
    return Vehicle("hel-s-001", "helsinki", "scooter", "Segway Max", Point(60.17, 24.94), 80, 32.5, note="Bell is loud")


@pytest.fixture
def reservation() -> Reservation:
    return Reservation(
        reservation_id="rsv_1",
        customer_id="per_mia",
        city_id="helsinki",
        vehicle_id="hel-s-001",
        vehicle_type="scooter",
        state="held",
        created_at=NOW,
        start_at=NOW + timedelta(minutes=10),
        end_at=None,
        until_at=NOW + timedelta(minutes=25),
        price_minor=None,
        currency="EUR",
    )


@pytest.fixture
def proposal() -> Proposal:
    preview = Preview(
        facts={"vehicle_id": "hel-s-001", "range_km": 32.0, "end_at": None, "free": True},
        currency="EUR",
        lines=({"code": "unlock", "minor": 100, "facts": {"note": "ä"}}, {"code": "minutes", "minor": 25, "facts": {}}),
        total_minor=None,
        loses=("cancel_fee",),
    )
    return Proposal(
        proposal_id="prp_1",
        kind="hold",
        arguments={"vehicle_id": "hel-s-001", "pick_up_at": None},
        principal_id="per_mia",
        city_id="helsinki",
        conversation_id="cnv_1",
        preview=preview,
        world="v1",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )


@pytest.fixture
def another_persons(reservation: Reservation) -> Reservation:
    return replace(reservation, reservation_id="rsv_2", customer_id="per_noah")
