"""Looking around: vehicles, bays, the person's own reservations. Raises DomainErrors; tools and routes word them."""

from dataclasses import dataclass
from datetime import datetime

from nimrod.domain.customer.places.policy import fold, name_of, nearest_bays, resolve_place, walk_min
from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.model import OPEN, Vehicle
from nimrod.domain.customer.reservations.ports import CustomerStore, Tables
from nimrod.domain.shared.city import City, VehicleType
from nimrod.domain.shared.errors import BadInput, NotFound
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.request import Request
from nimrod.mcp_servers.customer.answers import pending_view, reservation_view, vehicle_view
from nimrod.mcp_servers.customer.views import (
    BayView,
    FoundBays,
    FoundVehicles,
    MyReservations,
    PendingProposals,
    PlaceView,
)
from nimrod.platform.language import clean, local_iso, say

MOST_PAST = 20
_MOST_NAME = 80
_HERE = frozenset({"here", "me", "near me", "nearby", "my location", "current location", "my position", "around here"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What vehicles are looked for; times aware UTC."""

    near: str = ""
    vehicle_type: VehicleType | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    min_range_km: float | None = None
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Where:
    """The spot a text means; `point` None when unknown."""

    point: Point | None
    name: str
    assumed: bool = False
    others: tuple[str, ...] = ()

    @property
    def place(self) -> PlaceView | None:
        """The spot as shown."""
        return PlaceView(name=self.name, lat=self.point.lat, lon=self.point.lon) if self.point else None


def locate(near: str, *, city: City, position: Point | None, language: str) -> Where:
    """The spot meant: the named place, else the person's position, else the city centre."""
    text = clean(near, 120)
    city_names = {fold(name) for name in city.names.values()}
    if not text or fold(text) in _HERE or fold(text) in city_names:
        if position is not None and fold(text) not in city_names:
            return Where(position, say(language, "place.position"), assumed=True)
        return Where(city.centre, say(language, "place.centre"), assumed=True)
    match = resolve_place(text, city, language=language)
    others = tuple(clean(name_of(place, language), _MOST_NAME) for place in match.candidates)
    if match.place is None:
        return Where(None, "", others=others)
    return Where(match.place.point, clean(name_of(match.place, language), _MOST_NAME), others=others)


def look_for_vehicles(
    wish: Wish, *, request: Request, position: Point | None, language: str, store: CustomerStore
) -> FoundVehicles:
    """Free vehicles for the wish, nearest first; raises InThePast, TooFarAhead, BadDuration, BadInput."""
    city = request.city
    if wish.end_at is not None and wish.start_at is not None and wish.end_at <= wish.start_at:
        raise BadInput(field="end", reason="end_before_start")
    where = locate(wish.near, city=city, position=position, language=language)
    offers: tuple[service.Offer, ...] = ()
    if where.point is not None:
        offers = service.find_vehicles(_search(wish, where.point), request=request, store=store)
    at = wish.start_at or request.now
    return FoundVehicles(
        place=where.place,
        place_assumed=where.assumed,
        did_you_mean=list(where.others),
        start=local_iso(wish.start_at, city) if wish.start_at else None,
        end=local_iso(wish.end_at, city) if wish.end_at else None,
        vehicles=[vehicle_view(offer, at=at, city=city, language=language) for offer in offers],
        nothing_because=None if offers else _why_nothing(wish, where, request=request, store=store),
    )


def _search(wish: Wish, near: Point, *, any_range: bool = False) -> service.Search:
    return service.Search(
        near=near,
        vehicle_types=[wish.vehicle_type] if wish.vehicle_type else None,
        start_at=wish.start_at,
        end_at=wish.end_at,
        min_range_km=None if any_range else wish.min_range_km,
        limit=1 if any_range else wish.limit,
    )


def _why_nothing(wish: Wish, where: Where, *, request: Request, store: CustomerStore) -> str:
    if where.point is None:
        return "place_unknown"
    if wish.min_range_km is None:
        return "none_free"
    shorter = service.find_vehicles(_search(wish, where.point, any_range=True), request=request, store=store)
    return "range_too_short" if shorter else "none_free"


def look_for_bays(
    near: str, vehicle_type: VehicleType | None, limit: int, *, city: City, position: Point | None, language: str
) -> FoundBays:
    """Parking bays for this type, nearest first."""
    where = locate(near, city=city, position=position, language=language)
    ranked = nearest_bays(where.point, city, vehicle_type=vehicle_type, limit=limit) if where.point else ()
    return FoundBays(
        place=where.place,
        place_assumed=where.assumed,
        did_you_mean=list(where.others),
        bays=[
            BayView(
                bay_id=bay.bay_id,
                name=clean(bay.name, _MOST_NAME),
                distance_m=round(away_m),
                walk_min=walk_min(away_m),
                charger=bay.charger,
                vehicle_types=sorted(bay.vehicle_types),
                lat=bay.point.lat,
                lon=bay.point.lon,
            )
            for bay, away_m in ranked
        ],
    )


def own_reservations(*, include_past: bool, request: Request, language: str, store: CustomerStore) -> MyReservations:
    """The person's reservations, open ones with where the vehicle stands; of past ones the latest `MOST_PAST`."""
    every = service.list_reservations(include_past=include_past, request=request, store=store)
    open_count = sum(1 for one in every if one.state in OPEN)
    found = every[: open_count + MOST_PAST]
    with store.reading() as tables:
        vehicles = {one.vehicle_id: find_vehicle(one.vehicle_id, request.city, tables) for one in found}
    return MyReservations(
        reservations=[
            reservation_view(one, vehicles[one.vehicle_id], city=request.city, language=language) for one in found
        ],
        older_not_shown=len(every) - len(found),
    )


def find_vehicle(vehicle_id: str, city: City, tables: Tables) -> Vehicle | None:
    """The vehicle, or None when operations took it out of the city."""
    try:
        return tables.get_vehicle(vehicle_id, city_id=city.city_id)
    except NotFound:
        return None


def waiting_proposals(*, request: Request, language: str, store: CustomerStore) -> PendingProposals:
    """The person's pending proposals; of one conversation when the request names it."""
    waiting = service.list_pending(request, store)
    return PendingProposals(pending=[pending_view(one, request.city, language) for one in waiting])
