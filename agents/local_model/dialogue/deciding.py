"""From a reading to an intent: the classifier's guess, weighed against what was asked before and what waits."""

import re
from dataclasses import replace

from nimrod.agents.local_model.dialogue.facing_a_card import (
    LIKELY,
    STANDING,
    SURE,
    adds_another,
    at_a_card,
    is_question,
    only_a_name,
)
from nimrod.agents.local_model.dialogue.state import Desk
from nimrod.agents.local_model.grammar.times import NOTHING, Clock, When
from nimrod.agents.local_model.skills.choosing import is_pointing
from nimrod.agents.local_model.understanding.reading import Ask, Reading, read

LONG = 900
SLOTS = {"type", "start", "end", "place", "duration", "what", "longer"}


def decide(desk: Desk) -> str:
    """The intent to serve; may complete the reading with what was said in earlier turns."""
    _without_opener(desk)
    reading, state = desk.reading, desk.state
    if not re.search(r"\w", reading.text):
        return "empty"
    guess = reading.guess
    if guess.intent in {"injection", "abuse"} and guess.confidence >= SURE:
        return guess.intent
    if len(reading.text) > LONG and (guess.confidence < SURE or not reading.ask):
        return "long"
    if intent := _answers(desk):
        return intent
    if intent := at_a_card(desk):
        return intent
    state.expect, state.goal = "", None
    if reading.plain_answer:
        return "confirm" if reading.polarity == "yes" else "decline"
    return _by_meaning(desk)


def _answers(desk: Desk) -> str:
    """The message as an answer to the question just asked, or "" when it is something else."""
    reading, state = desk.reading, desk.state
    if not state.expect:
        return ""
    stands = reading.guess.intent in STANDING and reading.guess.confidence >= SURE
    goal, intent = state.goal or Ask(), state.goal_intent
    if state.expect in {"offer", "choose", "lapsed"}:
        return _answers_offer(desk, goal, intent)
    if reading.polarity == "no" and reading.plain_answer:
        return ""
    if state.expect == "which":
        return _answers_which(desk, intent, stands=stands)
    if state.expect == "start" and reading.plain_answer and reading.polarity == "yes" and not goal.when.day:
        desk.reading = replace(reading, asks=(goal.with_more(Ask(when=replace(goal.when, now=True))),))
        return intent
    if stands and (not _fills(desk) or _only_says_now(desk)):
        return ""
    if state.expect in {"start", "end"} and reading.plain_answer and reading.polarity == "yes":
        return "again"
    if state.expect in SLOTS and (_fills(desk) or (state.expect == "place" and _may_be_a_place(desk))):
        if reading.guess.intent in {"cancel"} and reading.guess.confidence >= SURE:
            return ""
        desk.reading = replace(reading, asks=(goal.with_more(_as_slot(desk)), *reading.asks[1:]))
        return intent
    return ""


def _answers_offer(desk: Desk, goal: Ask, intent: str) -> str:
    reading, ask = desk.reading, desk.reading.ask
    sure_of = reading.guess.intent in STANDING | {"decline", "cancel"} and reading.guess.confidence >= LIKELY
    says_yes = reading.polarity == "yes" and (reading.plain_answer or not sure_of)
    if says_yes or (reading.guess.intent == "confirm" and reading.guess.confidence >= SURE):
        desk.reading = replace(reading, polarity="yes", asks=(goal.with_more(ask),))
        return intent
    if reading.choice and desk.state.expect == "choose":
        desk.reading = replace(reading, asks=(goal.with_more(ask),))
        return intent
    if reading.polarity == "no" and not ask:
        return "" if desk.pending else "left"
    if desk.state.expect == "lapsed":  # what is not a yes is about the booking that is gone
        return ""
    free = reading.guess.confidence < SURE or reading.guess.intent in {"book", "change", "confirm", "decline"}
    if ask and intent == "book" and free and reading.guess.intent != "cancel":
        when = ask.when
        if when.bare is not None and desk.state.expect == "offer":
            ask = replace(ask, when=_bare_as_start(when))
        desk.reading = replace(reading, asks=(goal.with_more(ask), *reading.asks[1:]))
        return intent
    return ""


def _answers_which(desk: Desk, intent: str, *, stands: bool) -> str:
    reading, state = desk.reading, desk.state
    if reading.plain_answer and reading.polarity == "yes":  # `that one?` yes; of several the question stays
        state.reservation = None
        desk.reading = replace(reading, choice=1 if len(state.choices) == 1 else None, asks=(state.goal or Ask(),))
        return intent
    named = any(str(row.get(k)) in reading.ids for row in state.choices for k in ("reservation_id", "vehicle_id"))
    if named or reading.choice or reading.wants_all or reading.ask.types or (reading.ask.when and not stands):
        if intent == "change" and state.goal:
            when = state.goal.when or reading.ask.when
            desk.reading = replace(
                reading, asks=(replace(state.goal, when=when, types=reading.ask.types or state.goal.types),)
            )
        return intent
    return ""


def _only_says_now(desk: Desk) -> bool:
    """`What do I have now`: a question of its own, no answer to `when?`."""
    ask = desk.reading.ask
    return ask == Ask(when=When(now=True)) and is_question(desk) and desk.reading.guess.confidence >= 0.75


def _may_be_a_place(desk: Desk) -> bool:
    """Whether words nobody knows can be the name of a place: few, no question, nothing we understand otherwise."""
    words = len(re.findall(r"\w+", desk.reading.text))
    return words <= 6 and not is_question(desk) and desk.reading.guess.confidence < 0.7


