"""Which of the person's reservations is meant, and the honest answer when none fits what they named."""

import re
from collections.abc import Generator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from nimrod.agents.local_model.dialogue.history import Result
from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.lexicon import lexicon, plain, read_data
from nimrod.agents.local_model.grammar.resolve import day_of
from nimrod.agents.local_model.grammar.terms import terms_of
from nimrod.agents.local_model.skills import wording
from nimrod.agents.local_model.understanding.reading import Ask

Row = Mapping[str, Any]
OPEN = {"held", "booked", "active"}
LAPSED = {"no_show", "expired"}
REMEMBERED = timedelta(hours=24)  # for so long a booking nobody came for is still what `my car` means


def mine(desk: Desk, *, past: bool = False) -> Generator[Call, Result, list[Row]]:
    """The person's reservations, open ones unless `past`."""
    result = yield Call("list_my_reservations", {"include_past": True} if past else {})
    rows = result.rows("reservations")
    return rows if past else [r for r in rows if r.get("state") in OPEN]


def own_types(desk: Desk) -> tuple[str, ...]:
    """The types spoken of as something one has already: `the car`, `my van`; not `a bike`, `to the bike`."""
    terms = terms_of(desk.reading.text, lexicon(desk.reading.language))
    owners = {plain(str(w)) for w in read_data(desk.reading.language, "words").get("own", ())}
    found: list[str] = []
    for at, term in enumerate(terms):
        before = terms[at - 1] if at else None
        target = at > 1 and terms[at - 2].code == "TO"
        if term.code[:1] == "V" and before and (before.code == "THE" or plain(before.text) in owners) and not target:
            found.append(term.code[1:])
    return tuple(dict.fromkeys(t for t in found if t != "any"))


def is_owned(desk: Desk) -> bool:
    """Whether the message says `my`."""
    owners = {plain(str(w)) for w in read_data(desk.reading.language, "words").get("own", ())}
    return bool(owners & set(re.findall(r"\w+", plain(desk.reading.text))))


def is_pointing(desk: Desk) -> bool:
    """Whether the message says `it` or `that` for what it is about."""
    words = {plain(str(w)) for w in read_data(desk.reading.language, "words").get("pointing", ())}
    return bool(words & set(re.findall(r"\w+", plain(desk.reading.text))))


def pick(desk: Desk, intent: str, ask: Ask, known: list[Row] | None = None) -> Generator[Call, Result, Row | Reply]:
    """The reservation meant: by id, by what it is, the one just spoken of, the only one; else a question."""
    rows = (yield from mine(desk)) if known is None else known
    wanted = {i.lower() for i in desk.reading.ids if not i.startswith("prp")}
    if wanted:
        hit = [r for r in rows if {str(r.get(k)).lower() for k in ("reservation_id", "vehicle_id")} & wanted]
        return hit[0] if hit else Reply(_no_such_id(desk, rows))
    if not rows:
        return (yield from nothing_open(desk, intent))
    choice = desk.reading.choice
    if choice and desk.state.choices and 0 < choice <= len(desk.state.choices):
        return desk.state.choices[choice - 1]
    types = ask.types if intent != "change" else own_types(desk)
    fitting = _of_types(rows, types if intent != "change" else types or ask.types)
    if not fitting and intent == "change" and not types:
        fitting = rows
    day = day_of(ask.when.day, desk.now.date()) if ask.when.day and intent != "change" else None
    on_day = [r for r in fitting if day is None or _covers(desk, r, day)]
    if not on_day:
        return _none_like_that(desk, intent, rows, types, day)
    if len(on_day) == 1:
        return on_day[0]
    last = desk.state.reservation or {}
    spoken_of = [r for r in on_day if r.get("reservation_id") == last.get("reservation_id")]
    if spoken_of:
        return spoken_of[0]
    desk.state.ask_for("which", intent, ask)
    desk.state.choices = list(on_day)
    return Reply(desk.say("ask.which", items="; ".join(wording.reservation_line(desk, r) for r in on_day)))


def _of_types(rows: list[Row], types: tuple[str, ...]) -> list[Row]:
    return [r for r in rows if r.get("vehicle_type") in types] if types else list(rows)


def _covers(desk: Desk, row: Row, day: date) -> bool:
    start = desk.local(row.get("start"))
    end = desk.local(row.get("end")) or start
    return bool(start and end and start.date() <= day <= end.date())


def _none_like_that(desk: Desk, intent: str, rows: list[Row], types: tuple[str, ...], day: date | None) -> Reply:
    """Nothing of that type or on that day: what there is, and whether that is meant. No card."""
    desk.state.ask_for("which", intent, Ask(when=desk.reading.ask.when) if intent == "change" else None)
    desk.state.choices = list(rows)
    items = "; ".join(wording.reservation_line(desk, r) for r in rows)
    kind = desk.speech.kind(types[0] if types else "vehicle")
    on = desk.speech.day(datetime(day.year, day.month, day.day, tzinfo=desk.now.tzinfo)) if day else ""
    key = "own.none_then" if day else "own.none_of_type"
    tail = desk.say("own.that_one" if len(rows) == 1 else "own.which_one")
    return Reply(f"{desk.say(key, type=kind, day=on, items=items)} {tail}")


def nothing_open(desk: Desk, intent: str) -> Steps:
    """No open reservation; one that has just lapsed is named, with its fee."""
    rows = yield from mine(desk, past=True)
    lapsed = [r for r in rows if r.get("state") in LAPSED and _is_recent(desk, r)]
    kinds = own_types(desk) or desk.reading.ask.types
    fitting = [r for r in lapsed if not kinds or r.get("vehicle_type") in kinds]
    if fitting:
        last = max(fitting, key=lambda r: str(r.get("start")))
        desk.state.ask_for("lapsed", "book", Ask(types=(str(last.get("vehicle_type")),)))
        fee = desk.say("own.fee", fee=last["fee"]) if last.get("fee_minor") else ""
        return Reply(desk.say("own.lapsed", what=wording.what(desk, last), fee=fee))
    if kinds and intent == "cancel":
        return Reply(desk.say("own.nothing_to_cancel", type=desk.speech.kind(kinds[0])))
    if kinds:
        desk.state.ask_for("lapsed", "book", Ask(types=kinds[:1]))
        return Reply(desk.say("own.nothing_of_type", type=desk.speech.kind(kinds[0])))
    return Reply(desk.say("list.none"))


def _is_recent(desk: Desk, row: Row) -> bool:
    at = desk.local(row.get("end")) or desk.local(row.get("until")) or desk.local(row.get("start"))
    return at is not None and abs(desk.now - at) < REMEMBERED


def _no_such_id(desk: Desk, rows: list[Row]) -> str:
    if not rows:
        return desk.say("refused.not_found_none")
    return desk.say("refused.not_found", items="; ".join(wording.reservation_line(desk, r) for r in rows))


def not_mine(desk: Desk) -> Steps:
    """An id that is not the person's: said kindly, with what is theirs."""
    rows = yield from mine(desk)
    return Reply(_no_such_id(desk, rows))
