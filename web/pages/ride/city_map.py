"""The map element: what a city looks like, and the vehicles in it. Draws with the Leaflet of the NiceGUI package."""

from collections.abc import Callable, Sequence
from pathlib import Path

import nicegui
from nicegui import ui
from nicegui.events import GenericEventArguments

from nimrod.web.client.views import BayView, CityView
from nimrod.web.pages.ride.outline import outline
from nimrod.web.pages.wording import Words

_LEAFLET = Path(nicegui.__file__).parent / "elements" / "leaflet" / "dist"
RINGS_M = (1000, 2000, 4000)
Pin = dict[str, object]


class CityMap(ui.element, component="city_map.js", esm={"nicegui-leaflet": str(_LEAFLET)}):
    """One map. Vehicles are `{"id", "type", "lat", "lon"}`."""

    def __init__(
        self, city: CityView, bays: Sequence[BayView], words: Words, *, tiles_url: str,
        on_vehicle: Callable[[str], None], on_nothing: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__()
        self.add_resource(_LEAFLET)
        self._props["label"] = words("map.label")
        self._props["center"] = [city.centre.lat, city.centre.lon]
        self._props["zoom"] = 14
        self._props["tiles-url"] = tiles_url
        self._props["scene"] = scene(city, bays, words)
        self._props["vehicles"] = []
        self._props["mine"] = []

        def chosen(event: GenericEventArguments) -> None:
            on_vehicle(str(event.args))

        self.on("vehicle", chosen)
        self.on("nothing", on_nothing)

    def show(self, *, vehicles: Sequence[Pin] | None = None, mine: Sequence[Pin] | None = None) -> None:
        """Show these vehicles; None leaves what is there."""
        if vehicles is not None:
            self._props["vehicles"] = list(vehicles)
        if mine is not None:
            self._props["mine"] = list(mine)
        self.update()

    def choose(self, vehicle_id: str | None) -> None:
        """Mark one vehicle, or none."""
        self._props["selected"] = vehicle_id or ""
        self.update()

    def look_at(self, lat: float, lon: float) -> None:
        """Move there and come close."""
        self.run_method("look_at", lat, lon)

    def stand_at(self, lat: float, lon: float) -> None:
        """Show where the person is."""
        self._props["me"] = [lat, lon]
        self.update()


def scene(city: CityView, bays: Sequence[BayView], words: Words) -> dict[str, object]:
    """Everything on the map that does not move."""
    spots = [(place.lat, place.lon) for place in city.places] + [(bay.lat, bay.lon) for bay in bays]
    return {
        "outline": outline(spots),
        "rings": list(RINGS_M),
        "zones": [
            {"ring": list(zone.ring), "rule": zone.rule, "words": f"{zone.name}: {words(f'map.zone.{zone.rule}')}"}
            for zone in city.zones
        ],
        "places": [{"name": place.name, "lat": place.lat, "lon": place.lon} for place in city.places],
        "bays": [
            {"lat": bay.lat, "lon": bay.lon, "charger": bay.charger, "words": bay_words(bay, words)} for bay in bays
        ],
    }


def bay_words(bay: BayView, words: Words) -> str:
    """A bay in one line."""
    kind = f"{words('map.bay')} {words('map.charger')}" if bay.charger else words("map.bay")
    return f"{bay.name} · {kind}" if bay.name else kind
