"""What riding costs: one quote, the cheapest way, the price list."""

from collections.abc import Mapping
from typing import Any

from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import Span, local_iso, resolve
from nimrod.agents.local_model.skills import cards, changing, choosing, owning, wording
from nimrod.agents.local_model.skills.finding import refused
from nimrod.agents.local_model.understanding.reading import Ask


def _minutes(ask: Ask, span: Span) -> int | None:
    return ask.when.for_min or span.minutes or (ask.when.add_min if ask.when.add_min and ask.when.add_min > 0 else None)


def _remembered(desk: Desk, ask: Ask) -> Ask:
    """With the type and length of the question before, when this one only varies it."""
    last = desk.state.quote.get("ask")
    return last.with_more(ask) if isinstance(last, Ask) and desk.state.last_intent in {"price", "compare"} else ask


def price(desk: Desk) -> Steps:
    """The price of a ride; without a type and length: of what is on the table."""
    ask = desk.reading.ask
    card = changing.open_card(desk)
    if card and card.kind != "handover" and not ask.types and not ask.when.for_min:
        return (yield from cards.pending_price(desk))
    ask = _remembered(desk, ask)
    span = resolve(ask.when, desk.now)
    minutes = _minutes(ask, span)
    if not ask.types and minutes is None and (desk.state.reservation or (yield from choosing.mine(desk))):
        return (yield from owning.details(desk))
    if minutes is None and ask.types and choosing.own_types(desk):
        rows = yield from choosing.mine(desk)
        if any(r.get("vehicle_type") in ask.types for r in rows) or choosing.is_owned(desk):
            return (yield from owning.details(desk))
    desk.state.quote = {"ask": ask}
    if not ask.types or len(ask.types) > 1:
        return (yield from compare(desk))
    if minutes is None:
        if "list_tariffs" in desk.tools:
            return (yield from tariffs(desk))
        desk.state.ask_for("duration", "price", ask)
        return Reply(desk.say("ask.duration"))
    desk.state.settle()
    arguments: dict[str, Any] = {"vehicle_type": ask.type, "duration_min": minutes}
    if span.start and not ask.when.now:
        arguments["start"] = local_iso(span.start)
    quote = yield Call("quote_ride", arguments)
    if not quote.ok:
        return (yield from refused(desk, ask, span, quote))
    start = desk.say("price.from", start=desk.speech.moment(span.start)) if span.start and not ask.when.now else ""
    text = desk.say(
        "price.quote",
        type=desk.speech.kind(ask.type),
        minutes=wording.length(desk, minutes) + start,
        total=quote.data.get("total"),
        lines=wording.lines(desk, quote.data),
    )
    return Reply(text)


def compare(desk: Desk) -> Steps:
    """The cheapest way to ride so long."""
    ask = _remembered(desk, desk.reading.ask)
    span = resolve(ask.when, desk.now)
    minutes = _minutes(ask, span)
    desk.state.quote = {"ask": ask}
    if minutes is None:
        desk.state.ask_for("duration", "compare", ask)
        return Reply(desk.say("ask.duration"))
    desk.state.settle()
    arguments: dict[str, Any] = {"duration_min": minutes}
    if span.start and not ask.when.now:
        arguments["start"] = local_iso(span.start)
    result = yield Call("compare_prices", arguments)
    if not result.ok:
        return (yield from refused(desk, ask, span, result))
    options = [o for o in result.data.get("options") or [] if isinstance(o, dict)]
    if len(ask.types) > 1:
        options = [o for o in options if o.get("vehicle_type") in ask.types] or options
    if not options:
        return Reply(desk.say("refused.trouble"))
    others = [f"{desk.speech.kind(o.get('vehicle_type'))} {o.get('total')}" for o in options[1:]]
    told = desk.say("price.others", items=desk.speech.listed(others)) if others else ""
    best = str(options[0].get("vehicle_type"))
    desk.state.ask_for("offer", "book", Ask(types=(best,), when=ask.when, place=ask.place, here=ask.here))
    return Reply(
        desk.say(
            "price.cheapest",
            minutes=wording.length(desk, minutes),
            type=desk.speech.kind(best),
            total=options[0].get("total"),
            others=told,
        )
    )


def tariffs(desk: Desk) -> Steps:
    """The price list, or the one line of it that was asked for."""
    ask = desk.reading.ask
    result = yield Call("list_tariffs", {})
    rows = result.data.get("tariffs") or result.data.get("items") or []
    rows = [r for r in rows if isinstance(r, dict)]
    if not result.ok or not rows:
        return Reply(wording.refusal(desk, result))
    shown = [r for r in rows if r.get("vehicle_type") in ask.types] or rows
    items = "; ".join(
        desk.say("price.tariff", type=desk.speech.kind(r.get("vehicle_type")), text=_tariff_text(r)) for r in shown
    )
    if ask.types:
        desk.state.ask_for("duration", "price", ask)
        return Reply(items[:1].upper() + items[1:] + ". " + desk.say("ask.duration"))
    return Reply(desk.say("price.tariffs", items=items))


def _tariff_text(row: Mapping[str, Any]) -> str:
    for key in ("price", "text", "words"):
        if isinstance(row.get(key), str):
            cap = f", {row['day_cap']}" if isinstance(row.get("day_cap"), str) else ""
            return str(row[key]) + cap
    return ", ".join(
        str(v) for k, v in row.items() if k != "vehicle_type" and isinstance(v, str) and not k.endswith("_minor")
    )
