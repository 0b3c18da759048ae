"""Tool servers that misbehave: a wrapper around a mounted MCP application that fails chosen tools/call requests."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from nimrod.evals.stage.model_faults import Faults

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


def with_faults(app: AsgiApp, faults: Faults) -> AsgiApp:
    """The application, failing as `faults` say. The call may have been carried out before the answer got lost."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        body = await _body(receive)
        tool = _tool(body)
        kind = faults.next_for(tool=tool) if tool else None
        if kind is None:
            await app(scope, _again(body), send)
        elif kind == "timeout":
            await app(scope, _again(body), _nowhere)  # done, but nobody hears of it
            await _say("504", send)
        else:
            await _say("502" if kind == "error" else kind, send)

    return wrapped


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message["type"] == "http.request" and message.get("more_body", False)
    return b"".join(parts)


def _tool(body: bytes) -> str | None:
    try:
        request = json.loads(body)
        return str(request["params"]["name"]) if request["method"] == "tools/call" else None
    except (ValueError, KeyError, TypeError):
        return None


def _again(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _nowhere(message: Message) -> None:
    del message


async def _say(kind: str, send: Send) -> None:
    status = int(kind) if kind.isdigit() else 200
    body = b'{"jsonrpc": "2.0", "id": 1, "resu' if kind == "broken_json" else b'{"error": "try again later"}'
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
