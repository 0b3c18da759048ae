"""`nimrod serve`: the systems behind one address."""

import importlib.util
import logging
import socket
import threading
from typing import Annotated, Any

import typer

from nimrod.platform.settings import SYSTEMS, Settings, SettingsRefused
from nimrod.web.cli import Builder
from nimrod.web.cli.start import settings_or_exit, stop

WARM_UP_AFTER_S = 0.5
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def register(commands: typer.Typer, build: Builder) -> None:
    """Add the command."""

    @commands.command("serve")
    def serve(
        system: Annotated[str, typer.Option(help="all, customer, operations, data or platform")] = "all",
        pages: Annotated[
            bool, typer.Option(help="Serve the pages too (with all systems, or the customer system)")
        ] = True,
    ) -> None:
        """Serve the API, the tool servers and the pages. The first start fills empty databases."""
        import uvicorn

        if system not in ("all", *SYSTEMS):
            stop(f"--system {system}: must be all, {', '.join(SYSTEMS)}")
        settings = settings_or_exit()
        _check_port(settings)
        _log(settings.log_level)
        nimrod = _built(build, settings, SYSTEMS if system == "all" else (system,))
        if system == "all" and settings.seed_scale != "none":
            from nimrod.web.cli.filling import fill_when_empty

            fill_when_empty(nimrod, settings.seed_scale, typer.echo)
        with_pages = pages and system in ("all", "customer") and importlib.util.find_spec("nimrod.web.pages.mount")
        if with_pages:
            _mount_pages(nimrod)
        _greet(nimrod, bool(with_pages))
        if nimrod.conversations is not None:
            _warm_up_soon()
        try:
            uvicorn.run(
                nimrod.asgi,
                host=settings.host,
                port=settings.port,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        finally:
            nimrod.stores.close()


def _check_port(settings: Settings) -> None:
    """Say at once, not after the start, that somebody else listens there."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as error:
            stop(f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); choose another NIMROD_PORT")


def _log(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("alembic", "httpx", "httpx2", "mcp", "uvicorn", "chromadb"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLogger().level))


def _warm_up_soon() -> None:
    """Load the local model while the person signs in, so that the first answer does not wait for it."""
    from nimrod.agents.local_model import warm_up

    later = threading.Timer(WARM_UP_AFTER_S, warm_up)
    later.daemon = True
    later.start()


def _built(build: Builder, settings: Settings, systems: Any) -> Any:
    try:
        return build(settings, systems=systems)
    except SettingsRefused as refused:
        stop(str(refused))


def _mount_pages(nimrod: Any) -> None:
    from nimrod.web.client import ApiClient
    from nimrod.web.pages import mount_pages

    def client() -> ApiClient:
        settings = nimrod.settings
        if len(nimrod.systems) == len(SYSTEMS):
            return ApiClient.in_process(nimrod.asgi)
        urls = {system: settings.address(system) for system in SYSTEMS if settings.address(system)}
        near = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared with
        return ApiClient.over_network(f"http://{near}:{settings.port}", urls=urls)

    mount_pages(nimrod.asgi, nimrod.settings, client)


def _greet(nimrod: Any, with_pages: bool) -> None:
    settings = nimrod.settings
    where = f"http://{settings.host}:{settings.port}"
    typer.echo(f"Open {where}" if with_pages else f"Serving {', '.join(nimrod.systems)} at {where}")
    if nimrod.stores.platform is not None:
        from nimrod.platform.accounts.demo import DEMO_LOGINS, DEMO_PASSWORD

        with nimrod.stores.platform.reading() as tables:
            here = [login for login in DEMO_LOGINS if tables.find_person(login)]
        if here:
            typer.echo(f"Sign in as {', '.join(here)}; password {DEMO_PASSWORD}")
        if here and settings.host not in LOOPBACK:
            typer.echo("Careful: these people are for trying out, and others can reach this address.")
