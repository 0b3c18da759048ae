"""What came in, judged by code before any model sees it: hopeless texts, plain answers, decisions and their grants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nimrod.agents.access import ToolAccess
from nimrod.agents.answers import plain_answer
from nimrod.agents.ports import Authority, ConversationStore
from nimrod.agents.process import Scene
from nimrod.agents.spec import AgentSpec
from nimrod.agents.steps import CARRY_OUT, DECLINE
from nimrod.domain.shared.conversations import Message
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.proposals import ProposalClosed
from nimrod.platform.language import say

DAY = timedelta(hours=24)
TOOL_OF = {"confirm": CARRY_OUT, "decline": DECLINE}


@dataclass(frozen=True, slots=True)
class Desk:
    """One agent's front desk."""

    spec: AgentSpec
    access: ToolAccess
    store: ConversationStore
    authority: Authority
    clock: Callable[[], datetime]
    messages_per_day: int

    async def judged(self, inbox: dict[str, Any], scene: Scene) -> dict[str, Any]:
        """The inbox as the process takes it.

        With `plain`, that is the answer and no model is asked; with `again`, the decision was made before and that is
        what it came to; a confirmation comes with its `grant`. Raises NotFound, ProposalClosed for a decision about
        a proposal that does not wait in this conversation.
        """
        pending = await self.access.pending(scene)
        if "message" not in inbox:
            return await self._decided(inbox, pending, scene)
        text, language = inbox["message"], scene.language
        if not text.strip():
            return {**inbox, "plain": say(language, "agent.empty")}
        if len(text) > self.spec.limits.text_chars:
            return {**inbox, "message": text[: self.spec.limits.text_chars], "plain": say(language, "agent.too_long")}
        if self.store.count_messages(scene.me.id, since=self.clock() - DAY) >= self.messages_per_day:
            return {**inbox, "plain": say(language, "agent.day_over", most=self.messages_per_day)}
        answer = plain_answer(text)
        if answer and len(pending) == 1 and self._is_about(pending[0]["proposal_id"], scene):
            return await self._decided({**inbox, answer: pending[0]["proposal_id"]}, pending, scene)
        return inbox

    def _is_about(self, proposal_id: str, scene: Scene) -> bool:
        """Whether a plain answer now can only mean this card: the agent has asked nothing else since it came up."""
        messages = self.store.list_messages(scene.conversation.conversation_id)
        last = next((one for one in reversed(messages) if one.role == "agent"), None)
        if last is None or not last.text.rstrip().endswith("?"):
            return True
        calls: Any = last.body.get("tool_calls", [])
        return any((call["result"] or {}).get("proposal_id") == proposal_id for call in calls)

    async def _decided(
        self, inbox: dict[str, Any], pending: Sequence[Mapping[str, Any]], scene: Scene
    ) -> dict[str, Any]:
        proposal_id = str(inbox.get("confirm") or inbox.get("decline"))
        card = next((one for one in pending if one["proposal_id"] == proposal_id), None)
        if card is None:
            kind = "confirm" if "confirm" in inbox else "decline"
            return {**inbox, "again": await self._decided_before(kind, proposal_id, scene)}
        if "confirm" not in inbox:
            return inbox
        grant = await self.authority.mint_grant(scene.token, proposal_id, card["digest"], self.spec.system)
        return {**inbox, "grant": grant}

    async def _decided_before(self, kind: str, proposal_id: str, scene: Scene) -> str:
        """The reply this decision got when it was made, or what the server knows; raises NotFound, ProposalClosed."""
        told = _reply_to(kind, proposal_id, self.store.list_messages(scene.conversation.conversation_id))
        if told:
            return told
        answer = await self.access.decide(scene, CARRY_OUT, proposal_id, {})
        if not answer.refused and kind == "confirm":
            return str(answer.body.get("message", ""))
        refusal = answer.body.get("error", {"code": "proposal_closed", "facts": {"status": answer.body.get("status")}})
        if refusal["code"] in ("proposal_closed", "not_confirmed"):
            raise ProposalClosed(**{**refusal.get("facts", {}), "proposal_id": proposal_id})
        raise NotFound(proposal_id=proposal_id)


def _reply_to(kind: str, proposal_id: str, messages: Sequence[Message]) -> str:
    """The reply after the decision, if that decision was carried through; else an empty text."""
    same = {"decision": kind, "proposal_id": proposal_id}.items()
    decided = [at for at, one in enumerate(messages) if same <= one.body.items()]
    if not decided:
        return ""
    reply = next((one for one in messages[decided[-1] :] if one.role == "agent"), None)
    calls: Any = reply.body.get("tool_calls", []) if reply else []
    went_well = any(call["name"] == TOOL_OF[kind] and call["result"] for call in calls)
    return reply.text if reply and went_well else ""
