"""What a change moves: against which times, which arguments that makes, and how it is told."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nimrod.agents.local_model.dialogue.state import Card, Desk
from nimrod.agents.local_model.grammar.lexicon import lexicon, plain, read_data
from nimrod.agents.local_model.grammar.resolve import Span, local_iso
from nimrod.agents.local_model.grammar.terms import terms_of
from nimrod.agents.local_model.grammar.times import When
from nimrod.agents.local_model.understanding.reading import Ask


def as_corrected(desk: Desk, card: Card, ask: Ask) -> tuple[Mapping[str, Any], Ask]:
    """The times the remark is about, and the remark: `no, 1 hour` puts right how much longer or later it was to be."""
    now = {"start": card.facts.get("start_at"), "end": card.facts.get("end_at")}
    before = card.moved
    amount = (before.add_min or before.shift_min) if before else None
    corrects = desk.reading.polarity == "no" or re.search(r"(?<!\S)(SORRY|NO|NOT) ", desk.reading.codes)
    if not (before and amount and ask.when.for_min and corrects):
        return now, ask
    signed = ask.when.for_min if amount > 0 else -ask.when.for_min
    add, shift = (signed, None) if before.add_min else (None, signed)
    return card.was, replace(ask, when=replace(ask.when, for_min=None, add_min=add, shift_min=shift))


def brought_back(desk: Desk, ask: Ask) -> Ask:
    """`Bring it back earlier, say 1 pm`: the time is the end's."""
    words = {plain(str(w)) for w in read_data(desk.reading.language, "words").get("returning", ())}
    terms = terms_of(desk.reading.text, lexicon(desk.reading.language))
    when = ask.when
    returns = any(t.code == "x" and plain(t.text) in words for t in terms)
    if returns and when.vague == "later":
        when = replace(when, vague="longer")
        ask = replace(ask, when=when)
    if not (returns and when.start and not when.end and not when.day):
        return ask
    return replace(ask, when=replace(when, start=None, end=when.start, vague=None))


def moved(desk: Desk, row: Mapping[str, Any], reservation_id: str, span: Span) -> dict[str, Any]:
    """Only the times that change, against the reservation as it stands."""
    arguments: dict[str, Any] = {"reservation_id": reservation_id}
    start = desk.local(row.get("old_start_at") or row.get("start"))
    end = desk.local(row.get("old_end_at") or row.get("end"))
    if span.start and span.start != start and row.get("state") != "active":
        arguments["start"] = local_iso(span.start)
    if span.end and span.end != end:
        arguments["end"] = local_iso(span.end)
    return arguments


def is_vague(when: When) -> bool:
    """`Later`, `longer`, and nothing said of how much."""
    return bool(
        when.vague
        and not (when.starts or when.end or when.for_min or when.add_min or when.shift_min or when.bare is not None)
    )


def say_change(desk: Desk, card: Card, row: Mapping[str, Any]) -> str:
    """The proposed change in a sentence or two."""
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
