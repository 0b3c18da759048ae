"""The person's own reservations: list, details, cancel."""

from collections.abc import Mapping
from typing import Any

from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.skills import booking, wording
from nimrod.agents.local_model.skills.choosing import is_pointing, mine, not_mine, pick
from nimrod.agents.local_model.understanding.reading import Ask

Row = Mapping[str, Any]


def show(desk: Desk) -> Steps:
    """What is booked."""
    return _listed(desk, (yield from mine(desk, past=desk.reading.past)))


def _listed(desk: Desk, rows: list[Row]) -> Reply:
    waiting = [str(p.get("title")) for p in desk.pending if p.get("title")]
    tail = " " + desk.say("list.pending_too", title=waiting[0]) if waiting else ""
    if len(waiting) > 1:
        tail = " " + desk.say("pending.several", items="; ".join(waiting))
    if not rows:
        key = "list.none_past" if desk.reading.past else "list.none_yet" if waiting else "list.none"
        return Reply(desk.say(key) + tail)
    desk.state.reservation = rows[0] if len(rows) == 1 else desk.state.reservation
    key = "list.one" if len(rows) == 1 and not desk.reading.past else "list.some"
    return Reply(desk.say(key, items="; ".join(wording.reservation_line(desk, r) for r in rows[:8])) + tail)


def details(desk: Desk) -> Steps:
    """Where, until when, how much: of the reservation meant."""
    rows = yield from mine(desk)
    named = desk.reading.ids or desk.reading.ask.types or desk.reading.ask.when.day or desk.reading.choice
    if len(rows) > 1 and not named and not is_pointing(desk):
        return _listed(desk, rows)
    picked = yield from pick(desk, "info", desk.reading.ask, rows)
    if isinstance(picked, Reply):
        return picked
    desk.state.settle()
    desk.state.reservation = picked
    where = desk.say("done.where", near=picked["near"]) if picked.get("near") else ""
    price = f", {picked['price']}" if picked.get("price") else ""
    return Reply(
        desk.say(
            "info.one",
            type=desk.speech.kind(picked.get("vehicle_type")),
            vehicle=picked.get("vehicle_id"),
            id=picked.get("reservation_id"),
            state=desk.say(f"states.{picked.get('state')}"),
            times=wording.times(desk, picked),
            where=where,
            price=price,
        )
    )


def cancel(desk: Desk) -> Steps:
    """Propose the cancellation; the fee is shown before anything happens."""
    if desk.reading.wants_all:
        rows = yield from mine(desk)
        if len(rows) > 1:
            return (yield from _each(desk, rows))
    asks = desk.reading.asks
    if len(asks) > 1 and all(a.types for a in asks):
        replies = []
        for ask in asks:
            picked = yield from pick(desk, "cancel", ask)
            replies.append(picked if isinstance(picked, Reply) else (yield from _cancel_one(desk, picked)))
        return _together(replies)
    picked = yield from pick(desk, "cancel", desk.reading.ask)
    if isinstance(picked, Reply):
        return picked
    instead = desk.state.instead
    desk.state.settle()
    return (yield from _cancel_one(desk, picked, replaces=instead))


def _each(desk: Desk, rows: list[Row]) -> Steps:
    replies = []
    for row in rows:
        replies.append((yield from _cancel_one(desk, row)))
    return _together(replies)


def _together(replies: list[Reply]) -> Reply:
    return Reply(" ".join(r.text for r in replies), next((r.arm for r in replies if r.arm), ""))


def _cancel_one(desk: Desk, row: Row, *, replaces: str = "") -> Steps:
    arguments: dict[str, Any] = {"reservation_id": row.get("reservation_id")}
    if replaces:
        arguments["replaces"] = replaces
    result = yield Call("propose_cancellation", arguments)
    if not result.ok:
        if result.code == "not_found":
            return (yield from not_mine(desk))
        return Reply(wording.refusal(desk, result))
    desk.state.reservation = row
    card = booking.keep(desk, result, ask=Ask(), ends_by="clock", vehicle={})
    fee = next(
        (
            str(one.get("amount"))
            for one in card.view.get("lines") or []
            if isinstance(one, dict) and one.get("code") == "cancel_fee"
        ),
        None,
    )
    minor = card.facts.get("fee_minor")
    key = (
        "offer.cancel_fee"
        if minor and (fee or card.view.get("total"))
        else "offer.cancel_free"
        if minor == 0
        else "offer.cancel"
    )
    return Reply(desk.say(key, what=wording.what(desk, row), fee=fee or card.view.get("total")), card.proposal_id)
