"""Search offers what is free for exactly the time asked, nearest first."""

from dataclasses import replace

import pytest
from customer_fakes import CENTRE, World

from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.errors import BadDuration, InThePast, TooFarAhead
from nimrod.domain.customer.reservations.search import Offer, Search
from nimrod.domain.shared.errors import BadInput


def find(world: World, **wishes: object) -> tuple[Offer, ...]:
    return service.find_vehicles(Search(**wishes), request=world.request("noah"), store=world.store)


def ids(offers: tuple[Offer, ...]) -> list[str]:
    return [offer.vehicle.vehicle_id for offer in offers]


def test_nearest_first_and_no_more_than_asked(world: World) -> None:
    for metres in (300, 100, 200):
        world.add_vehicle(f"scooter_{metres}", "scooter", north_m=metres)
    offers = find(world, near=CENTRE, vehicle_types=["scooter"], limit=3)
    assert ids(offers) == ["scooter_1", "scooter_100", "scooter_200"]
    assert round(offers[1].distance_m) == 100
    assert offers[1].walk_min == 2


def test_without_wishes_everything_free_now_is_offered(world: World) -> None:
    assert sorted(ids(find(world))) == ["bike_1", "car_1", "scooter_1", "van_1"]
    assert {offer.quote for offer in find(world)} == {None}


def test_what_someone_has_in_that_time_is_not_offered(world: World) -> None:
    world.hold("scooter_1")
    world.book("car_1", hours=(2, 4))
    assert sorted(ids(find(world))) == ["bike_1", "car_1", "van_1"]
    assert ids(find(world, vehicle_types=["car"], start_at=world.at(hours=3), end_at=world.at(hours=5))) == []
    assert ids(find(world, vehicle_types=["car"], start_at=world.at(hours=4), end_at=world.at(hours=5))) == ["car_1"]


def test_a_block_by_operations_counts_like_a_booking(world: World) -> None:
    booked = world.book("car_1", hours=(2, 4))
    entry = world.shelf.entries[booked.reservation_id]
    world.shelf.entries = {"blk_1": replace(entry, owner_id="blk_1", kind="block")}
    assert ids(find(world, vehicle_types=["car"], start_at=world.at(hours=2), end_at=world.at(hours=3))) == []


def test_with_a_length_every_offer_has_its_price(world: World) -> None:
    offers = find(world, end_at=world.at(minutes=40))
    prices = {offer.vehicle.vehicle_type: offer.quote.total_minor for offer in offers if offer.quote}
    assert prices == {"scooter": 1100, "bike": 680, "car": 1880, "van": 2500}


def test_types_that_cannot_be_had_for_that_time_are_left_out(world: World) -> None:
    tomorrow = find(world, start_at=world.at(hours=20), end_at=world.at(hours=22))
    assert sorted(ids(tomorrow)) == ["car_1", "van_1"]
    ten_minutes = find(world, end_at=world.at(minutes=10))
    assert sorted(ids(ten_minutes)) == ["bike_1", "scooter_1"]


@pytest.mark.parametrize(
    ("wishes", "error"),
    [
        ({"vehicle_types": ["bike"], "start_at": 8.0}, TooFarAhead),
        ({"start_at": 200.0, "end_at": 201.0}, TooFarAhead),
        ({"start_at": -1.0}, InThePast),
        ({"start_at": 2.0, "end_at": 1.0, "vehicle_types": ["car"]}, BadDuration),
        ({"end_at": 100.0}, BadDuration),
    ],
)
def test_an_impossible_time_is_refused_with_facts(
    world: World, wishes: dict[str, object], error: type[Exception]
) -> None:
    asked = {name: world.at(hours=value) if isinstance(value, float) else value for name, value in wishes.items()}
    with pytest.raises(error):
        find(world, **asked)


def test_beyond_every_horizon_the_longest_one_is_named(world: World) -> None:
    with pytest.raises(TooFarAhead) as refused:
        find(world, start_at=world.at(days=8))
    assert refused.value.facts["latest_start"] == world.at(days=7)


def test_a_time_without_zone_is_bad_input(world: World) -> None:
    with pytest.raises(BadInput):
        find(world, start_at=world.now.replace(tzinfo=None))


def test_range_and_distance_narrow_the_search(world: World) -> None:
    world.add_vehicle("car_2", "car", range_km=250.0, north_m=900)
    assert ids(find(world, vehicle_types=["car"], min_range_km=100)) == ["car_2"]
    assert ids(find(world, vehicle_types=["car"], min_range_km=100, max_distance_m=500)) == []
    assert ids(find(world, vehicle_types=["car"], max_distance_m=900.5)) == ["car_1", "car_2"]


def test_what_cannot_be_ridden_is_not_offered(world: World) -> None:
    world.add_vehicle("scooter_1", "scooter", state="non_operational")
    world.add_vehicle("bike_1", "bike", battery_pct=2)
    assert sorted(ids(find(world))) == ["car_1", "van_1"]


def test_a_type_the_city_does_not_have_gives_nothing(world: World) -> None:
    world.city = replace(world.city, rules={"bike": world.city.rules["bike"]})
    assert find(world, vehicle_types=["car"]) == ()
    assert ids(find(world)) == ["bike_1"]


def test_taken_vehicles_near_by_do_not_hide_free_ones_farther_off(world: World) -> None:
    for number in range(120):
        world.add_vehicle(f"scooter_n{number}", "scooter", north_m=number)
    held = world.hold("scooter_1")
    entry = world.shelf.entries[held.reservation_id]
    for number in range(110):
        owner = f"blk_{number}"
        world.shelf.entries[owner] = replace(entry, owner_id=owner, vehicle_id=f"scooter_n{number}")
    assert ids(find(world, vehicle_types=["scooter"], limit=2)) == ["scooter_n110", "scooter_n111"]


@pytest.mark.parametrize("limit", [0, -1])
def test_no_offers_asked_none_given(world: World, limit: int) -> None:
    assert find(world, limit=limit) == ()
