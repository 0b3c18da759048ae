"""Proposals that wait: what they cost, what they say, yes, no, wait; and what became of them."""

from collections.abc import Mapping
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Card, Desk, Reply, Steps
from nimrod.agents.local_model.skills import booking, changing, wording

BACK_ON_SALE = {"world_changed", "already_promised", "proposal_closed"}


def pending_price(desk: Desk) -> Steps:
    """What the open proposal costs, from its own lines."""
    yield from ()
    card = changing.open_card(desk)
    if card is None:
        return Reply(desk.say("pending.none"))
    view = card.view
    if view.get("total"):
        return Reply(desk.say("pending.price", total=view["total"], lines=wording.lines(desk, view)), card.proposal_id)
    told = wording.open_lines(view) or str(card.vehicle.get("price") or "")
    if not told:
        return Reply(desk.say("pending.details", title=_title(desk, card), total=""), card.proposal_id)
    return Reply(desk.say("pending.price_open", lines=told), card.proposal_id)


def pending_details(desk: Desk) -> Steps:
    """What waits for the person."""
    yield from ()
    rows = desk.pending
    card = changing.open_card(desk)
    if card is None:
        return Reply(desk.say("pending.none"))
    if len(rows) > 1:
        return Reply(desk.say("pending.several", items="; ".join(str(r.get("title")) for r in rows)), card.proposal_id)
    total = f", {card.view['total']}" if card.view.get("total") else ""
    return Reply(desk.say("pending.details", title=_title(desk, card), total=total), card.proposal_id)


def _title(desk: Desk, card: Card) -> str:
    """The card's own line; the context's is newer."""
    return next(
        (str(r["title"]) for r in desk.pending if r.get("proposal_id") == card.proposal_id and r.get("title")),
        str(card.view.get("title", "")),
    )


def confirm(desk: Desk) -> Steps:
    """A yes: only the person's own confirmation counts, so the card is put to them again."""
    yield from ()
    card = changing.open_card(desk)
    if card is None:
        return Reply(desk.say("pending.none_yes"))
    if len(desk.pending) > 1:
        return Reply(
            desk.say("pending.several", items="; ".join(str(r.get("title")) for r in desk.pending)), card.proposal_id
        )
    return Reply(desk.say("pending.confirm", title=_title(desk, card)), card.proposal_id)


def decline(desk: Desk) -> Steps:
    """A no: the proposal is withdrawn."""
    card = changing.open_card(desk)
    desk.state.settle()
    if card is None:
        return Reply(desk.say("talk.left"))
    rows = desk.pending if desk.reading.wants_all else [{"proposal_id": card.proposal_id}]
    for row in rows:
        result = yield Call("withdraw_proposal", {"proposal_id": row.get("proposal_id")})
        if not result.ok and result.code != "proposal_closed":
            return Reply(wording.refusal(desk, result))
    return Reply(desk.say("pending.withdrawn"))


def wait(desk: Desk) -> Steps:
    """Think it over."""
    yield from ()
    card = changing.open_card(desk)
    return Reply(desk.say("pending.wait"), card.proposal_id) if card else Reply(desk.say("talk.thinking"))


def outcome(desk: Desk, result: Result) -> Steps:
    """A confirmation was carried out, declined or refused: say what is so now."""
    status = str(result.data.get("status", ""))
    proposal_id = str(result.data.get("proposal_id") or result.arguments.get("proposal_id") or "")
    note_outcome(desk, result)
    left = [r for r in desk.pending if r.get("proposal_id") != proposal_id]
    if not result.ok:
        text = yield from _failed(desk, result, proposal_id)
        if isinstance(text, Reply):
            return text
    elif status == "carried_out":
        text = _done(desk, result.data)
    elif status == "expired":
        text = desk.say("pending.expired")
    elif status == "refused":
        text = desk.say("refused.changed", message=str(result.data.get("message") or ""))
    else:
        text = desk.say("pending.declined")
    if not left:
        return Reply(text)
    return Reply(f"{text} {desk.say('done.next', title=left[0].get('title', ''))}", str(left[0].get("proposal_id")))


def note_outcome(desk: Desk, result: Result) -> None:
    """What the outcome leaves in memory."""
    row = result.data.get("reservation")
    proposal_id = str(result.data.get("proposal_id") or result.arguments.get("proposal_id") or "")
    if not isinstance(row, dict) or result.data.get("status") != "carried_out":
        return
    if row.get("state") in {"cancelled", "ended", "expired"}:
        desk.state.reservation = None
        return
    desk.state.reservation = row
    if card := desk.state.cards.get(proposal_id):
        desk.state.ends_by[str(row.get("reservation_id"))] = card.ends_by


def _done(desk: Desk, data: Mapping[str, Any]) -> str:
    row, kind = data.get("reservation"), str(data.get("kind"))
    if kind == "cancellation":
        message = str(data.get("message") or "")
        return message or desk.say("done.cancel", message="")
    if not isinstance(row, dict):
        return desk.say("done.handover") if kind == "handover" else str(data.get("message") or "")
    start, end, until = (desk.local(row.get(k)) for k in ("start", "end", "until"))
    where = desk.say("done.where", near=row["near"]) if row.get("near") else ""
    facts = {
        "type": desk.speech.kind(row.get("vehicle_type")),
        "vehicle": row.get("vehicle_id"),
        "id": row.get("reservation_id"),
        "where": where,
        "span": desk.speech.span(start, end) if start and end else "",
        "start": desk.speech.moment(start) if start else "",
        "until": desk.speech.clock(until) if until else "",
    }
    if kind == "change":
        return desk.say("done.change" if end else "done.change_start", **facts)
    if kind == "hold":
        later = start and (start - desk.now).total_seconds() > 90
        return desk.say("done.hold_later" if later else "done.hold", **facts)
    return desk.say("done.booking", **facts)


def _failed(desk: Desk, result: Result, proposal_id: str) -> Any:
    """Refused at the last moment: what it was for is looked for once more."""
    card = desk.state.cards.get(proposal_id)
    reason = wording.refusal(desk, result)
    if result.code in BACK_ON_SALE and card and card.kind in {"hold", "booking"} and card.ask.type:
        avoid = () if str(result.facts.get("reason", "")).startswith("other") else (str(card.facts.get("vehicle_id")),)
        fresh: Reply = yield from booking.book_one(desk, card.ask, avoid=avoid)
        return Reply(f"{reason} {fresh.text}", fresh.arm)
    return reason
