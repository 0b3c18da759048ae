"""A world put into the customer system: vehicles where they stand, promises with their calendar entries, blocks."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import cos, radians
from typing import Protocol

from nimrod.domain.customer.places.policy import resolve_place
from nimrod.domain.customer.pricing.policy import quote, started_minutes
from nimrod.domain.customer.reservations.model import OPEN, Entry, Reservation, Vehicle
from nimrod.domain.customer.reservations.ports import Tables
from nimrod.domain.shared.city import City, Place
from nimrod.domain.shared.geo import Point
from nimrod.evals.form.base import moment
from nimrod.evals.form.world import Block, Promise, VehicleHere, World
from nimrod.evals.stage.people import principal_id

METRES_PER_DEGREE = 111_195.0  # of latitude, on a sphere of mean radius
RANGE_KM = {"scooter": 0.35, "bike": 0.6, "car": 3.2, "van": 2.4}  # per percent of battery
MODELS = {"scooter": "Ninebot Max", "bike": "Gazelle e-bike", "car": "Renault Zoe", "van": "Nissan e-NV200"}


class CanFurnish(Tables, Protocol):
    """The customer tables, with the door that events from operations use."""

    def put_vehicle(self, vehicle: Vehicle, *, told_at: datetime) -> bool: ...


def city_with(city: City, world: World) -> City:
    """The city with the places that the world adds or replaces."""
    if not world.places:
        return city
    own = [
        Place(one.id, dict(one.names), Point(one.lat, one.lon), one.kind, tuple(one.aliases)) for one in world.places
    ]
    kept = [place for place in city.places if place.place_id not in {one.place_id for one in own}]
    return replace(city, places=(*kept, *own))


def furnish(world: World, city: City, tables: CanFurnish, *, now: datetime) -> None:
    """Put everything there; the tables are empty before."""
    for vehicle in world.vehicles:
        tables.put_vehicle(_vehicle(vehicle, city), told_at=now)
    types = {vehicle.id: vehicle for vehicle in world.vehicles}
    promise(world.reservations, types, city, tables, now=now)
    block(world.blocks, city, tables)


def promise(
    promises: Iterable[Promise], vehicles: Mapping[str, VehicleHere], city: City, tables: CanFurnish, *, now: datetime
) -> None:
    """Reservations with their calendar entries."""
    for one in promises:
        reservation = _reservation(one, vehicles[one.vehicle], city, now)
        tables.save_reservation(reservation)
        if reservation.state in OPEN:
            tables.put_entry(_entry(reservation, city))


def block(blocks: Iterable[Block], city: City, tables: CanFurnish) -> None:
    """Vehicles kept away from customers."""
    for one in blocks:
        start, end = moment(one.start, city.time_zone), moment(one.end, city.time_zone)
        tables.put_entry(Entry(one.vehicle, one.id, start, end, "block"))


def move(vehicles: Iterable[VehicleHere], city: City, tables: CanFurnish, *, now: datetime) -> None:
    """Vehicles that are elsewhere, or otherwise, from now on."""
    for one in vehicles:
        tables.put_vehicle(_vehicle(one, city), told_at=now + timedelta(seconds=1))


def _vehicle(here: VehicleHere, city: City) -> Vehicle:
    return Vehicle(
        vehicle_id=here.id,
        city_id=city.city_id,
        vehicle_type=here.type,
        model=here.model or MODELS[here.type],
        point=point_of(here, city),
        battery_pct=here.battery_pct,
        range_km=here.range_km if here.range_km is not None else round(here.battery_pct * RANGE_KM[here.type], 1),
        state=here.state,
        note=here.note,
    )


def point_of(here: VehicleHere, city: City) -> Point:
    """Where the vehicle stands; raises ValueError when the city has no such place."""
    if here.lat is not None and here.lon is not None:
        return Point(here.lat, here.lon)
    by_id = next((place for place in city.places if place.place_id == here.place), None)
    place = by_id or resolve_place(here.place, city, language="en").place
    if place is None:
        raise ValueError(f"{here.id}: {city.city_id} has no place {here.place!r}")
    north, east = here.offset_m
    lat = place.point.lat + north / METRES_PER_DEGREE
    return Point(lat, place.point.lon + east / (METRES_PER_DEGREE * cos(radians(lat))))


def _reservation(one: Promise, vehicle: VehicleHere, city: City, now: datetime) -> Reservation:
    start = moment(one.start, city.time_zone)
    end = moment(one.end, city.time_zone) if one.end else None
    rules = city.rules[vehicle.type]
    if one.until:
        until = moment(one.until, city.time_zone)
    elif end is not None:
        until = min(start + timedelta(minutes=rules.hold_min), end)
    else:
        until = start + timedelta(minutes=rules.hold_min)
    price = one.price_minor
    if price is None and end is not None:
        price = quote(vehicle.type, start, started_minutes(start, end), city=city).total_minor
    created = min(now, start) - timedelta(hours=1)
    return Reservation(one.id, principal_id(one.who), city.city_id, one.vehicle, vehicle.type, one.state, created,
                       start, end, until, price, city.currency, one.fee_minor)  # fmt: skip


def _entry(one: Reservation, city: City) -> Entry:
    """A hold keeps the vehicle until it lapses, a booking for its time, an open ride for as long as a ride may last."""
    if one.state == "held":
        return Entry(one.vehicle_id, one.reservation_id, one.created_at, one.until_at)
    longest = one.start_at + timedelta(minutes=city.rules[one.vehicle_type].max_ride_min)
    return Entry(one.vehicle_id, one.reservation_id, one.start_at, one.end_at or longest)
