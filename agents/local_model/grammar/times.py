"""What a text says about time, kept as it was said: `When` is resolved against a clock only later."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from nimrod.agents.local_model.grammar.lexicon import Term
from nimrod.agents.local_model.grammar.rules import AFTER_CLOCK, AFTER_DAY, CLOCKS, DATES, DURATIONS, IN_PART
from nimrod.agents.local_model.grammar.terms import codes_of, rewrite

PARTS = {"PMO": "morning", "PAF": "afternoon", "PEV": "evening", "PLU": "lunch", "PNI": "night"}
SMALL_HOURS = {"evening": {12, 1, 2, 3}, "night": {12, 1, 2, 3, 4, 5}}
A_DAY = r"(?:D\d+|N?W\d|Y[\d-]\S*)"
TIMELIKE = re.compile(r"^(Q\d|K\d|T\d|D-?\d|N?W\d|Y|O\d|P(MO|AF|EV|LU|NI)$|NOW$|WHOLE|(IN|FOR|MORE|NEXT)Q)")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `loose` when 9 may also mean 21."""

    hour: int
    minute: int
    loose: bool


@dataclass(frozen=True, slots=True)
class When:
    """Everything said about time in one request. Days are codes (`D1`, `W6`, `NW6`, `Y-11-23`, `O23`), spans minutes.

    `for_min` how long; `in_min` from now; `add_min` how much longer (negative: shorter); `shift_min` how much later
    (negative: earlier); `bare` a lone number that could be an hour; `from_iso`/`to_iso` instants written out;
    `end_part` the part of the day it ends in; `wrong` a date or time there is not, as it was written.
    """

    now: bool = False
    day: str | None = None
    end_day: str | None = None
    start: Clock | None = None
    end: Clock | None = None
    part: str | None = None
    end_part: str | None = None
    for_min: int | None = None
    in_min: int | None = None
    add_min: int | None = None
    shift_min: int | None = None
    bare: int | None = None
    from_iso: str | None = None
    to_iso: str | None = None
    vague: str | None = None
    wrong: str | None = None

    def __bool__(self) -> bool:
        return self != NOTHING

    @property
    def starts(self) -> bool:
        """Whether a beginning was said, if only the day."""
        return bool(self.now or self.day or self.start or self.part or self.in_min is not None or self.from_iso)

    def corrected_by(self, later: "When") -> "When":
        """This, with what a later remark put right."""
        changes = {f.name: v for f in fields(later) if (v := getattr(later, f.name)) not in (None, False)}
        kept = replace(self, wrong=None)
        if later.starts and (later.now or later.start or later.in_min is not None or later.from_iso or later.part):
            if self.from_iso and not later.day and (later.start or later.part):  # an hour keeps the day offered
                kept = replace(kept, day=f"Y{self.from_iso[:10]}")
            open_part = self.part if self.start is None and later.start and not later.part else None
            kept = replace(kept, now=False, start=None, in_min=None, from_iso=None, part=open_part)
        if later.day:
            kept = replace(kept, now=False, in_min=None, from_iso=None, end_day=None)
        if later.bare is not None and later.start is None and self.start is not None:
            changes["start"] = Clock(later.bare, 0, 1 <= later.bare <= 12)
            changes.pop("bare", None)
        if later.end or later.to_iso:
            kept = replace(kept, for_min=None, to_iso=None)
        if later.for_min:
            kept = replace(kept, end=None, to_iso=None, end_day=None, end_part=None)
        return _with_part(replace(kept, **changes))


NOTHING = When()


def clean_times(terms: Sequence[Term]) -> list[Term]:
    """The terms with durations, clock times and dates each made one term."""
    made = rewrite(terms, DURATIONS)
    made = rewrite(made, [*DATES, *CLOCKS])
    made = _second_of(made, AFTER_DAY, 1)
    made = _second_of(made, AFTER_CLOCK, 2)
    made = rewrite(made, [rule for rule in CLOCKS if "FROM" in rule[0].pattern])
    return rewrite(_second_of(made, AFTER_CLOCK, 2), IN_PART)


