"""Who may use a route. Every route declares it with `access(...)` or `public()`; a test fails on one that does not.

@router.get("/platform/v1/me")
def get_me(asking: Annotated[Asking, access(*ROLES)]) -> MeView: ...

@router.get("/healthz", dependencies=[public()])
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, FastAPI, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from nimrod.domain.shared.errors import NotAllowed
from nimrod.domain.shared.principal import ROLES, Principal, Role
from nimrod.platform.accounts.errors import TokenRefused

STAFF: tuple[Role, ...] = ("field_operator", "fleet_manager", "administrator")
BEARER = HTTPBearer(auto_error=False, description="The access token of POST /platform/v1/sessions")


class Admission(Protocol):
    """Checks a bearer token for the API's audience."""

    async def admit(self, token: str) -> Principal:
        """Who the token speaks for; raises TokenRefused."""


@dataclass(frozen=True, slots=True)
class Asking:
    """The person behind a request, and the token they showed."""

    me: Principal
    token: str


class Access:
    """The declaration of one route: the roles that may use it; None for everybody, signed in or not."""

    def __init__(self, roles: frozenset[Role] | None) -> None:
        self.roles = roles

    async def __call__(
        self, request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)]
    ) -> Asking:
        if bearer is None:
            raise TokenRefused(reason="missing")
        admission: Admission = request.app.state.admission
        me = await admission.admit(bearer.credentials)
        request.state.me = me
        if self.roles is not None and not me.has(*self.roles):
            raise NotAllowed(needs=sorted(self.roles))
        return Asking(me, bearer.credentials)


class Open(Access):
    """The declaration of a public route: no token is looked at."""

    def __init__(self) -> None:
        super().__init__(None)

    async def __call__(self) -> None:  # type: ignore[override]
        return None


def access(*roles: Role) -> Any:
    """Declares that a signed-in person with one of these roles may use the route."""
    if not roles:
        raise ValueError("name the roles, or say public()")
    return Depends(Access(frozenset(roles)))


def public() -> Any:
    """Declares that anybody may use the route."""
    return Depends(Open())


Anyone = Annotated[Asking, access(*ROLES)]
"""A signed-in person of any role."""
Customer = Annotated[Asking, access("customer")]
"""A signed-in customer."""


def routes_of(app: FastAPI) -> Sequence[RouteContext]:
    """Every API route of an app, those of included routers too."""
    return [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute)]


def declared(route: RouteContext) -> Access | None:
    """What the route declares; None when it declares nothing."""
    return next((one for one in _calls(route.dependant) if isinstance(one, Access)), None)


def undeclared(app: FastAPI) -> Sequence[str]:
    """The routes of an app that do not say who may use them, as `GET /path`."""
    return [f"{'/'.join(sorted(one.methods or ()))} {one.path}" for one in routes_of(app) if declared(one) is None]


def _calls(dependant: Dependant) -> Collection[object]:
    found: list[object] = []
    for inner in dependant.dependencies:
        found += [inner.call, *_calls(inner)]
    return found
