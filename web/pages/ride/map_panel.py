"""The map with its filters, the nearest vehicles as a list, and the details of one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from nicegui import ui

from nimrod.web.client.views import BayView, VehicleView
from nimrod.web.pages.parts import TYPE_ICONS, battery, box, button, icon, icon_button, text
from nimrod.web.pages.ride.city_map import CityMap, Pin
from nimrod.web.pages.ride.filters import Filters
from nimrod.web.pages.toasts import show_note

if TYPE_CHECKING:
    from nimrod.web.pages.ride.page import RidePage

ON_MAP = 500
IN_LIST = 8
_LOCATE = """new Promise(done => navigator.geolocation
  ? navigator.geolocation.getCurrentPosition(
      at => done([at.coords.latitude, at.coords.longitude]), () => done(null), {timeout: 9000, maximumAge: 60000})
  : done(null))"""


class MapPanel:
    """What is free, where, now or then."""

    def __init__(self, page: "RidePage", bays: Sequence[BayView]) -> None:
        self._page = page
        self._words = page.words
        self._bays = bays
        self._vehicles: dict[str, VehicleView] = {}
        self._mine: dict[str, Pin] = {}
        self._chosen: str | None = None
        self.position: tuple[float, float] | None = None

    def build(self) -> None:
        """Put the panel on the page."""
        page = self._page
        with box("panel map-panel", tag="section", aria_label=self._words("map.title")):
            self._map = CityMap(
                page.city, self._bays, self._words, tiles_url=page.visit.tiles_url,
                on_vehicle=self._choose, on_nothing=lambda: self._choose(None),
            )  # fmt: skip
            self._filters = Filters(page, self._filter_changed)
            self._filters.build()
            icon_button("my_location", self._words("map.locate"), self._locate, "icon-btn locate")
            self._tray = box("tray")

    async def refresh(self) -> None:
        """Fetch the free vehicles for the filter; raises ApiProblem."""
        wanted = self._filters.wanted
        start, end = wanted.window(self._page.city.time_zone)
        lat, lon = self.position or (None, None)
        found = await self._page.client.vehicles(
            vehicle_type=self._filters.vehicle_type, start=start, end=end, lat=lat, lon=lon, limit=ON_MAP
        )
        self._vehicles = {vehicle.vehicle_id: vehicle for vehicle in found.vehicles}
        self._filters.say_count(len(self._vehicles))
        self._map.show(vehicles=[_pin(vehicle) for vehicle in found.vehicles])
        self._fill_tray()

    def show_mine(self, mine: Sequence[Pin]) -> None:
        """Mark the person's own vehicles."""
        self._mine = {str(pin["id"]): pin for pin in mine}
        self._map.show(mine=mine)

    def look_at(self, vehicle_id: str, lat: float, lon: float) -> None:
        """Go to a vehicle."""
        self._page.view("map")
        self._choose(vehicle_id)
        self._map.look_at(lat, lon)

    def position_text(self) -> str | None:
        """Where the person said to be, as `lat,lon`."""
        return f"{self.position[0]:.5f},{self.position[1]:.5f}" if self.position else None

    async def _filter_changed(self) -> None:
        self._choose(None)
        async with self._page.visit.caring():
            await self.refresh()

    async def _locate(self) -> None:
        try:
            at = await ui.run_javascript(_LOCATE, timeout=12.0)
        except TimeoutError:
            at = None
        if not at:
            show_note(self._words("map.no_position"), self._words)
            return
        self.position = (float(at[0]), float(at[1]))
        self._map.stand_at(*self.position)
        async with self._page.visit.caring():
            await self.refresh()

    def _choose(self, vehicle_id: str | None) -> None:
        self._chosen = vehicle_id
        self._map.choose(vehicle_id)
        self._fill_tray()

    def _fill_tray(self) -> None:
        self._tray.clear()
        with self._tray:
            chosen = self._vehicles.get(self._chosen or "")
            if chosen is not None:
                self._details(chosen)
            elif self._vehicles:
                self._list()
            else:
                text(self._words("map.none"), "tray-none", role="status")

    def _list(self) -> None:
        with box("nearest", tag="ul", aria_label=self._words("map.nearest")):
            for vehicle in list(self._vehicles.values())[:IN_LIST]:
                with box(tag="li"), box("near-card", tag="button", type="button").on(
                    "click", lambda _=None, it=vehicle: self.look_at(it.vehicle_id, it.lat, it.lon)
                ):  # fmt: skip
                    _badge(vehicle)
                    with box("grow"):
                        text(vehicle.model or self._words.type_name(vehicle.vehicle_type), "near-name")
                        text(self._where(vehicle), "near-where")
                    battery(vehicle.battery_pct, self._words("map.battery", percent=vehicle.battery_pct))

    def _details(self, vehicle: VehicleView) -> None:
        with box("details", role="group", aria_label=vehicle.model):
            with box("details-head"):
                _badge(vehicle)
                with box("grow"):
                    text(vehicle.model or self._words.type_name(vehicle.vehicle_type), tag="h3")
                    text(f"{self._words.type_name(vehicle.vehicle_type)} · {vehicle.vehicle_id}", "muted small")
                icon_button("close", self._words("map.back"), lambda: self._choose(None))
            with box("details-facts"):
                battery(vehicle.battery_pct, self._words("map.battery", percent=vehicle.battery_pct))
                if vehicle.range_km is not None:
                    text(self._words("map.range", km=round(vehicle.range_km)), "small", tag="span")
                text(self._where(vehicle), "small muted", tag="span")
            with box("details-foot"):
                text(vehicle.total or vehicle.price or "", "details-price number")
                self._action(vehicle)

    def _action(self, vehicle: VehicleView) -> None:
        if vehicle.vehicle_id in self._mine:
            text(self._words("map.mine"), "pill pill-good")
        elif self._is_held(vehicle):
            button(self._words("map.hold"), lambda: self._hold(vehicle))
        else:
            button(self._words("map.book"), lambda: self._book(vehicle))

    def _is_held(self, vehicle: VehicleView) -> bool:
        rules = self._page.city.types.get(vehicle.vehicle_type)
        return rules is None or rules.mode == "hold"

    async def _hold(self, vehicle: VehicleView) -> None:
        await self._page.propose("hold", vehicle_id=vehicle.vehicle_id, start=self._filters.wanted.start or None)

    async def _book(self, vehicle: VehicleView) -> None:
        start, end = self._filters.wanted.booking(self._page.city.time_zone, datetime.now(UTC))
        await self._page.propose("booking", vehicle_id=vehicle.vehicle_id, start=start, end=end)

    def _where(self, vehicle: VehicleView) -> str:
        if self.position and vehicle.distance_m is not None and vehicle.walk_min is not None:
            return self._words("map.away", metres=vehicle.distance_m, minutes=vehicle.walk_min)
        return self._words("map.near", place=vehicle.near) if vehicle.near else vehicle.vehicle_id


def _badge(vehicle: VehicleView) -> None:
    with box(f"type-badge tone-{vehicle.vehicle_type}"):
        icon(TYPE_ICONS.get(vehicle.vehicle_type, "place"))


def _pin(vehicle: VehicleView) -> Pin:
    return {"id": vehicle.vehicle_id, "type": vehicle.vehicle_type, "lat": vehicle.lat, "lon": vehicle.lon}
