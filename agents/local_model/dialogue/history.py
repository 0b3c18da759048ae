"""A conversation read off the messages: turns of a person's words, calls with results, what was said."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SENT_BACK = (
    "your previous response failed",
    "your reply does not agree",
    "validation feedback",
    "please return text or",
)
FENCES = ("<retry_feedback>", "<validation_errors>")
CONTEXT = re.compile(r"<context>(\{.*?\})</context>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answered. `code` is set when it refused; `data` is {} for answers that are no JSON object."""

    name: str
    arguments: Mapping[str, Any]
    data: Mapping[str, Any]
    code: str = ""
    message: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.code

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """A list of objects in the answer; empty when there is none."""
        found = self.data.get(name)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


@dataclass(slots=True)
class Phase:
    """What happened after a trigger: the person's words (first phase) or the outcome of a confirmed proposal."""

    outcome: Result | None
    results: list[Result] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Turn:
    """One message of the person with everything up to the next."""

    text: str
    phases: list[Phase]


@dataclass(frozen=True, slots=True)
class History:
    """The whole conversation; `context` is the newest block of the instructions."""

    context: Mapping[str, Any]
    turns: Sequence[Turn]


def read_history(messages: Sequence[Mapping[str, Any]]) -> History:
    """The turns of an OpenAI-style message list; unknown roles and broken pieces are passed over."""
    context: dict[str, Any] = {}
    turns: list[Turn] = []
    calls: dict[str, tuple[str, dict[str, Any]]] = {}
    for message in messages:
        role, text = message.get("role"), text_of(message.get("content"))
        if role in {"system", "developer"}:
            context = _context(text) or context
        elif role == "user":
            if not sent_back(text):
                turns.append(Turn(text, [Phase(None)]))
        elif role == "assistant":
            _note_assistant(message, text, turns, calls)
        elif role == "tool":
            _note_result(str(message.get("tool_call_id", "")), text, turns, calls)
    return History(context, turns)


def sent_back(text: str) -> bool:
    """Whether a message in the person's voice is the application's own feedback on a reply: no words of the person."""
    lowered = text.lstrip().casefold()
    return lowered.startswith(SENT_BACK) or any(fence in lowered for fence in FENCES)


def text_of(content: object) -> str:
    """The words of a content field: a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return " ".join(
            str(p.get("text", "")) for p in content if isinstance(p, dict) and p.get("type") in {"text", "input_text"}
        )
    return ""


def _context(text: str) -> dict[str, Any]:
    found = CONTEXT.findall(text)
    if not found:
        return {}
    try:
        loaded = json.loads(found[-1])
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _note_assistant(
    message: Mapping[str, Any], text: str, turns: list[Turn], calls: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    if turns and text:
        turns[-1].phases[-1].said.append(text)
    made = message.get("tool_calls")
    for call in made if isinstance(made, list) else []:
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(call, dict) and isinstance(function, dict):
            calls[str(call.get("id", ""))] = (str(function.get("name", "")), _arguments(function.get("arguments")))


def _arguments(raw: object) -> dict[str, Any]:
    if isinstance(raw, dict):
        return raw
    try:
        loaded = json.loads(str(raw or "{}"))
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _note_result(call_id: str, text: str, turns: list[Turn], calls: dict[str, tuple[str, dict[str, Any]]]) -> None:
    name, arguments = calls.get(call_id, ("", {}))
    if not name or not turns:
        return
    result = result_of(name, arguments, text)
    if name == "carry_out":
        waits = result.data.get("status") in {"waiting_for_person", "pending"} or result.code in {
            "not_confirmed",
            "stopped",
        }
        if not waits:
            turns[-1].phases.append(Phase(result))
        return
    turns[-1].phases[-1].results.append(result)


def result_of(name: str, arguments: Mapping[str, Any], text: str) -> Result:
    """A tool message understood: JSON answer, JSON refusal (also inside other words), or plain text."""
    loaded: Any = None
    try:
        loaded = json.loads(text)
    except ValueError:
        start = text.find('{"error"')
        if start >= 0:
            try:
                loaded, _ = json.JSONDecoder().raw_decode(text[start:])
            except ValueError:
                loaded = None
    if isinstance(loaded, dict):
        error = loaded.get("error")
        if isinstance(error, dict):
            facts = error.get("facts")
            return Result(
                name,
                arguments,
                loaded,
                str(error.get("code") or "failed"),
                str(error.get("message") or ""),
                facts if isinstance(facts, dict) else {},
            )
        return Result(name, arguments, loaded)
    if isinstance(loaded, list):
        return Result(name, arguments, {"items": loaded})
    return Result(name, arguments, {}, "failed", text[:200])
