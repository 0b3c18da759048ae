"""Tools of the reservations server that only look."""

from typing import Annotated

from pydantic import Field

from nimrod.mcp_servers.customer import looking
from nimrod.mcp_servers.customer.desk import AtDesk
from nimrod.mcp_servers.customer.inputs import AnyType, End, Near, Start, find_end, find_time
from nimrod.mcp_servers.customer.views import FoundBays, FoundVehicles, MyReservations, PendingProposals

Limit = Annotated[int, Field(ge=1, le=20, description="How many at most")]
MinRange = Annotated[
    float | None, Field(ge=0, le=1000, allow_inf_nan=False, description="Least range in km, for long rides")
]
Length = Annotated[
    int | None, Field(ge=1, le=100_000, description="Length of the ride in minutes, when no end was named")
]
Past = Annotated[bool, Field(description="True also gives ended, cancelled and lapsed ones")]


def find_vehicles(
    *,
    near: Near = "",
    vehicle_type: AnyType = None,
    start: Start = None,
    end: End = None,
    duration_min: Length = None,
    min_range_km: MinRange = None,
    limit: Limit = 5,
    desk: AtDesk,
) -> FoundVehicles:
    """Find vehicles that are free for the time asked, nearest first, with price, range and walking time.

    Use this before any propose tool: it gives the vehicle_id they need. Give start for anything later than now, and end
    or duration_min for cars and vans (it also makes the total price appear). It reserves nothing. If `did_you_mean` is
    filled and `place` is null, ask which place is meant. If the list is empty, `nothing_because` says why: offer
    another time, type or place. Next: propose_hold for a scooter or bike, propose_booking for a car or van.
    """
    with desk.refusing():
        now, city = desk.request.now, desk.city
        start_at = find_time(start, field="start", city=city, now=now)
        end_at = find_end(find_time(end, field="end", city=city, now=now), start_at, duration_min, now)
        wish = looking.Wish(near, vehicle_type, start_at, end_at, min_range_km, limit)
        return looking.look_for_vehicles(
            wish, request=desk.request, position=desk.position, language=desk.language, store=desk.store
        )


def find_bays(near: Near = "", vehicle_type: AnyType = None, limit: Limit = 5, *, desk: AtDesk) -> FoundBays:
    """Find marked parking bays near a place, nearest first: where a ride may end. Cars and vans need a charger there.

    Use it for "where can I park or return it"; for the parking rules themselves use search_knowledge.
    """
    with desk.refusing():
        return looking.look_for_bays(
            near, vehicle_type, limit, city=desk.city, position=desk.position, language=desk.language
        )


def list_my_reservations(include_past: Past = False, *, desk: AtDesk) -> MyReservations:
    """List this person's own reservations, open ones first. Nobody else's can be seen.

    Use it for "what did I book", and before propose_change or propose_cancellation to get the reservation_id. If the
    person means one of several, ask which. Next: propose_change or propose_cancellation with its reservation_id.
    """
    with desk.refusing():
        return looking.own_reservations(
            include_past=include_past, request=desk.request, language=desk.language, store=desk.store
        )


def list_pending_proposals(desk: AtDesk) -> PendingProposals:
    """List the proposals that wait for this person's yes or no, oldest first; of this conversation if there is one."""
    with desk.refusing():
        return looking.waiting_proposals(request=desk.request, language=desk.language, store=desk.store)
