"""A visit: whose browser this is, its client of the API, its language, and what to do when things go wrong."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nicegui import app, ui

from nimrod.web.client import ApiClient, ApiProblem, SessionEnded
from nimrod.web.client.views import Person
from nimrod.web.pages.drawer import Drawer
from nimrod.web.pages.toasts import show_problem
from nimrod.web.pages.wording import Words, first_language

ClientFactory = Callable[[], ApiClient]


@dataclass(frozen=True, slots=True)
class _Wiring:
    client_factory: ClientFactory
    tiles_url: str


_WIRED: list[_Wiring] = []


def wire(client_factory: ClientFactory, *, tiles_url: str) -> None:
    """Give the pages their way to the API. The latest wiring counts: NiceGUI has one set of pages a process."""
    _WIRED[:] = [_Wiring(client_factory, tiles_url)]


class Visit:
    """One open page of one browser."""

    def __init__(self, client: ApiClient, drawer: Drawer, tiles_url: str) -> None:
        self.client = client
        self.drawer = drawer
        self.person = drawer.person
        self.tiles_url = tiles_url
        self.words = Words(self.person.language if self.person else _browser_language())

    @classmethod
    def of_browser(cls) -> "Visit":
        """The visit of the browser whose request is being answered."""
        wiring = _WIRED[0]
        client = wiring.client_factory()
        drawer = Drawer(app.storage.user, str(app.storage.browser["id"]))
        client.session.keep_in(drawer)
        ui.context.client.on_delete(client.aclose)
        return cls(client, drawer, wiring.tiles_url)

    async def enter(self, login: str, password: str) -> Person:
        """Sign in; raises ApiProblem."""
        person = await self.client.sign_in(login, password)
        self.drawer.enter(person)
        return person

    async def leave(self) -> None:
        """Sign out and go to the front door."""
        async with self.caring():
            await self.client.sign_out()
        ui.navigate.to("/")

    def ended(self) -> None:
        """The session is over: forget the person and ask to sign in again."""
        self.drawer.keep(None)
        self.drawer.leave_note("session_ended")
        ui.navigate.to("/")

    @asynccontextmanager
    async def caring(self) -> AsyncIterator[None]:
        """Problems of the API inside this block become a kind toast, an ended session the sign-in page."""
        try:
            yield
        except SessionEnded:
            self.ended()
        except ApiProblem as problem:
            show_problem(problem, self.words)


def _browser_language() -> str:
    request = ui.context.client.request
    return first_language(request.headers.get("accept-language", "") if request else "")


def home_of(person: Person) -> str:
    """The page where this person's work is."""
    return "/ride" if "customer" in person.roles else "/staff"
