"""The model's view of a conversation: kept as one JSON text, trimmed so that calls and results stay together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)


def load(text: str | None) -> list[ModelMessage]:
    """The messages kept in the state; none for a new conversation."""
    return ModelMessagesTypeAdapter.validate_json(text) if text else []


def dump(messages: Sequence[ModelMessage]) -> str:
    """The messages as text, without the instructions (they are rendered anew for every request)."""
    bare = [replace(one, instructions=None) if isinstance(one, ModelRequest) else one for one in messages]
    return ModelMessagesTypeAdapter.dump_json(bare).decode()


def said(text: str) -> ModelRequest:
    """The person's words."""
    return ModelRequest(parts=[UserPromptPart(content=text)])


def answered(text: str) -> ModelResponse:
    """The agent's words."""
    return ModelResponse(parts=[TextPart(content=text)])


def call_and_result(
    call_id: str, name: str, arguments: dict[str, Any], result: Mapping[str, Any]
) -> list[ModelMessage]:
    """A call the model did not make itself (a button was pressed) and its result."""
    return [
        ModelResponse(parts=[ToolCallPart(tool_name=name, args=arguments, tool_call_id=call_id)]),
        *with_results([], {call_id: (name, result)}),
    ]


def with_results(
    messages: list[ModelMessage], results: Mapping[str, tuple[str, Mapping[str, Any]]]
) -> list[ModelMessage]:
    """The messages with results for open calls, joined to the results that are there already."""
    parts = [
        ToolReturnPart(tool_name=name, content=dict(result), tool_call_id=call_id)
        for call_id, (name, result) in results.items()
    ]
    if not parts:
        return messages
    if messages and isinstance(last := messages[-1], ModelRequest) and not _has_words(last):
        return [*messages[:-1], replace(last, parts=[*last.parts, *parts])]
    return [*messages, ModelRequest(parts=parts)]


def last_text(messages: Sequence[ModelMessage]) -> str:
    """What the model last said in words, or an empty text."""
    for message in reversed(messages):
        if isinstance(message, ModelResponse):
            return "".join(part.content for part in message.parts if isinstance(part, TextPart)).strip()
    return ""


def trim(messages: list[ModelMessage], most_chars: int) -> list[ModelMessage]:
    """The latest whole exchanges within the size; an exchange starts at the person's words and is never cut.

    The latest exchange is always kept.
    """
    starts = [i for i, one in enumerate(messages) if isinstance(one, ModelRequest) and _has_words(one)]
    if not starts:
        return messages
    keep = starts[-1]
    size = _size(messages[keep:])
    for start, end in zip(reversed(starts[:-1]), reversed(starts[1:]), strict=True):
        size += _size(messages[start:end])
        if size > most_chars:
            break
        keep = start
    return messages[keep:] if keep != starts[0] else messages


def latest_exchange(messages: Sequence[ModelMessage]) -> list[Any]:
    """The messages from the person's last words on, as JSON."""
    starts = [i for i, one in enumerate(messages) if isinstance(one, ModelRequest) and _has_words(one)]
    return list(json.loads(dump(messages[starts[-1] if starts else 0 :])))


def tool_results(messages: Sequence[ModelMessage]) -> list[Any]:
    """Contents of all tool results, in order."""
    return [
        part.content
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, ToolReturnPart)
    ]


def own_words(messages: Sequence[ModelMessage]) -> list[str]:
    """What the person said, in order."""
    return [
        part.content
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart) and isinstance(part.content, str)
    ]


def open_calls(messages: Sequence[ModelMessage]) -> dict[str, str]:
    """Calls without a result: call id to tool name."""
    calls: dict[str, str] = {}
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolCallPart):
                calls[part.tool_call_id] = part.tool_name
            elif isinstance(part, ToolReturnPart):
                calls.pop(part.tool_call_id, None)
    return calls


def _has_words(request: ModelRequest) -> bool:
    return any(isinstance(part, UserPromptPart) for part in request.parts)


def _size(messages: Sequence[ModelMessage]) -> int:
    return len(json.dumps(ModelMessagesTypeAdapter.dump_python(list(messages), mode="json"), default=str))
