"""The OpenAI wire format: requests checked, answers as one object or as chunks."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nimrod.agents.local_model.dialogue.playing import Answer
from nimrod.agents.local_model.dialogue.state import Call
from nimrod.agents.local_model.speech import tidy

MODEL = {"id": "nimrod-local", "object": "model", "created": 1767225600, "owned_by": "nimrod"}
ROLES = {"system", "developer", "user", "assistant", "tool", "function"}


class BadRequest(ValueError):
    """A body that is no chat completion request; `param` names the field."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request."""

    messages: Sequence[Mapping[str, Any]]
    tools: Mapping[str, Mapping[str, Any]]
    tool_choice: Any
    stream: bool
    with_usage: bool
    model: str

    @property
    def tool_names(self) -> frozenset[str]:
        return frozenset() if self.tool_choice == "none" else frozenset(self.tools)


def parse(body: bytes) -> Asked:
    """The request; raises BadRequest."""
    try:
        data = json.loads(body)
    except ValueError as error:
        raise BadRequest("The body is not JSON, or it is too long.") from error
    if not isinstance(data, dict):
        raise BadRequest("The body is not a JSON object.")
    messages = data.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("messages must be a list with at least one message.", "messages")
    for i, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in ROLES:
            raise BadRequest(f"messages[{i}] needs a role, one of {', '.join(sorted(ROLES))}.", f"messages[{i}].role")
    options = data.get("stream_options")
    return Asked(
        messages=messages,
        tools=_tools(data.get("tools")),
        tool_choice=data.get("tool_choice"),
        stream=bool(data.get("stream")),
        with_usage=isinstance(options, dict) and bool(options.get("include_usage")),
        model=str(data.get("model") or MODEL["id"]),
    )


def _tools(raw: object) -> dict[str, Mapping[str, Any]]:
    if raw is None:
        return {}
    if not isinstance(raw, list):
        raise BadRequest("tools must be a list.", "tools")
    found: dict[str, Mapping[str, Any]] = {}
    for i, tool in enumerate(raw):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            raise BadRequest(f"tools[{i}] needs a function with a name.", f"tools[{i}]")
        schema = function.get("parameters")
        found[function["name"]] = schema if isinstance(schema, dict) else {}
    return found


def fitted(answer: Answer, asked: Asked) -> Answer:
    """The answer within the tools' schemas: arguments a tool does not have are left out; a forced call is made."""
    calls = [replace(call, arguments=_known(call.arguments, asked.tools.get(call.name, {}))) for call in answer.calls]
    forced = _forced(asked)
    if forced and not any(c.name == forced for c in calls):
        return Answer("", [Call(forced, _filled(asked.tools.get(forced, {}), answer.text))])
    return Answer(tidy(answer.text), calls)


def _known(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    properties = schema.get("properties")
    return {k: v for k, v in arguments.items() if not isinstance(properties, dict) or k in properties}


def _forced(asked: Asked) -> str:
    if isinstance(asked.tool_choice, dict):
        function = asked.tool_choice.get("function")
        name = str(function.get("name")) if isinstance(function, dict) else ""
        return name if name in asked.tools else ""
    return next(iter(asked.tools), "") if asked.tool_choice == "required" and len(asked.tools) == 1 else ""


def _filled(schema: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The least a forced tool needs: its required texts are the reply."""
    properties = schema.get("properties")
    required = schema.get("required") or []
    rows = properties if isinstance(properties, dict) else {}
    empty: dict[str, Any] = {"string": text, "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}
    return {name: empty.get(str(rows.get(name, {}).get("type")), text) for name in required if isinstance(name, str)}


@dataclass(frozen=True, slots=True)
class Completion:
    """An answer ready for the wire; ids are made from the request, so the same request gets the same bytes."""

    answer: Answer
    asked: Asked
    key: str

    @classmethod
    def of(cls, asked: Asked, answer: Answer) -> "Completion":
        raw = json.dumps([list(asked.messages), sorted(asked.tools)], sort_keys=True, default=str)
        return cls(answer, asked, hashlib.sha256(raw.encode()).hexdigest()[:24])

    @property
    def _finish(self) -> str:
        return "tool_calls" if self.answer.calls else "stop"

    def _calls(self) -> list[dict[str, Any]]:
        return [
            {
                "id": f"call_{self.key[:16]}{i}",
                "type": "function",
                "function": {"name": c.name, "arguments": json.dumps(dict(c.arguments), ensure_ascii=False)},
            }
            for i, c in enumerate(self.answer.calls)
        ]

    def _usage(self) -> dict[str, int]:
        prompt = sum(len(json.dumps(m, default=str)) for m in self.asked.messages) // 4 + 1
        said = (len(self.answer.text) + sum(len(json.dumps(c)) for c in self._calls())) // 4 + 1
        return {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}

    def _head(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.key}",
            "object": kind,
            "created": MODEL["created"],
            "model": self.asked.model,
            "system_fingerprint": "nimrod-local-1",
        }

    def whole(self) -> dict[str, Any]:
        """The `chat.completion` object."""
        message: dict[str, Any] = {"role": "assistant", "content": self.answer.text or None, "refusal": None}
        if self.answer.calls:
            message["tool_calls"] = self._calls()
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage()}

    def chunks(self) -> Iterator[dict[str, Any]]:
        """The `chat.completion.chunk` objects, the usage last."""
        yield self._chunk({"role": "assistant", "content": ""})
        for piece in re.findall(r"\s*\S+\s*", self.answer.text):
            yield self._chunk({"content": piece})
        for i, call in enumerate(self._calls()):
            arguments = call["function"]["arguments"]
            yield self._chunk(
                {"tool_calls": [{"index": i, **call, "function": {"name": call["function"]["name"], "arguments": ""}}]}
            )
            yield self._chunk({"tool_calls": [{"index": i, "function": {"arguments": arguments}}]})
        yield self._chunk({}, self._finish)
        if self.asked.with_usage:
            yield {**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()}

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {
            **self._head("chat.completion.chunk"),
            "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}],
        }
