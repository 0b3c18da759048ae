"""Our kind of tool server: plain arguments, errors a model can act on, three faces (HTTP, stdio, memory)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from mcp.server import MCPServer
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import AnyHttpUrl, ValidationError
from starlette.applications import Starlette

from nimrod import __version__
from nimrod.domain.shared.errors import NotAllowed
from nimrod.domain.shared.principal import ROLES, Principal, Role
from nimrod.mcp_servers.errors import (
    Internal,
    Told,
    UnknownTool,
    error_text,
    told_to_the_model,
    unknown_argument,
    wrong_arguments,
)
from nimrod.mcp_servers.identity import Admission, TokenDoor, asking

BackingT = TypeVar("BackingT")

READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
PROPOSES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=False)
CLOSES = ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
CARRIES_OUT = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)


ANYONE_SIGNED_IN: frozenset[Role] = frozenset(ROLES)
CUSTOMERS: frozenset[Role] = frozenset({"customer"})


@dataclass(frozen=True, slots=True)
class Offered:
    """A tool function, what hosts may assume about it, and the roles that may call it (ACC-03)."""

    tool: Callable[..., Any]
    title: str
    annotations: ToolAnnotations
    roles: frozenset[Role]


class ToolServer(MCPServer[Any]):
    """An MCP server whose tools find what they work with in `backing`.

    A null argument means "not given"; an argument the tool does not have is refused by name, so that a model learns it;
    every error text is the one JSON shape of `errors.py`.
    """

    def __init__(
        self, name: str, *, instructions: str, backing: object, offers: Iterable[Offered], admission: Admission | None
    ) -> None:
        auth = AuthSettings(issuer_url=AnyHttpUrl("http://nimrod.local"), resource_server_url=None)
        super().__init__(
            name,
            version=__version__,
            instructions=instructions,
            log_level="WARNING",
            token_verifier=TokenDoor(admission) if admission else None,
            auth=auth if admission else None,
        )
        self.backing = backing
        self.roles: dict[str, frozenset[Role]] = {}
        for offered in offers:
            self.add_tool(
                offered.tool,
                title=offered.title,
                annotations=offered.annotations,
                meta={"nimrod/roles": sorted(offered.roles)},
            )
            self.roles[offered.tool.__name__] = offered.roles

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """The tool's result; every failure is a ToolError with a JSON text."""
        tool = self._tool_manager.get_tool(name)
        if tool is None:
            names = sorted(known.name for known in self._tool_manager.list_tools())
            raise Told(error_text(UnknownTool(tool=name, tools=names)))
        with told_to_the_model():
            _check_roles(asking(), self.roles[name])
        allowed = tool.parameters.get("properties", {})
        needed = tool.parameters.get("required", ())
        given = {key: value for key, value in arguments.items() if value is not None or key in needed}
        strange = next((key for key in given if key not in allowed), None)
        if strange is not None:
            raise Told(error_text(unknown_argument(strange, allowed)))
        try:
            return await super().call_tool(name, given, context)
        except UnexpectedToolError as crash:
            raise UnexpectedToolError(error_text(Internal())) from crash
        except ToolError as failed:
            if isinstance(failed.__cause__, ValidationError):
                raise Told(error_text(wrong_arguments(failed.__cause__, allowed))) from failed
            raise (failed.__cause__ if isinstance(failed.__cause__, Told) else failed) from None

    def http_app(self) -> Starlette:
        """The server as an ASGI app to mount at `/mcp/<name>`; its `session_manager.run()` belongs in the lifespan."""
        return self.streamable_http_app(
            streamable_http_path="/",
            stateless_http=True,
            json_response=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )


def _check_roles(me: Principal, roles: frozenset[Role]) -> None:
    if me.roles.isdisjoint(roles):
        raise NotAllowed(needs=sorted(roles), roles=sorted(me.roles))


def backing_of(ctx: Context[Any, Any], kind: type[BackingT]) -> BackingT:
    """What the server of this call works with."""
    server = ctx.mcp_server
    if not isinstance(server, ToolServer) or not isinstance(server.backing, kind):
        raise TypeError(f"this tool needs a server with {kind.__name__}")
    return server.backing
