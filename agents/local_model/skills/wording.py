"""Vehicles, reservations and proposals in words; every number in them comes from a tool result."""

from collections.abc import Mapping
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Desk


def place_name(found: Mapping[str, Any]) -> str:
    place = found.get("place")
    return str(place.get("name", "")) if isinstance(place, dict) else ""


def spoken_place(desk: Desk, found: Mapping[str, Any]) -> str:
    """The place as it reads in a sentence: `the city centre`."""
    name = place_name(found)
    return desk.say(f"places.{name}") or name


def walk(desk: Desk, vehicle: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """How far it is to walk, and from where."""
    name = spoken_place(desk, found)
    key = (
        "found.walk"
        if name and not (found.get("place_assumed") and desk.context.get("position"))
        else "found.walk_here"
    )
    return desk.say(key, walk=vehicle.get("walk_min"), place=name)


def vehicle_line(desk: Desk, vehicle: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    """One vehicle of a list."""
    price = vehicle.get("total") or vehicle.get("price")
    return desk.say(
        "found.line",
        vehicle=vehicle.get("vehicle_id"),
        model=vehicle.get("model"),
        walk=desk.say("found.walk_here", walk=vehicle.get("walk_min")),
        battery=vehicle.get("battery_pct"),
        total=f", {price}" if price else "",
    )


def assumed(desk: Desk, found: Mapping[str, Any]) -> str:
    """The open word about where was looked, when nobody said where; else empty."""
    if not found.get("place_assumed") or desk.context.get("position") or desk.state.told_where:
        return ""
    desk.state.told_where = True
    return desk.say("found.assumed", place=spoken_place(desk, found))


def times(desk: Desk, row: Mapping[str, Any]) -> str:
    """When a reservation (or proposal facts) is for."""
    start = desk.local(row.get("start") or row.get("start_at"))
    end = desk.local(row.get("end") or row.get("end_at"))
    until = desk.local(row.get("until") or row.get("until_at"))
    if start and end:
        return desk.speech.span(start, end)
    if until:
        return desk.say("list.until", until=desk.speech.moment(until))
    return desk.speech.moment(start) if start else ""


def reservation_line(desk: Desk, row: Mapping[str, Any]) -> str:
    """One reservation in a line."""
    return desk.say(
        "list.line",
        id=row.get("reservation_id"),
        type=desk.speech.kind(row.get("vehicle_type")),
        vehicle=row.get("vehicle_id"),
        times=times(desk, row),
        state=desk.say(f"states.{row.get('state')}"),
        price=f", {row['price']}" if row.get("price") else "",
    )


def what(desk: Desk, row: Mapping[str, Any]) -> str:
    """`your car HEL-C-004, Mon 23 Nov, 09:00 to 12:00`."""
    return desk.say(
        "words.your",
        type=desk.speech.kind(row.get("vehicle_type")),
        vehicle=row.get("vehicle_id"),
        times=times(desk, row),
    )


def lines(desk: Desk, view: Mapping[str, Any]) -> str:
    """The price lines of a quote or proposal in brackets."""
    rows = [r for r in view.get("lines") or [] if isinstance(r, dict)]
    told = [f"{r.get('text')} {r.get('amount')}".strip() for r in rows]
    return f" ({'; '.join(told)})" if told else ""


def open_lines(view: Mapping[str, Any]) -> str:
    rows = [r for r in view.get("lines") or [] if isinstance(r, dict)]
    return "; ".join(f"{r.get('text')} {r.get('amount')}".strip() for r in rows)


def length(desk: Desk, minutes: int) -> str:
    """A duration in words."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return desk.say("price.length_hm", h=hours, m=rest)
    if hours:
        return desk.say("price.length_1h") if hours == 1 else desk.say("price.length_h", n=hours)
    return desk.say("price.length_min", n=rest)


def refusal(desk: Desk, result: Result) -> str:
    """A refusal nobody has better words for."""
    if result.code in {"failed", "internal", "busy"} or not result.message:
        return desk.say("refused.trouble")
    return desk.say("refused.other", message=result.message)
