"""What the four systems' apps share: edge, guard, health, OpenAPI, background work, living side by side."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import ASGIApp, Receive, Scope, Send

from nimrod import __version__
from nimrod.domain.shared.city import City
from nimrod.web.access import Admission, public
from nimrod.web.bodies import known_query
from nimrod.web.body_guard import BodyGuard
from nimrod.web.errors import Edge, install
from nimrod.web.host_guard import HostGuard

Check = Callable[[], Awaitable[bool] | bool]
Begin = Callable[[], AbstractAsyncContextManager[object]]


@dataclass(frozen=True)
class System:
    """One system, ready to be served alone or beside the others.

    `doors` are ASGI apps that see the whole path, `mounts` such that see what follows it (tool servers); `background`
    is entered when the system starts and left when it stops; `checks` say whether each thing it needs is there.
    """

    name: str
    routers: Sequence[APIRouter]
    admission: Admission
    cities: Mapping[str, City]
    doors: Mapping[str, ASGIApp] = field(default_factory=dict)
    mounts: Mapping[str, ASGIApp] = field(default_factory=dict)
    background: Sequence[Begin] = ()
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
        dependencies=[Depends(known_query)],
    )
    app.state.admission, app.state.cities = system.admission, system.cities
    app.state.checks, app.state.doors = system.checks, (*system.doors, *system.mounts)
    for path, door in system.doors.items():
        app.router.routes.append(Door((path,), door))
    for path, mounted in system.mounts.items():
        app.mount(path, mounted)
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
        found = await readiness(system.checks)
        ready = all(found.values())
        body = {"system": system.name, "status": "ready" if ready else "not ready", "checks": found}
        return JSONResponse(body, 200 if ready else 503)

    for prefix in ("", f"/{system.name}"):
        listed = bool(prefix)
        router.add_api_route(f"{prefix}/healthz", healthz, dependencies=[public()], include_in_schema=listed)
        router.add_api_route(f"{prefix}/readyz", readyz, dependencies=[public()], include_in_schema=listed)
    return router


async def readiness(checks: Mapping[str, Check]) -> dict[str, bool]:
    """What each check says now."""
    found: dict[str, bool] = {}
    for name, check in checks.items():
        told = check()
        found[name] = told if isinstance(told, bool) else await told
    return found


class Door(BaseRoute):
    """Hands requests under some paths to another ASGI app, which sees the whole path as it came."""

    def __init__(self, prefixes: Sequence[str], app: ASGIApp) -> None:
        self.prefixes = tuple(prefixes)
        self.app = app

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


def root_app(systems: Mapping[str, FastAPI], *, hosts: Sequence[str], background: Sequence[Begin] = ()) -> FastAPI:
    """The systems of this process side by side under one address; each keeps its own lifespan."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in systems.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            for begin in background:
                await stack.enter_async_context(begin())
            yield

    root = FastAPI(
        title="Nimrod", version=__version__, openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan
    )

    @root.get("/healthz", dependencies=[public()])
    async def healthz() -> dict[str, object]:
        """Alive, with the systems that live here."""
        return {"status": "alive", "systems": sorted(systems)}

    @root.get("/readyz", dependencies=[public()])
    async def readyz() -> JSONResponse:
        """Ready when every system here is."""
        found = {name: await readiness(app.state.checks) for name, app in systems.items()}
        ready = all(all(checks.values()) for checks in found.values())
        return JSONResponse({"status": "ready" if ready else "not ready", "systems": found}, 200 if ready else 503)

    for name, app in systems.items():
        root.router.routes.append(Door((f"/{name}", *app.state.doors), app))
    install(root)
    root.add_middleware(HostGuard, hosts=hosts)
    root.add_middleware(Edge)
    return root
