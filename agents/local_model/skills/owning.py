"""The person's own reservations: which one is meant, list, details, cancel."""

from collections.abc import Generator, Mapping
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import day_of
from nimrod.agents.local_model.skills import booking, wording
from nimrod.agents.local_model.understanding.reading import Ask

Row = Mapping[str, Any]
OPEN = {"held", "booked", "active"}


def mine(desk: Desk, *, past: bool = False) -> Generator[Call, Result, list[Row]]:
    """The person's reservations, open ones unless `past`."""
    result = yield Call("list_my_reservations", {"include_past": True} if past else {})
    rows = result.rows("reservations")
    return rows if past else [r for r in rows if r.get("state") in OPEN]


def pick(desk: Desk, intent: str, ask: Ask) -> Generator[Call, Result, Row | Reply]:
    """The reservation meant: by id, by what it is, the one just spoken of, the only one; else a question."""
    rows = yield from mine(desk)
    wanted = [i for i in desk.reading.ids if not i.startswith("prp")]
    if wanted:
        hit = [
            r
            for r in rows
            if {str(r.get("reservation_id")).lower(), str(r.get("vehicle_id")).lower()} & {w.lower() for w in wanted}
        ]
        return hit[0] if hit else Reply(_not_mine(desk, rows))
    if not rows:
        return Reply(desk.say("list.none"))
    fitting = _fitting(desk, rows, ask, by_type=intent != "change")
    if len(fitting) == 1:
        return fitting[0]
    choice = desk.reading.choice
    if choice and desk.state.choices and 0 < choice <= len(desk.state.choices):
        return desk.state.choices[choice - 1]
    last = desk.state.reservation or {}
    spoken_of = [r for r in fitting or rows if r.get("reservation_id") == last.get("reservation_id")]
    if spoken_of:
        return spoken_of[0]
    shown = fitting or rows
    if len(shown) == 1:
        return shown[0]
    desk.state.ask_for("which", intent, ask)
    desk.state.choices = list(shown)
    return Reply(desk.say("ask.which", items="; ".join(wording.reservation_line(desk, r) for r in shown)))


def _fitting(desk: Desk, rows: list[Row], ask: Ask, *, by_type: bool) -> list[Row]:
    """Those of the type and day that were named."""
    fitting = [r for r in rows if r.get("vehicle_type") in ask.types] if ask.types else list(rows)
    if not fitting and not by_type:
        fitting = list(rows)
    day = day_of(ask.when.day, desk.now.date()) if ask.when.day and len(fitting) > 1 else None
    if day:
        on_day = [r for r in fitting if (at := desk.local(r.get("start"))) and at.date() == day]
        fitting = on_day or fitting
    return fitting


def _not_mine(desk: Desk, rows: list[Row]) -> str:
    if not rows:
        return desk.say("refused.not_found_none")
    return desk.say("refused.not_found", items="; ".join(wording.reservation_line(desk, r) for r in rows))


def not_mine(desk: Desk) -> Steps:
    """An id that is not the person's: said kindly, with what is theirs."""
    rows = yield from mine(desk)
    return Reply(_not_mine(desk, rows))


def show(desk: Desk) -> Steps:
    """What is booked."""
    rows = yield from mine(desk, past=desk.reading.past)
    waiting = [str(p.get("title")) for p in desk.pending if p.get("title")]
    tail = " " + desk.say("list.pending_too", title=waiting[0]) if waiting else ""
    if not rows:
        key = "list.none_past" if desk.reading.past else "list.none_yet" if waiting else "list.none"
        return Reply(desk.say(key) + tail)
    desk.state.reservation = rows[0] if len(rows) == 1 else desk.state.reservation
    key = "list.one" if len(rows) == 1 and not desk.reading.past else "list.some"
    return Reply(desk.say(key, items="; ".join(wording.reservation_line(desk, r) for r in rows[:8])) + tail)


def details(desk: Desk) -> Steps:
    """Where, until when, how much: of the reservation meant."""
    picked = yield from pick(desk, "info", desk.reading.ask)
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
            replies = []
            for row in rows:
                replies.append((yield from _cancel_one(desk, row)))
            armed = [r.arm for r in replies if r.arm]
            return Reply(" ".join(r.text for r in replies), armed[0] if armed else "")
    picked = yield from pick(desk, "cancel", desk.reading.ask)
    if isinstance(picked, Reply):
        return picked
    desk.state.settle()
    return (yield from _cancel_one(desk, picked))


def _cancel_one(desk: Desk, row: Row) -> Steps:
    result = yield Call("propose_cancellation", {"reservation_id": row.get("reservation_id")})
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
