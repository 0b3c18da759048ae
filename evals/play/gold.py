"""The right answer that a case carries, played for real; `$find_vehicles.vehicles[0].vehicle_id` looks into results."""

import re
from dataclasses import dataclass, field
from typing import Any

from nimrod.evals.form.case import Case, Step
from nimrod.evals.form.turn import Turn
from nimrod.evals.oracles.said import Context, sample
from nimrod.evals.play.episode import Exchange
from nimrod.evals.play.tools import Hands

REFERENCE = re.compile(r"\$([a-z_]+)((?:\.\w+|\[-?\d+\])*)")
PART = re.compile(r"\.(\w+)|\[(-?\d+)\]")


class BadReference(Exception):
    """A `$reference` in the gold that leads nowhere."""


@dataclass
class GoldActor(Hands):
    """Plays `gold`. What it says, unless written down, is every fact that the case wants to hear."""

    case: Case | None = None
    name: str = "gold"
    _turn: int = field(default=0)

    async def say(self, turn: Turn, exchange: Exchange) -> None:
        assert self.case is not None
        steps = self.case.gold[self._turn] if self._turn < len(self.case.gold) else []
        self._turn += 1
        exchange.cards = await self.cards(exchange.who)
        for step in steps:
            await self._step(step, exchange)
        if not any("say" in step for step in steps):
            exchange.reply = self._wanted_facts(exchange)

    async def _step(self, step: Step, exchange: Exchange) -> None:
        (what, given), *_ = step.items()
        if what == "say":
            exchange.reply = str(self._filled(given))
        elif what in {"confirm", "decline"}:
            waiting = await self.cards(exchange.who)
            if waiting:
                await self.press(str(waiting[-1]["proposal_id"]), what, exchange)
        else:
            self.last["pending"] = {"all": await self.cards(exchange.who)}
            arguments = self._filled(given or {})
            assert isinstance(arguments, dict)
            await self.use(what, arguments, exchange)

    def _wanted_facts(self, exchange: Exchange) -> str:
        """The facts of this turn: those bound to it, and those that any turn may say."""
        assert self.case is not None
        expect = self.case.expect
        about = Context(self.stage.city, exchange.at)
        facts = [fact for fact in [*expect.says, *expect.shows] if fact.turn in (None, exchange.turn)]
        return "; ".join(["Here it is", *(words for fact in facts if (words := sample(fact, about)))])

    def _filled(self, value: object) -> object:
        if isinstance(value, dict):
            return {key: self._filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        whole = REFERENCE.fullmatch(value)
        if whole:
            return self._looked_up(whole)
        return REFERENCE.sub(lambda found: str(self._looked_up(found)), value)

    def _looked_up(self, found: re.Match[str]) -> Any:
        name, path = found.groups()
        try:
            value: Any = self.last[name]
            for key, index in PART.findall(path):
                value = value[key] if key else value[int(index)]
        except (KeyError, IndexError, TypeError) as missing:
            raise BadReference(f"{found.group(0)}: nothing there ({missing})") from missing
        return value
