"""All cards of the page: which wait, which are over, one clock for all."""

from collections.abc import Callable
from datetime import UTC, datetime

from nicegui import ui

from nimrod.web.client.views import ProposalView
from nimrod.web.pages.ride.cards import Answer, Card, Closed
from nimrod.web.pages.wording import Words


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

    def sync(self, pending: tuple[ProposalView, ...], *, spare: Card | None = None) -> None:
        """Add what is new; what no longer waits was replaced, except the card that is being answered right now."""
        for proposal in pending:
            self.add(proposal, direct=False)
        waiting = {proposal.proposal_id for proposal in pending}
        for card in self._cards.values():
            if card.is_open and not card.direct and card is not spare and card.proposal.proposal_id not in waiting:
                card.close("withdrawn")
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
