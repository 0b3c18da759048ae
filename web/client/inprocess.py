"""A transport that calls an ASGI application in this process and hands its answer on piece by piece.

`httpx2.ASGITransport` collects the whole body first, which would turn a token stream into one late lump.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import httpx2

Message = MutableMapping[str, Any]
AsgiApp = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]
_RUNNING: set[asyncio.Task[None]] = set()


class StreamingTransport(httpx2.AsyncBaseTransport):
    """One ASGI application as an httpx2 transport; bodies stream. A closed answer is a disconnect, as on a socket."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        exchange = _Exchange(await request.aread())
        task = asyncio.create_task(exchange.run(self._app, _scope(request)))
        _RUNNING.add(task)
        task.add_done_callback(_RUNNING.discard)
        start = await exchange.next_message()
        if start is None:
            raise httpx2.RemoteProtocolError("the application ended without an answer")
        return httpx2.Response(start["status"], headers=start.get("headers", []), stream=exchange)


class _Exchange(httpx2.AsyncByteStream):
    """One request and its answer: messages cross a queue from the application's task to the reader."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._messages: asyncio.Queue[Message | BaseException | None] = asyncio.Queue()
        self._gone = asyncio.Event()

    async def run(self, app: AsgiApp, scope: MutableMapping[str, Any]) -> None:
        """Run the application; what it raises is raised at the reader, as ASGITransport does."""
        try:
            await app(scope, self._receive, self._send)
        except BaseException as error:
            self._messages.put_nowait(error)
            if not isinstance(error, Exception):
                raise
        else:
            self._messages.put_nowait(None)

    async def next_message(self) -> Message | None:
        """The next ASGI message, None at the end."""
        message = await self._messages.get()
        if isinstance(message, BaseException):
            raise message
        return message

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (message := await self.next_message()) is not None:
            if body := message.get("body", b""):
                yield body
            if not message.get("more_body", False):
                return

    async def aclose(self) -> None:
        self._gone.set()

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if not self._gone.is_set():
            self._messages.put_nowait(message)
        await asyncio.sleep(0)  # let the reader have it now, not when the application next waits


def _scope(request: httpx2.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "root_path": "",
    }
