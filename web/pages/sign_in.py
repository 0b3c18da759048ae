"""The front door: name and password, or one tap on a demo person."""

from collections.abc import Callable, Coroutine
from typing import Any

from nicegui import ui
from nicegui.elements.input import Input

from nimrod.web.client import ApiProblem
from nimrod.web.client.views import Demo, DemoPerson
from nimrod.web.pages import theme
from nimrod.web.pages.parts import box, button, icon_button, set_attributes, text
from nimrod.web.pages.session import Visit, home_of
from nimrod.web.pages.toasts import problem_text

Enter = Callable[[str, str], Coroutine[Any, Any, None]]


async def sign_in_page(visit: Visit) -> None:
    """Whoever is signed in already goes straight on."""
    if visit.person is not None:
        ui.navigate.to(home_of(visit.person))
        return
    ui.page_title(visit.words("sign_in.tab"))
    try:
        demo = await visit.client.demo()
    except ApiProblem:
        demo = Demo()
    with box("entry"):
        _Form(visit, demo).build()
        _side(visit)


class _Form:
    """The fields, the demo people and the one place where a refusal is told."""

    def __init__(self, visit: Visit, demo: Demo) -> None:
        self._visit = visit
        self._demo = demo
        self._words = visit.words

    def build(self) -> None:
        """Put the form on the page."""
        words = self._words
        with box("entry-form"):
            with box("wordmark"):
                ui.html(theme.mark(), sanitize=False)
                text("Nimrod", tag="span")
            text(words("sign_in.title"), tag="h1")
            text(words("sign_in.lead"), "muted", tag="p")
            note = self._visit.drawer.take_note()
            self._told = text(words(f"note.{note}") if note else "", "notice", role="alert")
            self._told.set_visibility(bool(note))
            with box(tag="form", novalidate=True).on("submit.prevent", self._submit):
                self._login = _field(words("sign_in.login"), "username", "text")
                self._login.props("autofocus")
                self._password = _field(words("sign_in.password"), "current-password", "password")
                with self._password.add_slot("append"):
                    icon_button("visibility", words("sign_in.show"), self._peek)
                self._go = button(words("sign_in.go"), lambda: None, type="submit")
            if self._demo.people:
                self._people()

    def _people(self) -> None:
        with box("demo", tag="section", aria_label=self._words("sign_in.demo")):
            text(self._words("sign_in.demo"), tag="h3")
            text(self._words("sign_in.demo_lead"), "muted small")
            with box("demo-people"):
                for person in self._demo.people:
                    self._chip(person)

    def _chip(self, person: DemoPerson) -> None:
        async def enter() -> None:
            await self._enter(person.login, self._demo.password)

        with box("demo-person", tag="button", type="button").on("click", enter):
            text(person.name[:1], "avatar", aria_hidden="true")
            with box("grow"):
                text(person.name, "demo-name")
                role = self._words(f"role.{person.role}")
                text(f"{role}, {person.city_id.capitalize()}" if person.city_id else role, "demo-role")

    def _peek(self) -> None:
        hidden = self._password._props.get("type") == "password"
        self._password.props(f"type={'text' if hidden else 'password'}")

    async def _submit(self) -> None:
        login, password = (self._login.value or "").strip(), self._password.value or ""
        if not login or not password:
            self._tell(self._words("sign_in.both"))
            (self._password if login else self._login).run_method("focus")
            return
        await self._enter(login, password)

    async def _enter(self, login: str, password: str) -> None:
        set_attributes(self._go, disabled=True)
        try:
            person = await self._visit.enter(login, password)
        except ApiProblem as problem:
            self._tell(problem_text(problem, self._words))
        else:
            ui.navigate.to(home_of(person))
        finally:
            set_attributes(self._go, disabled=None)

    def _tell(self, words: str) -> None:
        self._told.classes("notice-bad")
        self._told.set_text(words)
        self._told.set_visibility(True)


def _field(label: str, autocomplete: str, kind: str) -> Input:
    field = (
        ui.input(label).classes("field").props(f"outlined type={kind} autocomplete={autocomplete} name={autocomplete}")
    )
    return field.props("autocapitalize=off spellcheck=false")


_HORIZON = """<svg class="horizon" viewBox="0 0 800 900" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
<rect width="800" height="900" fill="#0a3d37"/><circle cx="590" cy="235" r="86" fill="#f3c98b" opacity=".92"/>
<path d="M0 420C120 360 210 400 330 350s210-90 470-30v580H0Z" fill="#0d4c44"/>
<path d="M0 500c160-60 300 20 430-30s260-70 370-20v450H0Z" fill="#0f5b50"/>
<path d="M0 610c200-70 330 40 520-20 130-40 220-30 280 0v310H0Z" fill="#0a3d37"/>
<path d="M-20 560C150 470 260 620 420 520S640 400 830 440" fill="none" stroke="#9fe0c9" stroke-width="3"
 stroke-dasharray="2 14" stroke-linecap="round"/><circle cx="420" cy="520" r="9" fill="#9fe0c9"/>
<circle cx="420" cy="520" r="20" fill="none" stroke="#9fe0c9" stroke-width="2" opacity=".6"/></svg>"""


def _side(visit: Visit) -> None:
    with box("entry-side"):
        ui.html(_HORIZON, sanitize=False)
        text(visit.words("sign_in.claim"), "claim", tag="p")
        text(visit.words("sign_in.claim_more"), "claim-more", tag="p")
