"""Tools of the reservations server that prepare, close and carry out proposals."""

from collections.abc import Callable
from typing import Annotated, ParamSpec

from pydantic import Field

from nimrod.domain.customer.reservations import service
from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.proposals import Proposal
from nimrod.mcp_servers.customer.answers import carried_out_view
from nimrod.mcp_servers.customer.desk import AtDesk, Desk
from nimrod.mcp_servers.customer.inputs import (
    LONGEST_SUMMARY,
    LONGEST_TIME,
    End,
    ProposalId,
    Replaces,
    ReservationId,
    VehicleId,
    find_id,
    find_time,
    read_id,
    read_text,
)
from nimrod.mcp_servers.customer.looking import find_vehicle
from nimrod.mcp_servers.customer.views import CarriedOut
from nimrod.platform.language import ProposalView, proposal_view
from nimrod.platform.storage.retry import again_when_busy

P = ParamSpec("P")
PickUp = Annotated[
    str | None,
    Field(
        max_length=LONGEST_TIME,
        description="When the person picks it up, 2026-11-23T09:00 in the city; leave out for now",
    ),
]
BookedStart = Annotated[
    str,
    Field(max_length=LONGEST_TIME, description="When the booking starts, 2026-11-23T09:00 in the city; empty for now"),
]
BookedEnd = Annotated[str, Field(max_length=LONGEST_TIME, description="When the booking ends, written like start")]
NewStart = Annotated[
    str | None, Field(max_length=LONGEST_TIME, description="New start or pick-up time; leave out to keep it")
]
NewVehicle = Annotated[
    str | None,
    Field(max_length=64, description="vehicle_id of another vehicle from find_vehicles; leave out to keep it"),
]
Summary = Annotated[
    str,
    Field(
        max_length=LONGEST_SUMMARY,
        description="What the matter is, in the person's words, so that staff need not ask again",
    ),
]


def propose_hold(
    vehicle_id: VehicleId, pick_up: PickUp = None, replaces: Replaces = None, *, desk: AtDesk
) -> ProposalView:
    """Prepare holding a scooter or bike for a pick-up soon, without an end; nothing is held until the person confirms.

    For cars and vans use propose_booking. Needs a vehicle_id from find_vehicles. When the person corrects a proposal
    that still waits, propose again with `replaces` set to its proposal_id. Next: tell the person what the proposal says
    and call carry_out with its proposal_id, which waits for their confirmation.
    """
    with desk.refusing():
        proposal = _stored(
            service.propose_hold,
            read_id(vehicle_id, field="vehicle_id"),
            pick_up_at=find_time(pick_up, field="pick_up", city=desk.city, now=desk.request.now),
            replaces=find_id(replaces, field="replaces"),
            request=desk.request,
            store=desk.store,
        )
    return _card(proposal, desk)


def propose_booking(
    vehicle_id: VehicleId, start: BookedStart, end: BookedEnd, replaces: Replaces = None, *, desk: AtDesk
) -> ProposalView:
    """Prepare booking a car or van for a fixed time; nothing is booked until the person confirms.

    For scooters and bikes use propose_hold. Needs a vehicle_id from find_vehicles for the same start and end. When the
    person corrects a proposal that still waits ("make it 10"), propose again with `replaces` set to its proposal_id.
    Next: tell the person time and price of the proposal and call carry_out with its proposal_id.
    """
    with desk.refusing():
        now, city = desk.request.now, desk.city
        end_at = find_time(end, field="end", city=city, now=now)
        if end_at is None:
            raise BadInput(field="end", reason="empty")
        proposal = _stored(
            service.propose_booking,
            read_id(vehicle_id, field="vehicle_id"),
            start_at=find_time(start, field="start", city=city, now=now),
            end_at=end_at,
            replaces=find_id(replaces, field="replaces"),
            request=desk.request,
            store=desk.store,
        )
    return _card(proposal, desk)


