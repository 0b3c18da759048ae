"""`nimrod mcp NAME`: a tool server over stdio, for any MCP host."""

import os
from typing import Annotated, Any

import typer

from nimrod.web.cli import Builder
from nimrod.web.cli.start import settings_or_exit, stop

NAMES = ("reservations", "payments", "knowledge")


def register(commands: typer.Typer, build: Builder) -> None:
    """Add the command."""

    @commands.command("mcp")
    def serve_tools(
        name: Annotated[str, typer.Argument(help="reservations, payments or knowledge")],
        as_: Annotated[str, typer.Option("--as", help="Act as this person; instead of a token in NIMROD_TOKEN")] = "",
    ) -> None:
        """Serve a tool server over stdio (for MCP hosts). Confirmations are never given here: carry_out needs one."""
        from nimrod.mcp_servers.identity import acting_as

        if name not in NAMES:
            stop(f"{name}: no such tool server; there are {', '.join(NAMES)}")
        nimrod = build(settings_or_exit())
        principal = _principal(nimrod, as_)
        with acting_as(principal):
            _server(nimrod, name).run("stdio")


def _principal(nimrod: Any, login: str) -> Any:
    """Who acts: the owner of the token in NIMROD_TOKEN, or the named person (the operator can open the database)."""
    from nimrod.domain.shared.errors import DomainError
    from nimrod.platform.accounts.policy import API_AUDIENCE
    from nimrod.platform.accounts.service import OwnKeys
    from nimrod.platform.accounts.tokens import Verifier

    token = os.environ.get("NIMROD_TOKEN", "")
    if not token and not login:
        stop("say who you are: NIMROD_TOKEN=<access token>, or --as LOGIN")
    try:
        token = nimrod.token_for(login) if login else token
        return Verifier(API_AUDIENCE, OwnKeys(nimrod.accounts), nimrod.clock).verify(token)
    except DomainError as refused:
        stop(f"not signed in: {refused}")


def _server(nimrod: Any, name: str) -> Any:
    from nimrod.mcp_servers import payments
    from nimrod.mcp_servers.customer import knowledge, reservations
    from nimrod.platform.accounts.policy import GRANT_AUDIENCES
    from nimrod.platform.accounts.service import OwnKeys
    from nimrod.platform.accounts.tokens import Verifier
    from nimrod.platform.approvals.service import GrantVerifier
    from nimrod.platform.knowledge import Library

    here = {"cities": nimrod.cities, "clock": nimrod.clock, "new_id": nimrod.new_id}
    if name == "payments":
        return payments.build_server(**here)
    if name == "knowledge":
        return knowledge.build_server(Library(nimrod.settings.data_dir / "knowledge"), **here)
    grants = GrantVerifier(Verifier(GRANT_AUDIENCES["customer"], OwnKeys(nimrod.accounts), nimrod.clock))
    return reservations.build_server(nimrod.stores.customer, grants=grants, **here)
