"""Changing what is proposed or reserved: time, length, vehicle, place."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Card, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import Span, change, local_iso
from nimrod.agents.local_model.grammar.times import When
from nimrod.agents.local_model.skills import booking, finding, owning
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
    about_reservation = any(i.startswith("rsv") for i in desk.reading.ids) or desk.state.goal_intent == "change"
    if card and card.kind in {"hold", "booking", "change"} and not about_reservation:
        return (yield from _again(desk, card, ask))
    picked = yield from owning.pick(desk, "change", ask)
    if isinstance(picked, Reply):
        wants_new = (
            (ask.types or desk.reading.hint) and ask.when.starts and not desk.state.expect and not desk.reading.ids
        )
        return (yield from booking.book_one(desk, ask)) if wants_new else picked
    return (yield from _reserved(desk, picked, ask))


def _again(desk: Desk, card: Card, ask: Ask) -> Steps:
    """The same proposal with new values; the old one is replaced."""
    start, end = desk.local(card.facts.get("start_at")), desk.local(card.facts.get("end_at"))
    if not ask and not ask.other:
        desk.state.ask_for("what", "change")
        return Reply(desk.say("ask.what_change"))
    if card.kind == "change":
        row = {
            **card.facts,
            "start": card.facts.get("start_at"),
            "end": card.facts.get("end_at"),
            "reservation_id": card.facts.get("reservation_id"),
        }
        return (yield from _reserved(desk, row, ask, replaces=card.proposal_id, ends_by=card.ends_by))
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
        reply = yield from _same_vehicle(desk, wanted, span, bare, card)
        return reply
    if kind not in HOLDS and span.end is None:
        return (yield from booking.book_one(desk, wanted, replaces=card.proposal_id))
    avoid = (str(card.facts.get("vehicle_id")),) if ask.other else ()
    return (yield from booking.book_one(desk, wanted, replaces=card.proposal_id, avoid=avoid))


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
    if (
        kind in HOLDS
        and not ask.when.starts
        and (ask.when.add_min or ask.when.end or ask.when.for_min or ask.when.vague == "longer")
    ):
        return Reply(desk.say("refused.hold_longer"))
    span = _new_span(desk, ask.when, start, end, ends_by)
    if _is_vague(ask.when):
        desk.state.ask_for("longer" if ask.when.vague == "longer" else "what", "change")
        desk.state.reservation = row
        return Reply(
            desk.say("ask.start" if ask.when.vague in {"later", "earlier"} else "ask.end", type=desk.speech.kind(kind))
        )
    arguments = _moved(row, reservation_id, span, start, end)
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
    return Reply(_say_change(desk, card, row), card.proposal_id)


def _moved(row: Mapping[str, Any], reservation_id: str, span: Span, start: Any, end: Any) -> dict[str, Any]:
    """Only the times that change."""
    arguments: dict[str, Any] = {"reservation_id": reservation_id}
    if span.start and span.start != start and row.get("state") != "active":
        arguments["start"] = local_iso(span.start)
    if span.end and span.end != end:
        arguments["end"] = local_iso(span.end)
    return arguments


def _is_vague(when: When) -> bool:
    return bool(
        when.vague
        and not (when.starts or when.end or when.for_min or when.add_min or when.shift_min or when.bare is not None)
    )


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
        return (yield from owning.not_mine(desk))
    reply: Reply = yield from finding.refused(desk, replace(ask, types=(str(row.get("vehicle_type")),)), span, result)
    if desk.state.goal_intent == "book":
        desk.state.goal_intent, desk.state.reservation = "change", row
    return reply


def _say_change(desk: Desk, card: Card, row: Mapping[str, Any]) -> str:
    facts = card.facts
    start, end = desk.local(facts.get("start_at")), desk.local(facts.get("end_at"))
    total = card.view.get("total")
    price = desk.say("offer.new_total", total=total) if total else ""
    for one in card.view.get("lines") or []:
        if isinstance(one, dict) and one.get("code") == "difference":
            price = f"{one.get('text')}: {one.get('amount')}. " + price
    kind = desk.speech.kind(facts.get("vehicle_type") or row.get("vehicle_type"))
    vehicle = facts.get("vehicle_id") or row.get("vehicle_id")
    span = desk.speech.span(start, end) if start and end else desk.speech.moment(start) if start else ""
    if facts.get("old_vehicle_id") not in (None, vehicle):
        return desk.say("offer.change_vehicle", type=kind, vehicle=vehicle, span=span, price=price)
    if start and end:
        return desk.say("offer.change", what=desk.say("words.the", type=kind, vehicle=vehicle), span=span, price=price)
    return desk.say("offer.change_start", type=kind, vehicle=vehicle, start=span, price=price)
