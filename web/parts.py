"""What every system's app is put together from, and how tool servers are mounted."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from starlette.types import ASGIApp

from nimrod.domain.shared.city import City
from nimrod.mcp_servers.server import ToolServer
from nimrod.platform.accounts.policy import API_AUDIENCE
from nimrod.platform.accounts.tokens import KeyRing, Verifier
from nimrod.web.system import Begin

Wrap = Callable[[str, ASGIApp], ASGIApp]


@dataclass(frozen=True)
class Parts:
    """Time, names, cities, keys. `wrap_mcp` may put something around a mounted tool server (faults in evals)."""

    cities: Mapping[str, City]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    ring: KeyRing
    wrap_mcp: Wrap
    most_body_bytes: int

    @property
    def admission(self) -> Verifier:
        """Checks the tokens of people at the routes."""
        return self.verifier(API_AUDIENCE)

    def verifier(self, audience: str) -> Verifier:
        """Checks tokens of one audience."""
        return Verifier(audience, self.ring, self.clock)

    def mounts(self, servers: Sequence[ToolServer]) -> dict[str, ASGIApp]:
        """The tool servers by the path they answer at."""
        return {f"/mcp/{server.name}": self.wrap_mcp(server.name, server.http_app()) for server in servers}

    def sessions(self, servers: Sequence[ToolServer]) -> list[Begin]:
        """What must run while the tool servers are mounted; after `mounts`."""
        return [server.session_manager.run for server in servers]

    def fetching_keys(self) -> Begin:
        """Asks for the keys once at the start; a platform that is away is asked again when a token needs it."""

        @asynccontextmanager
        async def begin() -> AsyncIterator[None]:
            await self.ring.refresh()
            yield

        return begin
