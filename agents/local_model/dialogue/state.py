"""What a conversation has come to: rebuilt from the history at every call, never kept."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.grammar.times import When
from nimrod.agents.local_model.speech import Speech
from nimrod.agents.local_model.understanding.reading import Ask, Reading


@dataclass(frozen=True, slots=True)
class Call:
    """A tool the skill wants called; the generator gets the Result back."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, and the proposal whose confirmation is awaited (none: "")."""

    text: str
    arm: str = ""


Steps = Generator[Call, Result, Reply]


@dataclass(slots=True)
class Card:
    """A proposal made in this conversation. `ends_by` tells how its end was said."""

    proposal_id: str
    kind: str
    facts: Mapping[str, Any]
    view: Mapping[str, Any]
    ask: Ask = field(default_factory=Ask)
    ends_by: str = "clock"
    vehicle: Mapping[str, Any] = field(default_factory=dict)
    moved: When | None = None  # the remark that led here, and the times it was said about
    was: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class State:
    """The memory of one conversation."""

    goal: Ask | None = None
    goal_intent: str = ""
    expect: str = ""
    choices: list[Mapping[str, Any]] = field(default_factory=list)
    place: str = ""
    offers: list[Mapping[str, Any]] = field(default_factory=list)
    offers_ask: Ask = field(default_factory=Ask)
    cards: dict[str, Card] = field(default_factory=dict)
    last_card: str = ""
    reservation: Mapping[str, Any] | None = None
    ends_by: dict[str, str] = field(default_factory=dict)
    last_reply: str = ""
    last_intent: str = ""
    summary: str = ""
    quote: dict[str, Any] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    served: str = ""
    told_where: bool = False
    language: str = ""
    instead: str = ""

    def ask_for(self, what: str, intent: str, goal: Ask | None = None) -> None:
        """Remember the question put to the person."""
        self.expect, self.goal_intent, self.goal = what, intent, goal

    def settle(self) -> None:
        """Nothing is being asked any more."""
        self.expect, self.goal_intent, self.goal, self.choices, self.instead = "", "", None, [], ""


@dataclass(slots=True)
class Desk:
    """Everything a skill works with in one turn."""

    reading: Reading
    state: State
    context: Mapping[str, Any]
    tools: frozenset[str]
    speech: Speech

    @property
    def now(self) -> datetime:
        """The moment on the city's clocks."""
        try:
            zone = ZoneInfo(str(self.context.get("time_zone") or "UTC"))
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        try:
            at = datetime.fromisoformat(str(self.context.get("now")))
        except ValueError:
            return datetime.now(zone)
        return at.astimezone(zone) if at.tzinfo else at.replace(tzinfo=zone)

    @property
    def pending(self) -> list[Mapping[str, Any]]:
        """Proposals that wait for the person, as the context lists them."""
        rows = self.context.get("pending")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def local(self, iso: object) -> datetime | None:
        """An instant of a tool result on the city's clocks."""
        try:
            at = datetime.fromisoformat(str(iso).replace("Z", "+00:00"))
        except ValueError:
            return None
        return at.astimezone(self.now.tzinfo) if at.tzinfo else at.replace(tzinfo=self.now.tzinfo)

    def say(self, key: str, **facts: object) -> str:
        """A text of the language, chosen among its variants the same way every time."""
        return self.speech.say(key, **facts)
