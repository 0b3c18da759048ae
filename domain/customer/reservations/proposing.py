"""Use cases that store a proposal, and those that close one without acting. Nothing else changes here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from nimrod.domain.customer.reservations import policy
from nimrod.domain.customer.reservations.planning import PLANNERS, Arguments
from nimrod.domain.customer.reservations.ports import CustomerStore, Tables
from nimrod.domain.customer.support.policy import clean_summary
from nimrod.domain.shared.proposals import Preview, Proposal, ProposalClosed, Status
from nimrod.domain.shared.request import Request


def propose_hold(
    vehicle_id: str, *, pick_up_at: datetime | None, replaces: str | None = None, request: Request, store: CustomerStore
) -> Proposal:
    """Prepare to keep a scooter or bike from now on; None picks up now.

    Raises NotFound, WrongMode, InThePast, TooFarAhead, VehicleUnusable, AlreadyPromised, TooManyOpen.
    """
    start_at = policy.as_utc(pick_up_at, field="pick_up") if pick_up_at else request.now.replace(microsecond=0)
    arguments = {"vehicle_id": vehicle_id, "start_at": start_at.isoformat()}
    return _propose("hold", arguments, replaces=replaces, request=request, store=store)


def propose_booking(
    vehicle_id: str,
    *,
    start_at: datetime | None,
    end_at: datetime,
    replaces: str | None = None,
    request: Request,
    store: CustomerStore,
) -> Proposal:
    """Prepare to book a car or van from `start_at` (None: now) to `end_at`.

    Raises NotFound, WrongMode, InThePast, TooFarAhead, BadDuration, VehicleUnusable, AlreadyPromised, TooManyOpen.
    """
    begin = policy.as_utc(start_at, field="start") if start_at else policy.this_minute(request.now)
    end = policy.as_utc(end_at, field="end")
    arguments = {"vehicle_id": vehicle_id, "start_at": begin.isoformat(), "end_at": end.isoformat()}
    return _propose("booking", arguments, replaces=replaces, request=request, store=store)


def propose_change(
    reservation_id: str,
    *,
    start_at: datetime | None = None,
    end_at: datetime | None = None,
    vehicle_id: str | None = None,
    replaces: str | None = None,
    request: Request,
    store: CustomerStore,
) -> Proposal:
    """Prepare other terms for an open reservation; what is None stays as it is (a later start keeps the end).

    Raises NotFound, IllegalMove, NothingToChange and what proposing the new terms would raise.
    """
    arguments = {
        "reservation_id": reservation_id,
        "start_at": policy.as_utc(start_at, field="start").isoformat() if start_at else None,
        "end_at": policy.as_utc(end_at, field="end").isoformat() if end_at else None,
        "vehicle_id": vehicle_id,
    }
    return _propose("change", arguments, replaces=replaces, request=request, store=store)


def propose_cancellation(
    reservation_id: str, *, replaces: str | None = None, request: Request, store: CustomerStore
) -> Proposal:
    """Prepare to give an open reservation up, with its fee; raises NotFound, IllegalMove."""
    return _propose("cancellation", {"reservation_id": reservation_id}, replaces=replaces, request=request, store=store)


def propose_handover(summary: str, *, replaces: str | None = None, request: Request, store: CustomerStore) -> Proposal:
    """Prepare to hand the matter to a person of the staff; raises BadInput."""
    return _propose("handover", {"summary": clean_summary(summary)}, replaces=replaces, request=request, store=store)


def withdraw_proposal(proposal_id: str, *, request: Request, store: CustomerStore) -> Proposal:
    """Take back a pending proposal that is no longer wanted; raises NotFound, ProposalClosed."""
    return _close(proposal_id, "withdrawn", request=request, store=store)


def decline_proposal(proposal_id: str, *, request: Request, store: CustomerStore) -> Proposal:
    """The person's no to a pending proposal; raises NotFound, ProposalClosed."""
    return _close(proposal_id, "declined", request=request, store=store)


def list_pending(request: Request, store: CustomerStore) -> Sequence[Proposal]:
    """The person's proposals that still wait, oldest first; those of one conversation when the request names it."""
    with store.reading() as tables:
        waiting = tables.list_pending(request.me.id, request.conversation_id)
    return [proposal for proposal in waiting if request.now < proposal.expires_at]


def digest_of(kind: str, arguments: Mapping[str, object]) -> str:
    """What an idempotency key stands for: SHA-256 over kind and arguments."""
    return hashlib.sha256(json.dumps([kind, dict(arguments)], sort_keys=True).encode()).hexdigest()


def preview_of(kind: str, arguments: Arguments, *, request: Request, tables: Tables) -> tuple[Preview, str]:
    """What the person is shown, and the world it rests on."""
    if kind == "handover":
        return Preview({"summary": arguments["summary"]}, request.city.currency), ""
    plan = PLANNERS[kind](arguments, asked_at=request.now, request=request, tables=tables)
    return plan.preview, plan.world


def _propose(
    kind: str, arguments: Arguments, *, replaces: str | None, request: Request, store: CustomerStore
) -> Proposal:
    policy.check_customer(request.me)
    asked = digest_of(kind, {**arguments, "replaces": replaces})
    with store.writing() as tables:
        if request.key and (kept := tables.find_answer(request.me.id, request.key, asked)):
            return tables.get_proposal(str(kept["proposal_id"]), principal_id=request.me.id)
        if replaces:
            _withdraw_replaced(replaces, request=request, tables=tables)
        _withdraw_same(kind, arguments, request=request, tables=tables)
        preview, world = preview_of(kind, arguments, request=request, tables=tables)
        proposal = Proposal(
            proposal_id=request.new_id("prp"),
            kind=kind,
            arguments=arguments,
            principal_id=request.me.id,
            city_id=request.city.city_id,
            conversation_id=request.conversation_id,
            preview=preview,
            world=world,
            created_at=request.now,
            expires_at=request.now + timedelta(minutes=policy.PROPOSAL_TTL_MIN),
        )
        tables.add_proposal(proposal)
        if request.key:
            tables.keep_answer(request.me.id, request.key, asked, {"proposal_id": proposal.proposal_id})
    return proposal


def _withdraw_replaced(proposal_id: str, *, request: Request, tables: Tables) -> None:
    """Close the proposal a new one stands for; one already carried out cannot be replaced."""
    replaced = tables.get_proposal(proposal_id, principal_id=request.me.id)
    if replaced.status == "carried_out":
        raise ProposalClosed(proposal_id=proposal_id, status=replaced.status)
    if replaced.status == "pending":
        tables.save_proposal(replaced.to("withdrawn"))


def _withdraw_same(kind: str, arguments: Arguments, *, request: Request, tables: Tables) -> None:
    """Close the card of this talk about the same reservation, or the same vehicle and time: one thing, one card.

    Source: docs/requirements.md AGT-02.
    """
    for waiting in tables.list_pending(request.me.id, request.conversation_id):
        if waiting.kind == kind and policy.is_about_the_same(kind, waiting.arguments, arguments):
            tables.save_proposal(waiting.to("withdrawn"))


def _close(proposal_id: str, status: Status, *, request: Request, store: CustomerStore) -> Proposal:
    with store.writing() as tables:
        closed = tables.get_proposal(proposal_id, principal_id=request.me.id).to(status)
        tables.save_proposal(closed)
    return closed
