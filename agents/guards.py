"""Guards around a turn: what was called, how often, and when it is enough."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from nimrod.agents.limits import Limits

Reason = Literal["loop", "budget", "slow", "stopped", "trouble"]
Emit = Callable[[str, Mapping[str, Any]], None]


class TurnStopped(Exception):
    """The turn is over, whatever the model wants next."""

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(reason)


@dataclass(slots=True)
class Call:
    """One tool call as it is shown and traced; exactly one of result and error is set once it is finished."""

    call_id: str
    name: str
    arguments: dict[str, Any]
    result: dict[str, Any] | None = None
    error: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape people and programs see."""
        return {"name": self.name, "arguments": self.arguments, "result": self.result, "error": self.error}


@dataclass
class Recorder:
    """Counts and keeps the calls of one turn, and tells listeners about them."""

    limits: Limits
    emit: Emit
    calls: list[Call] = field(default_factory=list)
    _seen: dict[str, int] = field(default_factory=dict)

    def start(self, call_id: str, name: str, arguments: dict[str, Any]) -> Call:
        """Admit a call; raises TurnStopped when it is one too many."""
        if len(self.calls) >= self.limits.tool_calls:
            raise TurnStopped("budget")
        mark = json.dumps([name, arguments], sort_keys=True, default=str)
        self._seen[mark] = self._seen.get(mark, 0) + 1
        if self._seen[mark] >= self.limits.same_call:
            raise TurnStopped("loop")
        return self.admit(call_id, name, arguments)

    def admit(self, call_id: str, name: str, arguments: dict[str, Any]) -> Call:
        """Keep a call that the process itself makes; not counted."""
        call = Call(call_id, name, arguments)
        self.calls.append(call)
        self.emit("tool", {"call_id": call_id, "name": name, "state": "started", "ok": None})
        return call

    def finish(self, call: Call, body: dict[str, Any], *, refused: bool) -> None:
        """Keep what came of the call."""
        if refused:
            call.error = body.get("error", body)
        else:
            call.result = body
        self.emit("tool", {"call_id": call.call_id, "name": call.name, "state": "finished", "ok": not refused})
