"""Finding vehicles that are free for the time asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nimrod.domain.customer.places.policy import walk_min
from nimrod.domain.customer.pricing.model import Quote
from nimrod.domain.customer.pricing.policy import quote, started_minutes
from nimrod.domain.customer.reservations import policy
from nimrod.domain.customer.reservations.errors import BadDuration, InThePast, TooFarAhead, VehicleUnusable
from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.customer.reservations.ports import CustomerStore, Tables
from nimrod.domain.shared.city import VEHICLE_TYPES, City, VehicleType
from nimrod.domain.shared.errors import DomainError
from nimrod.domain.shared.geo import Point, distance_m
from nimrod.domain.shared.request import Request

CHUNK = 50  # vehicles whose calendars are read at a time, nearest first
MOST_OFFERS = 1000


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; None: near the city centre, any type, from now, for an open-ended ride, any range or way."""

    near: Point | None = None
    vehicle_types: Collection[VehicleType] | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    min_range_km: float | None = None
    max_distance_m: float | None = None
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A free vehicle: straight-line metres and minutes on foot to it, the price when the length is known."""

    vehicle: Vehicle
    distance_m: float
    walk_min: int
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class _Span:
    """When a vehicle of one type must be free, and what the ride would cost."""

    from_at: datetime
    to_at: datetime
    quote: Quote | None


def find_vehicles(search: Search, *, request: Request, store: CustomerStore) -> tuple[Offer, ...]:
    """Vehicles free for exactly the time asked, nearest first.

    A type that cannot be had for that time is left out; when none can, raises what proposing it would raise:
    InThePast, TooFarAhead, BadDuration.
    """
    spans = _spans(search, request=request)
    if not spans:
        return ()
    near = search.near or request.city.centre
    with store.reading() as tables:
        vehicles = tables.list_vehicles(request.city.city_id, list(spans))
        ranked = _ranked(vehicles, search, near, city=request.city)
        return _first_free(ranked, spans, min(search.limit, MOST_OFFERS), tables)


def _spans(search: Search, *, request: Request) -> dict[VehicleType, _Span]:
    spans: dict[VehicleType, _Span] = {}
    refusals: list[DomainError] = []
    for vehicle_type in VEHICLE_TYPES:
        if vehicle_type in request.city.rules and (not search.vehicle_types or vehicle_type in search.vehicle_types):
            try:
                spans[vehicle_type] = _span(vehicle_type, search, request=request)
            except (InThePast, TooFarAhead, BadDuration) as refusal:
                refusals.append(refusal)
    if not spans and refusals:
        raise refusals[-1]  # types are ordered from the shortest horizon to the longest: the most lenient one speaks
    return spans


def _span(vehicle_type: VehicleType, search: Search, *, request: Request) -> _Span:
    rules = request.city.rules[vehicle_type]
    now = policy.this_minute(request.now)
    start_at = policy.as_utc(search.start_at, field="start") if search.start_at else now
    policy.check_start(start_at, vehicle_type=vehicle_type, rules=rules, now=request.now)
    price, end_at = None, None
    if search.end_at:
        end_at = policy.as_utc(search.end_at, field="end")
        policy.check_duration(start_at, end_at, vehicle_type=vehicle_type, rules=rules)
        price = quote(vehicle_type, start_at, started_minutes(start_at, end_at), city=request.city)
    if rules.mode == "hold":
        return _Span(request.now, policy.until(start_at, None, rules=rules), price)
    return _Span(start_at, end_at or start_at + timedelta(minutes=max(1, rules.min_ride_min)), price)


def _ranked(vehicles: Sequence[Vehicle], search: Search, near: Point, *, city: City) -> list[tuple[float, Vehicle]]:
    """Usable vehicles that meet the wishes, with their distance, nearest first."""
    fitting = [(distance_m(near, vehicle.point), vehicle) for vehicle in vehicles if _fits(vehicle, search, city=city)]
    within = [pair for pair in fitting if search.max_distance_m is None or pair[0] <= search.max_distance_m]
    return sorted(within, key=lambda pair: (pair[0], pair[1].vehicle_id))


def _fits(vehicle: Vehicle, search: Search, *, city: City) -> bool:
    if search.min_range_km is not None and vehicle.range_km < search.min_range_km:
        return False
    try:
        policy.check_vehicle(vehicle, rules=city.rules[vehicle.vehicle_type])
    except VehicleUnusable:
        return False
    return True


def _first_free(
    ranked: list[tuple[float, Vehicle]], spans: dict[VehicleType, _Span], limit: int, tables: Tables
) -> tuple[Offer, ...]:
    offers: list[Offer] = []
    for first in range(0, len(ranked), CHUNK):
        if len(offers) >= limit:
            break
        chunk = ranked[first : first + CHUNK]
        taken = _taken([vehicle for _away_m, vehicle in chunk], spans, tables)
        offers += [
            Offer(vehicle, away_m, walk_min(away_m), spans[vehicle.vehicle_type].quote)
            for away_m, vehicle in chunk
            if vehicle.vehicle_id not in taken
        ]
    return tuple(offers[: max(0, limit)])


def _taken(vehicles: list[Vehicle], spans: dict[VehicleType, _Span], tables: Tables) -> set[str]:
    """Ids of the vehicles whose calendar has something in the span of their type."""
    types = {vehicle.vehicle_id: vehicle.vehicle_type for vehicle in vehicles}
    earliest, latest = min(span.from_at for span in spans.values()), max(span.to_at for span in spans.values())
    return {
        entry.vehicle_id
        for entry in tables.list_entries(list(types), earliest, latest)
        if policy.overlaps(entry, spans[types[entry.vehicle_id]].from_at, spans[types[entry.vehicle_id]].to_at)
    }
