"""`nimrod chat AGENT --as LOGIN ["text"]`: talk to an agent from a terminal, here or at a running server."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nimrod.web.cli import Builder
from nimrod.web.cli.start import settings_or_exit, stop

if TYPE_CHECKING:
    from nimrod.web.client import ApiClient

REFUSED = 1
Agent = Annotated[str, typer.Argument(help="Which agent: booking.")]
Text = Annotated[str, typer.Argument(help="What to say; without it the chat is interactive.")]
As = Annotated[str, typer.Option("--as", help="Login of the person, for example mia; or a token in NIMROD_TOKEN.")]
Thread = Annotated[str, typer.Option("--conversation", help="Go on with this conversation; a new one if none.")]
Confirm = Annotated[str, typer.Option("--confirm", metavar="PROPOSAL", help="Say yes to this proposal.")]
Decline = Annotated[str, typer.Option("--decline", metavar="PROPOSAL", help="Say no to this proposal.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")]
Url = Annotated[str, typer.Option("--url", help="Talk to the server at this address instead of working here.")]
Password = Annotated[str, typer.Option("--password", help="For --url; the demo people's is found by itself.")]


def register(commands: typer.Typer, build: Builder) -> None:
    """Add the command."""

    @commands.command("chat")
    def chat(
        agent: Agent,
        text: Text = "",
        *,
        login: As = "",
        conversation: Thread = "",
        confirm: Confirm = "",
        decline: Decline = "",
        as_json: AsJson = False,
        url: Url = "",
        password: Password = "",
    ) -> None:
        """Talk to an agent. Exit code 0: answered; 1: the service said no; 2: the command is wrong.

        A proposal is shown as a card; nothing happens before you confirm it.
        """
        from nimrod.web.cli.chatting import Chat, Wish
        from nimrod.web.client import ApiProblem

        if sum(map(bool, (text, confirm, decline))) > 1:
            stop("one at a time: a text, --confirm or --decline")
        wish = Wish(agent, conversation, text, confirm, decline, as_json)
        if as_json and not wish.once:
            stop("--json needs a text, --confirm or --decline")

        async def run() -> None:
            door = _remote(url, login, password) if url else _here(build, login, quiet=as_json)
            async with door as client:
                await Chat(client, wish, person=login or "you").run()

        try:
            asyncio.run(run())
        except ApiProblem as problem:
            detail = f"{url} does not answer." if problem.code == "unreachable" else problem.detail
            body = {"code": problem.code, "status": problem.status, "detail": detail}
            told = json.dumps({"error": {**body, "next_step": problem.next_step}}, ensure_ascii=False)
            words = " ".join(part for part in (detail, problem.next_step) if part) or problem.code
            typer.echo(told if as_json else f"nimrod: {words}", file=sys.stderr)
            raise typer.Exit(REFUSED) from None


@asynccontextmanager
async def _here(build: Builder, login: str, *, quiet: bool) -> AsyncIterator["ApiClient"]:
    """The whole service in this process, on the data folder of the settings; seeded when it is empty."""
    from nimrod.web.client import ApiClient

    nimrod = build(settings_or_exit())
    if nimrod.accounts is None:
        stop("the platform system runs elsewhere: use --url")
    _seed(nimrod, quiet)
    async with nimrod.running():
        yield ApiClient.in_process(nimrod.asgi, tokens=_tokens(_token(nimrod, login)))


def _seed(nimrod: Any, quiet: bool) -> None:
    from nimrod.web.cli.filling import fill_when_empty

    scale = nimrod.settings.seed_scale
    if scale != "none":
        fill_when_empty(nimrod, scale, lambda words: None if quiet else typer.echo(words, file=sys.stderr))


def _token(nimrod: Any, login: str) -> str:
    from nimrod.domain.shared.errors import DomainError

    token = os.environ.get("NIMROD_TOKEN", "")
    if not login and not token:
        stop("say who you are: --as LOGIN, or a token in NIMROD_TOKEN")
    try:
        return str(nimrod.token_for(login)) if login else token
    except DomainError:
        stop(f"{login}: there is no such person")
        raise


@asynccontextmanager
async def _remote(url: str, login: str, password: str) -> AsyncIterator["ApiClient"]:
    """A client of a running server, signed in."""
    from nimrod.web.client import ApiClient

    token = os.environ.get("NIMROD_TOKEN", "")
    if not login and not token:
        stop("say who you are: --as LOGIN, or a token in NIMROD_TOKEN")
    async with ApiClient.over_network(url.rstrip("/"), tokens=None if login else _tokens(token)) as client:
        if login:
            demo = await client.demo()
            known = {person.login for person in demo.people}
            word = password or (demo.password if login in known else "") or typer.prompt("Password", hide_input=True)
            await client.sign_in(login, word)
        yield client


def _tokens(access: str) -> Any:
    from nimrod.web.client import Tokens

    return Tokens(access, "")
