"""Vehicles of a seeded city: near real bays and places, batteries as after a working day, some with a note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from math import cos, radians
from random import Random
from typing import Any

import yaml

from nimrod.domain.operations.fleet.model import FleetVehicle, VehicleState
from nimrod.domain.shared.city import City, VehicleType
from nimrod.domain.shared.geo import Point, inside
from nimrod.platform.seeding.scale import Scale

LETTERS: Mapping[VehicleType, str] = {"scooter": "s", "bike": "b", "car": "c", "van": "v"}
BROKEN_SHARE, NOTE_SHARE, NEARLY_FLAT_SHARE = 0.05, 0.15, 0.04
NEAR_PLACE_M = 90.0
METRES_PER_DEGREE = 111_195.0
TRIES = 30


@dataclass(frozen=True, slots=True)
class _Spot:
    """Somewhere vehicles of a type stand."""

    point: Point
    radius_m: float


def make_fleet(city: City, scale: Scale, *, rng: Random, now: datetime) -> Sequence[FleetVehicle]:
    """All vehicles of the city, by id."""
    words = _words()
    prefix = words["prefixes"].get(city.city_id, city.city_id[:3])
    fleet = []
    for vehicle_type, count in scale.vehicles.items():
        if vehicle_type not in city.rules:
            continue
        spots = _spots(city, vehicle_type)
        for number in range(1, count + 1):
            spot = spots[number - 1] if number <= len(spots) else rng.choice(spots)
            state, note = _condition(vehicle_type, words, rng)
            vehicle = FleetVehicle(
                vehicle_id=f"{prefix}-{LETTERS[vehicle_type]}-{number:03d}",
                city_id=city.city_id,
                vehicle_type=vehicle_type,
                model=rng.choice(words["models"][vehicle_type]),
                point=_stand(spot, city, rng),
                battery_pct=_battery_pct(vehicle_type, rng),
                state=state,
                note=note,
                updated_at=now,
            )
            fleet.append(vehicle)
    return sorted(fleet, key=lambda vehicle: vehicle.vehicle_id)


def _spots(city: City, vehicle_type: VehicleType) -> Sequence[_Spot]:
    """Bays of the type; scooters and bikes also stand around places. In the city file's order, mixed."""
    bays = [_Spot(bay.point, bay.radius_m) for bay in city.bays if vehicle_type in bay.vehicle_types]
    places = [_Spot(place.point, NEAR_PLACE_M) for place in city.places]
    if vehicle_type in ("car", "van"):
        return bays or places or [_Spot(city.centre, NEAR_PLACE_M)]
    mixed = [spot for pair in zip(bays, places, strict=False) for spot in pair]
    return [*mixed, *bays[len(places) :], *places[len(bays) :]] or [_Spot(city.centre, NEAR_PLACE_M)]


def _stand(spot: _Spot, city: City, rng: Random) -> Point:
    """A point at the spot and outside every no-parking zone; the search widens with each try."""
    rings = [zone.ring for zone in city.zones if zone.rule == "no_parking"]
    for tries in range(TRIES):
        reach_m = 0.7 * spot.radius_m * (1 + tries / 10)
        north_m, east_m = rng.uniform(-reach_m, reach_m), rng.uniform(-reach_m, reach_m)
        lat = spot.point.lat + north_m / METRES_PER_DEGREE
        lon = spot.point.lon + east_m / (METRES_PER_DEGREE * cos(radians(spot.point.lat)))
        point = Point(round(lat, 6), round(lon, 6))
        if not any(inside(point, ring) for ring in rings):
            return point
    return spot.point


def _battery_pct(vehicle_type: VehicleType, rng: Random) -> int:
    if rng.random() < NEARLY_FLAT_SHARE:
        return rng.randint(2, 14)
    mean, spread = (68, 18) if vehicle_type in ("scooter", "bike") else (82, 12)
    return max(15, min(100, round(rng.gauss(mean, spread))))


def _condition(vehicle_type: VehicleType, words: Mapping[str, Any], rng: Random) -> tuple[VehicleState, str]:
    luck = rng.random()
    if luck < BROKEN_SHARE:
        return "non_operational", rng.choice(words["broken"][vehicle_type])
    if luck < BROKEN_SHARE + NOTE_SHARE:
        return "available", rng.choice(words["notes"][vehicle_type])
    return "available", ""


@cache
def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = yaml.safe_load(
        files("nimrod.platform.seeding").joinpath("fleet.yaml").read_text("utf-8")
    )
    return words
