"""What the four systems' apps have in common: edge, guard, health, OpenAPI, background work, and living side by side."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from nimrod import __version__
from nimrod.domain.shared.city import City
from nimrod.web.access import Admission, public
from nimrod.web.body_guard import BodyGuard
from nimrod.web.errors import Edge, install

log = logging.getLogger("nimrod.web")
Check = Callable[[], Awaitable[bool] | bool]


@dataclass(frozen=True)
class System:
    """One system, ready to be served alone or beside the others.

    `doors` are ASGI apps with a path of their own (tool servers, the local model); `background` is entered when the
    system starts and left when it stops; `checks` say whether each thing it needs is there.
    """

    name: str
    routers: Sequence[APIRouter]
    admission: Admission
    cities: Mapping[str, City]
    state: Mapping[str, object] = field(default_factory=dict)
    doors: Mapping[str, ASGIApp] = field(default_factory=dict)
    background: Sequence[Callable[[], AbstractAsyncContextManager[object]]] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    most_body_bytes: int = 256 * 1024


def system_app(system: System) -> FastAPI:
    """The system as an ASGI app with its own lifespan, `/healthz`, `/readyz` and `/<system>/openapi.json`."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for begin in system.background:
                await stack.enter_async_context(begin())
            yield

    app = FastAPI(
        title=f"Nimrod {system.name} system",
        version=__version__,
        openapi_url=f"/{system.name}/openapi.json",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.admission, app.state.cities = system.admission, system.cities
    for name, value in system.state.items():
        setattr(app.state, name, value)
    for path, door in system.doors.items():
        app.router.routes.append(Door((path,), door))
    for router in system.routers:
        app.include_router(router)
    app.include_router(_health(system))
    install(app)
    # The last added is the outermost.
    app.add_middleware(BodyGuard, most_bytes=system.most_body_bytes)
    app.add_middleware(Edge)
    return app


def _health(system: System) -> APIRouter:
    router = APIRouter(tags=["health"])

    async def healthz() -> dict[str, str]:
        """Alive: the process answers."""
        return {"system": system.name, "status": "alive"}

    async def readyz() -> JSONResponse:
        """Ready: what each needed thing says; 503 when one is missing."""
        found = {name: await _ask(check) for name, check in system.checks.items()}
        ready = all(found.values())
        body = {"system": system.name, "status": "ready" if ready else "not ready", "checks": found}
        return JSONResponse(body, 200 if ready else 503)

    for prefix in ("", f"/{system.name}"):
        listed = bool(prefix)
        router.add_api_route(f"{prefix}/healthz", healthz, dependencies=[public()], include_in_schema=listed)
        router.add_api_route(f"{prefix}/readyz", readyz, dependencies=[public()], include_in_schema=listed)
    return router


async def _ask(check: Check) -> bool:
    told = check()
    return told if isinstance(told, bool) else await told


class Door(BaseRoute):
    """Hands requests under some paths to another ASGI app, which sees the whole path as it came."""

    def __init__(self, prefixes: Sequence[str], app: ASGIApp, *, strip: bool = False) -> None:
        self.prefixes = tuple(prefixes)
        self.app = app
        self._strip = strip

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Full for `/prefix` and everything below it."""
        if scope["type"] not in ("http", "websocket"):
            return Match.NONE, {}
        path = scope["path"]
        hit = any(path == prefix or path.startswith(prefix + "/") for prefix in self.prefixes)
        return (Match.FULL if hit else Match.NONE), {}

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """Nothing in here has a name."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the other app answer."""
        await self.app(scope, receive, send)


@asynccontextmanager
async def repeating(name: str, work: Callable[[], Awaitable[object]], every_s: float) -> AsyncIterator[None]:
    """Does `work` every so often while the block runs; stops between two rounds, never inside one."""
    stop = asyncio.Event()

    async def rounds() -> None:
        while not stop.is_set():
            try:
                await work()
            except OSError as error:  # a neighbour or the database is away: the next round tries again
                log.warning("%s: %s", name, error)
            try:
                await asyncio.wait_for(stop.wait(), every_s)
            except TimeoutError:
                continue

    task = asyncio.create_task(rounds(), name=name)
    try:
        yield
    finally:
        stop.set()
        await task
