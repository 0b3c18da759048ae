"""The person's city as a page needs it: centre, places, zones, rules of each vehicle type."""

from fastapi import APIRouter
from pydantic import BaseModel

from nimrod.domain.customer.places.policy import name_of
from nimrod.domain.shared.city import City
from nimrod.domain.shared.geo import Point
from nimrod.platform.language import clean
from nimrod.web.customer.asking import Customer
from nimrod.web.customer.counter import CustomerCounter

_MOST_NAME = 80


class SpotOut(BaseModel):
    """WGS 84 degrees."""

    lat: float
    lon: float


class PlaceOut(SpotOut):
    """A named place."""

    place_id: str
    name: str
    kind: str


class ZoneOut(BaseModel):
    """An area with a rule; `ring` holds (lat, lon)."""

    zone_id: str
    name: str
    rule: str
    ring: list[tuple[float, float]]


class TypeOut(BaseModel):
    """How one vehicle type is reserved. Minutes."""

    mode: str
    max_ahead_min: int
    hold_min: int
    min_ride_min: int
    max_ride_min: int


class CityOut(BaseModel):
    """The city in the person's language."""

    city_id: str
    name: str
    country: str
    currency: str
    time_zone: str
    languages: list[str]
    centre: SpotOut
    support_phone: str
    types: dict[str, TypeOut]
    places: list[PlaceOut]
    zones: list[ZoneOut]


def build_router(counter: CustomerCounter) -> APIRouter:
    """GET /city."""
    router = APIRouter()

    @router.get("/city", summary="My city")
    def read_city(asking: Customer) -> CityOut:
        return city_out(counter.request(asking.me).city, asking.language)

    return router


def city_out(city: City, language: str) -> CityOut:
    """The city as shown."""
    return CityOut(
        city_id=city.city_id,
        name=city.names.get(language) or city.names["en"],
        country=city.country,
        currency=city.currency,
        time_zone=city.time_zone,
        languages=list(city.languages),
        centre=_spot(city.centre),
        support_phone=city.support_phone,
        types={
            name: TypeOut(
                mode=rules.mode,
                max_ahead_min=rules.max_ahead_min,
                hold_min=rules.hold_min,
                min_ride_min=rules.min_ride_min,
                max_ride_min=rules.max_ride_min,
            )
            for name, rules in city.rules.items()
        },
        places=[
            PlaceOut(
                place_id=place.place_id,
                name=clean(name_of(place, language), _MOST_NAME),
                kind=place.kind,
                lat=place.point.lat,
                lon=place.point.lon,
            )
            for place in city.places
        ],
        zones=[
            ZoneOut(
                zone_id=zone.zone_id,
                name=clean(zone.name, _MOST_NAME),
                rule=zone.rule,
                ring=[(point.lat, point.lon) for point in zone.ring],
            )
            for zone in city.zones
        ],
    )


def _spot(point: Point) -> SpotOut:
    return SpotOut(lat=point.lat, lon=point.lon)
