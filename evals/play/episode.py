"""What happened when a case was played: exchanges, and the databases before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool by the agent; exactly one of `result` and `error` is set."""

    name: str
    arguments: Mapping[str, Any]
    result: Mapping[str, Any] | None = None
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The call as it stands in reports."""
        return {"name": self.name, "arguments": dict(self.arguments), "result": self.result, "error": self.error}


@dataclass(slots=True)
class Exchange:
    """One turn of the case: what was done, what came back, which cards waited afterwards."""

    turn: int  # 1 is the first in `user`
    action: str  # say, confirm, decline, advance, ...
    who: str
    sent: str
    at: datetime
    reply: str = ""
    calls: list[ToolCall] = field(default_factory=list)
    cards: list[Row] = field(default_factory=list)
    waiting_before: list[str] = field(default_factory=list)  # proposal ids that waited when it was sent
    refused: str = ""  # problem code when the service refused the request
    wall_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The exchange as it stands in reports."""
        return {
            "turn": self.turn,
            "action": self.action,
            "as": self.who,
            "sent": self.sent,
            "at": self.at.isoformat(),
            "reply": self.reply,
            "tool_calls": [call.to_json() for call in self.calls],
            "pending": list(self.cards),
            "refused": self.refused,
        }


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The customer system's databases at one moment, by id. People are logins, times aware UTC."""

    reservations: Mapping[str, Row] = field(default_factory=dict)
    entries: tuple[Row, ...] = ()
    proposals: Mapping[str, Row] = field(default_factory=dict)
    grants: Mapping[str, str] = field(default_factory=dict)  # used grant -> proposal
    handovers: Mapping[str, Row] = field(default_factory=dict)


@dataclass(slots=True)
class Episode:
    """A played case. `before` includes what others did meanwhile: it is what would be there without the agent."""

    actor: str
    zone: str
    currency: str
    started_at: datetime
    exchanges: list[Exchange] = field(default_factory=list)
    before: Snapshot = field(default_factory=Snapshot)
    after: Snapshot = field(default_factory=Snapshot)
    pressed: set[str] = field(default_factory=set)  # proposals a person pressed Confirm on
    wall_s: float = 0.0

    @property
    def calls(self) -> list[ToolCall]:
        """All tool calls in order."""
        return [call for exchange in self.exchanges for call in exchange.calls]
