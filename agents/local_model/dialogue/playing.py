"""Plays the dialogue: every turn of the history again with the results it got, then the newest one step further."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nimrod.agents.local_model.dialogue.deciding import decide
from nimrod.agents.local_model.dialogue.facing_a_card import SURE
from nimrod.agents.local_model.dialogue.history import History, Phase, Result, Turn
from nimrod.agents.local_model.dialogue.replacing import in_place_of
from nimrod.agents.local_model.dialogue.state import Call, Card, Desk, Reply, State, Steps
from nimrod.agents.local_model.grammar.places import names_in
from nimrod.agents.local_model.skills import cards, talk
from nimrod.agents.local_model.skills.customer import SKILLS
from nimrod.agents.local_model.skills.registry import pick
from nimrod.agents.local_model.speech import Speech
from nimrod.agents.local_model.understanding.language import language_of
from nimrod.agents.local_model.understanding.reading import read

MOST_TURNS = 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says next: words, calls, or both."""

    text: str = ""
    calls: Sequence[Call] = field(default_factory=tuple)


def answer(history: History, tools: frozenset[str]) -> Answer:
    """The next message for this history with these tools on offer."""
    state = State()
    turns = list(history.turns)[-MOST_TURNS:]
    if not turns:
        turns = [Turn("hello", [Phase(None)])]
    for number, turn in enumerate(turns):
        is_last = number == len(turns) - 1
        done = _play(history, turn, number, state, tools, is_last=is_last)
        if is_last and done is not None:
            return done
    return Answer("")


def _play(
    history: History, turn: Turn, number: int, state: State, tools: frozenset[str], *, is_last: bool
) -> Answer | None:
    names = names_in(history.context)
    language = language_of(turn.text, state.language or str(history.context.get("language") or "en"), names)
    state.language = language.reads
    reading = read(turn.text, language.reads, names)
    first_words = history.turns[0].text[:80] if history.turns else ""
    context: dict[str, Any] = dict(history.context)
    if not (is_last and turn.phases[-1].outcome):
        context["pending"] = _waiting(history, turn, state, is_last=is_last)
    desk = Desk(reading, state, context, tools, Speech(language.speaks, f"{first_words}|{number}"))
    result: Answer | None = None
    for phase in turn.phases:
        newest = is_last and phase is turn.phases[-1]
        if phase.outcome is None:
            steps = _steps(desk)
        elif newest:
            steps = cards.outcome(desk, phase.outcome)
        else:
            _close(desk, phase.outcome)
            state.last_reply = " ".join(phase.said) or state.last_reply
            continue
        result = _run(desk, steps, phase, newest=newest)
        if phase.outcome is not None:
            _close(desk, phase.outcome)
    return result


def _waiting(history: History, turn: Turn, state: State, *, is_last: bool) -> list[dict[str, Any]]:
    """The proposals that were open when the message came, whatever the turn has done to them since."""
    known = [_row(card) for card in state.cards.values() if card.proposal_id not in state.closed]
    if not is_last:
        return known
    listed = history.context.get("pending")
    rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    results = [result for phase in turn.phases for result in phase.results]
    made = {str(result.data.get("proposal_id")) for result in results if result.name.startswith("propose_")}
    ended = {str(result.arguments.get(key)) for result in results for key in ("replaces", "proposal_id")}
    kept = [row for row in rows if str(row.get("proposal_id")) not in made]
    there = {str(row.get("proposal_id")) for row in kept}
    return kept + [row for row in known if row["proposal_id"] in ended - there]


def _row(card: Card) -> dict[str, Any]:
    return {"proposal_id": card.proposal_id, "kind": card.kind, "title": card.view.get("title"), "facts": card.facts}


def _close(desk: Desk, outcome: Result) -> None:
    cards.note_outcome(desk, outcome)
    desk.state.closed.add(str(outcome.data.get("proposal_id") or outcome.arguments.get("proposal_id") or ""))


TASKS = {"book", "search", "change", "cancel", "price", "compare", "tariffs", "bays", "list", "info", "knowledge"}


def _steps(desk: Desk) -> Steps:
    """The steps for the message: its parts one after the other when they want different things."""
    parts = desk.reading.parts
    of_one_kind = desk.reading.intent == "cancel" and all(p.intent != "book" for p in parts)
    if len(parts) > 1 and not of_one_kind and all(p.intent in TASKS and p.guess.confidence >= SURE for p in parts):
        return _one_after_the_other(desk)
    return _one(desk)


def _one_after_the_other(desk: Desk) -> Steps:
    texts, arm = [], ""
    for part in desk.reading.parts:
        desk.reading = part
        reply = yield from _one(desk)
        texts.append(reply.text)
        arm = arm or reply.arm
        if desk.state.expect:
            break
    return Reply("\n\n".join(texts), arm)


def _one(desk: Desk) -> Steps:
    intent = decide(desk)
    if desk.speech.language != desk.reading.language:  # a language we can tell, but not read
        intent = "foreign"
    found = pick(intent, desk.tools, SKILLS)
    desk.state.last_intent, before = intent, desk.state.last_intent
    if found is None:
        return talk.saying("refused.missing")(desk)
    if before in {"price", "compare"} and intent in {"price", "compare"}:
        desk.state.last_intent = before
    steps = found.run(desk)
    desk.state.served = intent
    return steps


def _run(desk: Desk, steps: Steps, phase: Phase, *, newest: bool) -> Answer | None:
    """Feed the recorded results; what the skill wants beyond them is the answer."""
    recorded: Iterable[Result] = iter(phase.results)
    wanted: Call | None = None
    try:
        wanted = in_place_of(desk, next(steps))
        while True:
            result = _next_result(recorded, wanted)
            if result is None:
                steps.close()
                break
            _note(desk, wanted, result)
            wanted = in_place_of(desk, steps.send(result))
    except StopIteration as stop:
        reply: Reply = stop.value
        desk.state.last_reply = reply.text
        desk.state.last_intent = desk.state.served or desk.state.last_intent
        arms = [Call("carry_out", {"proposal_id": reply.arm})] if reply.arm and "carry_out" in desk.tools else []
        return Answer(reply.text, arms)
    return Answer("", [wanted]) if newest and wanted and wanted.name in desk.tools else _cannot(desk, newest)


def _cannot(desk: Desk, newest: bool) -> Answer | None:
    return Answer(desk.say("refused.missing")) if newest else None


def _next_result(recorded: Any, wanted: Call) -> Result | None:
    """The next recorded result of the tool that is wanted; others in between were someone else's idea."""
    return next((r for r in recorded if r.name == wanted.name), None)


def _note(desk: Desk, call: Call, result: Result) -> None:
    """Proposals that were withdrawn or replaced are not open any more."""
    if call.name == "withdraw_proposal" and result.ok:
        desk.state.closed.add(str(call.arguments.get("proposal_id")))
    if call.arguments.get("replaces") and result.ok:
        desk.state.closed.add(str(call.arguments["replaces"]))
