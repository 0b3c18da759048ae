"""Propose, confirm, carry out (architecture section 4): the values and the rules, no I/O."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from nimrod.domain.shared.errors import DomainError

Status = Literal["pending", "carried_out", "declined", "withdrawn", "expired", "refused"]
MOVES: dict[Status, set[Status]] = {"pending": {"carried_out", "declined", "withdrawn", "expired", "refused"}}


class ProposalClosed(DomainError):
    """The proposal is no longer pending; `status` says what became of it."""

    code = "proposal_closed"


class GrantMissing(DomainError):
    """No confirmation by the person came with the call."""

    code = "not_confirmed"


class GrantRefused(DomainError):
    """A confirmation came, but not one for this person, this proposal and this content, or too late."""

    code = "grant_refused"


class WorldChanged(DomainError):
    """What the person confirmed is not what would happen now; a fresh proposal is needed."""

    code = "world_changed"


@dataclass(frozen=True, slots=True)
class Preview:
    """What the person is shown before confirming: plain facts, price lines, what is lost.

    `facts` values are JSON scalars (times ISO 8601 UTC); `lines` are `{"code", "minor", "facts"}` in the currency;
    `total_minor` is None for an open-ended ride; `loses` are stable codes such as `cancel_fee`.
    """

    facts: Mapping[str, str | int | float | bool | None]
    currency: str
    lines: tuple[Mapping[str, object], ...] = ()
    total_minor: int | None = None
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A stored intention. Nothing else has changed yet. `world` is the version of the world it saw."""

    proposal_id: str
    kind: str
    arguments: Mapping[str, str | int | None]
    principal_id: str
    city_id: str
    conversation_id: str | None
    preview: Preview
    world: str
    created_at: datetime
    expires_at: datetime
    status: Status = "pending"
    result: Mapping[str, object] | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over who, what and what was shown: a grant is good for exactly this."""
        body = [self.proposal_id, self.kind, dict(self.arguments), self.principal_id, self.world,
                dict(self.preview.facts), [dict(line) for line in self.preview.lines], self.preview.total_minor,
                self.preview.currency, list(self.preview.loses)]  # fmt: skip
        return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    def to(self, new: Status, result: Mapping[str, object] | None = None) -> "Proposal":
        """The proposal after one legal move; raises ProposalClosed."""
        if new not in MOVES.get(self.status, set()):
            raise ProposalClosed(proposal_id=self.proposal_id, status=self.status)
        return replace(self, status=new, result=result)


@dataclass(frozen=True, slots=True)
class Grant:
    """The verified claims of a person's confirmation: used once, for one proposal."""

    grant_id: str
    proposal_id: str
    digest: str
    principal_id: str
    expires_at: datetime


def check_grant(grant: Grant | None, proposal: Proposal, *, principal_id: str, now: datetime) -> Grant:
    """The grant, if it is this person's fresh yes to exactly this proposal; raises GrantMissing, GrantRefused."""
    if grant is None:
        raise GrantMissing(proposal_id=proposal.proposal_id)
    reasons = {
        "another_proposal": grant.proposal_id != proposal.proposal_id,
        "another_content": grant.digest != proposal.digest,
        "another_person": not (grant.principal_id == principal_id == proposal.principal_id),
        "expired": now >= grant.expires_at,
    }
    wrong = [reason for reason, is_so in reasons.items() if is_so]
    if wrong:
        raise GrantRefused(proposal_id=proposal.proposal_id, reasons=wrong)
    return grant
