"""Filling empty databases with a world that is the same every time for the same numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random

from nimrod.domain.contracts.events import Event
from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.domain.operations.fleet.service import told
from nimrod.domain.shared.city import City
from nimrod.platform.accounts.model import Person
from nimrod.platform.events.handlers import vehicle_of
from nimrod.platform.seeding.fleet import make_fleet
from nimrod.platform.seeding.people import demo_people, other_customers
from nimrod.platform.seeding.rides import Rides
from nimrod.platform.seeding.scale import Scale, scale_of
from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.bulk import add_city, add_fleet, add_heard, add_people, has_city, has_fleet
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.data import SqlDataStore
from nimrod.platform.storage.operations import SqlOperationsStore


@dataclass(frozen=True, slots=True)
class Stores:
    """The four databases to fill."""

    customer: SqlCustomerStore
    operations: SqlOperationsStore
    platform: SqlPlatformStore
    data: SqlDataStore


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was written, by name of the thing; zeros when everything was there already."""

    counts: Mapping[str, int]


def seed(scale: str, cities: Mapping[str, City], *, rng_seed: int, now: datetime, stores: Stores) -> Seeded:
    """Fill the databases; what is there stays, so doing it again, also after a crash, only adds what is missing.

    Deterministic for `scale`, `cities`, `rng_seed` and `now` (but for the salt of the password hash). People come last:
    once they are there, all the rest is. Raises BadInput for an unknown scale.
    """
    size, now = scale_of(scale), now.astimezone(UTC)
    counts = {"vehicles": 0, "rides": 0, "bookings": 0, "people": 0}
    people: list[Person] = list(demo_people(now))
    for city_id in sorted(cities):
        city = cities[city_id]
        others = other_customers(city, size.customers, rng=Random(f"{rng_seed}:{city_id}:people"), now=now)
        riders = [one.principal_id for one in (*people, *others) if "customer" in one.roles and one.city_id == city_id]
        for name, count in _seed_city(city, size, riders, rng_seed=rng_seed, now=now, stores=stores).items():
            counts[name] += count
        people += others
    counts["people"] = add_people(stores.platform, people)
    return Seeded(counts)


def vehicle_events(fleet: Sequence[FleetVehicle]) -> Sequence[Event]:
    """What operations tells about vehicles that were put on the street."""
    return [told(vehicle, event_id=f"evt_seed_{vehicle.vehicle_id}") for vehicle in fleet]


def _seed_city(
    city: City, size: Scale, riders: Sequence[str], *, rng_seed: int, now: datetime, stores: Stores
) -> Mapping[str, int]:
    if has_city(stores.customer, city.city_id) and has_fleet(stores.operations, city.city_id):
        return {}
    fleet = make_fleet(city, size, rng=Random(f"{rng_seed}:{city.city_id}:fleet"), now=now)
    events = vehicle_events(fleet)
    rides = Rides(city, fleet, riders, rng=Random(f"{rng_seed}:{city.city_id}:rides"))
    past = rides.past(size, now=now)
    others = [rider for rider in riders if rider.startswith(f"per_{city.city_id}_")]
    coming = Rides(city, fleet, others, rng=Random(f"{rng_seed}:{city.city_id}:coming")).coming(now=now)
    reservations = [*past, *(reservation for reservation, _entry in coming)]
    entries = [entry for _reservation, entry in coming]
    projected = [(vehicle_of(event), event) for event in events]
    new = add_city(stores.customer, city.city_id, projected, reservations, entries, at=now)
    add_heard(stores.data, events, at=now)
    put = add_fleet(stores.operations, city.city_id, fleet, events, at=now)
    return {
        "vehicles": len(fleet) if put else 0,
        "rides": len(past) if new else 0,
        "bookings": len(coming) if new else 0,
    }
