"""Staff change a vehicle; customers see it, the audit log remembers it (ACC-05, OPS-02)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from nimrod.domain.operations.fleet.errors import IllegalVehicleMove
from nimrod.domain.operations.fleet.model import FleetVehicle, VehicleChange
from nimrod.domain.operations.fleet.service import list_vehicles, update_vehicle
from nimrod.domain.shared.errors import BadInput, NotAllowed, NotFound
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.principal import Principal, Role
from nimrod.domain.shared.request import Request
from nimrod.platform.cities import load_city

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
VEHICLE = FleetVehicle("hel-s-001", "helsinki", "scooter", "Segway", Point(60.17, 24.94), 80, "available", "", NOW)
Asks = Callable[..., Request]


@pytest.fixture
def asks() -> Asks:
    numbers = count()

    def request(role: Role = "field_operator", city_id: str = "helsinki") -> Request:
        me = Principal("per_otto", frozenset({role}), city_id)
        return Request(me, load_city(city_id), NOW, lambda kind: f"{kind}_{next(numbers)}")

    return request


@pytest.fixture
def fleet(world: Any) -> Any:
    with world.operations.writing() as tables:
        tables.save_vehicle(VEHICLE)
    return world.operations


async def test_two_changes_at_the_same_moment_reach_the_customers_in_order(world: Any, fleet: Any, asks: Asks) -> None:
    request = asks()
    update_vehicle("hel-s-001", VehicleChange(battery_pct=40), request=request, store=fleet)
    change = VehicleChange(state="non_operational", note="Brake loose")
    update_vehicle("hel-s-001", change, request=request, store=fleet)
    await world.events().pump()
    with world.customer.reading() as tables:
        seen = tables.get_vehicle("hel-s-001", city_id="helsinki")
    assert (seen.battery_pct, seen.range_km, seen.state, seen.note) == (40, 16.0, "non_operational", "Brake loose")
    with world.platform.reading() as tables:
        rows = tables.list_audit(10)
    assert [(row.principal_id, row.action, row.subject) for row in rows] == [
        ("per_otto", "vehicle.updated", "hel-s-001")
    ] * 2


def test_a_change_that_changes_nothing_is_not_told(fleet: Any, asks: Asks) -> None:
    update_vehicle("hel-s-001", VehicleChange(state="available", battery_pct=80), request=asks(), store=fleet)
    assert fleet.outbox.count_waiting() == 0


@pytest.mark.parametrize(
    ("vehicle_id", "change", "role", "city_id", "refusal"),
    [
        ("hel-s-001", VehicleChange(note="mine"), "customer", "helsinki", NotAllowed),
        ("hel-s-001", VehicleChange(note="far"), "field_operator", "prague", NotFound),
        ("hel-s-999", VehicleChange(note="none"), "field_operator", "helsinki", NotFound),
        ("hel-s-001", VehicleChange(battery_pct=101), "field_operator", "helsinki", BadInput),
        ("hel-s-001", VehicleChange(state="elsewhere"), "field_operator", "helsinki", IllegalVehicleMove),
    ],
)
def test_what_may_not_be_changed_is_not(
    fleet: Any, asks: Asks, vehicle_id: str, change: VehicleChange, role: Role, city_id: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        update_vehicle(vehicle_id, change, request=asks(role, city_id), store=fleet)
    with fleet.reading() as tables:
        assert tables.get_vehicle("hel-s-001") == VEHICLE
    assert fleet.outbox.count_waiting() == 0


def test_staff_see_the_fleet_of_their_city_and_customers_do_not(fleet: Any, asks: Asks) -> None:
    with fleet.writing() as tables:
        tables.save_vehicle(replace(VEHICLE, vehicle_id="prg-s-001", city_id="prague"))
    assert list_vehicles(request=asks(), store=fleet) == [VEHICLE]
    with pytest.raises(NotAllowed):
        list_vehicles(request=asks("customer"), store=fleet)
