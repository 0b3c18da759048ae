"""A vehicle moves only along the table of MDS 2 states."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from nimrod.domain.operations.fleet import policy
from nimrod.domain.operations.fleet.errors import IllegalVehicleMove
from nimrod.domain.operations.fleet.model import MOVES, FleetVehicle, VehicleChange, VehicleState
from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.geo import Point

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
VEHICLE = FleetVehicle("hel-s-001", "helsinki", "scooter", "Segway", Point(60.17, 24.94), 80, "available", "", NOW)
STATES: tuple[VehicleState, ...] = get_args(VehicleState)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("wanted", STATES)
def test_only_moves_of_the_table_are_made(state: VehicleState, wanted: VehicleState) -> None:
    start = FleetVehicle("v", "helsinki", "bike", "x", Point(0, 0), 1, state, "", NOW)
    if wanted == state or wanted in MOVES[state]:
        assert start.to(wanted).state == wanted
    else:
        with pytest.raises(IllegalVehicleMove):
            start.to(wanted)


def test_every_state_can_be_reached_and_left() -> None:
    assert set(MOVES) == set(STATES) == set().union(*MOVES.values())
    assert all(MOVES.values())


@pytest.mark.parametrize(
    "change",
    [
        VehicleChange(battery_pct=-1),
        VehicleChange(battery_pct=101),
        VehicleChange(point=Point(91, 0)),
        VehicleChange(point=Point(float("nan"), 0)),
        VehicleChange(note="x" * 501),
    ],
)
def test_what_cannot_be_is_refused(change: VehicleChange) -> None:
    with pytest.raises(BadInput):
        policy.check_change(change)


def test_range_follows_the_battery() -> None:
    assert policy.range_km("scooter", 0) == 0
    assert policy.range_km("van", 100) == policy.FULL_RANGE_KM["van"]
    assert policy.range_km("bike", 33) == 23.1


def test_two_updates_at_the_same_moment_have_different_times() -> None:
    assert policy.next_update_at(VEHICLE, NOW) > NOW
    assert policy.next_update_at(VEHICLE, NOW.replace(hour=9)) == NOW.replace(hour=9)
