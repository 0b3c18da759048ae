"""Changing what is proposed or reserved: time, length, vehicle, place."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Card, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import Span, change, local_iso
from nimrod.agents.local_model.grammar.times import When
from nimrod.agents.local_model.skills import booking, choosing, finding, moving, wording
from nimrod.agents.local_model.skills.finding import HOLDS
from nimrod.agents.local_model.understanding.reading import Ask


def open_card(desk: Desk) -> Card | None:
    """The proposal that the person most likely speaks of."""
    waiting = {str(row.get("proposal_id")): row for row in desk.pending}
    if desk.state.last_card in waiting:
        return desk.state.cards[desk.state.last_card]
    for proposal_id, row in reversed(list(waiting.items())):
        facts = row.get("facts")
        return desk.state.cards.get(proposal_id) or Card(
            proposal_id, str(row.get("kind")), facts if isinstance(facts, dict) else {}, row
        )
    return None


def alter(desk: Desk) -> Steps:
    """A remark about the open proposal, else about a reservation."""
    ask = desk.reading.ask
    card = open_card(desk)
    about_reservation = (
        any(i.startswith("rsv") for i in desk.reading.ids)
        or (desk.state.expect == "which" and desk.state.goal_intent == "change")
        or (card is not None and _of_another(desk, card, ask))
    )
    if card and card.kind in {"hold", "booking", "change"} and not about_reservation:
        return (yield from _again(desk, card, ask))
    picked = yield from choosing.pick(desk, "change", ask)
    if isinstance(picked, Reply):
        wants_new = (
            (ask.types or desk.reading.hint) and ask.when.starts and not desk.state.expect and not desk.reading.ids
        )
        return (yield from booking.book_one(desk, ask)) if wants_new else picked
    return (yield from _reserved(desk, picked, ask))


def _of_another(desk: Desk, card: Card, ask: Ask) -> bool:
    """`Extend the van` while a card for a car is open: the van that is reserved is meant."""
    owned = choosing.own_types(desk)
    moves = ask.when.add_min or ask.when.shift_min or ask.when.vague
    return bool(owned and moves and card.facts.get("vehicle_type") not in owned)


def _again(desk: Desk, card: Card, ask: Ask) -> Steps:
    """The same proposal with new values; the old one is replaced."""
    if desk.reading.choice and desk.state.offers:
        return (yield from booking.book_one(desk, card.ask, replaces=card.proposal_id))
    if not ask and not ask.other:
        desk.state.ask_for("what", "change")
        return Reply(desk.say("ask.what_change"))
    times, ask = moving.as_corrected(desk, card, ask)
    start, end = desk.local(times.get("start")), desk.local(times.get("end"))
    if card.kind == "change":
        row = {**card.facts, **times}
        return (yield from _reserved(desk, row, ask, replaces=card.proposal_id, ends_by=card.ends_by))
    if ask == Ask(wish=ask.wish, other=ask.other) and ask.wish:
        return (yield from _better(desk, card, ask))
    span = _new_span(desk, ask.when, start, end, card.ends_by)
    kind = ask.type or str(card.facts.get("vehicle_type"))
    same_type = not ask.types or (kind == card.facts.get("vehicle_type") and bool(ask.when) and not ask.other)
    same_vehicle = same_type and not (ask.place or ask.here or ask.wish or ask.min_km or ask.other)
    wanted = replace(
        card.ask.with_more(replace(ask, when=card.ask.when)), types=(kind,), when=_written(span, card, kind)
    )
    if same_vehicle and kind == card.facts.get("vehicle_type"):
        vehicle = card.vehicle or {"vehicle_id": card.facts.get("vehicle_id"), "vehicle_type": kind}
        bare = {"vehicle_id": vehicle.get("vehicle_id"), "vehicle_type": kind}
        if question := _too_short(desk, span, start, end):
            return Reply(question, card.proposal_id)
        reply: Reply = yield from _same_vehicle(desk, wanted, span, bare, card)
        if reply.arm and reply.arm != card.proposal_id:
            _remember_move(desk.state.cards[reply.arm], ask, times)
        return reply
    if kind not in HOLDS and span.end is None:
        return (yield from booking.book_one(desk, wanted, replaces=card.proposal_id))
    avoid = (str(card.facts.get("vehicle_id")),) if ask.other else ()
    return (yield from booking.book_one(desk, wanted, replaces=card.proposal_id, avoid=avoid))


MEASURES = {"cheapest": ("total_minor", 1), "nearest": ("distance_m", 1), "range": ("range_km", -1)}


def _better(desk: Desk, card: Card, ask: Ask) -> Steps:
    """A nearer, cheaper or better charged one: proposed if there is one, else said that this is it."""
    wanted, span = _as_carded(desk, card, ask)
    found = yield finding.search(desk, wanted, span)
    if not found.ok:
        return (yield from finding.refused(desk, wanted, span, found))
    rows = finding.remember(desk, wanted, found)
    key, sign = MEASURES[str(ask.wish)]
    mine = card.facts.get("vehicle_id")
    own = next((r for r in rows if r.get("vehicle_id") == mine), card.vehicle)
    value = sign * float(own.get(key) or 0)
    better = [r for r in rows if r.get("vehicle_id") != mine and sign * float(r.get(key) or 0) < value]
    if not better:
        wish = desk.say(f"found.wish.{ask.wish}")
        return Reply(desk.say("about.already", vehicle=mine, wish=wish), card.proposal_id)
    best = min(better, key=lambda r: sign * float(r.get(key) or 0))
    return (yield from booking.propose(desk, wanted, span, [best], found.data, replaces=card.proposal_id))


def _as_carded(desk: Desk, card: Card, ask: Ask) -> tuple[Ask, Span]:
    """The wish of the card with its times written out, and its span."""
    start, end = desk.local(card.facts.get("start_at")), desk.local(card.facts.get("end_at"))
    kind = str(card.facts.get("vehicle_type"))
    span = Span(start, end, card.ends_by)
    wanted = replace(card.ask, types=(kind,), wish=ask.wish, other=False, when=_written(span, card, kind))
    return wanted, span


def _too_short(desk: Desk, span: Span, start: Any, end: Any) -> str:
    """The question for another end when nothing would be left."""
    if not (start and end and span.minutes is not None and span.minutes <= 0):
        return ""
    desk.state.ask_for("end", "change")
    return desk.say("own.too_short", length=wording.length(desk, round((end - start).total_seconds() / 60)))


def _remember_move(card: Card, ask: Ask, times: Mapping[str, Any]) -> None:
    card.moved, card.was = ask.when, times


def _same_vehicle(desk: Desk, ask: Ask, span: Span, vehicle: Mapping[str, Any], card: Card) -> Steps:
    """Propose the same vehicle at the new time; if it is not free then, another one."""
    result = yield booking.proposal_call(desk, ask, span, vehicle, replaces=card.proposal_id)
    if result.ok:
        new = booking.keep(desk, result, ask=ask, ends_by=span.ends_by or card.ends_by, vehicle=card.vehicle)
        start, end = desk.local(new.facts.get("start_at")), desk.local(new.facts.get("end_at"))
        if start and end:
            total = new.view.get("total")
            return Reply(
                desk.say(
                    "offer.changed", vehicle=vehicle["vehicle_id"], span=desk.speech.span(start, end), total=total
                ),
                new.proposal_id,
            )
        until = desk.local(new.facts.get("until_at"))
        return Reply(
            desk.say(
                "offer.hold_later",
                start=desk.speech.moment(start) if start else "",
                until=desk.speech.clock(until) if until else "",
            ),
            new.proposal_id,
        )
    if result.code in {"already_promised", "vehicle_unusable"}:
        return (yield from booking.book_one(desk, ask, replaces=card.proposal_id, avoid=(str(vehicle["vehicle_id"]),)))
    return (yield from finding.refused(desk, ask, span, result))


def _new_span(desk: Desk, when: When, start: Any, end: Any, ends_by: str) -> Span:
    if not when:
        return Span(start, end, ends_by)
    return change(when, start or desk.now, end, desk.now, ends_by=ends_by)


def _written(span: Span, card: Card, kind: str) -> When:
    """The new times written out, so that nothing is guessed a second time."""
    if kind in HOLDS and not span.end:
        starts_now = card.ask.when.now or not card.ask.when.starts
        same = span.start and str(card.facts.get("start_at", ""))[:16] == local_iso(span.start)
        return When(now=True) if starts_now and same else When(from_iso=local_iso(span.start) if span.start else None)
    return When(
        from_iso=local_iso(span.start) if span.start else None, to_iso=local_iso(span.end) if span.end else None
    )


def _reserved(desk: Desk, row: Mapping[str, Any], ask: Ask, *, replaces: str = "", ends_by: str = "") -> Steps:
    """A change to a reservation."""
    start, end = desk.local(row.get("start")), desk.local(row.get("end"))
    reservation_id = str(row.get("reservation_id"))
    kind = str(row.get("vehicle_type"))
    ends_by = ends_by or desk.state.ends_by.get(reservation_id, "clock")
    ask = moving.brought_back(desk, ask) if end else ask
    wanted_id = next(
        (i for i in desk.reading.ids if not i.startswith(("rsv", "prp")) and i != row.get("vehicle_id")), ""
    )
    if ask.type == kind and ask.when and not ask.other:
        ask = replace(ask, types=())
    if not ask and not ask.other and not wanted_id:
        desk.state.ask_for("what", "change")
        desk.state.reservation = row
        return Reply(desk.say("ask.what_change"))
    desk.state.settle()
    if ask.type and (ask.type in HOLDS) != (kind in HOLDS):
        return (yield from booking.book_one(desk, ask))
    if kind in HOLDS and not ask.when.starts and _has_length(ask.when):
        return (yield from _kept_longer(desk, row, ask, replaces=replaces))
    span = _new_span(desk, ask.when, start, end, ends_by)
    if moving.is_vague(ask.when):
        desk.state.ask_for("longer" if ask.when.vague == "longer" else "what", "change")
        desk.state.reservation = row
        return Reply(
            desk.say("ask.start" if ask.when.vague in {"later", "earlier"} else "ask.end", type=desk.speech.kind(kind))
        )
    if question := _too_short(desk, span, start, end):
        desk.state.reservation = row
        return Reply(question)
    arguments = moving.moved(desk, row, reservation_id, span)
    if wanted_id:
        arguments["vehicle_id"] = wanted_id
    elif ask.types or ask.other or ask.wish or (ask.place and not ask.when):
        vehicle = yield from _other_vehicle(desk, row, ask, span)
        if isinstance(vehicle, Reply):
            return vehicle
        arguments["vehicle_id"] = vehicle
    if replaces:
        arguments["replaces"] = replaces
    result = yield Call("propose_change", arguments)
    if not result.ok:
        return (yield from _change_refused(desk, row, ask, span, result, replaces=replaces))
    card = booking.keep(desk, result, ask=ask, ends_by=span.ends_by or ends_by, vehicle={})
    card.facts = {"reservation_id": reservation_id, **card.facts}
    _remember_move(card, ask, {"start": row.get("start"), "end": row.get("end")})
    return Reply(moving.say_change(desk, card, row), card.proposal_id)


def _other_vehicle(desk: Desk, row: Mapping[str, Any], ask: Ask, span: Span) -> Any:
    """The id of another vehicle for the same time, or a Reply when there is none."""
    kind = ask.type or str(row.get("vehicle_type"))
    place = ask.place or str(row.get("near") or "") or None
    wanted = replace(
        ask,
        types=(kind,),
        place=place,
        when=When(
            from_iso=local_iso(span.start) if span.start else None, to_iso=local_iso(span.end) if span.end else None
        ),
    )
    found = yield finding.search(desk, wanted, span)
    if not found.ok:
        return (yield from finding.refused(desk, wanted, span, found))
    rows = [v for v in finding.remember(desk, wanted, found) if v.get("vehicle_id") != row.get("vehicle_id")]
    if not rows:
        return (yield from finding.nothing(desk, wanted, span, found))
    return rows[0]["vehicle_id"]


def _has_length(when: When) -> bool:
    return bool(when.add_min or when.end or when.for_min or when.vague == "longer")


def _kept_longer(desk: Desk, row: Mapping[str, Any], ask: Ask, *, replaces: str) -> Steps:
    """A hold has no end to move; kept longer it is by a later pick-up, if that is allowed."""
    start, more = desk.local(row.get("start")), ask.when.add_min
    if row.get("state") != "held" or not start or not more or more < 0:
        return Reply(desk.say("refused.hold_longer"))
    arguments = {"reservation_id": row.get("reservation_id"), "start": local_iso(start + timedelta(minutes=more))}
    result = yield Call("propose_change", arguments | ({"replaces": replaces} if replaces else {}))
    if not result.ok:
        return Reply(desk.say("refused.hold_longer"))
    card = booking.keep(desk, result, ask=ask, ends_by="clock", vehicle={})
    card.facts = {"reservation_id": row.get("reservation_id"), **card.facts}
    return Reply(moving.say_change(desk, card, row), card.proposal_id)


def _change_refused(
    desk: Desk, row: Mapping[str, Any], ask: Ask, span: Span, result: Result, *, replaces: str
) -> Steps:
    """The vehicle is taken then: try another of its type; else say why not."""
    if result.code == "already_promised" and row.get("state") == "active":
        return Reply(desk.say("refused.taken_next", message=result.message))
    if result.code == "already_promised" and not ask.other:
        return (yield from _reserved(desk, row, replace(ask, other=True), replaces=replaces))
    if result.code == "nothing_to_change":
        desk.state.ask_for("what", "change")
        return Reply(desk.say("refused.nothing_to_change", message=result.message))
    if result.code == "not_found":
        return (yield from choosing.not_mine(desk))
    reply: Reply = yield from finding.refused(desk, replace(ask, types=(str(row.get("vehicle_type")),)), span, result)
    if desk.state.goal_intent == "book":
        desk.state.goal_intent, desk.state.reservation = "change", row
    return reply