def _second_of(terms: list[Term], pattern: re.Pattern[str], before: int) -> list[Term]:
    """Numbers that are hours only because of what stands before them: `tomorrow 9`, `9:30 to 11`."""

    def make(term_codes: list[str]) -> str | None:
        hour = int(re.sub(r"\D", "", term_codes[-1]))
        return f"K{hour}:00{'f' if hour > 12 else 'a'}" if hour <= 24 else None

    line, out, cursor = codes_of(terms), list(terms), 0
    while match := pattern.search(line, cursor):
        last = line[: match.end()].count(" ") - 1
        if code := make([out[last].code]):
            out[last] = replace(out[last], code=code)
            line = codes_of(out)
        cursor = match.start() + 1
    return out


def when_of(terms: Sequence[Term]) -> When:
    """What these (cleaned) terms say about time."""
    wrong = next((t.text for t in terms if t.code == "BAD" or _no_such_day(t.code)), None)
    line = _without_past(codes_of([t for t in terms if not _no_such_day(t.code)]))
    spans = _spans(line)
    clocks = _clocks(line)
    instants = re.findall(r"(?<!\S)T(\d\S*) ", line)
    days = _days(line)
    ending = re.search(rf"(?<!\S)UNTIL (?:AT |ON |THE |{A_DAY} )*(PMO|PAF|PEV|PLU|PNI) (?!(?:AT |, )*K)", line)
    part = re.search(r"(?<!\S)(PMO|PAF|PEV|PLU|PNI) ", line[: ending.start()] if ending else line)
    when = When(
        now=bool(re.search(r"(?<!\S)(NOW|NEXTQ\d+) ", line)) and "in_min" not in spans,
        part=PARTS[part[1]] if part else None,
        end_part=PARTS[ending[1]] if ending else None,
        from_iso=instants[0] if instants else None,
        to_iso=instants[1] if len(instants) > 1 else None,
        vague=_vague(line, spans),
        bare=_bare(line, has_clock=bool(clocks)),
        wrong=wrong,
        **days,
        **spans,
        **clocks,
    )
    return _whole_days(_with_part(when), line)


def _no_such_day(code: str) -> bool:
    """Whether a date is none in any year: the 30th of February."""
    parts = re.fullmatch(r"Y\d*-(\d+)-(\d+)", code)
    if not parts:
        return False
    try:
        date(2028, int(parts[1]), int(parts[2]))
    except ValueError:
        return True
    return False


def _without_past(line: str) -> str:
    """Without what happened yesterday, when another day is named too."""
    left = re.sub(r"(?<!\S)D-\d+ (?:(?:AT |, )*K\S+ )?", "", line)
    return left if re.search(rf"(?<!\S){A_DAY} ", left) else line


def _whole_days(when: When, line: str) -> When:
    """`all day tomorrow` is midnight to midnight, `all day` today is now to midnight; without a day it is a length."""
    whole = re.search(r"(?<!\S)WHOLE(\d?) ", line)
    if not whole or when.start or when.end or when.for_min:
        return when
    if when.day == "D0":
        return replace(when, now=True, end=Clock(24, 0, False))
    return replace(when, for_min=1440 * int(whole[1] or 1), start=Clock(0, 0, False) if when.day else None)


def _spans(line: str) -> dict[str, Any]:
    """The durations and what each is for."""
    patterns = [
        ("in_min", r"(?:IN |INQ|LATERIN )(?:THE )?(?:AT )?Q?(\d+) (?!PAST)", 1),
        ("for_min", r"FOR Q(\d+) FROM NOW ", 1),
        ("in_min", r"Q(\d+) FROM NOW ", 1),
        ("shift_min", r"Q(\d+) LATER ", 1),
        ("shift_min", r"LATER (?:x |THE |AT |FOR )*Q(\d+) ", 1),
        ("shift_min", r"Q(\d+) EARLIER ", -1),
        ("shift_min", r"EARLIER (?:x |AT |FOR )*Q(\d+) ", -1),
        ("add_min", r"MOREQ(\d+) ", 1),
        ("add_min", r"Q(\d+) MORE ", 1),
        ("add_min", r"MORE (?:x |AT |FOR |TO |THE |ID |V\w+ |, )*Q(\d+) ", 1),
        ("add_min", r"Q(\d+) LESS ", -1),
        ("add_min", r"LESS (?:x |AT |FOR |OF |THE )*Q(\d+) ", -1),
        ("add_min", r"N1w? MORE U(\d+) ", 1),
    ]
    for name, pattern, sign in patterns:
        if match := re.search(r"(?<!\S)" + pattern, line):
            found = {name: sign * int(match[1])}
            rest = line[: match.start()] + line[match.end() :]
            other = re.search(r"(?<!\S)(?:FOR|NEXT)?(?:FOR )?Q(\d+) ", rest)
            return {**found, "for_min": int(other[1])} if other and name in {"in_min", "shift_min"} else found
    if match := re.search(r"(?<!\S)N(\d)w? MORE U(\d+) ", line):
        return {"add_min": int(match[1]) * int(match[2])}
    plain = re.search(r"(?<!\S)(?:FORQ|NEXTQ|Q)(\d+) (?!AGO)", line)
    return {"for_min": int(plain[1])} if plain else {}


