"""The fleet as operations keeps it: counts, a filter by state, a table."""

from collections import Counter
from collections.abc import Sequence

from nicegui.element import Element

from nimrod.web.client.views import FleetVehicle
from nimrod.web.pages.parts import TYPE_ICONS, battery, box, button, icon, set_attributes, text
from nimrod.web.pages.session import Visit
from nimrod.web.pages.wording import Words

ROWS_SHOWN = 100
LOW_PCT = 20
_PILLS = {"available": "pill-good", "non_operational": "pill-bad", "removed": "pill-bad"}


async def show_fleet(visit: Visit) -> None:
    """Fetch the fleet and show it; raises ApiProblem."""
    fleet = (await visit.client.fleet(limit=5000)).vehicles
    city = visit.person.city_id.capitalize() if visit.person else ""
    text(visit.words("staff.fleet"), tag="h1")
    text(visit.words("staff.fleet_lead", city=city), "muted", tag="p")
    states = Counter(vehicle.state for vehicle in fleet)
    with box("tiles"):
        tile(str(len(fleet)), visit.words("staff.total"))
        for state, count in states.most_common(3):
            tile(str(count), state_words(state, visit.words))
        tile(str(sum(vehicle.battery_pct < LOW_PCT for vehicle in fleet)), visit.words("staff.low"))
    _Table(fleet, states, visit.words).build()


def tile(number: str, words: str) -> None:
    """One number with its meaning."""
    with box("tile"):
        text(number, "tile-number")
        text(words, "tile-words")


def state_words(state: str, words: Words) -> str:
    """A vehicle state in words; a state we have no word for as it is."""
    known = ("available", "reserved", "on_trip", "non_operational", "removed", "elsewhere", "unknown")
    return words(f"staff.states.{state}") if state in known else state.replace("_", " ")


class _Table:
    """The vehicles of one state, or of all."""

    def __init__(self, fleet: Sequence[FleetVehicle], states: Counter[str], words: Words) -> None:
        self._fleet = fleet
        self._states = states
        self._words = words
        self._chips: dict[str | None, Element] = {}

    def build(self) -> None:
        """Put the filter and the table on the page."""
        with box("tools", role="group", aria_label=self._words("staff.state")):
            for state in (None, *sorted(self._states)):
                words = state_words(state, self._words) if state else self._words("staff.all_states")
                self._chips[state] = button(words, lambda _=None, it=state: self._show(it), "chip")
        self._holder = box("table-wrap")
        self._count = text("", "muted small", role="status")
        self._show(None)

    def _show(self, state: str | None) -> None:
        for each, chip in self._chips.items():
            set_attributes(chip, aria_pressed="true" if each == state else "false")
        rows = [vehicle for vehicle in self._fleet if state in (None, vehicle.state)]
        shown = sorted(rows, key=lambda vehicle: vehicle.battery_pct)[:ROWS_SHOWN]
        self._holder.clear()
        with self._holder, box("table", tag="table"):
            with box(tag="thead"), box(tag="tr"):
                for column in ("vehicle", "state", "battery", "place", "note"):
                    text(self._words(f"staff.{column}"), tag="th", scope="col")
            with box(tag="tbody"):
                for vehicle in shown:
                    self._row(vehicle)
        self._count.set_text(self._words("staff.showing", shown=len(shown), count=len(rows)))

    def _row(self, vehicle: FleetVehicle) -> None:
        with box(tag="tr"):
            with box(tag="td"), box("vehicle-cell"):
                with box(f"type-badge tone-{vehicle.vehicle_type}"):
                    icon(TYPE_ICONS.get(vehicle.vehicle_type, "place"))
                text(vehicle.vehicle_id, tag="span")
                text(vehicle.model, "muted small", tag="span")
            with box(tag="td"):
                text(state_words(vehicle.state, self._words), f"pill {_PILLS.get(vehicle.state, '')}")
            with box(tag="td"):
                battery(vehicle.battery_pct, self._words("map.battery", percent=vehicle.battery_pct))
            text(f"{vehicle.lat:.4f}, {vehicle.lon:.4f}", "number muted", tag="td")
            text(vehicle.note, "muted", tag="td")