def propose_change(
    reservation_id: ReservationId,
    start: NewStart = None,
    end: End = None,
    vehicle_id: NewVehicle = None,
    replaces: Replaces = None,
    *,
    desk: AtDesk,
) -> ProposalView:
    """Prepare changing time, length or vehicle of a reservation the person has; nothing changes until they confirm.

    What is left out stays: a new start alone keeps the end, so give both to move all of it; a later end extends.
    A ride under way can only change its end. Not for a proposal that still waits: propose that anew with `replaces`.
    Next: tell the price difference (lines) and call carry_out with the proposal_id.
    """
    with desk.refusing():
        now, city = desk.request.now, desk.city
        proposal = _stored(
            service.propose_change,
            read_id(reservation_id, field="reservation_id"),
            start_at=find_time(start, field="start", city=city, now=now),
            end_at=find_time(end, field="end", city=city, now=now),
            vehicle_id=find_id(vehicle_id, field="vehicle_id"),
            replaces=find_id(replaces, field="replaces"),
            request=desk.request,
            store=desk.store,
        )
    return _card(proposal, desk)


def propose_cancellation(reservation_id: ReservationId, replaces: Replaces = None, *, desk: AtDesk) -> ProposalView:
    """Prepare cancelling a reservation that has not started, showing the fee; nothing is cancelled until they confirm.

    Not for a proposal that still waits: use withdraw_proposal. Next: tell the fee (total) and call carry_out.
    """
    with desk.refusing():
        proposal = _stored(
            service.propose_cancellation,
            read_id(reservation_id, field="reservation_id"),
            replaces=find_id(replaces, field="replaces"),
            request=desk.request,
            store=desk.store,
        )
    return _card(proposal, desk)


def propose_handover(summary: Summary, *, desk: AtDesk) -> ProposalView:
    """Prepare handing the matter to a person of the staff: complaints, refunds, accidents, lost items, or when stuck.

    Nothing is sent until the person confirms. Next: call carry_out with the proposal_id.
    """
    with desk.refusing():
        matter = read_text(summary, field="summary", most=LONGEST_SUMMARY)
        proposal = _stored(service.propose_handover, matter, request=desk.request, store=desk.store)
    return _card(proposal, desk)


def withdraw_proposal(proposal_id: ProposalId, *, desk: AtDesk) -> ProposalView:
    """Take back a proposal that still waits, when the person no longer wants it. Reservations are not touched."""
    with desk.refusing():
        known = read_id(proposal_id, field="proposal_id")
        proposal = _stored(service.withdraw_proposal, known, request=desk.request, store=desk.store)
    return _card(proposal, desk)


def decline_proposal(proposal_id: ProposalId, *, desk: AtDesk) -> ProposalView:
    """Record the person's own no to a proposal that still waits; it is closed and nothing else changes."""
    with desk.refusing():
        known = read_id(proposal_id, field="proposal_id")
        proposal = _stored(service.decline_proposal, known, request=desk.request, store=desk.store)
    return _card(proposal, desk)


def carry_out(proposal_id: ProposalId, *, desk: AtDesk) -> CarriedOut:
    """Do what a proposal says. It waits for the person's own confirmation; without one nothing is done (not_confirmed).

    Call it once, right after a propose tool. Calling it again gives the first result. If it says world_changed, tell
    the person what changed and make a fresh proposal.
    """
    with desk.refusing():
        known = read_id(proposal_id, field="proposal_id")
        grant = desk.grants.verify(desk.grant_token) if desk.grant_token else None
        done = _stored(service.carry_out, known, grant=grant, request=desk.request, store=desk.store)
        vehicle_id = (done.result or {}).get("vehicle_id")
        with desk.store.reading() as tables:
            vehicle = find_vehicle(str(vehicle_id), desk.city, tables) if vehicle_id else None
    return carried_out_view(done, vehicle, city=desk.city, language=desk.language)


def _stored(use_case: Callable[P, Proposal], *args: P.args, **kwargs: P.kwargs) -> Proposal:
    """The use case, done again when the database was busy."""
    return again_when_busy(lambda: use_case(*args, **kwargs))


def _card(proposal: Proposal, desk: Desk) -> ProposalView:
    return proposal_view(proposal, desk.city, desk.language)
