"""A visit: whose browser this is, its client of the API, its language, and what to do when things go wrong."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from nicegui import app, ui

from nimrod.web.client import ApiClient, ApiProblem, SessionEnded, Tokens
from nimrod.web.client.views import Person
from nimrod.web.pages.toasts import show_problem
from nimrod.web.pages.wording import Words, first_language

ClientFactory = Callable[[], ApiClient]
_TOKENS, _PERSON, _NOTE = "tokens", "person", "note"


@dataclass(frozen=True, slots=True)
class _Wiring:
    client_factory: ClientFactory
    tiles_url: str


_WIRED: list[_Wiring] = []


def wire(client_factory: ClientFactory, *, tiles_url: str) -> None:
    """Give the pages their way to the API. The latest wiring counts: NiceGUI has one set of pages a process."""
    _WIRED[:] = [_Wiring(client_factory, tiles_url)]


class Visit:
    """One open page of one browser. The drawer is this browser's storage on the server."""

    def __init__(self, client: ApiClient, person: Person | None, tiles_url: str) -> None:
        self.client = client
        self.person = person
        self.tiles_url = tiles_url
        self.words = Words(person.language if person else _browser_language())
        self._drawer = app.storage.user

    @classmethod
    def of_browser(cls) -> "Visit":
        """The visit of the browser whose request is being answered."""
        wiring = _WIRED[0]
        drawer = app.storage.user
        client = wiring.client_factory()
        kept, person = drawer.get(_TOKENS), drawer.get(_PERSON)
        if kept and person:
            client.session.set(Tokens(kept["access"], kept["refresh"]))
        visit = cls(client, Person.model_validate(person) if kept and person else None, wiring.tiles_url)
        client.session.on_change(visit.keep)
        ui.context.client.on_delete(client.aclose)
        return visit

    def keep(self, tokens: Tokens | None) -> None:
        """Put the tokens into the drawer, or forget who was here."""
        if tokens is None:
            self._drawer.pop(_TOKENS, None)
            self._drawer.pop(_PERSON, None)
        else:
            self._drawer[_TOKENS] = {"access": tokens.access, "refresh": tokens.refresh}

    async def enter(self, login: str, password: str) -> Person:
        """Sign in; raises ApiProblem."""
        person = await self.client.sign_in(login, password)
        self._drawer[_PERSON] = person.model_dump(mode="json")
        return person

    async def leave(self) -> None:
        """Sign out and go to the front door."""
        async with self.caring():
            await self.client.sign_out()
        self.keep(None)
        ui.navigate.to("/")

    def ended(self) -> None:
        """The session is over: forget the person and ask to sign in again."""
        self.keep(None)
        self._drawer[_NOTE] = "session_ended"
        ui.navigate.to("/")

    def take_note(self) -> str | None:
        """What an earlier page wanted the front door to say, once."""
        note = self._drawer.pop(_NOTE, None)
        return str(note) if note else None

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
