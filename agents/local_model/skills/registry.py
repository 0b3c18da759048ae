"""Which skill answers which intent, given the tools on offer. A new agent is more skills and more data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from nimrod.agents.local_model.dialogue.state import Desk, Steps


@dataclass(frozen=True, slots=True)
class Skill:
    """Answers `intents`; usable where all tools it `needs` are offered."""

    intents: frozenset[str]
    run: Callable[[Desk], Steps]
    needs: frozenset[str] = frozenset()


def skill(intents: str, run: Callable[[Desk], Steps], needs: str = "") -> Skill:
    """A skill from space-separated names."""
    return Skill(frozenset(intents.split()), run, frozenset(needs.split()))


def pick(intent: str, tools: frozenset[str], skills: Iterable[Skill]) -> Skill | None:
    """The first skill for the intent whose tools are all there."""
    return next((s for s in skills if intent in s.intents and s.needs <= tools), None)
