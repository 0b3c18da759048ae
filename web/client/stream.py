"""A turn of talk as it happens: server-sent events as typed values."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter

from nimrod.web.client.problems import ApiProblem
from nimrod.web.client.views import ProposalView, Turn


@dataclass(frozen=True, slots=True)
class ToolStep:
    """The agent started or finished a tool; `words` say it for people, in the person's language."""

    call_id: str
    name: str
    state: Literal["started", "finished"]
    words: str = ""
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The proposals that now wait for the person."""

    pending: tuple[ProposalView, ...]


TurnEvent = ToolStep | Token | Pending | Turn
_PROPOSALS = TypeAdapter(tuple[ProposalView, ...])


async def read_events(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, str]]:
    """(event, data) pairs from the lines of a text/event-stream; comments and unknown fields are skipped."""
    event, data = "message", list[str]()
    async for raw in lines:
        line = raw.rstrip("\r\n")
        if not line:
            if data:
                yield event, "\n".join(data)
            event, data = "message", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            event = value
        elif field == "data":
            data.append(value)
    if data:
        yield event, "\n".join(data)


async def read_turn(lines: AsyncIterator[str]) -> AsyncIterator[TurnEvent]:
    """The typed events of one turn, `Turn` last; a `problem` event is raised as ApiProblem, so is a broken stream."""
    finished = False
    async for name, data in read_events(lines):
        event = _typed(name, data)
        if event is not None:
            finished = finished or isinstance(event, Turn)
            yield event
    if not finished:
        raise ApiProblem("stream_broken", status=0, detail="the answer ended early")


def _typed(name: str, data: str) -> TurnEvent | None:
    try:
        body = json.loads(data)
    except ValueError as error:
        raise ApiProblem("stream_broken", status=0, detail="an event was not JSON") from error
    if name == "problem":
        raise ApiProblem.of_body(body, status=500)
    if name == "token":
        return Token(str(body["text"]))
    if name == "tool":
        state: Literal["started", "finished"] = "started" if body.get("state") == "started" else "finished"
        ok = body.get("ok")
        return ToolStep(str(body["call_id"]), str(body["name"]), state, str(body.get("words") or ""), ok is not False)
    if name == "pending":
        return Pending(_PROPOSALS.validate_python(body["pending"]))
    if name == "done":
        return Turn.model_validate(body)
    return None
