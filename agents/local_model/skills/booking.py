"""Getting a vehicle: find, choose, propose, and wait for the person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Card, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import Span, local_iso
from nimrod.agents.local_model.skills import asking, finding, wording
from nimrod.agents.local_model.skills.finding import HOLDS
from nimrod.agents.local_model.understanding.reading import Ask

MOST_AT_ONCE = 3
FAR_MIN = 40  # on foot; farther than this is said to be far


def book(desk: Desk) -> Steps:
    """One proposal for each thing asked for; the first is put to the person."""
    asks = [a for one in _merged(desk.reading.asks or (Ask(),)) for a in [replace(one, count=1)] * one.count]
    replies: list[Reply] = []
    taken: list[str] = []
    for ask in asks[:MOST_AT_ONCE]:
        reply = yield from book_one(desk, ask, avoid=tuple(taken), more=bool(taken))
        replies.append(reply)
        if desk.state.last_card and reply.arm:
            taken.append(str(desk.state.cards[desk.state.last_card].facts.get("vehicle_id")))
        if not reply.arm and desk.state.expect:
            break
    texts = [r.text for r in replies]
    if len(asks) > MOST_AT_ONCE:
        texts.append(desk.say("offer.most", n=MOST_AT_ONCE))
    armed = [r.arm for r in replies if r.arm]
    return Reply("\n\n".join(texts), armed[0] if armed else "")


def _merged(asks: Sequence[Ask]) -> list[Ask]:
    """With what is added to a type named before: `a bike and a car, the car for two hours`."""
    merged: list[Ask] = []
    for one in asks:
        same = next((n for n, known in enumerate(merged) if one.type and known.type == one.type), None)
        elsewhere = same is not None and one.place not in {None, merged[same].place}
        if same is None or elsewhere or one.when.starts or one.other or not one.when:
            merged.append(one)
        else:
            merged[same] = merged[same].with_more(one)
    return merged


def book_one(desk: Desk, ask: Ask, *, replaces: str = "", avoid: tuple[str, ...] = (), more: bool = False) -> Steps:
    """Ask for what is missing, else find the best vehicle and propose it; `more`: another of those just found."""
    ask = _completed(desk, ask)
    chosen = _chosen(desk, ask)
    if not (ask.types or chosen):
        ask = replace(ask, types=(yield from asking.by_model(desk, ask)))
    if not (ask.type or chosen or (asking.is_open_choice(desk, ask) and _is_timed(desk, ask))):
        return Reply(asking.kind_of(desk, ask))
    span = asking.span_of(desk, ask)
    of_unknown_type = chosen is not None and not (chosen.get("vehicle_type") or ask.type) and not span.end
    if ask.when.wrong or (ask.type and ask.type not in HOLDS and not of_unknown_type and not (span.start and span.end)):
        return (yield from asking.hours(desk, ask, span))
    desk.state.settle()
    if chosen:
        return (yield from propose(desk, ask, span, [chosen], {}, replaces=replaces))
    if more and desk.state.offers and desk.state.offers_ask == ask:
        found = Result("find_vehicles", {}, {"vehicles": list(desk.state.offers)})
    else:
        found = yield finding.search(desk, ask, span)
    if not found.ok:
        return (yield from finding.refused(desk, ask, span, found, fresh=True))
    rows = [v for v in finding.remember(desk, ask, found) if v.get("vehicle_id") not in avoid]
    if len(ask.types) > 1:
        desk.state.offers = rows = [v for v in rows if v.get("vehicle_type") in ask.types]
    if not rows:
        return (yield from finding.nothing(desk, ask, span, found))
    return (yield from propose(desk, ask, span, rows, found.data, replaces=replaces))


def _is_timed(desk: Desk, ask: Ask) -> bool:
    """Whether the times said are enough for any of the types."""
    span = asking.span_of(desk, ask)
    return set(ask.types) <= HOLDS or bool(span.start and span.end)


def _completed(desk: Desk, ask: Ask) -> Ask:
    """With the type a load or a party hints at, and what offers on the table were for."""
    if desk.reading.choice and desk.state.offers:
        return desk.state.offers_ask.with_more(ask)
    if not ask.types and desk.reading.hint:
        return replace(ask, types=(desk.reading.hint,))
    if not ask.types and "EITHER " in desk.reading.codes and not (ask.when.day or ask.when.start or ask.when.end):
        return replace(ask, types=("scooter", "bike"), wish=ask.wish or "nearest")
    return ask


def _chosen(desk: Desk, ask: Ask) -> Mapping[str, Any] | None:
    """The vehicle the person pointed at: by id, by `the second one`, or by a yes to what was shown."""
    offers = desk.state.offers
    for row in offers:
        if str(row.get("vehicle_id")) in desk.reading.ids:
            return row
    choice = desk.reading.choice
    if choice and offers:
        index = choice - 1 if choice > 0 else len(offers[:3]) - 1
        return offers[index] if index < len(offers) else None
    if desk.state.expect == "choose" and offers and desk.reading.polarity == "yes" and not desk.reading.ask.types:
        return offers[0]
    if desk.reading.ids and not desk.reading.ids[0].startswith(("rsv", "prp")):
        return {"vehicle_id": desk.reading.ids[0], "vehicle_type": ask.type}
    return None


def propose(
    desk: Desk, ask: Ask, span: Span, rows: list[Mapping[str, Any]], found: Mapping[str, Any], *, replaces: str = ""
) -> Steps:
    """Propose the first of these vehicles; when somebody was quicker, the next."""
    for vehicle in rows[:2]:
        result = yield proposal_call(desk, ask, span, vehicle, replaces=replaces)
        if result.ok:
            card = keep(desk, result, ask=ask, ends_by=span.ends_by or "clock", vehicle=vehicle)
            return Reply(_offer(desk, ask, span, card, found), card.proposal_id)
        if result.code == "wrong_mode" and not span.end:
            desk.state.offers = [{**vehicle, "vehicle_type": result.facts.get("vehicle_type")}]
            wanted = replace(ask, types=(str(result.facts.get("vehicle_type") or "car"),))
            return (yield from asking.hours(desk, wanted, span))
        if len(rows) == 1 and result.code in {"already_promised", "vehicle_unusable"}:
            return Reply(desk.say("refused.that_taken", vehicle=vehicle.get("vehicle_id"), message=result.message))
        if result.code not in {"already_promised", "vehicle_unusable"}:
            return (yield from finding.refused(desk, ask, span, result, fresh=True))
    return Reply(desk.say("refused.taken_all"))


def proposal_call(desk: Desk, ask: Ask, span: Span, vehicle: Mapping[str, Any], *, replaces: str) -> Call:
    """The call that proposes this vehicle: a hold or a booking, by its type."""
    kind = str(vehicle.get("vehicle_type") or ask.type)
    arguments: dict[str, Any] = {"vehicle_id": vehicle.get("vehicle_id")}
    if replaces:
        arguments["replaces"] = replaces
    if kind in HOLDS or (kind == "None" and not span.end):
        if span.start and not ask.when.now:
            arguments["pick_up"] = local_iso(span.start)
        return Call("propose_hold", arguments)
    arguments["start"] = local_iso(span.start or desk.now)
    arguments["end"] = local_iso(span.end or span.start or desk.now)
    return Call("propose_booking", arguments)


def keep(desk: Desk, result: Result, *, ask: Ask, ends_by: str, vehicle: Mapping[str, Any]) -> Card:
    """Remember a proposal just made."""
    view = result.data
    facts = view.get("facts")
    card = Card(
        str(view.get("proposal_id", "")),
        str(view.get("kind", "")),
        facts if isinstance(facts, dict) else {},
        view,
        ask,
        ends_by,
        vehicle,
    )
    desk.state.cards[card.proposal_id] = card
    desk.state.last_card = card.proposal_id
    return card


def _praise(desk: Desk, ask: Ask, vehicle: Mapping[str, Any]) -> str:
    """What is best about the vehicle chosen."""
    shown = desk.state.last_intent == "search" and desk.reading.polarity == "yes"
    if (
        finding.likeness(vehicle, desk.reading.text)
        or desk.reading.choice
        or shown
        or not desk.state.offers
        or vehicle.get("vehicle_id") in desk.reading.ids
    ):
        return "chosen"
    if ask.wish in {"cheapest", "range"}:
        return ask.wish
    nearer = [v for v in desk.state.offers if float(v.get("distance_m") or 0) < float(vehicle.get("distance_m") or 0)]
    return "charged" if nearer else "nearest"


def _offer(desk: Desk, ask: Ask, span: Span, card: Card, found: Mapping[str, Any]) -> str:
    """The proposal in two or three sentences."""
    vehicle, facts = card.vehicle, card.facts
    kind = desk.speech.kind(facts.get("vehicle_type") or vehicle.get("vehicle_type") or ask.type)
    parts = []
    if vehicle.get("walk_min") is not None:
        praise = _praise(desk, ask, vehicle)
        wish = desk.say(f"found.wish.{praise}")
        where = f", {vehicle['near']}" if vehicle.get("near") and found.get("place_assumed") else ""
        battery = desk.say("found.battery", battery=vehicle.get("battery_pct"), range=vehicle.get("range_km"))
        parts.append(
            desk.say(
                "found.picked" if praise == "chosen" else "found.one",
                wish=wish,
                type=kind,
                vehicle=vehicle.get("vehicle_id"),
                where=where,
                walk=wording.walk(desk, vehicle, found),
                battery=battery,
                price=f" {vehicle['price']}." if vehicle.get("price") and card.kind == "hold" else "",
            )
        )
    if float(vehicle.get("walk_min") or 0) > FAR_MIN:
        parts.append(desk.say("found.far"))
    if vehicle.get("battery_pct") is not None and not finding.is_charged(vehicle):
        parts.append(desk.say("found.low").strip())
    if note := wording.assumed(desk, found):
        parts.append(note)
    total = card.view.get("total")
    if not parts:
        return desk.say("offer.titled", title=card.view.get("title"), total=f", {total}" if total else "")
    start, end, until = (desk.local(facts.get(k)) for k in ("start_at", "end_at", "until_at"))
    if card.kind == "hold" and until:
        later = bool(span.start and not ask.when.now and start)
        key = "offer.hold_later" if later else "offer.hold_now"
        parts.append(desk.say(key, until=desk.speech.clock(until), start=desk.speech.moment(start) if start else ""))
    elif start and end:
        parts.append(
            desk.say("offer.booking" if total else "offer.booking_open", span=desk.speech.span(start, end), total=total)
        )
    else:
        parts.append(desk.say("pending.details", title=card.view.get("title", ""), total=f", {total}" if total else ""))
    return " ".join(parts)
