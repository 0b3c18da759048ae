"""All cards of the page: which wait, which are over, one clock for all."""

from collections.abc import Callable
from datetime import UTC, datetime

from nicegui import ui

from nimrod.web.client.views import ProposalView, Turn
from nimrod.web.pages.ride.cards import Answer, Card, Closed
from nimrod.web.pages.wording import Words

CARRY_OUT, PROPOSE = "carry_out", "propose_"


class CardBoard:
    """Keeps the cards in step with what the API says is pending."""

    def __init__(self, words: Words, answer: Answer, on_waiting: Callable[[bool], None]) -> None:
        self._words = words
        self._answer = answer
        self._on_waiting = on_waiting
        self._cards: dict[str, Card] = {}
        self._timer = ui.timer(1.0, self._tick, active=False)

    def add(self, proposal: ProposalView, *, direct: bool) -> Card | None:
        """A card in the present slot, unless this proposal has one."""
        if proposal.proposal_id in self._cards:
            return None
        card = Card(proposal, self._words, self._answer, direct=direct)
        self._cards[proposal.proposal_id] = card
        self._told()
        return card

    def show(self, pending: tuple[ProposalView, ...]) -> None:
        """Add cards for what is new."""
        for proposal in pending:
            self.add(proposal, direct=False)

    def settle(self, turn: Turn) -> None:
        """Bring the cards in step with a finished turn: what no longer waits was carried out, replaced or declined."""
        self.show(turn.pending)
        waiting = {proposal.proposal_id for proposal in turn.pending}
        for card in self._cards.values():
            if card.is_open and not card.direct and card.proposal.proposal_id not in waiting:
                card.close(became(card.proposal.proposal_id, turn))
        self._told()

    def close(self, card: Card, status: Closed) -> None:
        """Close one card."""
        card.close(status)
        self._told()

    def wait(self, waiting: bool) -> None:
        """Block or free the buttons of all open cards."""
        for card in self._cards.values():
            card.wait(waiting)

    def clear(self) -> None:
        """Forget all cards; their elements go with the log."""
        self._cards.clear()
        self._told()

    def _tick(self) -> None:
        now = datetime.now(UTC)
        for card in self._cards.values():
            card.tick(now)
        self._told()

    def _told(self) -> None:
        waiting = any(card.is_open for card in self._cards.values())
        self._timer.active = waiting
        self._on_waiting(waiting)


def became(proposal_id: str, turn: Turn) -> Closed:
    """What a turn made of a proposal that no longer waits, read off the calls of the turn."""
    for call in reversed(turn.tool_calls):
        if call.name == CARRY_OUT and call.arguments.get("proposal_id") == proposal_id:
            return "refused" if call.error else "carried_out"
    return "withdrawn" if any(call.name.startswith(PROPOSE) for call in turn.tool_calls) else "declined"
