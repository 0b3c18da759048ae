"""Put the pages on an application."""

import secrets
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from nicegui.storage import Storage
from pydantic import SecretStr

from nimrod.web.pages import theme
from nimrod.web.pages.ride.page import ride_page
from nimrod.web.pages.session import ClientFactory, Visit, wire
from nimrod.web.pages.sign_in import sign_in_page
from nimrod.web.pages.staff.page import staff_page

COOKIE_DAYS = 14


class PageSettings(Protocol):
    """The settings the pages read."""

    @property
    def data_dir(self) -> Path: ...
    @property
    def tiles_url(self) -> str: ...
    @property
    def page_secret(self) -> SecretStr: ...


def mount_pages(app: FastAPI, settings: PageSettings, client_factory: ClientFactory) -> None:
    """Serve the pages on `app`, after its other routes; mounting again (another app in this process) replaces.

    Tokens stay on this side: the browser holds a signed cookie that names its drawer in `data_dir/pages`.
    """
    folder = _private_folder(settings.data_dir / "pages")
    Storage.path = folder
    wire(client_factory, tiles_url=settings.tiles_url)
    _page("/", sign_in_page)
    _page("/ride", ride_page)
    _page("/staff", staff_page)
    nicegui_app.remove_route(f"{theme.STATIC_URL}/{{path:path}}")
    nicegui_app.add_static_files(theme.STATIC_URL, theme.STATIC)
    ui.run_with(
        app,
        title="Nimrod",
        favicon=theme.STATIC / "mark.svg",
        dark=None,
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=20.0,
        storage_secret=settings.page_secret.get_secret_value() or _kept_secret(folder / "secret"),
        session_middleware_kwargs={"same_site": "strict", "max_age": COOKIE_DAYS * 86_400},
    )


def _page(path: str, build: "PageBuilder") -> None:
    nicegui_app.remove_route(path)

    @ui.page(path, response_timeout=20.0)
    async def page() -> None:
        visit = Visit.of_browser()
        theme.dress(visit.words.language, visit.tiles_url)
        await build(visit)


class PageBuilder(Protocol):
    """Builds one page for one visit."""

    async def __call__(self, visit: Visit) -> None: ...


def _private_folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path.absolute()


def _kept_secret(path: Path) -> str:
    """The secret in this file, made at the first start."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return path.read_text(encoding="utf-8")
