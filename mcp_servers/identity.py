"""Who is asking: from the verified token over HTTP, from the process's own sign-in over stdio and in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated, Protocol

from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.mcpserver import Context, Resolve

from nimrod.domain.shared.errors import DomainError
from nimrod.domain.shared.principal import Principal
from nimrod.mcp_servers.errors import NotSignedIn, told_to_the_model

_local: ContextVar[Principal | None] = ContextVar("nimrod_local_principal", default=None)


class Admission(Protocol):
    """Checks a bearer token for one audience."""

    async def admit(self, token: str) -> Principal:
        """Who the token speaks for; raises a DomainError for any token that is not for this audience, or too late."""


class PersonToken(AccessToken):
    """A checked token with the person it speaks for."""

    principal: Principal


class TokenDoor:
    """The SDK's token verifier over our accounts: None (401) for whatever is refused."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    async def verify_token(self, token: str) -> AccessToken | None:
        """The person's token, or None."""
        try:
            principal = await self._admission.admit(token)
        except DomainError:
            return None
        client_id = principal.actor or principal.id
        scopes: list[str] = sorted(principal.roles)
        return PersonToken(token=token, client_id=client_id, scopes=scopes, subject=principal.id, principal=principal)


@contextmanager
def acting_as(principal: Principal) -> Iterator[None]:
    """Calls made inside this block without HTTP (in memory, stdio) are this person's."""
    token = _local.set(principal)
    try:
        yield
    finally:
        _local.reset(token)


def asking() -> Principal:
    """The person behind the running call; raises a tool error when there is none."""
    token = get_access_token()
    principal = token.principal if isinstance(token, PersonToken) else _local.get()
    if principal is None:
        with told_to_the_model():
            raise NotSignedIn
    return principal


async def _me(_ctx: Context) -> Principal:
    return asking()


Me = Annotated[Principal, Resolve(_me)]
"""A tool parameter filled from the verified token; it is not in the tool's schema."""
