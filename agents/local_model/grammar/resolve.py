"""Times as said, made local clock times: against now, and against a reservation or proposal that is being changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from nimrod.agents.local_model.grammar.times import Clock, When

PART_START = {"morning": (9, 0), "lunch": (12, 0), "afternoon": (13, 0), "evening": (18, 0), "night": (23, 0)}


@dataclass(frozen=True, slots=True)
class Span:
    """A start and an end, each only if known; aware, in the city's zone. `ends_by` says how the end was said."""

    start: datetime | None = None
    end: datetime | None = None
    ends_by: str = ""  # "clock" | "duration" | ""
    assumed_start: bool = False

    @property
    def minutes(self) -> int | None:
        return round((self.end - self.start).total_seconds() / 60) if self.start and self.end else None


def local_iso(at: datetime) -> str:
    """Local ISO without offset, as the tools like it."""
    return at.replace(tzinfo=None).isoformat(timespec="minutes")


def plus(at: datetime, minutes: int) -> datetime:
    """Real minutes later, also across a change of the clocks."""
    zone = at.tzinfo or ZoneInfo("UTC")
    return (at.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)).astimezone(zone)


def day_of(code: str, today: date) -> date | None:
    """The day a code means, never before today unless it says so."""
    if code.startswith("D"):
        return today + timedelta(days=int(code[1:]))
    if code.startswith("W"):
        return today + timedelta(days=(int(code[1:]) - today.weekday()) % 7)
    if code.startswith("NW"):  # in the week that begins next Monday
        return today + timedelta(days=7 - today.weekday() + int(code[2:]))
    try:
        if code.startswith("O"):
            ahead = [today + timedelta(days=n) for n in range(62)]
            return next((d for d in ahead if d.day == int(code[1:])), None)
        if code.startswith("Y--"):
            return day_of(f"O{int(code[3:])}", today)
        year, month, day = (int(p) if p else 0 for p in code[1:].split("-"))
        if year:
            return date(year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _at(day: date, clock: tuple[int, int], zone: ZoneInfo) -> datetime:
    extra, hour = divmod(clock[0], 24)
    return datetime(day.year, day.month, day.day, hour, clock[1], tzinfo=zone) + timedelta(days=extra)


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return parsed.astimezone(zone) if parsed.tzinfo else parsed.replace(tzinfo=zone)


def _options(clock: Clock) -> list[tuple[int, int]]:
    if not clock.loose:
        return [(clock.hour, clock.minute)]
    hour = clock.hour % 12
    return [(12, clock.minute), (0, clock.minute)] if hour == 0 else [(hour, clock.minute), (hour + 12, clock.minute)]


def _start_clock(
    clock: Clock,
    day: date,
    now: datetime,
    zone: ZoneInfo,
    *,
    day_said: bool,
    weekday: bool = False,
    before: tuple[int, int] | None = None,
) -> datetime:
    """The likeliest instant for a clock time on a day; a weekday that is over means the next; `before` is its end."""
    choices = [_at(day, o, zone) for o in _options(clock)]
    if day == now.date():
        ahead = [c for c in choices if c >= now - timedelta(minutes=1)]
        ahead = [c for c in ahead if before is None or c < _at(day, before, zone)]
        if ahead and not (weekday and ahead[0] != choices[0] and 7 <= clock.hour <= 11):
            return ahead[0] if clock.hour % 12 else min(ahead)
        if weekday:
            return _start_clock(clock, day + timedelta(days=7), now, zone, day_said=True, before=before)
        if before and day_said:
            return choices[0]
        if day_said:
            return choices[-1] if clock.loose else choices[0]
        return _start_clock(clock, day + timedelta(days=1), now, zone, day_said=True, before=before)
    if clock.loose and 1 <= clock.hour <= 6 and (before is None or choices[1] < _at(day, before, zone)):
        return choices[1]
    return choices[0]


def _nearest(clock: Clock, base: datetime, zone: ZoneInfo, day: date | None = None) -> datetime:
    choices = [_at(day or base.date(), o, zone) for o in _options(clock)]
    wanted = base if day is None else _at(day, (base.hour, base.minute), zone)
    return min(choices, key=lambda c: abs((c - wanted).total_seconds()))


def _end_after(clock: Clock, start: datetime, day: date | None, zone: ZoneInfo) -> datetime:
    """The first such time after the start, on the end's day if that was said."""
    choices = [_at(day or start.date(), o, zone) for o in _options(clock)]
    if day and day != start.date():
        usual = [c for c in choices if c > start and (not clock.loose or not 1 <= clock.hour <= 6 or c.hour >= 12)]
        return (usual or choices)[0]
    after = sorted(c for c in choices if c > start)
    return after[0] if after else choices[0] + timedelta(days=1)


def resolve(when: When, now: datetime) -> Span:
    """A fresh request: start and end as far as said; `now` is aware and local."""
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    start, assumed = _start(when, now, zone)
    if when.to_iso and (end := _instant(when.to_iso, zone)):
        return Span(start, end, "clock")
    base = start or _whole_minute(now)
    end_day = day_of(when.end_day, base.date()) if when.end_day else None
    if when.end:
        return Span(start, _end_after(when.end, base, end_day, zone), "clock", assumed)
    if when.for_min and start:
        return Span(start, plus(start, when.for_min), "duration", assumed)
    if end_day and start and not when.end_part:
        return Span(start, _at(end_day, (start.hour, start.minute), zone), "clock", assumed)
    return Span(start, None, "", assumed)


def _start(when: When, now: datetime, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    """The start as said, and whether its hour was assumed."""
    if when.from_iso and (at := _instant(when.from_iso, zone)):
        return at, False
    if when.in_min is not None:
        return _whole_minute(plus(now, when.in_min)), False
    day = day_of(when.day, now.date()) if when.day else None
    if when.start:
        weekday = bool(when.day and when.day.startswith("W"))
        before = (when.end.hour, when.end.minute) if when.end and when.end.hour > 12 and not when.end_day else None
        if before and when.start.hour * 60 + when.start.minute >= before[0] * 60 + before[1]:
            before = None
        at = _start_clock(
            when.start, day or now.date(), now, zone, day_said=day is not None, weekday=weekday, before=before
        )
        return at, False
    if when.now:
        return now, False
    if when.part:
        at = _at(day or now.date(), PART_START[when.part], zone)
        if at < now and day is None:
            at = _at(now.date() + timedelta(days=1), PART_START[when.part], zone)
        return (now if at < now and at.date() == now.date() else at), True
    return None, False


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def change(when: When, start: datetime, end: datetime | None, now: datetime, *, ends_by: str = "clock") -> Span:
    """What a remark makes of times that stand already; what it does not touch stays."""
    zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")
    length = round((end - start).total_seconds() / 60) if end else None
    new = _changed_start(when, start, now, zone)
    if when.to_iso and (at := _instant(when.to_iso, zone)):
        return Span(new, at, "clock")
    if when.end:
        day = day_of(when.end_day, new.date()) if when.end_day else None
        return Span(new, _end_after(when.end, new, day, zone), "clock")
    if when.for_min:
        return Span(new, plus(new, when.for_min), "duration")
    if when.add_min is not None:
        return Span(new, plus(end, when.add_min) if end else None, ends_by)
    if end is None or length is None:
        return Span(new, None, "")
    if when.end_day and (last := day_of(when.end_day, new.date())):
        return Span(new, _at(last, (end.hour, end.minute), zone), "clock")
    moved_day = new.date() != start.date()
    keeps_end = ends_by == "clock" and when.shift_min is None
    if keeps_end and not moved_day and new < end:
        return Span(new, end, "clock")
    if (
        keeps_end
        and moved_day
        and (kept := _at(new.date() + (end.date() - start.date()), (end.hour, end.minute), zone)) > new
    ):
        return Span(new, kept, "clock")
    return Span(new, plus(new, length), ends_by)


def _changed_start(when: When, start: datetime, now: datetime, zone: ZoneInfo) -> datetime:
    if when.from_iso and (at := _instant(when.from_iso, zone)):
        return at
    if when.shift_min is not None:
        return plus(start, when.shift_min)
    if when.in_min is not None:
        return _whole_minute(plus(now, when.in_min))
    day = day_of(when.day, now.date()) if when.day else None
    if when.start:
        return _nearest(when.start, start, zone, day)
    if when.bare is not None:
        return _nearest(Clock(when.bare, 0, 1 <= when.bare <= 12), start, zone, day)
    if when.now:
        return now
    if when.part:
        return _at(day or start.date(), PART_START[when.part], zone)
    if day:
        return _at(day, (start.hour, start.minute), zone)
    return start
