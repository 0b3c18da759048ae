"""The chips above the map: which type, from when, for how long."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nicegui import ui

from nimrod.platform.language.formats import duration
from nimrod.web.pages.parts import TYPE_ICONS, box, button, icon, set_attributes, text
from nimrod.web.pages.ride.times import LENGTHS_MIN, Wanted

if TYPE_CHECKING:
    from nimrod.web.pages.ride.page import RidePage


class Filters:
    """What the person looks for. `wanted` and `vehicle_type` are read by the map."""

    def __init__(self, page: "RidePage", on_change: Callable[[], Awaitable[None]]) -> None:
        self._page = page
        self._words = page.words
        self._on_change = on_change
        self.vehicle_type: str | None = None
        self.wanted = Wanted()

    def build(self) -> None:
        """Put the chips on the page, and the time dialog beside them."""
        with box("filters"):
            with box("filter-row", role="group", aria_label=self._words("map.filter")):
                self._when = button(self._words("map.now"), self._open, "chip chip-when", picture="schedule")
                self._chips = {kind: self._chip(kind) for kind in (None, *self._types())}
            self._count = text("", "count visually-hidden", role="status")
        self._press()
        self._build_dialog()

    def say_count(self, count: int) -> None:
        """Say how many vehicles fit, for those who cannot see the map."""
        self._count.set_text(self._words("map.free", count=count))

    def _types(self) -> tuple[str, ...]:
        return tuple(kind for kind in TYPE_ICONS if kind in self._page.city.types) or tuple(TYPE_ICONS)

    def _chip(self, kind: str | None) -> ui.element:
        words = self._words(f"types.{kind}") if kind else self._words("map.all")

        async def choose() -> None:
            self.vehicle_type = kind
            self._press()
            await self._on_change()

        return button(words, choose, "chip", picture=TYPE_ICONS[kind] if kind else "")

    def _press(self) -> None:
        for kind, chip in self._chips.items():
            set_attributes(chip, aria_pressed="true" if kind == self.vehicle_type else "false")

    def _build_dialog(self) -> None:
        with ui.dialog() as self._dialog, box("sheet", role="document"):
            text(self._words("map.when_label"), tag="h2")
            self._start = (
                ui.input(self._words("map.pick")).classes("field").props("outlined type=datetime-local stack-label")
            )
            text(self._words("map.length"), "sheet-label")
            with box("length-row", role="group", aria_label=self._words("map.length")):
                self._lengths = {minutes: self._length(minutes) for minutes in LENGTHS_MIN}
            with box("sheet-foot"):
                button(self._words("map.clear"), self._clear, "btn-quiet")
                button(self._words("map.apply"), self._apply)

    def _length(self, minutes: int) -> ui.element:
        return button(duration(minutes, self._words.language), lambda: self._press_length(minutes), "chip")

    def _press_length(self, minutes: int) -> None:
        self._length_min = minutes
        for each, chip in self._lengths.items():
            set_attributes(chip, aria_pressed="true" if each == minutes else "false")

    def _open(self) -> None:
        now = datetime.now(UTC).astimezone(ZoneInfo(self._page.city.time_zone))
        next_hour = now.replace(minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(hours=1)
        self._start.set_value(self.wanted.start or next_hour.isoformat(timespec="minutes"))
        self._press_length(self.wanted.length_min)
        self._dialog.open()

    async def _clear(self) -> None:
        await self._set(Wanted())

    async def _apply(self) -> None:
        await self._set(Wanted(str(self._start.value or "")[:16], self._length_min))

    async def _set(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._dialog.close()
        self._when.clear()
        with self._when:
            icon("schedule")
            text(self._when_words(), "btn-words", tag="span")
        self._when.classes(**{"add" if wanted.start else "remove": "chip-set"})
        await self._on_change()

    def _when_words(self) -> str:
        if not self.wanted.start:
            return self._words("map.now")
        zone = self._page.city.time_zone
        start = datetime.fromisoformat(self.wanted.start).replace(tzinfo=ZoneInfo(zone))
        length = duration(self.wanted.length_min, self._words.language)
        return f"{self._words.when(start, zone)} · {length}"
