"""The words on the pages: the platform's catalogue, under `pages.`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from nimrod.platform.language.catalogue import ENGLISH, known, say


class Words:
    """The page words of one language: `words("sign_in.title")`."""

    def __init__(self, language: str) -> None:
        self.language = known(language)

    def __call__(self, key: str, **facts: object) -> str:
        return say(self.language, f"pages.{key}", **facts)

    def type_name(self, vehicle_type: str) -> str:
        """A vehicle type in words."""
        return say(self.language, f"vehicle_type.{vehicle_type}").capitalize()

    def state_name(self, state: str) -> str:
        """A reservation's state in words."""
        return say(self.language, f"state.{state}")

    def when(self, at: datetime, zone: str) -> str:
        """Day and time in the city: `Mon 23 Nov, 09:00`."""
        return self._moment(at, zone, "pattern.moment")

    def clock(self, at: datetime, zone: str) -> str:
        """The time of day in the city: `09:00`."""
        return self._moment(at, zone, "pattern.time")

    def span(self, start: datetime, end: datetime | None, zone: str) -> str:
        """From start to end, the day said once when it is the same."""
        if end is None:
            return self.when(start, zone)
        tz = ZoneInfo(zone)
        same_day = start.astimezone(tz).date() == end.astimezone(tz).date()
        return f"{self.when(start, zone)} – {self.clock(end, zone) if same_day else self.when(end, zone)}"

    def _moment(self, at: datetime, zone: str, pattern: str) -> str:
        local = at.astimezone(ZoneInfo(zone))
        return str(format_datetime(local, say(self.language, pattern), locale=self.language))


def greeting_key(hour: int) -> str:
    """Which greeting fits this hour of the city's day."""
    return (
        "greet.night" if hour < 5 else "greet.morning" if hour < 11 else "greet.day" if hour < 18 else "greet.evening"
    )


def first_language(accept_language: str) -> str:
    """The first language of an Accept-Language header that we speak; English if there is none."""
    tags = (part.partition(";")[0].strip() for part in accept_language.split(","))
    return next((known(tag) for tag in tags if tag[:2].lower() == known(tag)), ENGLISH)
