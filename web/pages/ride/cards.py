"""Proposal cards: the stored preview, its price lines, its clock, and the two buttons that count."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Literal

from nicegui.element import Element

from nimrod.web.client.views import ProposalView
from nimrod.web.pages.parts import TYPE_ICONS, box, button, icon, set_attributes, text
from nimrod.web.pages.ride.times import time_left
from nimrod.web.pages.wording import Words

Closed = Literal["carried_out", "declined", "withdrawn", "expired", "refused"]
Answer = Callable[["Card", bool], Awaitable[None]]
_KINDS = ("hold", "booking", "change", "cancellation", "handover")
_PILLS: dict[str, str] = {"carried_out": "pill-good", "refused": "pill-bad", "expired": "pill-warn"}


class Card:
    """One proposal on the page. `direct` cards were made without the chat and are answered without it."""

    def __init__(self, proposal: ProposalView, words: Words, answer: Answer, *, direct: bool) -> None:
        self.proposal = proposal
        self.direct = direct
        self.is_open = True
        self._words = words
        self._answer = answer
        self._build()

    def tick(self, now: datetime) -> None:
        """Move the clock; a card whose time is over closes itself."""
        if not self.is_open or self.proposal.expires_at is None:
            return
        left = time_left(self.proposal.expires_at, now)
        if left:
            self._clock.set_text(self._words("card.left", clock=left))
        else:
            self.close("expired")

    def close(self, status: Closed) -> None:
        """Show what became of it and take the buttons away."""
        self.is_open = False
        self._buttons.delete()
        self._clock.delete()
        self.element.classes(add=f"card-closed card-{status}")
        with self._foot:
            text(self._words(f"card.status.{status}"), f"pill {_PILLS.get(status, '')}", role="status")
            if status == "expired":
                text(self._words("card.lapsed"), "muted small")

    def wait(self, waiting: bool) -> None:
        """Block the buttons while an answer is under way."""
        if self.is_open:
            for each in (self._yes, self._no):
                set_attributes(each, disabled=True if waiting else None)

    def _build(self) -> None:
        proposal, words = self.proposal, self._words
        kind = proposal.kind if proposal.kind in _KINDS else "other"
        label = words("card.label", title=proposal.title)
        self.element: Element = box(f"card card-kind-{kind}", tag="section", aria_label=label, tabindex="-1")
        with self.element:
            with box("card-head"):
                vehicle_type = str(proposal.facts.get("vehicle_type") or "")
                with box(f"type-badge tone-{vehicle_type or 'car'}"):
                    icon(TYPE_ICONS.get(vehicle_type, "support_agent" if kind == "handover" else "event"))
                with box("grow"):
                    text(words(f"card.kind.{kind}"), "card-kind")
                    text(proposal.title, "card-title", tag="h3")
            self._prices()
            if proposal.loses:
                with box("card-loses", tag="ul", aria_label=words("card.loses")):
                    for loss in proposal.loses:
                        with box(tag="li"):
                            icon("info")
                            text(loss, tag="span")
            self._foot = box("card-foot")
            with self._foot:
                self._buttons = box("card-buttons")
                with self._buttons:
                    self._yes = button(words("card.confirm"), lambda: self._answer(self, True), picture="check")
                    self._no = button(words("card.decline"), lambda: self._answer(self, False), "btn-line")
                self._clock = text("", "card-clock number", role="timer", aria_live="off")
        self.tick(datetime.now(UTC))

    def _prices(self) -> None:
        proposal = self.proposal
        if not proposal.lines and proposal.total is None:
            return
        with box("card-lines", tag="dl"):
            for line in proposal.lines:
                with box("card-line"):
                    text(line.text, tag="dt")
                    text(line.amount, "number", tag="dd")
            if proposal.total is not None:
                with box("card-line card-total"):
                    text(self._words("card.total"), tag="dt")
                    text(proposal.total, "number", tag="dd")
