"""Proposals, used grants, handovers and kept answers of the customer system."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from nimrod.domain.customer.support.model import Handover
from nimrod.domain.shared.errors import KeyReused, NotFound
from nimrod.domain.shared.proposals import GrantRefused, Preview, Proposal
from nimrod.platform.storage.customer_rows import AnswerRow, HandoverRow, ProposalRow, UsedGrantRow
from nimrod.platform.storage.database import add_new, lock, put, table_of

PROPOSALS, HANDOVERS, ANSWERS = table_of(ProposalRow), table_of(HandoverRow), table_of(AnswerRow)


class ProposalTables:
    """The part of the customer system's tables that remembers intentions and answers."""

    _connection: Connection

    def add_proposal(self, proposal: Proposal) -> None:
        self._connection.execute(insert(PROPOSALS).values(**_values(proposal)))

    def save_proposal(self, proposal: Proposal) -> None:
        put(self._connection, ProposalRow, _values(proposal))

    def get_proposal(self, proposal_id: str, *, principal_id: str) -> Proposal:
        self._alone(principal_id)
        own = (PROPOSALS.c.proposal_id == proposal_id, PROPOSALS.c.principal_id == principal_id)
        row = self._connection.execute(select(PROPOSALS).where(*own)).mappings().one_or_none()
        if row is None:
            raise NotFound(proposal_id=proposal_id)
        return _proposal(row)

    def list_pending(self, principal_id: str, conversation_id: str | None = None) -> Sequence[Proposal]:
        self._alone(principal_id)
        query = select(PROPOSALS).where(PROPOSALS.c.principal_id == principal_id, PROPOSALS.c.status == "pending")
        if conversation_id is not None:
            query = query.where(PROPOSALS.c.conversation_id == conversation_id)
        query = query.order_by(PROPOSALS.c.created_at, PROPOSALS.c.proposal_id)
        return [_proposal(row) for row in self._connection.execute(query).mappings()]

    def use_grant(self, grant_id: str, *, proposal_id: str, now: datetime) -> None:
        values = {"grant_id": grant_id, "proposal_id": proposal_id, "used_at": now}
        if not add_new(self._connection, UsedGrantRow, values):
            raise GrantRefused(proposal_id=proposal_id, reasons=["used"])

    def add_handover(self, handover: Handover) -> None:
        put(self._connection, HandoverRow, asdict(handover))

    def list_handovers(self, city_id: str) -> Sequence[Handover]:
        query = select(HANDOVERS).where(HANDOVERS.c.city_id == city_id)
        query = query.order_by(HANDOVERS.c.created_at, HANDOVERS.c.handover_id)
        return [Handover(**row) for row in self._connection.execute(query).mappings()]

    def find_answer(self, principal_id: str, key: str, digest: str) -> Mapping[str, object] | None:
        self._alone(principal_id)
        same = (ANSWERS.c.principal_id == principal_id, ANSWERS.c.key == key)
        row = self._connection.execute(select(ANSWERS).where(*same)).mappings().one_or_none()
        if row is None:
            return None
        if row["digest"] != digest:
            raise KeyReused(key=key)
        answer: Mapping[str, object] = row["answer"]
        return answer

    def keep_answer(self, principal_id: str, key: str, digest: str, answer: Mapping[str, object]) -> None:
        values = {"principal_id": principal_id, "key": key, "digest": digest, "answer": dict(answer)}
        if not add_new(self._connection, AnswerRow, values):
            self.find_answer(principal_id, key, digest)

    def _alone(self, person_id: str) -> None:
        """One writing transaction per person at a time, so that limits and replays see each other's work."""
        lock(self._connection, f"person:{person_id}")


def _values(proposal: Proposal) -> dict[str, Any]:
    preview = proposal.preview
    return {
        **{name: getattr(proposal, name) for name in Proposal.__dataclass_fields__},
        "arguments": dict(proposal.arguments),
        "result": None if proposal.result is None else dict(proposal.result),
        "preview": {
            "facts": dict(preview.facts),
            "currency": preview.currency,
            "lines": [dict(line) for line in preview.lines],
            "total_minor": preview.total_minor,
            "loses": list(preview.loses),
        },
    }


def _proposal(row: Mapping[Any, Any]) -> Proposal:
    preview = dict(row["preview"])
    preview |= {"lines": tuple(preview["lines"]), "loses": tuple(preview["loses"])}
    return Proposal(**{**row, "preview": Preview(**preview)})
