"""The customer's page, put together: three panels that know each other only through `RidePage`."""

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from nicegui import ui

from nimrod.web.client import ApiProblem, SessionEnded
from nimrod.web.client.views import CityView, ProposalView
from nimrod.web.pages.parts import box, button, icon, set_attributes, text
from nimrod.web.pages.ride.chat_panel import ChatPanel
from nimrod.web.pages.ride.map_panel import MapPanel
from nimrod.web.pages.ride.rides_panel import RidesPanel
from nimrod.web.pages.session import Visit
from nimrod.web.pages.toasts import problem_text
from nimrod.web.pages.topbar import topbar
from nimrod.web.pages.wording import greeting_key

View = Literal["map", "chat", "rides"]
_VIEWS: tuple[tuple[View, str], ...] = (("map", "map"), ("chat", "chat_bubble"), ("rides", "confirmation_number"))
REFRESH_S = 30.0
CONNECTS_WITHIN_S = 30.0


async def ride_page(visit: Visit) -> None:
    """The page for a signed-in customer; others go to the front door."""
    if visit.person is None or "customer" not in visit.person.roles:
        ui.navigate.to("/")
        return
    ui.page_title(visit.words("map.tab"))
    try:
        city = await visit.client.city()
        bays = await visit.client.bays(limit=500)
    except SessionEnded:
        visit.ended()
        return
    except ApiProblem as problem:
        _closed(visit, problem)
        return
    page = RidePage(visit, city)
    page.map = MapPanel(page, bays.bays)
    page.build()
    await page.wake()


class RidePage:
    """One open customer's page. Panels call it to reach each other."""

    map: MapPanel

    def __init__(self, visit: Visit, city: CityView) -> None:
        self.visit = visit
        self.words = visit.words
        self.client = visit.client
        self.city = city
        self.chat = ChatPanel(self)
        self.rides = RidesPanel(self)

    def build(self) -> None:
        """Put the page into the browser."""
        person = self.visit.person
        assert person is not None
        hour = datetime.now(UTC).astimezone(ZoneInfo(self.city.time_zone)).hour
        greeting = self.words(greeting_key(hour), name=person.name.partition(" ")[0])
        self._root = box("ride", data_view="chat")
        with self._root:
            topbar(self.visit, self.city.name, greeting)
            with box("ride-panels"):
                self.rides.build()
                self.map.build()
                self.chat.build()
            with box("bottom-nav", tag="nav", aria_label=self.words("nav.label")):
                self._tabs = {view: self._tab(view, picture) for view, picture in _VIEWS}
        self.view("chat")

    async def wake(self) -> None:
        """Fill the panels once the browser is connected, then keep them fresh."""
        try:
            await ui.context.client.connected(timeout=CONNECTS_WITHIN_S)
        except TimeoutError:
            return  # fetched by something that runs no scripts
        async with self.visit.caring():
            await self.refresh()
            await self.chat.resume()
        ui.timer(REFRESH_S, self._keep_fresh, immediate=False)

    def view(self, view: View) -> None:
        """Bring one panel to the front; on a wide screen all are in front."""
        set_attributes(self._root, data_view=view)
        for name, tab in self._tabs.items():
            set_attributes(tab, aria_current="page" if name == view else None)

    def wants_answer(self, waiting: bool) -> None:
        """Mark the chat tab when a card waits for the person."""
        self._tabs["chat"].classes(**{"add" if waiting else "remove": "has-news"})

    async def refresh(self) -> None:
        """Fetch rides and vehicles again; raises ApiProblem."""
        await self.rides.refresh()
        await self.map.refresh()

    async def propose(self, kind: str, **arguments: str | None) -> None:
        """Ask the API for a proposal without chat, and show its card."""
        async with self.visit.caring():
            proposal: ProposalView = await self.client.propose(kind, **arguments)
            self.view("chat")
            self.chat.show_card(proposal)

    def _tab(self, view: View, picture: str) -> ui.element:
        with box("nav-tab", tag="button", type="button").on("click", lambda: self.view(view)) as tab:
            icon(picture)
            text(self.words(f"nav.{view}"), tag="span")
        return tab

    async def _keep_fresh(self) -> None:
        try:
            await self.refresh()
        except SessionEnded:
            self.visit.ended()
        except ApiProblem:
            return  # the next look is half a minute away; a toast every time would be noise


def _closed(visit: Visit, problem: ApiProblem) -> None:
    """The page when the API cannot be reached at all."""
    with box("closed"):
        icon("cloud_off", "closed-icon")
        text(problem_text(problem, visit.words), tag="p")
        button(visit.words("again"), ui.navigate.reload)
