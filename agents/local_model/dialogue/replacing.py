"""One open proposal for one thing: a new one for the same reservation or vehicle takes the old one's place."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nimrod.agents.local_model.dialogue.state import Call, Desk

KINDS = {
    "propose_hold": "hold",
    "propose_booking": "booking",
    "propose_change": "change",
    "propose_cancellation": "cancellation",
}


def in_place_of(desk: Desk, call: Call) -> Call:
    """The call, with `replaces` when an open proposal of its kind is about the same reservation or vehicle."""
    kind = KINDS.get(call.name)
    if kind is None or call.arguments.get("replaces"):
        return call
    key = "reservation_id" if kind in {"change", "cancellation"} else "vehicle_id"
    for row in desk.pending:
        proposal_id = str(row.get("proposal_id"))
        if row.get("kind") != kind or proposal_id in desk.state.closed:
            continue
        if _facts(desk, row, proposal_id).get(key) == call.arguments.get(key):
            return replace(call, arguments={**call.arguments, "replaces": proposal_id})
    return call


def _facts(desk: Desk, row: Mapping[str, Any], proposal_id: str) -> Mapping[str, Any]:
    card = desk.state.cards.get(proposal_id)
    facts = row.get("facts")
    return {**(facts if isinstance(facts, dict) else {}), **(card.facts if card else {})}
