"""The seeded world is the same every time, true to the rules, and written once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from nimrod.domain.customer.reservations.model import OPEN
from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.geo import distance_m, inside
from nimrod.platform.accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
from nimrod.platform.accounts.passwords import is_password
from nimrod.platform.cities import load_cities
from nimrod.platform.events.wiring import build_events
from nimrod.platform.seeding.fleet import make_fleet
from nimrod.platform.seeding.people import DEMO
from nimrod.platform.seeding.rides import Rides
from nimrod.platform.seeding.scale import SCALES
from nimrod.platform.seeding.service import Seeded, Stores, seed, vehicle_events
from nimrod.platform.storage.stores import (
    open_customer_store,
    open_data_store,
    open_operations_store,
    open_platform_store,
)

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CITIES = load_cities()
PRAGUE = {"prague": CITIES["prague"]}
TABLES = {
    "customer": "vehicles inbox reservations calendar outbox",
    "operations": "vehicles outbox inbox",
    "data": "inbox",
}


@pytest.fixture
def stores(url_for: Callable[[str], str]) -> Iterator[Stores]:
    made = Stores(
        open_customer_store(url_for("customer")),
        open_operations_store(url_for("operations")),
        open_platform_store(url_for("platform")),
        open_data_store(url_for("data")),
    )
    yield made
    for store in (made.customer, made.operations, made.platform, made.data):
        store.close()


def plant(stores: Stores, *, rng_seed: int = 7, now: datetime = NOW, cities: Mapping[str, City] = CITIES) -> Seeded:
    return seed("small", cities, rng_seed=rng_seed, now=now, stores=stores)


def content(stores: Stores, tables: Mapping[str, str] = TABLES) -> dict[str, list[Any]]:
    """Every row of these tables but the running number."""
    found = {}
    for system, names in tables.items():
        with getattr(stores, system).database.reading() as connection:
            for name in names.split():
                rows = connection.exec_driver_sql(f"SELECT * FROM {name}").mappings()
                found[f"{system}.{name}"] = sorted(repr({k: v for k, v in row.items() if k != "seq"}) for row in rows)
    return found


def test_seeding_twice_changes_nothing_even_later(stores: Stores) -> None:
    first = plant(stores, cities=PRAGUE)
    before = content(stores)
    second = plant(stores, cities=PRAGUE, now=NOW + timedelta(days=3))
    assert content(stores) == before
    assert all(first.counts.values())
    assert not any(second.counts.values())


def test_the_same_numbers_give_the_same_world_and_others_another() -> None:
    city = CITIES["prague"]

    def world(number: int) -> tuple[object, ...]:
        fleet = make_fleet(city, SCALES["small"], rng=Random(number), now=NOW)
        rides = Rides(city, fleet, ["per_a", "per_b"], rng=Random(number))
        return fleet, rides.past(SCALES["small"], now=NOW), rides.coming(now=NOW)

    assert world(7) == world(7)
    assert all(one != other for one, other in zip(world(7), world(8), strict=True))


async def test_the_quick_way_leaves_what_events_would_have_left(stores: Stores) -> None:
    city = CITIES["helsinki"]
    plant(stores, cities={"helsinki": city})
    quick = content(stores, {"customer": "vehicles inbox", "operations": "vehicles outbox", "data": "inbox"})
    fleet = make_fleet(city, SCALES["small"], rng=Random("7:helsinki:fleet"), now=NOW)
    for system, names in {"customer": "vehicles inbox", "operations": "vehicles outbox", "data": "inbox"}.items():
        with getattr(stores, system).database.writing() as connection:
            for name in names.split():
                connection.exec_driver_sql(f"DELETE FROM {name}")
    with stores.operations.writing() as tables:
        for vehicle, event in zip(fleet, vehicle_events(fleet), strict=True):
            tables.save_vehicle(vehicle)
            tables.publish(event)
    events = build_events(clock=lambda: NOW, **{name: getattr(stores, name) for name in Stores.__dataclass_fields__})
    await events.pump()
    assert content(stores, {"customer": "vehicles inbox", "operations": "vehicles outbox", "data": "inbox"}) == quick
    assert stores.operations.outbox.count_waiting() == 0


def test_a_seeding_that_was_cut_off_is_completed(stores: Stores) -> None:
    plant(stores, cities=PRAGUE)
    whole = content(stores)
    with stores.operations.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM vehicles WHERE city_id = 'prague'")
        connection.exec_driver_sql("DELETE FROM outbox WHERE subject LIKE 'prg-%%'")
    assert plant(stores, cities=PRAGUE).counts["vehicles"] > 0
    assert content(stores) == whole


def test_demo_people_can_sign_in_and_have_rides_behind_them_and_nothing_open(stores: Stores) -> None:
    plant(stores)
    assert tuple(login for login, *_others in DEMO) == DEMO_LOGINS
    with stores.platform.reading() as accounts, stores.customer.reading() as tables:
        for login, role, city_id, language in DEMO:
            person = accounts.find_person(login)
            assert person == accounts.find_person(f"{login}@example.org")
            assert person is not None
            assert (person.principal_id, person.roles) == (f"per_{login}", {role})
            assert (person.city_id, person.language) == (city_id, language)
            rides = tables.list_reservations(person.principal_id)
            assert (len(rides) >= 5) == (role == "customer")
            assert not [ride for ride in rides if ride.state in OPEN]
        mia = accounts.get_person("per_mia")
        assert is_password(DEMO_PASSWORD, mia.password_hash)
        others = [one for one in accounts.list_people() if one.login not in {login for login, *_ in DEMO}]
        assert len(others) == SCALES["small"].customers * len(CITIES)
        assert not is_password("!", others[0].password_hash)


def test_vehicles_stand_near_bays_or_places_and_never_where_parking_is_forbidden() -> None:
    for city in CITIES.values():
        fleet = make_fleet(city, SCALES["small"], rng=Random(1), now=NOW)
        assert Counter(one.vehicle_type for one in fleet) == SCALES["small"].vehicles
        spots = [bay.point for bay in city.bays] + [place.point for place in city.places]
        forbidden = [zone.ring for zone in city.zones if zone.rule == "no_parking"]
        for one in fleet:
            assert min(distance_m(one.point, spot) for spot in spots) < 270
            assert not any(inside(one.point, ring) for ring in forbidden)
            assert 0 < one.battery_pct <= 100
        states = Counter(one.state for one in fleet)
        assert states["available"] > 0.85 * len(fleet)
        assert any(one.note for one in fleet)


@pytest.mark.parametrize("city_id", sorted(CITIES))
def test_no_vehicle_was_in_two_rides_at_once_and_every_booking_ahead_keeps_the_rules(city_id: str) -> None:
    city = CITIES[city_id]
    fleet = make_fleet(city, SCALES["small"], rng=Random(1), now=NOW)
    rides = Rides(city, fleet, [f"per_{n}" for n in range(40)], rng=Random(2))
    last_end: dict[str, datetime] = {}
    past = rides.past(SCALES["small"], now=NOW)
    for ride in sorted(past, key=lambda one: one.start_at):
        assert ride.state not in OPEN
        assert (ride.price_minor is not None) or ride.state in {"cancelled", "expired"}
        assert ride.created_at < ride.start_at < NOW
        if ride.state == "ended" and ride.end_at:
            assert last_end.get(ride.vehicle_id, ride.start_at) <= ride.start_at < ride.end_at < NOW
            last_end[ride.vehicle_id] = ride.end_at
    assert {one.state for one in past} == {"ended", "cancelled", "expired", "no_show"}
    coming = rides.coming(now=NOW)
    assert coming
    for booking, entry in coming:
        assert booking.state == "booked"
        assert (entry.start_at, entry.end_at) == (booking.start_at, booking.end_at)
        assert NOW < booking.start_at < NOW + timedelta(days=7)
    assert max(Counter(one.customer_id for one, _entry in coming).values()) <= city.max_open_reservations


def test_a_city_that_does_not_offer_a_type_gets_none_of_it() -> None:
    city = CITIES["helsinki"]
    no_vans = replace(city, rules={name: rules for name, rules in city.rules.items() if name != "van"})
    fleet = make_fleet(no_vans, SCALES["small"], rng=Random(1), now=NOW)
    assert {one.vehicle_type for one in fleet} == {"scooter", "bike", "car"}


def test_a_metro_has_four_thousand_four_hundred_vehicles_with_ids_of_their_own() -> None:
    fleet = make_fleet(CITIES["helsinki"], SCALES["metro"], rng=Random(1), now=NOW)
    assert len({one.vehicle_id for one in fleet}) == 4400


def test_an_unknown_scale_is_refused_by_name(stores: Stores) -> None:
    with pytest.raises(BadInput) as refused:
        seed("huge", CITIES, rng_seed=7, now=NOW, stores=stores)
    assert refused.value.facts["known"] == ["metro", "small"]
