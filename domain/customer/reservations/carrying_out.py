"""Doing what a person confirmed: grant checked, world re-checked, one transaction, replay gives the first result."""

from collections.abc import Mapping
from dataclasses import replace

from nimrod.domain.contracts.catalogue import HandoverRequestedV1
from nimrod.domain.customer.reservations import policy
from nimrod.domain.customer.reservations.facts import body_of, facts_of
from nimrod.domain.customer.reservations.model import OPEN
from nimrod.domain.customer.reservations.planning import PLANNERS, Plan
from nimrod.domain.customer.reservations.ports import CustomerStore, Tables
from nimrod.domain.customer.reservations.proposing import digest_of
from nimrod.domain.customer.support.model import Handover
from nimrod.domain.shared.errors import Busy, DomainError, NotFound
from nimrod.domain.shared.proposals import (
    Grant,
    GrantRefused,
    Preview,
    Proposal,
    ProposalClosed,
    Status,
    WorldChanged,
    check_grant,
)
from nimrod.domain.shared.request import Request


def carry_out(proposal_id: str, *, grant: Grant | None, request: Request, store: CustomerStore) -> Proposal:
    """Do what the proposal says; a proposal already carried out is returned with its first result.

    Raises NotFound (also for another person's), ProposalClosed, GrantMissing, GrantRefused, and WorldChanged with the
    reason when what was confirmed is not what would happen now; the proposal is then refused for good.
    """
    policy.check_customer(request.me)
    try:
        with store.writing() as tables:
            return _carry_out(proposal_id, grant, request=request, tables=tables)
    except WorldChanged:
        if done := _closed_as("refused", proposal_id, request=request, store=store):
            return done
        raise
    except ProposalClosed as closed:
        if closed.facts["status"] == "expired":
            _closed_as("expired", proposal_id, request=request, store=store)
        raise
    except GrantRefused as refused:
        if refused.facts.get("reasons") == ["used"] and (done := _find_done(proposal_id, request=request, store=store)):
            return done
        raise


def _carry_out(proposal_id: str, grant: Grant | None, *, request: Request, tables: Tables) -> Proposal:
    proposal = tables.get_proposal(proposal_id, principal_id=request.me.id)
    if proposal.city_id != request.city.city_id:
        raise NotFound(proposal_id=proposal_id, city_id=request.city.city_id)
    asked = digest_of("carry_out", {"proposal_id": proposal_id})
    if request.key:
        tables.find_answer(request.me.id, request.key, asked)
    if proposal.status == "carried_out":
        return proposal
    if proposal.status == "pending" and request.now >= proposal.expires_at:
        raise ProposalClosed(proposal_id=proposal_id, status="expired")
    if proposal.status != "pending":
        raise ProposalClosed(proposal_id=proposal_id, status=proposal.status)
    valid = check_grant(grant, proposal, principal_id=request.me.id, now=request.now)
    tables.use_grant(valid.grant_id, proposal_id=proposal_id, now=request.now)
    done = proposal.to("carried_out", result=_act(proposal, request=request, tables=tables))
    tables.save_proposal(done)
    if request.key:
        tables.keep_answer(request.me.id, request.key, asked, {"proposal_id": proposal_id})
    return done


def _act(proposal: Proposal, *, request: Request, tables: Tables) -> Mapping[str, object]:
    if proposal.kind == "handover":
        return _hand_over(proposal, request=request, tables=tables)
    try:
        plan = PLANNERS[proposal.kind](proposal.arguments, asked_at=proposal.created_at, request=request, tables=tables)
        _check_same(proposal, plan)
        return _reserve(plan, request=request, tables=tables)
    except (Busy, WorldChanged):
        raise
    except DomainError as refusal:
        facts = {"proposal_id": proposal.proposal_id, "because": refusal.code} | refusal.facts
        raise WorldChanged(**facts) from refusal


def _check_same(proposal: Proposal, plan: Plan) -> None:
    """Raises WorldChanged when the person would get other terms than were shown."""
    shown, now = proposal.preview, plan.preview
    if proposal.world != plan.world:
        raise WorldChanged(proposal_id=proposal.proposal_id, because="other_terms")
    if _terms(shown) != _terms(now):
        raise WorldChanged(
            proposal_id=proposal.proposal_id,
            because="other_price",
            shown_minor=shown.total_minor,
            total_minor=now.total_minor,
            currency=now.currency,
        )


def _terms(preview: Preview) -> list[object]:
    lines = [dict(line) for line in preview.lines]
    return [dict(preview.facts), lines, preview.total_minor, preview.currency, list(preview.loses)]


def _reserve(plan: Plan, *, request: Request, tables: Tables) -> Mapping[str, object]:
    after = plan.after
    if plan.before is None:
        after = replace(after, reservation_id=request.new_id("rsv"))
    if after.state in OPEN:
        tables.put_entry(policy.entry_of(after, now=request.now))
    else:
        tables.remove_entry(after.reservation_id)
    tables.save_reservation(after)
    tables.publish(body_of(after, before=plan.before).event(event_id=request.new_id("evt"), at=request.now))
    return facts_of(after)


def _hand_over(proposal: Proposal, *, request: Request, tables: Tables) -> Mapping[str, object]:
    handover = Handover(
        handover_id=request.new_id("hnd"),
        customer_id=request.me.id,
        city_id=proposal.city_id,
        conversation_id=proposal.conversation_id,
        summary=str(proposal.arguments["summary"]),
        created_at=request.now,
    )
    tables.add_handover(handover)
    body = HandoverRequestedV1(
        handover_id=handover.handover_id,
        customer_id=handover.customer_id,
        city_id=handover.city_id,
        conversation_id=handover.conversation_id,
    )
    tables.publish(body.event(event_id=request.new_id("evt"), at=request.now))
    return {"handover_id": handover.handover_id, "summary": handover.summary}


def _closed_as(status: Status, proposal_id: str, *, request: Request, store: CustomerStore) -> Proposal | None:
    """Close a still pending proposal in a transaction of its own; the proposal when it was carried out meanwhile."""
    with store.writing() as tables:
        proposal = tables.get_proposal(proposal_id, principal_id=request.me.id)
        if proposal.status == "pending":
            tables.save_proposal(proposal.to(status))
    return proposal if proposal.status == "carried_out" else None


def _find_done(proposal_id: str, *, request: Request, store: CustomerStore) -> Proposal | None:
    with store.reading() as tables:
        proposal = tables.get_proposal(proposal_id, principal_id=request.me.id)
    return proposal if proposal.status == "carried_out" else None
