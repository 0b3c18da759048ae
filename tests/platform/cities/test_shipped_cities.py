"""Helsinki and Prague as shipped: complete, consistent, and different where cities differ."""

from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from nimrod.domain.customer.places.policy import fold
from nimrod.domain.shared.city import VEHICLE_TYPES, City
from nimrod.domain.shared.geo import distance_m, inside
from nimrod.platform.cities import load_cities, load_city

CITIES = load_cities()
each_city = pytest.mark.parametrize("city", list(CITIES.values()), ids=list(CITIES))


def test_two_cities_with_another_currency_language_and_time_zone() -> None:
    helsinki, prague = CITIES["helsinki"], CITIES["prague"]
    assert (helsinki.currency, prague.currency) == ("EUR", "CZK")
    assert (helsinki.time_zone, prague.time_zone) == ("Europe/Helsinki", "Europe/Prague")
    assert (helsinki.languages, prague.languages) == (("en", "fi", "sv"), ("en", "cs"))


@each_city
def test_the_horizons_are_those_of_the_requirements(city: City) -> None:
    for vehicle_type in ("scooter", "bike"):
        rules = city.rules[vehicle_type]
        assert (rules.mode, rules.max_ahead_min, rules.max_ride_min, rules.hold_min) == ("hold", 30, 720, 15)
    for vehicle_type in ("car", "van"):
        rules = city.rules[vehicle_type]
        assert (rules.mode, rules.max_ahead_min, rules.min_ride_min, rules.max_ride_min) == ("booking", 10080, 30, 4320)
        assert (rules.hold_min, rules.free_cancel_min) == (30, 60)
        assert 0 < rules.cancel_fee_minor < rules.no_show_fee_minor


@each_city
def test_every_type_has_a_price_and_the_night_is_cheaper(city: City) -> None:
    assert set(city.tariffs) == set(VEHICLE_TYPES)
    for tariff in city.tariffs.values():
        assert all(band.minute_minor < tariff.minute_minor for band in tariff.bands)


@each_city
def test_places_have_names_in_every_language_of_the_city(city: City) -> None:
    assert len(city.places) >= 30
    assert all(set(place.names) == set(city.languages) for place in city.places)


@each_city
def test_no_two_places_share_a_name(city: City) -> None:
    for one, other in combinations(city.places, 2):
        names = [{fold(name) for name in (*place.names.values(), *place.aliases)} for place in (one, other)]
        assert not names[0] & names[1], (one.place_id, other.place_id)


@each_city
def test_cars_and_vans_park_where_there_is_a_charger(city: City) -> None:
    assert len(city.bays) >= 40
    for bay in city.bays:
        assert bay.charger == bool(bay.vehicle_types & {"car", "van"})
    assert all(any(kind in bay.vehicle_types for bay in city.bays) for kind in VEHICLE_TYPES)


@each_city
def test_every_bay_lies_near_a_place_people_know(city: City) -> None:
    for bay in city.bays:
        assert min(distance_m(bay.point, place.point) for place in city.places) < 800, bay.bay_id


@each_city
def test_no_bay_lies_where_parking_or_riding_is_forbidden(city: City) -> None:
    closed = [zone for zone in city.zones if zone.rule != "slow"]
    assert [(bay.name, zone.name) for bay in city.bays for zone in closed if inside(bay.point, zone.ring)] == []


@each_city
def test_zones_show_every_rule(city: City) -> None:
    assert {zone.rule for zone in city.zones} == {"no_parking", "no_riding", "slow"}


def test_a_city_knows_its_local_time() -> None:
    assert ZoneInfo(load_city("prague").time_zone).key == "Europe/Prague"
