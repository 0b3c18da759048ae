"""Looking for vehicles, and what to say when there is none."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.lexicon import plain
from nimrod.agents.local_model.grammar.resolve import Span, local_iso
from nimrod.agents.local_model.skills import wording
from nimrod.agents.local_model.understanding.reading import Ask

WELL_CHARGED_PCT, WELL_CHARGED_CAR_PCT = 20, 30  # a matter of taste, not a rule of the house
SHORTEST_MODEL = 3
KINDS = {"bike", "ebike", "scooter", "car", "van", "cargo"}  # words of a model name that say only what it is
HOLDS = {"scooter", "bike"}  # held at once and open-ended; the others are booked for a fixed time


def near(desk: Desk, ask: Ask) -> str:
    """Where to look: the place said, the person's position (""), or the last place of the conversation."""
    if ask.place:
        return "" if plain(ask.place) == plain(str(desk.context.get("city") or "")) else ask.place
    if ask.here or desk.context.get("position"):
        return ""
    return desk.state.place


def search(desk: Desk, ask: Ask, span: Span, *, any_type: bool = False) -> Call:
    """The call that looks for what was asked."""
    arguments: dict[str, Any] = {"near": near(desk, ask), "limit": 5}
    if ask.type and not any_type:
        arguments["vehicle_type"] = ask.type
    if span.start and not ask.when.now:
        arguments["start"] = local_iso(span.start)
    elif span.end or (ask.type and ask.type not in HOLDS and span.start):
        arguments["start"] = local_iso(desk.now)
    if span.end:
        arguments["end"] = local_iso(span.end)
    elif ask.when.for_min:
        arguments["duration_min"] = ask.when.for_min
    if ask.min_km:
        arguments["min_range_km"] = ask.min_km
    return Call("find_vehicles", arguments)


def remember(desk: Desk, ask: Ask, found: Result) -> list[Mapping[str, Any]]:
    """The vehicles found, best first for the wish; the place and the offers stay in memory."""
    rows = found.rows("vehicles")
    if ask.wish == "cheapest":
        rows.sort(key=lambda v: (v.get("total_minor") or 0, v.get("minute_minor") or 0))
    elif ask.wish == "range":
        rows.sort(key=lambda v: -float(v.get("range_km") or 0))
    elif ask.wish != "nearest":
        rows.sort(key=lambda v: not is_charged(v))
    rows.sort(key=lambda v: -likeness(v, desk.reading.text))
    name = wording.place_name(found.data)
    if name and not found.data.get("place_assumed"):
        desk.state.place = name
    desk.state.offers, desk.state.offers_ask = rows, ask
    return rows


def likeness(vehicle: Mapping[str, Any], text: str) -> int:
    """How many words of this vehicle's model the text says: `the Zoe`."""
    words = re.findall(r"\w+", plain(str(vehicle.get("model") or "")))
    words = [w for w in words if len(w) >= SHORTEST_MODEL and w not in KINDS]
    return len(set(words) & set(re.findall(r"\w+", plain(text))))


def is_charged(vehicle: Mapping[str, Any]) -> bool:
    """Whether the battery is good enough to offer the vehicle before a nearer, emptier one."""
    least = WELL_CHARGED_PCT if vehicle.get("vehicle_type") in HOLDS else WELL_CHARGED_CAR_PCT
    return float(vehicle.get("battery_pct") or 0) >= least


def nothing(desk: Desk, ask: Ask, span: Span, found: Result) -> Steps:
    """No vehicle: the place was not understood, or there is another type, or nothing at all."""
    if found.data.get("nothing_because") == "place_unknown" or (ask.place and not found.data.get("place")):
        return Reply(unknown_place(desk, ask, found.data))
    key = "found.none_range" if found.data.get("nothing_because") == "range_too_short" else "found.none"
    when = f" {wording.times(desk, {'start': span.start, 'end': span.end})}" if span.start and span.end else ""
    text = desk.say(
        key, type=desk.speech.kind(ask.type or "vehicle"), place=wording.spoken_place(desk, found.data), when=when
    )
    if not ask.type:
        return Reply(f"{text} {desk.say('found.nothing_at_all')}")
    other = yield search(desk, replace(ask, types=(), min_km=None), span, any_type=True)
    rows = other.rows("vehicles")
    if not rows:
        desk.state.ask_for("place", "book", ask)
        return Reply(f"{text} {desk.say('found.nothing_at_all')}")
    best = rows[0]
    desk.state.offers, desk.state.offers_ask = rows, replace(ask, types=(str(best.get("vehicle_type")),), min_km=None)
    desk.state.ask_for("choose", "book", desk.state.offers_ask)
    kind = desk.speech.kind(best.get("vehicle_type"))
    instead = desk.say(
        "found.instead", type=kind, vehicle=best.get("vehicle_id"), walk=wording.walk(desk, best, other.data)
    )
    return Reply(f"{text} {instead}")