def _fills(desk: Desk) -> bool:
    ask = desk.reading.ask
    return bool(ask or ask.any_type or desk.reading.hint)


def _as_slot(desk: Desk) -> Ask:
    """What was said, read as the thing that was asked for: a lone `10` is a start or an end."""
    ask, expect = desk.reading.ask, desk.state.expect
    when = ask.when
    if expect == "end" and (when.start or when.bare is not None) and not when.end and not when.for_min:
        start = when.start or _bare_as_start(when).start
        when = replace(when, end=start, start=None, bare=None, end_day=when.day or when.end_day, day=None)
    elif expect == "start" and when.bare is not None and not when.start:
        when = _bare_as_start(when)
    elif expect == "longer" and when.for_min:
        when = replace(when, add_min=when.for_min, for_min=None)
    elif expect == "duration" and when.bare is not None and not when.for_min:
        when = replace(when, for_min=when.bare, bare=None)
    place = ask.place
    if expect == "place" and not place and not ask.when and not ask.types:
        place = re.sub(
            r"^(near|at|from|by|in|the|around)\s+", "", desk.reading.text.strip(" .!?"), flags=re.IGNORECASE
        )[:60]
    return replace(ask, when=when, place=place)


def _bare_as_start(when: When) -> When:
    hour = when.bare or 0
    return replace(when, start=Clock(hour, 0, 1 <= hour <= 12), bare=None)


FACTS = {"list", "info", "about", "bays", "knowledge", "battery", "tariffs", "clock"}


def _without_opener(desk: Desk) -> None:
    """`Ok never mind, do I have anything open?` is the question, `one` in `a cheaper one` no number."""
    reading = desk.reading
    if reading.polarity and not reading.plain_answer and (last := _last_piece(desk)):
        opener = read(re.split(r"[,.!;]", reading.text)[0], reading.language, ())
        if opener.plain_answer and last.intent in FACTS and last.guess.confidence >= SURE:
            desk.reading = reading = last
    if reading.ask.wish and reading.ask.when == When(bare=1):
        desk.reading = replace(reading, asks=(replace(reading.ask, when=NOTHING), *reading.asks[1:]))


def _last_piece(desk: Desk) -> Reading | None:
    """What stands after the last comma or full stop, read on its own."""
    pieces = [p for p in re.split(r"[,.!;]", desk.reading.text) if re.search(r"\w", p)]
    return read(pieces[-1].strip(), desk.reading.language, ()) if len(pieces) > 1 else None


def _ends_in_a_wish(desk: Desk) -> bool:
    """`Any bikes near Kallio? Hold one`: a question, and what to do about it."""
    pieces = [p for p in re.split(r"[?.!;]", desk.reading.text) if re.search(r"\w", p)]
    last = read(pieces[-1], desk.reading.language, ()).guess if len(pieces) > 1 else None
    return bool(last and last.intent in {"book", "confirm"} and last.confidence >= SURE)


def _changes_something(desk: Desk) -> bool:
    """Whether a message taken for a change can be one: not a full wish for a vehicle out of the blue."""
    ask, guess = desk.reading.ask, desk.reading.guess
    when = ask.when
    relative = when.add_min or when.shift_min or when.vague or ask.other or (when.end and not when.start)
    return bool(desk.pending or desk.state.reservation or not ask.types or relative or guess.confidence >= 0.75)


def _is_done(desk: Desk) -> bool:
    """`Book it!` about the thing that was booked a moment ago."""
    reading = desk.reading
    bare = not (reading.ask or reading.ids or reading.choice or reading.hint or reading.ask.any_type)
    return bool(desk.state.reservation and bare and is_pointing(desk))


def _wants_a_new_one(desk: Desk) -> bool:
    """`Car tomorrow, back by noon`, `and another scooter`: a wish of its own, whatever is reserved already."""
    ask, codes = desk.reading.ask, desk.reading.codes
    moves = ask.when.add_min or ask.when.shift_min or ask.when.vague
    fresh = re.match(r"V(scooter|bike|car|van) ", codes) and ask.when.starts and not moves
    return bool(ask.types and (fresh or adds_another(desk)) and not desk.reading.ids)


def _by_meaning(desk: Desk) -> str:
    reading, ask, guess = desk.reading, desk.reading.ask, desk.reading.guess
    intent = guess.intent
    if reading.choice and desk.state.offers and intent not in STANDING:
        return "book"
    if intent in {"book", "confirm"} and _is_done(desk):
        return "done_already"
    if intent == "cancel" and ask.type and only_a_name(desk):
        return "book"
    if intent == "change" and _wants_a_new_one(desk):
        return "book"
    words = len(re.findall(r"\w+", reading.text))
    if intent == "compare" and ask.wish == "cheapest" and ask.type and not ask.when.for_min:
        return "book" if guess.second in {"book", "search", "change"} or words <= 3 else intent
    if intent == "search" and _ends_in_a_wish(desk):
        return "book"
    if intent == "change" and not _changes_something(desk) and guess.second in {"book", "search"}:
        return "book"
    if guess.confidence >= LIKELY and intent != "none":
        return "left" if intent == "decline" and not desk.pending else intent
    if ask.types:
        return "book"
    if ask.when and desk.state.reservation:
        return "change"
    if ask.place or ask.here or ask.when.starts or reading.hint:
        return "book"
    return "unclear"
