"""Bodies too large, of another type, or with NUL in them are refused before a route sees them. Plain ASGI."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from nimrod.domain.shared.errors import DomainError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class BodyTooLarge(DomainError):
    """More than the system takes; facts: most_bytes."""

    code = "body_too_large"


class WrongContentType(DomainError):
    """A body that is not JSON."""

    code = "wrong_content_type"


class MalformedRequest(DomainError):
    """Bytes that no text of ours contains, or a header that is none."""

    code = "malformed_request"


class BodyGuard:
    """Reads the whole (small) body first, checks it, then lets the app have it."""

    def __init__(self, app: App, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if b"%00" in scope.get("raw_path", b"") or b"%00" in scope.get("query_string", b""):
            raise MalformedRequest(because="nul")
        headers = {name.lower(): value for name, value in scope["headers"]}
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            raise MalformedRequest(because="content_length")
        if int(length) > self._most:
            raise BodyTooLarge(most_bytes=self._most)
        body = await self._read(receive)
        if body is None:
            return
        if body:
            _check(body, headers.get(b"content-type", b"").decode("latin-1"))
        await self._app(scope, _again(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body; None when the caller went away."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self._most:
                raise BodyTooLarge(most_bytes=self._most)
            if not message.get("more_body", False):
                return bytes(body)


def _check(body: bytes, content_type: str) -> None:
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise WrongContentType(content_type=kind)
    if b"\x00" in body or b"\\u0000" in body:
        raise MalformedRequest(because="nul")


def _again(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body once more, then whatever really comes (a disconnect)."""
    given = False

    async def from_here() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return from_here