def unknown_place(desk: Desk, ask: Ask, found: Mapping[str, Any]) -> str:
    """Ask for the place again, with what may be meant."""
    desk.state.ask_for("place", "book", replace(ask, place=None))
    meant = [str(n) for n in found.get("did_you_mean") or []][:3]
    if meant:
        desk.state.choices = [{"place": name} for name in meant]
        return desk.say("ask.did_you_mean", place=ask.place, items=desk.speech.listed(meant, "or"))
    return desk.say("ask.no_place", place=ask.place, city=desk.context.get("city"))


def refused(desk: Desk, ask: Ask, span: Span, result: Result, *, fresh: bool = False) -> Steps:
    """A time that cannot be: say why and offer the nearest that can; `fresh` when it is a new wish."""
    yield from ()
    facts, kind = result.facts, desk.speech.kind(ask.type or "vehicle")
    if result.code == "too_far_ahead":
        return Reply(_too_far(desk, ask, span, facts, kind) or wording.refusal(desk, result))
    if result.code == "in_the_past" and span.start:
        later = replace(ask.when, now=False, in_min=None)
        tomorrow = replace(later, day="D1") if ask.when.day in {None, "D0"} and ask.when.start else None
        if tomorrow:
            desk.state.ask_for("offer", "book", replace(ask, when=tomorrow))
            return Reply(desk.say("refused.past_tomorrow", wanted=desk.speech.moment(span.start)))
        desk.state.ask_for("start", "book", ask)
        return Reply(desk.say("refused.past"))
    if result.code == "bad_duration" and fresh and (offer := _other_length(desk, ask, span, result)):
        return Reply(offer)
    if result.code == "bad_duration":
        desk.state.ask_for(
            "end", "book", replace(ask, when=replace(ask.when, for_min=None, end=None, end_day=None, to_iso=None))
        )
        return Reply(desk.say("refused.duration", message=result.message))
    if result.code == "too_many_open":
        mine = yield Call("list_my_reservations", {})
        rows = mine.rows("reservations")
        desk.state.ask_for("which", "cancel")
        desk.state.choices = rows
        return Reply(
            desk.say(
                "refused.too_many",
                message=result.message,
                items="; ".join(wording.reservation_line(desk, r) for r in rows),
            )
        )
    return Reply(wording.refusal(desk, result))


def _other_length(desk: Desk, ask: Ask, span: Span, result: Result) -> str:
    """The nearest length there is, offered; without a start known it is said with the question for the hours."""
    least, most, minutes = (result.facts.get(k) for k in ("least", "most", "minutes"))
    if not (isinstance(least, int) and isinstance(most, int) and isinstance(minutes, int)) or minutes <= 0:
        return ""
    length = most if minutes > most else least
    when = replace(ask.when, for_min=length, end=None, end_day=None, to_iso=None)
    if span.start is None or not (ask.when.start or ask.when.now or ask.when.from_iso or ask.when.in_min):
        bare = replace(when, for_min=None)
        desk.state.ask_for("start", "book", replace(ask, when=bare))
        return f"{result.message} {desk.say('ask.hour')}"
    desk.state.ask_for("offer", "book", replace(ask, when=when))
    return f"{result.message} {desk.say('refused.longest' if length == most else 'refused.shortest')}"


def _too_far(desk: Desk, ask: Ask, span: Span, facts: Mapping[str, Any], kind: str) -> str:
    latest = desk.local(facts.get("latest_start") or facts.get("latest"))
    wanted = desk.local(facts.get("wanted")) or span.start
    opens = desk.local(facts.get("ask_from") or facts.get("earliest_ask"))
    if latest is None or wanted is None:
        return ""
    keep = span.minutes
    offered = replace(ask.when, now=False, day=None, start=None, part=None, in_min=None, from_iso=local_iso(latest))
    if keep:
        offered = replace(offered, end=None, end_day=None, to_iso=None, for_min=keep)
    desk.state.ask_for("offer", "book", replace(ask, when=offered))
    by_day = not (ask.when.start or ask.when.part or ask.when.in_min or ask.when.from_iso)
    key = "refused.too_far_hold" if ask.type in HOLDS and opens else "refused.too_far"
    key = "refused.too_far_day" if ask.type in HOLDS and by_day else key
    return desk.say(
        key,
        wanted=desk.speech.day(wanted) if by_day else desk.speech.moment(wanted),
        latest=desk.speech.moment(latest),
        type=kind,
        ask_from=desk.speech.moment(opens) if opens else "",
    )
