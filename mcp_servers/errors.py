"""Refusals put into words for a model: one JSON shape, `{"error": {"code", "message", "next_step", "facts"}}`."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import BadInput, DomainError
from nimrod.platform.language import clean, explain

_MOST_NAME = 60
_MOST_PROBLEM = 160


class UnknownTool(DomainError):
    """No tool of this server has that name; facts: tool, tools."""

    code = "unknown_tool"


class NotSignedIn(DomainError):
    """The call came without a person."""

    code = "not_signed_in"


class Internal(DomainError):
    """A fault of ours; nothing about it is told outside."""

    code = "internal"


class Told(ToolError):
    """A tool error whose text is already the JSON a model reads."""


@contextmanager
def told_to_the_model(city: City | None = None, language: str = "en") -> Iterator[None]:
    """Turns an expected refusal into a tool error with a next step; a bug still crashes."""
    try:
        yield
    except DomainError as refused:
        raise Told(error_text(refused, city, language)) from refused


def error_text(refused: DomainError, city: City | None = None, language: str = "en") -> str:
    """The refusal as the JSON text of a tool error."""
    words = explain(refused, city, language)
    body = {
        "code": words.code,
        "message": words.message,
        "next_step": words.model_step,
        "facts": dict(words.facts),
    }
    return json.dumps({"error": body}, ensure_ascii=False)


def wrong_arguments(invalid: ValidationError, allowed: Collection[str]) -> BadInput:
    """The first thing wrong with a tool's arguments."""
    first = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "arguments"
    return BadInput(
        field=clean(field, _MOST_NAME),
        reason="wrong_value",
        problem=clean(first["msg"], _MOST_PROBLEM),
        allowed=sorted(allowed),
    )


def unknown_argument(name: str, allowed: Collection[str]) -> BadInput:
    """An argument the tool does not have."""
    return BadInput(field=clean(name, _MOST_NAME), reason="unknown_argument", allowed=sorted(allowed))
