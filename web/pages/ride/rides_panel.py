"""My rides: what is coming up first, then what was."""

from typing import TYPE_CHECKING

from nimrod.web.client.views import ReservationView
from nimrod.web.pages.parts import TYPE_ICONS, box, button, icon, text

if TYPE_CHECKING:
    from nimrod.web.pages.ride.page import RidePage

OPEN = ("held", "booked", "active")
_PILLS = {
    "held": "pill-good",
    "booked": "pill-good",
    "active": "pill-good",
    "no_show": "pill-bad",
    "expired": "pill-warn",
}
PAST_SHOWN = 6


class RidesPanel:
    """The person's reservations with shortcuts; a shortcut only ever makes a proposal or begins a sentence."""

    def __init__(self, page: "RidePage") -> None:
        self._page = page
        self._words = page.words
        self._shown: tuple[ReservationView, ...] | None = None

    def build(self) -> None:
        """Put the panel on the page."""
        with box("panel rides-panel", tag="section", aria_label=self._words("rides.title")):
            with box("panel-head"):
                text(self._words("rides.title"), tag="h2")
            self._list = box("rides-list")

    async def refresh(self) -> None:
        """Fetch the reservations; raises ApiProblem."""
        found = (await self._page.client.reservations(include_past=True)).reservations
        if found == self._shown:
            return
        self._shown = found
        coming = sorted((ride for ride in found if ride.state in OPEN), key=lambda ride: ride.start)
        past = sorted((ride for ride in found if ride.state not in OPEN), key=lambda ride: ride.start, reverse=True)
        self._page.map.show_mine(
            [
                {"id": ride.vehicle_id, "type": ride.vehicle_type, "lat": ride.lat, "lon": ride.lon}
                for ride in coming
                if ride.lat is not None and ride.lon is not None
            ]
        )
        self._draw(coming, past)

    def _draw(self, coming: list[ReservationView], past: list[ReservationView]) -> None:
        self._list.clear()
        with self._list:
            if not coming and not past:
                self._empty(self._words("rides.none"))
                return
            text(self._words("rides.open"), "list-title", tag="h3")
            if not coming:
                self._empty(self._words("rides.none_open"))
            for ride in coming:
                self._open_ride(ride)
            if past:
                text(self._words("rides.past"), "list-title", tag="h3")
                self._past_rides(past[:PAST_SHOWN])
            if len(past) > PAST_SHOWN:
                self._more = button(self._words("rides.more"), lambda: self._show_all(past), "btn-quiet")

    def _empty(self, words: str) -> None:
        with box("rides-none"):
            icon("directions", "rides-none-icon")
            text(words, "muted small", tag="p")

    def _show_all(self, past: list[ReservationView]) -> None:
        self._more.delete()
        with self._list:
            self._past_rides(past[PAST_SHOWN:])

    def _open_ride(self, ride: ReservationView) -> None:
        zone, what = self._page.city.time_zone, self._what(ride)
        with box("ride-card", tag="article", aria_label=what):
            with box("ride-head"):
                with box(f"type-badge tone-{ride.vehicle_type}"):
                    icon(TYPE_ICONS.get(ride.vehicle_type, "place"))
                with box("grow"):
                    text(ride.model or self._words.type_name(ride.vehicle_type), "ride-name")
                    text(ride.vehicle_id, "muted small")
                text(self._words.state_name(ride.state), f"pill {_PILLS.get(ride.state, '')}")
            with box("ride-facts"):
                _fact("schedule", self._words.span(ride.start, ride.end, zone))
                if ride.state == "held" and ride.until:
                    _fact("hourglass_bottom", self._words("rides.until", time=self._words.clock(ride.until, zone)))
                if ride.near:
                    _fact("place", self._words("map.near", place=ride.near))
                if ride.price:
                    _fact("payments", ride.price)
            with box("ride-actions"):
                self._actions(ride, what)

    def _actions(self, ride: ReservationView, what: str) -> None:
        vehicle, lat, lon = ride.vehicle_id, ride.lat, ride.lon

        async def cancel() -> None:
            await self._page.propose("cancellation", reservation_id=ride.reservation_id)

        def change() -> None:
            kind = self._words.type_name(ride.vehicle_type).lower()
            self._page.view("chat")
            self._page.chat.begin(self._words("rides.ask_change", type=kind, vehicle=vehicle))

        button(
            self._words("rides.change"),
            change,
            "btn-line btn-small",
            aria_label=self._words("rides.change_this", what=what),
        )
        if ride.state != "active":
            label = self._words("rides.cancel_this", what=what)
            button(self._words("rides.cancel"), cancel, "btn-line btn-small", aria_label=label)
        if lat is not None and lon is not None:
            button(self._words("rides.show"), lambda: self._page.map.look_at(vehicle, lat, lon), "btn-quiet btn-small")

    def _past_rides(self, past: list[ReservationView]) -> None:
        zone = self._page.city.time_zone
        for ride in past:
            with box("past-ride", tag="article", aria_label=self._what(ride)):
                icon(TYPE_ICONS.get(ride.vehicle_type, "place"), f"past-icon tone-{ride.vehicle_type}")
                with box("grow"):
                    text(self._words.when(ride.start, zone), "past-when")
                    text(
                        f"{self._words.type_name(ride.vehicle_type)} · {self._words.state_name(ride.state)}",
                        "muted past-what",
                    )
                text(_paid(ride), "number past-price")

    def _what(self, ride: ReservationView) -> str:
        return f"{self._words.type_name(ride.vehicle_type)} {ride.vehicle_id}"


def _fact(picture: str, words: str) -> None:
    with box("ride-fact"):
        icon(picture)
        text(words, tag="span")


def _paid(ride: ReservationView) -> str:
    if ride.state == "ended":
        return ride.price or ""
    return ride.fee or "" if ride.fee_minor else ""
