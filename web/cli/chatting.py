"""The chat itself: one question and answer, or a talk that goes on until the person leaves."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import typer

from nimrod.web.client import ApiClient, ApiProblem
from nimrod.web.client.stream import ToolStep, TurnEvent
from nimrod.web.client.views import ProposalView, Turn

HELP = "Write what you need. A card: c confirms, d declines (c 2 for the second). /new, /history, /quit."
MOST_THREADS = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    agent: str
    conversation: str = ""
    text: str = ""
    confirm: str = ""
    decline: str = ""
    as_json: bool = False

    @property
    def once(self) -> bool:
        """Whether there is one thing to do and then to leave."""
        return bool(self.text or self.confirm or self.decline)


@dataclass
class Chat:
    """A person's chat with an agent through the API client."""

    client: ApiClient
    wish: Wish
    person: str
    conversation: str = ""
    pending: Sequence[ProposalView] = field(default_factory=tuple)

    async def run(self) -> None:
        """Do what was wished; raises ApiProblem."""
        if not self.wish.once:
            await self._talk()
            return
        proposal = self.wish.confirm or self.wish.decline
        self.conversation = self.wish.conversation or (await self._find(proposal) if proposal else await self._new())
        turn = await self._follow(self._asked())
        if self.wish.as_json:
            typer.echo(json.dumps(as_json(turn), ensure_ascii=False))
        else:
            self._show(turn)
            typer.echo(f"(conversation {self.conversation})", file=sys.stderr)

    def _asked(self) -> AsyncIterator[TurnEvent]:
        if self.wish.text:
            return self.client.say(self.conversation, self.wish.text)
        return self.client.answer(self.conversation, self.wish.confirm or self.wish.decline, bool(self.wish.confirm))

    async def _new(self) -> str:
        return (await self.client.open_conversation(self.wish.agent)).conversation_id

    async def _find(self, proposal_id: str) -> str:
        """The latest conversation in which the proposal waits; raises ApiProblem."""
        threads = (await self.client.conversations()).conversations[:MOST_THREADS]
        for thread in threads:
            history = await self.client.history(thread.conversation_id)
            if any(card.proposal_id == proposal_id for card in history.pending):
                return thread.conversation_id
        raise ApiProblem("not_found", status=404, detail=f"No proposal {proposal_id} is waiting for you.")

    async def _talk(self) -> None:
        typer.echo(HELP, file=sys.stderr)
        self.conversation = self.wish.conversation or await self._new()
        if self.wish.conversation:
            await self._history()
        while (line := await _read(f"{self.person}> ")) is not None:
            if line in ("/quit", "/q", "/exit"):
                return
            try:
                await self._line(line)
            except ApiProblem as problem:
                typer.echo(f"! {problem.detail or problem.code} {problem.next_step}".rstrip())

    async def _line(self, line: str) -> None:
        if line == "/new":
            self.conversation, self.pending = await self._new(), ()
        elif line == "/history":
            await self._history()
        elif line in ("/help", "?"):
            typer.echo(HELP)
        elif self.pending and (chosen := _decision(line, self.pending)):
            yes, card = chosen
            self._show(await self._follow(self.client.answer(self.conversation, card.proposal_id, yes)))
        elif line:
            self._show(await self._follow(self.client.say(self.conversation, line)))

    async def _follow(self, events: AsyncIterator[TurnEvent]) -> Turn:
        """The end of the turn; Ctrl-C stops the answer before it ends the chat."""
        last: Turn | None = None
        try:
            async for event in events:
                if isinstance(event, Turn):
                    last = event
                elif isinstance(event, ToolStep) and event.state == "started" and not self.wish.as_json:
                    typer.secho(f"  ... {event.words or event.name}", dim=True, file=sys.stderr)
        except asyncio.CancelledError:
            await asyncio.shield(self.client.cancel_turn(self.conversation))
            raise
        if last is None:
            raise ApiProblem("stream_broken", status=0, detail="The answer ended early.")
        return last

    async def _history(self) -> None:
        history = await self.client.history(self.conversation)
        names = {"user": self.person, "agent": self.wish.agent}
        for message in history.messages:
            typer.echo(f"{names.get(message.role, '*')}: {message.text}")
        self.pending = history.pending
        _show_cards(self.pending)

    def _show(self, turn: Turn) -> None:
        typer.echo(turn.reply)
        self.pending = turn.pending
        _show_cards(self.pending)


def as_json(turn: Turn) -> dict[str, Any]:
    """The documented shape of `--json`."""
    pending = []
    for card in turn.pending:
        body = card.model_dump(mode="json")
        outside = {key: body.pop(key) for key in ("proposal_id", "kind", "status", "expires_at")}
        pending.append({**outside, "preview": body})
    tool_calls = [call.model_dump(mode="json") for call in turn.tool_calls]
    return {"conversation": turn.conversation, "reply": turn.reply, "pending": pending, "tool_calls": tool_calls}


def _show_cards(cards: Sequence[ProposalView]) -> None:
    """Each card as text: what, price lines, what is lost, how to answer."""
    for number, card in enumerate(cards, 1):
        which = f" {number}" if len(cards) > 1 else ""
        typer.echo(f"  +-- {card.title}  ({card.proposal_id})")
        for line in card.lines:
            typer.echo(f"  |   {line.text}: {line.amount}")
        if card.total:
            typer.echo(f"  |   = {card.total}")
        for lost in card.loses:
            typer.echo(f"  |   ! {lost}")
        typer.echo(f"  +-- [c{which}] confirm   [d{which}] decline")


def _decision(line: str, cards: Sequence[ProposalView]) -> tuple[bool, ProposalView] | None:
    """(yes or no, card) when the line is a key press for a card."""
    letter, _, number = line.lower().partition(" ")
    if letter not in ("c", "d", "confirm", "decline") or (number and not number.isdigit()):
        return None
    at = int(number) if number else 1
    if not 1 <= at <= len(cards) or (not number and len(cards) > 1):
        return None
    return letter.startswith("c"), cards[at - 1]


async def _read(prompt: str) -> str | None:
    """The next line, None at the end of the input. On a terminal it can be interrupted."""
    typer.echo(prompt, nl=False)
    if sys.stdin.isatty():
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(sys.stdin.fileno(), ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(sys.stdin.fileno())
    line = sys.stdin.readline()
    return line.strip() if line else None
