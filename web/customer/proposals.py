"""Proposals without a chat: the same propose, confirm, carry out. Confirming needs the person's own session."""

from collections.abc import Callable
from typing import Literal

from anyio import to_thread
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from nimrod.agents.ports import Authority
from nimrod.domain.customer.reservations import service
from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.proposals import Proposal
from nimrod.domain.shared.request import Request
from nimrod.mcp_servers.customer.answers import carried_out_view
from nimrod.mcp_servers.customer.inputs import LONGEST_ID, LONGEST_SUMMARY, LONGEST_TIME, find_id, find_time, read_id
from nimrod.mcp_servers.customer.looking import find_vehicle, waiting_proposals
from nimrod.mcp_servers.customer.views import CarriedOut, PendingProposals
from nimrod.platform.language import ProposalView, proposal_view
from nimrod.web.customer.asking import Customer, CustomerAsking
from nimrod.web.customer.counter import CustomerCounter

Kind = Literal["hold", "booking", "change", "cancellation", "handover"]
SYSTEM = "customer"


class Wanted(BaseModel):
    """What a proposal is about; which fields count depends on the kind. Times as for GET /vehicles."""

    model_config = ConfigDict(extra="forbid")

    vehicle_id: str | None = Field(None, max_length=LONGEST_ID)
    reservation_id: str | None = Field(None, max_length=LONGEST_ID)
    start: str | None = Field(None, max_length=LONGEST_TIME)
    end: str | None = Field(None, max_length=LONGEST_TIME)
    summary: str | None = Field(None, max_length=LONGEST_SUMMARY)
    replaces: str | None = Field(None, max_length=LONGEST_ID)


class NewProposal(BaseModel):
    """A change to prepare."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    arguments: Wanted


def build_router(counter: CustomerCounter, authority: Authority) -> APIRouter:
    """POST /proposals, GET /proposals, POST /proposals/{id}/confirm and /decline."""
    router = APIRouter()

    @router.post("/proposals", status_code=201, summary="Prepare a change; nothing happens yet")
    def propose(asking: Customer, body: NewProposal) -> ProposalView:
        request = counter.request(asking.me, key=asking.key)
        proposal = _propose(body, request, counter)
        return proposal_view(proposal, request.city, asking.language)

    @router.get("/proposals", summary="What waits for my confirmation")
    def list_pending(asking: Customer) -> PendingProposals:
        request = counter.request(asking.me)
        return waiting_proposals(request=request, language=asking.language, store=counter.store)

    @router.post("/proposals/{proposal_id}/confirm", summary="Say yes to exactly the stored preview")
    async def confirm(asking: Customer, proposal_id: str) -> CarriedOut:
        request = counter.request(asking.me, key=asking.key)
        known = await to_thread.run_sync(_stored, proposal_id, request, counter)
        signed = await authority.mint_grant(asking.token, proposal_id, known.digest, SYSTEM)
        return await to_thread.run_sync(_carry_out, known, signed, asking, request, counter)

    @router.post("/proposals/{proposal_id}/decline", summary="Say no; nothing happens")
    def decline(asking: Customer, proposal_id: str) -> ProposalView:
        request = counter.request(asking.me)
        declined = service.decline_proposal(
            read_id(proposal_id, field="proposal_id"), request=request, store=counter.store
        )
        return proposal_view(declined, request.city, asking.language)

    return router


def _stored(proposal_id: str, request: Request, counter: CustomerCounter) -> Proposal:
    with counter.store.reading() as tables:
        return tables.get_proposal(read_id(proposal_id, field="proposal_id"), principal_id=request.me.id)


def _carry_out(
    proposal: Proposal, signed: str, asking: CustomerAsking, request: Request, counter: CustomerCounter
) -> CarriedOut:
    grant = counter.grants.verify(signed)
    done = service.carry_out(proposal.proposal_id, grant=grant, request=request, store=counter.store)
    vehicle_id = (done.result or {}).get("vehicle_id")
    with counter.store.reading() as tables:
        vehicle = find_vehicle(str(vehicle_id), request.city, tables) if vehicle_id else None
    return carried_out_view(done, vehicle, city=request.city, language=asking.language)


def _needed(value: str | None, field: str) -> str:
    if not value or not value.strip():
        raise BadInput(field=field, reason="empty")
    return value


def _propose(body: NewProposal, request: Request, counter: CustomerCounter) -> Proposal:
    return _MAKERS[body.kind](body.arguments, request, counter)


def _hold(wanted: Wanted, request: Request, counter: CustomerCounter) -> Proposal:
    return service.propose_hold(
        read_id(_needed(wanted.vehicle_id, "vehicle_id"), field="vehicle_id"),
        pick_up_at=find_time(wanted.start, field="start", city=request.city, now=request.now),
        replaces=find_id(wanted.replaces, field="replaces"),
        request=request,
        store=counter.store,
    )


def _booking(wanted: Wanted, request: Request, counter: CustomerCounter) -> Proposal:
    end_at = find_time(_needed(wanted.end, "end"), field="end", city=request.city, now=request.now)
    if end_at is None:
        raise BadInput(field="end", reason="empty")
    return service.propose_booking(
        read_id(_needed(wanted.vehicle_id, "vehicle_id"), field="vehicle_id"),
        start_at=find_time(wanted.start, field="start", city=request.city, now=request.now),
        end_at=end_at,
        replaces=find_id(wanted.replaces, field="replaces"),
        request=request,
        store=counter.store,
    )


def _change(wanted: Wanted, request: Request, counter: CustomerCounter) -> Proposal:
    return service.propose_change(
        read_id(_needed(wanted.reservation_id, "reservation_id"), field="reservation_id"),
        start_at=find_time(wanted.start, field="start", city=request.city, now=request.now),
        end_at=find_time(wanted.end, field="end", city=request.city, now=request.now),
        vehicle_id=find_id(wanted.vehicle_id, field="vehicle_id"),
        replaces=find_id(wanted.replaces, field="replaces"),
        request=request,
        store=counter.store,
    )


def _cancellation(wanted: Wanted, request: Request, counter: CustomerCounter) -> Proposal:
    return service.propose_cancellation(
        read_id(_needed(wanted.reservation_id, "reservation_id"), field="reservation_id"),
        replaces=find_id(wanted.replaces, field="replaces"),
        request=request,
        store=counter.store,
    )


def _handover(wanted: Wanted, request: Request, counter: CustomerCounter) -> Proposal:
    return service.propose_handover(_needed(wanted.summary, "summary"), request=request, store=counter.store)


_MAKERS: dict[Kind, Callable[[Wanted, Request, CustomerCounter], Proposal]] = {
    "hold": _hold,
    "booking": _booking,
    "change": _change,
    "cancellation": _cancellation,
    "handover": _handover,
}
