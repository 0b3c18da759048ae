"""A model endpoint that misbehaves as a case says, and is the local model (or a remote one) the rest of the time."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import httpx2

from nimrod.evals.form.world import Fault, FaultKind

HANG_S = 30.0


@dataclass(slots=True)
class _Due:
    fault: Fault
    after: int
    times: int


class Faults:
    """The faults that are still due, in order; each counts its own calls."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._due: list[_Due] = []
        self.add(faults)

    def add(self, faults: Iterable[Fault]) -> None:
        """More of them, after those that are due."""
        self._due += [_Due(fault, fault.after, fault.times) for fault in faults]

    def next_for(self, *, tool: str | None = None) -> FaultKind | None:
        """What goes wrong with this call (of a tool; of the model when None); None when it goes well."""
        for due in self._due:
            if due.fault.tool != tool or due.times == 0:
                continue
            if due.after > 0:
                due.after -= 1
                return None
            due.times -= 1
            return due.fault.kind
        return None


class ModelTransport(httpx2.AsyncBaseTransport):
    """In front of the transport that reaches the model."""

    def __init__(self, behind: httpx2.AsyncBaseTransport, faults: Faults) -> None:
        self._behind = behind
        self._faults = faults

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        kind = self._faults.next_for()
        if kind is None:
            return await self._behind.handle_async_request(request)
        body = json.loads((await request.aread()) or b"{}")
        return await answer_wrongly(kind, request, stream=bool(body.get("stream")))


async def answer_wrongly(kind: FaultKind, request: httpx2.Request, *, stream: bool) -> httpx2.Response:
    """The fault as HTTP: an exception, an error status, or a well-formed answer with nonsense in it."""
    if kind == "timeout":
        raise httpx2.ReadTimeout("the model took too long", request=request)
    if kind == "error":
        raise httpx2.ConnectError("no way to the model", request=request)
    if kind == "hang":
        await asyncio.sleep(HANG_S)
        raise httpx2.ReadTimeout("the model never answered", request=request)
    if kind in {"429", "500"}:
        body = {"error": {"message": "try again later", "type": "server_error", "code": kind}}
        return httpx2.Response(int(kind), json=body, headers={"retry-after": "0"}, request=request)
    if kind == "broken_json":
        return httpx2.Response(200, content=b'{"id": "x", "choices": [{"mess', headers=_JSON, request=request)
    if kind == "half_stream":
        return _half(request, stream=stream)
    return _completion(MISBEHAVIOUR[kind], request, stream=stream)


_JSON = {"content-type": "application/json"}
_SSE = {"content-type": "text/event-stream"}


def _call(name: str, arguments: str) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    call = {"id": "call_wrong", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


MISBEHAVIOUR: dict[str, dict[str, Any]] = {
    "empty": {"role": "assistant", "content": ""},
    "unknown_tool": _call("delete_everything", "{}"),
    "wrong_types": _call("propose_hold", '{"vehicle_id": {"a": [1]}, "pick_up": 7}'),
    "endless_calls": _call("list_my_reservations", "{}"),
    "carries_out_unasked": _call("carry_out", '{"proposal_id": "prop_aaaaaaaa"}'),
    "invents_ids": _call("propose_booking", '{"vehicle_id": "car_made_up", "start": "", "end": "2099-01-01T10:00"}'),
    "invents_price": {
        "role": "assistant",
        "content": "Done! It is booked for you and costs 0.01 today, reservation rsv_made1up.",
    },
}


def _completion(message: dict[str, Any], request: httpx2.Request, *, stream: bool) -> httpx2.Response:
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    head = {"id": "chatcmpl-wrong", "created": 0, "model": "wrong", "usage": usage}
    if not stream:
        choices = [{"index": 0, "message": message, "finish_reason": finish}]
        body = {**head, "object": "chat.completion", "choices": choices}
        return httpx2.Response(200, json=body, request=request)
    delta = dict(message)
    if delta.get("tool_calls"):
        delta["tool_calls"] = [{"index": i, **call} for i, call in enumerate(delta["tool_calls"])]
    chunk = {
        **head,
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    text = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"
    return httpx2.Response(200, content=text.encode(), headers=_SSE, request=request)


def _half(request: httpx2.Request, *, stream: bool) -> httpx2.Response:
    """A body that breaks off in the middle."""
    head = {"id": "chatcmpl-half", "created": 0, "model": "half", "object": "chat.completion.chunk"}
    chunk = {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "Your booking is"}}]}
    first = f"data: {json.dumps(chunk)}\n\n" if stream else '{"id": "chatcmpl-half", "choices": ['
    return httpx2.Response(200, stream=_BreaksOff(first.encode()), headers=_SSE if stream else _JSON, request=request)


class _BreaksOff(httpx2.AsyncByteStream):
    def __init__(self, first: bytes) -> None:
        self._first = first

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._first
        raise httpx2.RemoteProtocolError("the connection was closed in the middle")
