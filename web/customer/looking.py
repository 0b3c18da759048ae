"""Looking around without a chat: vehicles, bays, prices, own reservations. The same answers as the tools give."""

from typing import Annotated

from fastapi import APIRouter, Query

from nimrod.domain.customer.pricing import policy as pricing
from nimrod.mcp_servers.customer import looking
from nimrod.mcp_servers.customer.answers import quote_view
from nimrod.mcp_servers.customer.inputs import LONGEST_PLACE, LONGEST_TIME, AnyType, find_end, find_time
from nimrod.mcp_servers.customer.views import FoundBays, FoundVehicles, MyReservations, PriceComparison
from nimrod.web.customer.asking import Customer
from nimrod.web.customer.counter import CustomerCounter, point_of

Near = Annotated[str, Query(max_length=LONGEST_PLACE, description="Place name, or 'lat,lon'")]
Lat = Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)]
Lon = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]
Time = Annotated[str | None, Query(max_length=LONGEST_TIME, description="2026-11-23T09:00 in the city, or with offset")]
Length = Annotated[int | None, Query(ge=1, le=100_000, description="Minutes")]
Limit = Annotated[int, Query(ge=1, le=1000)]
TypeAsked = Annotated[AnyType, Query(description="scooter, bike, car or van")]


def build_router(counter: CustomerCounter) -> APIRouter:
    """GET /vehicles, /bays, /reservations, /quotes."""
    router = APIRouter()
    _add_search(router, counter)
    _add_own(router, counter)
    return router


def _add_search(router: APIRouter, counter: CustomerCounter) -> None:
    @router.get("/vehicles", summary="Vehicles free for a time")
    def list_vehicles(
        *,
        asking: Customer,
        near: Near = "",
        lat: Lat = None,
        lon: Lon = None,
        vehicle_type: TypeAsked = None,
        start: Time = None,
        end: Time = None,
        duration_min: Length = None,
        min_range_km: Annotated[float | None, Query(ge=0, le=1000, allow_inf_nan=False)] = None,
        limit: Limit = 20,
    ) -> FoundVehicles:
        request = counter.request(asking.me)
        start_at = find_time(start, field="start", city=request.city, now=request.now)
        given_end = find_time(end, field="end", city=request.city, now=request.now)
        end_at = find_end(given_end, start_at, duration_min, request.now)
        wish = looking.Wish(near, vehicle_type, start_at, end_at, min_range_km, limit)
        return looking.look_for_vehicles(
            wish, request=request, position=point_of(lat, lon), language=asking.language, store=counter.store
        )

    @router.get("/bays", summary="Parking bays")
    def list_bays(
        *,
        asking: Customer,
        near: Near = "",
        lat: Lat = None,
        lon: Lon = None,
        vehicle_type: TypeAsked = None,
        limit: Limit = 20,
    ) -> FoundBays:
        city = counter.request(asking.me).city
        return looking.look_for_bays(
            near, vehicle_type, limit, city=city, position=point_of(lat, lon), language=asking.language
        )


def _add_own(router: APIRouter, counter: CustomerCounter) -> None:
    @router.get("/reservations", summary="My reservations")
    def list_reservations(asking: Customer, include_past: bool = False) -> MyReservations:
        request = counter.request(asking.me)
        return looking.own_reservations(
            include_past=include_past, request=request, language=asking.language, store=counter.store
        )

    @router.get("/quotes", summary="The same ride by every vehicle type, cheapest first")
    def list_quotes(
        asking: Customer, minutes: Annotated[int, Query(ge=1, le=100_000)], start: Time = None
    ) -> PriceComparison:
        request = counter.request(asking.me)
        start_at = find_time(start, field="start", city=request.city, now=request.now) or request.now
        quotes = pricing.compare(start_at, minutes, city=request.city)
        options = [quote_view(quote, city=request.city, language=asking.language) for quote in quotes]
        return PriceComparison(
            duration_min=minutes, start=options[0].start, options=options, cheapest=options[0].vehicle_type
        )
