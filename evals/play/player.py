"""Plays the turns of a case against an actor and keeps what happened."""

import asyncio
from time import perf_counter

from nimrod.evals.form.case import Case
from nimrod.evals.form.turn import Turn, Which
from nimrod.evals.play.actors import Actor
from nimrod.evals.play.episode import Episode, Exchange, Snapshot
from nimrod.evals.stage.stage import Stage


async def play(case: Case, stage: Stage, actor: Actor) -> Episode:
    """The episode of this case with this actor on a fresh stage."""
    return await _Player(case, stage, actor).run()


class _Player:
    def __init__(self, case: Case, stage: Stage, actor: Actor) -> None:
        self.case, self.stage, self.actor = case, stage, actor
        self.who = case.as_
        self.shown: list[str] = []  # every card that was ever shown, in order
        city = stage.city
        self.episode = Episode(actor.name, city.time_zone, city.currency, stage.clock.now, before=stage.snapshot())

    async def run(self) -> Episode:
        began = perf_counter()
        for number, turn in enumerate(self.case.user, 1):
            await self._step(number, turn)
        self.episode.wall_s = perf_counter() - began
        self.episode.after = self.stage.snapshot()
        return self.episode

    async def _step(self, number: int, turn: Turn) -> None:
        action = turn.action
        if action == "say":
            await self._say(number, turn)
        elif action in {"confirm", "decline"}:
            await self._press(number, turn, action)
        else:
            await self._world(turn)
            self._note(number, action, str(getattr(turn, action, "")))

    async def _say(self, number: int, turn: Turn) -> None:
        exchange = self._note(number, "say", str(turn.say))
        exchange.waiting_before = [str(card["proposal_id"]) for card in await self.actor.cards(self.who)]
        began = perf_counter()
        await self.actor.say(turn, exchange)
        exchange.wall_s = perf_counter() - began
        self._see(exchange)

    async def _press(self, number: int, turn: Turn, button: str) -> None:
        which = turn.confirm if button == "confirm" else turn.decline
        for proposal_id in self._chosen(which):
            exchanges = [self._note(number, button, proposal_id) for _ in range(turn.times)]
            if button == "confirm":
                self.episode.pressed.add(proposal_id)
            presses = [self.actor.press(proposal_id, button, exchange) for exchange in exchanges]
            if turn.together:
                await asyncio.gather(*presses)
            else:
                for press in presses:
                    await press
            for exchange in exchanges:
                self._see(exchange)

    def _chosen(self, which: Which | None) -> list[str]:
        if which == "all":
            return list(self.shown)
        if which in {"last", "first"} or isinstance(which, int):
            at = {"last": -1, "first": 0}.get(str(which), which)
            inside = isinstance(at, int) and -len(self.shown) <= at < len(self.shown)
            return [self.shown[at]] if inside and isinstance(at, int) else []
        return [str(which)]

    async def _world(self, turn: Turn) -> None:
        stage = self.stage
        if turn.advance is not None:
            await stage.advance(turn.advance)
        elif turn.until is not None:
            await stage.wait_until(turn.until)
        elif turn.as_ is not None:
            self.who = turn.as_
            self.actor.hand_over(same_conversation=turn.same_conversation)
        elif turn.restart:
            await stage.restart()
        elif turn.faults is not None:
            stage.break_down(turn.faults)
        elif turn.meanwhile is not None:
            before = stage.snapshot()
            await stage.meanwhile(turn.meanwhile)
            self.episode.before = _with_others(self.episode.before, before, stage.snapshot())

    def _note(self, number: int, action: str, sent: str) -> Exchange:
        exchange = Exchange(number, action, self.who, sent, self.stage.clock.now)
        self.episode.exchanges.append(exchange)
        return exchange

    def _see(self, exchange: Exchange) -> None:
        for card in exchange.cards:
            proposal_id = str(card["proposal_id"])
            if proposal_id not in self.shown:
                self.shown.append(proposal_id)


def _with_others(first: Snapshot, before: Snapshot, after: Snapshot) -> Snapshot:
    """The starting point with what others changed in the meantime laid over it."""
    theirs = {key: row for key, row in after.reservations.items() if before.reservations.get(key) != row}
    return Snapshot({**first.reservations, **theirs}, first.entries, first.proposals, first.grants, first.handovers)
