"""Showing what is free, without proposing anything."""

from dataclasses import replace

from nimrod.agents.local_model.dialogue.state import Desk, Reply, Steps
from nimrod.agents.local_model.grammar.resolve import resolve
from nimrod.agents.local_model.skills import asking, finding, wording
from nimrod.agents.local_model.skills.finding import HOLDS


def find(desk: Desk) -> Steps:
    """What is free; for a car or van on another day the hours are asked first, as only they tell."""
    ask = desk.reading.ask
    if not ask.types and not ask.any_type and desk.state.offers_ask.types and not ask.when:
        ask = desk.state.offers_ask.with_more(ask)
    span = resolve(ask.when, desk.now)
    booked = ask.type is not None and ask.type not in HOLDS
    if booked and ((span.start is None and ask.when.day) or span.assumed_start):
        return (yield from asking.hours(desk, ask, asking.span_of(desk, ask), intent="search"))
    found = yield finding.search(desk, ask, span)
    if not found.ok:
        return (yield from finding.refused(desk, ask, span, found, fresh=True))
    rows = finding.remember(desk, ask, found)
    if not rows:
        return (yield from finding.nothing(desk, ask, span, found))
    listed = "; ".join(wording.vehicle_line(desk, v, found.data) for v in rows[:3])
    timed = "found.list" if span.start and not ask.when.now else "found.list_now"
    text = desk.say(timed, items=listed, place=wording.spoken_place(desk, found.data))
    desk.state.ask_for("choose", "book", replace(ask, other=False))
    return Reply(" ".join(filter(None, (text, wording.assumed(desk, found.data)))))
