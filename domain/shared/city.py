"""A city as a value: what differs between Helsinki and Prague. Read from `cities/<city_id>.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nimrod.domain.shared.geo import Point

VehicleType = Literal["scooter", "bike", "car", "van"]
VEHICLE_TYPES: tuple[VehicleType, ...] = ("scooter", "bike", "car", "van")


@dataclass(frozen=True, slots=True)
class Place:
    """A named spot people speak of; `names` maps language to name, `aliases` are other ways to say it."""

    place_id: str
    names: Mapping[str, str]
    point: Point
    kind: str = "place"
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bay:
    """A marked parking bay (GBFS station without docks); cars and vans need one with a charger."""

    bay_id: str
    name: str
    point: Point
    radius_m: int
    vehicle_types: frozenset[VehicleType]
    capacity: int
    charger: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """An area with a rule: `no_parking`, `no_riding` or `slow` (GBFS geofencing zone)."""

    zone_id: str
    name: str
    rule: Literal["no_parking", "no_riding", "slow"]
    ring: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class RateBand:
    """Minute price from `from_min` to `to_min` of the local day (minutes after midnight, end excluded)."""

    from_min: int
    to_min: int
    minute_minor: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """Prices of one vehicle type in the city's currency, minor units. Bands override `minute_minor`."""

    unlock_minor: int
    minute_minor: int
    day_cap_minor: int | None = None
    bands: tuple[RateBand, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeRules:
    """Horizons and fees of one vehicle type (RES-02, RES-03, RES-06).

    mode `hold`: pick-up at most `max_ahead_min` ahead; the vehicle is kept until `hold_min` after the pick-up time;
    the ride is open-ended up to `max_ride_min`. mode `booking`: start at most `max_ahead_min` ahead, fixed duration
    from `min_ride_min` to `max_ride_min`; unstarted `hold_min` after the start it is a no-show.
    """

    mode: Literal["hold", "booking"]
    max_ahead_min: int
    hold_min: int
    max_ride_min: int
    min_ride_min: int = 0
    free_cancel_min: int = 0
    cancel_fee_minor: int = 0
    no_show_fee_minor: int = 0


@dataclass(frozen=True, slots=True)
class City:
    """Everything about a city that code must not know by heart. Minutes, minor units, WGS 84."""

    city_id: str
    names: Mapping[str, str]
    country: str
    currency: str
    time_zone: str
    languages: tuple[str, ...]
    centre: Point
    max_open_reservations: int
    rules: Mapping[VehicleType, TypeRules]
    tariffs: Mapping[VehicleType, Tariff]
    places: tuple[Place, ...]
    bays: tuple[Bay, ...]
    zones: tuple[Zone, ...]
    support_phone: str = ""