def _clock(code: str) -> Clock:
    hour, minute = code[1:-1].split(":")
    return Clock(int(hour), int(minute), code.endswith("a"))


def _clocks(line: str) -> dict[str, Any]:
    """Start and end of day times, as far as said."""
    between = r"(?:AT |ON |THE |, |x )*(?:(?:D-?\d+|N?W\d|Y[\d-]\S*|PMO|PAF|PEV|PNI) (?:AT |THE |, )*)*"
    days = r"(?:(?:D-?\d+|N?W\d|PMO|PAF|PEV|PNI|Y[\d-]\S*) |, )*"
    if both := re.search(rf"(?<!\S)(K\d\S*) {days}(?:UNTIL|TO|-|AND) {between}(K\d\S*) ", line):
        return {"start": _clock(both[1]), "end": _clock(both[2])}
    if both := re.search(r"(?<!\S)FROM (K\d\S*) (K\d\S*) ", line):
        return {"start": _clock(both[1]), "end": _clock(both[2])}
    found: dict[str, Clock] = {}
    if end := re.search(rf"(?<!\S)UNTIL (?:TO )?{between}(K\d\S*) ", line):
        found["end"] = _clock(end[1])
        line = line[: end.start()] + line[end.end() :]
    elif end := re.search(rf"(?<!\S)MORE (?:x |ID |THE |A |V\w+ )*TO {between}(K\d\S*) ", line):
        return {"end": _clock(end[1])}
    if start := re.search(r"(?<!\S)(K\d\S*) ", line):
        found["start"] = _clock(start[1])
    return found


def _days(line: str) -> dict[str, Any]:
    day = r"(?<!\S)(D-?\d+|N?W\d|Y[\d-]\S*|O\d+) "
    found = re.findall(day, line)
    if not found:
        return {}
    if found[0].startswith("O") and "THE O" not in line and "ON O" not in line:
        return {}
    if len(found) > 1:
        return {"day": found[0], "end_day": found[1]}
    only_end = re.search(r"(?<!\S)UNTIL (?:AT |ON |THE )*" + re.escape(found[0]) + " ", line)
    to_end = re.search(r"(?<!\S)(?:K\d\S*|NOW) (?:TO|-) (?:AT |ON |THE )*" + re.escape(found[0]) + " ", line)
    return {"end_day": found[0]} if only_end or to_end else {"day": found[0]}


def _vague(line: str, spans: dict[str, int]) -> str | None:
    if "shift_min" in spans or "in_min" in spans:
        return None
    match = re.search(r"(?<!\S)(LATER|EARLIER|MORE|LESS) ", line)
    return (
        {"LATER": "later", "EARLIER": "earlier", "MORE": "longer", "LESS": "shorter"}[match[1]]
        if match and "add_min" not in spans
        else None
    )


def _bare(line: str, *, has_clock: bool) -> int | None:
    match = re.search(r"(?<!\S)N(\d{1,2})w? (?!U\d|V|KM|%|€|ID|x |TO V|MORE|OF|LEAST)", line)
    return int(match[1]) if match and not has_clock and 0 <= int(match[1]) <= 24 else None


def _with_part(when: When) -> When:
    """Loose hours pinned by the part of the day said with them."""

    def pin(clock: Clock | None, part: str) -> Clock | None:
        if clock is None or not clock.loose:
            return clock
        hour = clock.hour % 12 if part == "morning" else clock.hour % 12 + 12
        if clock.hour in SMALL_HOURS.get(part, ()):
            hour = clock.hour % 12
        if part == "lunch":
            return Clock(clock.hour if clock.hour >= 10 else clock.hour + 12, clock.minute, False)
        return Clock(hour, clock.minute, False)

    if when.part is None or (when.start is None and when.end is None):
        return when
    start = pin(when.start, when.part)
    end = pin(when.end, when.part) if when.start is None or when.part != "morning" else when.end
    return replace(when, start=start, end=end)
