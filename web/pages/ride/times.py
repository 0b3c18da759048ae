"""Times on the page: what the pickers give and what the API wants, in the city's zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LENGTHS_MIN = (30, 60, 120, 180, 360, 1440)
DEFAULT_LENGTH_MIN = 60


@dataclass(frozen=True, slots=True)
class Wanted:
    """When the person wants to ride: `start` is local ISO to the minute, empty for now."""

    start: str = ""
    length_min: int = DEFAULT_LENGTH_MIN

    def window(self, zone: str) -> tuple[str | None, str | None]:
        """Start and end for the API; both None for now."""
        if not self.start:
            return None, None
        return self.start, self._end(datetime.fromisoformat(self.start).replace(tzinfo=ZoneInfo(zone)), zone)

    def booking(self, zone: str, now: datetime) -> tuple[str | None, str]:
        """Start (None for now) and end of a booking; `now` is aware."""
        if not self.start:
            return None, self._end(now.replace(second=0, microsecond=0), zone)
        return self.start, self._end(datetime.fromisoformat(self.start).replace(tzinfo=ZoneInfo(zone)), zone)

    def _end(self, begin: datetime, zone: str) -> str:
        end = begin.astimezone(UTC) + timedelta(minutes=self.length_min)
        return end.astimezone(ZoneInfo(zone)).isoformat()


def time_left(expires_at: datetime, now: datetime) -> str:
    """Minutes and seconds until then as `9:05`; empty when it has passed."""
    left_s = int((expires_at - now).total_seconds())
    return f"{left_s // 60}:{left_s % 60:02d}" if left_s > 0 else ""
