"""Parking bays, rules from the knowledge base, battery and range."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import Span
from nimrod.agents.local_model.skills import choosing, finding, wording
from nimrod.agents.local_model.understanding.reading import Ask

MOST_SENTENCES = 3
MOST_CHARS = 420
STOPWORDS = {
    "the",
    "a",
    "an",
    "i",
    "is",
    "do",
    "to",
    "it",
    "of",
    "in",
    "my",
    "can",
    "may",
    "what",
    "how",
    "where",
    "when",
    "you",
    "for",
    "with",
    "and",
    "on",
}


def bays(desk: Desk) -> Steps:
    """The nearest places to leave a vehicle, and the rule about it when one is written down."""
    ask = desk.reading.ask
    waiting = [facts for row in desk.pending if isinstance(facts := row.get("facts"), dict)]
    spoken_of = waiting[0] if waiting else desk.state.reservation or {}
    kind = ask.type or str(spoken_of.get("vehicle_type") or "")
    arguments: dict[str, object] = {"near": finding.near(desk, ask), "limit": 3}
    if kind:
        arguments["vehicle_type"] = kind
    result = yield Call("find_bays", arguments)
    if not result.ok:
        return Reply(wording.refusal(desk, result))
    rows = result.rows("bays")
    if not rows:
        if result.data.get("place"):
            return Reply(desk.say("bays.none"))
        text = finding.unknown_place(desk, ask, result.data)
        desk.state.goal_intent = "bays"
        return Reply(text)
    items = [
        desk.say(
            "bays.line",
            name=b.get("name"),
            walk=b.get("walk_min"),
            charger=desk.say("bays.charger") if b.get("charger") and kind in {"car", "van"} else "",
        )
        for b in rows
    ]
    desk.state.settle()
    place = wording.spoken_place(desk, result.data)
    text = desk.say("bays.any", place=place, items=desk.speech.listed(items))
    rule = ""
    if "search_knowledge" in desk.tools:
        written = yield Call(
            "search_knowledge", {"question": f"{desk.reading.text[:280]} ({kind})" if kind else desk.reading.text[:300]}
        )
        rule = _answer(desk, written.data.get("sections"), sentences=1) if written.ok else ""
    return Reply(" ".join(filter(None, (text, wording.assumed(desk, result.data), rule))))


def _answer(desk: Desk, sections: object, *, sentences: int = MOST_SENTENCES) -> str:
    """The sentences of the best section that speak of what was asked, with its title."""
    rows = [s for s in sections if isinstance(s, dict) and s.get("text")] if isinstance(sections, list) else []
    if not rows:
        return ""
    best = rows[0]
    text = re.sub(r"[*_#`]+", "", str(best["text"]))
    parts = [p.strip(" -\n") for p in re.split(r"(?<=[.!?])\s+|\n+[-*]?\s*", text) if p.strip(" -\n")]
    asked = {w[:5] for w in re.findall(r"\w+", desk.reading.text.casefold()) if w not in STOPWORDS}
    ranked = sorted(
        range(len(parts)), key=lambda i: (-sum(w[:5] in asked for w in set(re.findall(r"\w+", parts[i].casefold()))), i)
    )
    chosen = [parts[i] for i in sorted(ranked[:sentences])]
    while len(chosen) > 1 and len(" ".join(chosen)) > MOST_CHARS:
        chosen.pop()
    is_foreign = best.get("language") == "en" and desk.speech.language != "en"
    told = desk.say("knowledge.english", text=" ".join(chosen)[:MOST_CHARS]) if is_foreign else " ".join(chosen)
    return desk.say("knowledge.answer", text=told[: MOST_CHARS + 80], title=best.get("title") or best.get("section_id"))


def knowledge(desk: Desk) -> Steps:
    """An answer from what is written down, with its section."""
    result = yield Call("search_knowledge", {"question": desk.reading.text[:300]})
    text = _answer(desk, result.data.get("sections")) if result.ok else ""
    if text:
        return Reply(text)
    desk.state.ask_for("offer", "human")
    desk.state.summary = desk.reading.text[:300]
    return Reply(desk.say("knowledge.none"))


def battery(desk: Desk) -> Steps:
    """How far the vehicle in question goes, else the best charged ones."""
    ask = desk.reading.ask
    known = _spoken_of(desk)
    if known and known.get("battery_pct") is not None and not ask.wish:
        waiting = {str(r.get("proposal_id")) for r in desk.pending}
        text = desk.say(
            "battery.vehicle",
            type=desk.speech.kind(known.get("vehicle_type")),
            vehicle=known.get("vehicle_id"),
            battery=known.get("battery_pct"),
            range=known.get("range_km"),
        )
        return Reply(text, desk.state.last_card if desk.state.last_card in waiting else "")
    if desk.reading.ids and not ask.place:
        desk.state.ask_for("place", "battery", ask)
        return Reply(desk.say("battery.not_seen", vehicle=desk.reading.ids[0]))
    if not ask.types and not ask.wish and not ask.place and not ask.min_km:
        picked = yield from choosing.pick(desk, "info", Ask())
        if isinstance(picked, Reply):
            desk.state.ask_for("type", "battery", ask)
            return Reply(desk.say("battery.unknown"))
    return (yield from _charged(desk, ask if ask.place and not ask.wish else replace(ask, wish="range")))


def _spoken_of(desk: Desk) -> Mapping[str, Any] | None:
    """The vehicle that is meant, if it has been seen in this conversation."""
    wanted = str((desk.state.reservation or {}).get("vehicle_id") or "")
    card = desk.state.cards.get(desk.state.last_card)
    if card and not wanted:
        wanted = str(card.facts.get("vehicle_id") or "")
    wanted = next(iter(desk.reading.ids), wanted)
    known = next((v for v in desk.state.offers if v.get("vehicle_id") == wanted), None)
    return known or (card.vehicle if card and card.vehicle.get("vehicle_id") == wanted else None)


def _charged(desk: Desk, ask: Ask) -> Steps:
    """The batteries of what is free at the place, the best ones first when that was the wish."""
    found = yield finding.search(desk, ask, Span())
    if not found.ok:
        return Reply(wording.refusal(desk, found))
    rows = finding.remember(desk, ask, found)
    if not rows:
        return (yield from finding.nothing(desk, ask, Span(), found))
    desk.state.ask_for("choose", "book", ask)
    items = "; ".join(
        desk.say(
            "found.line",
            vehicle=v.get("vehicle_id"),
            model=v.get("model"),
            walk=desk.say("found.walk_here", walk=v.get("walk_min")),
            battery=v.get("battery_pct"),
            total=desk.say("battery.range", range=v.get("range_km")),
        )
        for v in rows[:3]
    )
    key = "battery.list" if ask.wish else "battery.near"
    return Reply(desk.say(key, place=wording.spoken_place(desk, found.data), items=items))
