"""What is asked before a vehicle can be proposed: the hours, a time that exists, the type."""

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.lexicon import lexicon
from nimrod.agents.local_model.grammar.resolve import Span, day_of, plus, resolve
from nimrod.agents.local_model.grammar.terms import terms_of
from nimrod.agents.local_model.skills import finding
from nimrod.agents.local_model.skills.finding import HOLDS, SHORTEST_MODEL
from nimrod.agents.local_model.understanding.reading import Ask

SOON = timedelta(hours=2)  # what starts later than this is hardly meant for a vehicle held from now
ODD_MIN = (60, 1440)  # lengths outside this are checked before the hours are asked for
MOST_ROWS = 20


def span_of(desk: Desk, ask: Ask) -> Span:
    """The times as said. A part of the day is no hour for a booking; a hold on another day is meant for its middle."""
    span = resolve(ask.when, desk.now)
    if span.assumed_start and ask.type not in HOLDS:
        return Span(None, span.end if span.ends_by == "clock" and ask.when.end else None, span.ends_by)
    day = day_of(ask.when.day, desk.now.date()) if ask.when.day and ask.type in HOLDS and span.start is None else None
    if day is None or day == desk.now.date():
        return span
    return replace(span, start=datetime(day.year, day.month, day.day, 12, tzinfo=desk.now.tzinfo))


def hours(desk: Desk, ask: Ask, span: Span, *, intent: str = "book") -> Steps:
    """The question for start or end of a booking; what cannot be at all is said at once."""
    if ask.when.wrong:
        desk.state.ask_for("start", intent, ask)
        return Reply(desk.say("ask.no_such_time", said=ask.when.wrong))
    if probe := _probe(desk, ask, span):
        found = yield finding.search(desk, replace(ask, when=replace(ask.when, for_min=None)), probe)
        if found.code in {"too_far_ahead", "bad_duration"}:
            latest = desk.local(found.facts.get("latest_start") or found.facts.get("latest"))
            if not (latest and probe.start and found.code == "too_far_ahead" and latest.date() >= probe.start.date()):
                return (yield from finding.refused(desk, ask, probe, found, fresh=True))
            desk.state.ask_for("start", intent, ask)
            return Reply(desk.say(f"ask.{_open(ask, span)}_latest", latest=desk.speech.moment(latest)))
    kind = desk.speech.kind(ask.type or "car")
    if span.start is None:
        desk.state.ask_for("start", intent, ask)
        return Reply(desk.say(f"ask.{_open(ask, span)}", type=kind))
    desk.state.ask_for("end", intent, ask)
    return Reply(desk.say("ask.end", type=kind))


def _open(ask: Ask, span: Span) -> str:
    """What is still open: the hour of the start alone, both hours, or day and hours."""
    if ask.when.for_min or span.end or ask.when.end:
        return "from"
    return "hour" if ask.when.day or ask.when.part else "start"


def _probe(desk: Desk, ask: Ask, span: Span) -> Span | None:
    """Times to try the day or the length with while the hours are open: the last moment of the day."""
    day = day_of(ask.when.day, desk.now.date()) if ask.when.day and span.start is None else None
    if day and day > desk.now.date():
        return Span(datetime(day.year, day.month, day.day, 23, 30, tzinfo=desk.now.tzinfo))
    length = ask.when.for_min
    if length and span.start is None and not ODD_MIN[0] <= length <= ODD_MIN[1]:
        return Span(desk.now, plus(desk.now, length), "duration")
    return None


def kind_of(desk: Desk, ask: Ask) -> str:
    """The question for the vehicle type; for a later day or a fixed end only what is booked is on offer."""
    span = resolve(ask.when, desk.now)
    later = bool(span.start and (span.start - desk.now > SOON or (span.end and ask.when.end)))
    types = ask.types if len(ask.types) > 1 else ("car", "van") if later else ()
    desk.state.ask_for("type", "book", ask)
    if types:
        return desk.say("ask.either", first=desk.speech.kind(types[0]), second=desk.speech.kind(types[1]))
    return desk.say("ask.type")


def is_open_choice(desk: Desk, ask: Ask) -> bool:
    """Whether the best of several types is wanted, whichever that is."""
    return len(ask.types) > 1 and bool(ask.wish or "EITHER " in desk.reading.codes)


def by_model(desk: Desk, ask: Ask) -> Generator[Call, Result, tuple[str, ...]]:
    """The vehicles around whose model was named, when words were said that nothing else explains."""
    terms = terms_of(desk.reading.text, lexicon(desk.reading.language))
    named = any(a.code in {"THE", "A"} and b.code == "x" and len(b.text) >= SHORTEST_MODEL for a, b in pairwise(terms))
    if not named:
        return ()
    alike: list[tuple[int, str]] = []
    for kind in ("car", "van"):
        call = finding.search(desk, replace(ask, types=(kind,)), Span())
        found = yield Call(call.name, {**call.arguments, "limit": MOST_ROWS})
        alike += [(finding.likeness(v, desk.reading.text), kind) for v in found.rows("vehicles")]
    best = max((score for score, _ in alike), default=0)
    return tuple(dict.fromkeys(kind for score, kind in alike if score == best)) if best else ()
