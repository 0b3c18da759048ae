"""Everything that is not a ride: greetings, help, a person, complaints. Kind, short, and back to the matter."""

from collections.abc import Callable

from nimrod.agents.local_model.dialogue.state import Call, Desk, Reply, Steps
from nimrod.agents.local_model.grammar.lexicon import plain
from nimrod.agents.local_model.skills import booking, changing, wording
from nimrod.agents.local_model.understanding.reading import Ask

MOST_SUMMARY = 500


def saying(key: str) -> Callable[[Desk], Steps]:
    """A skill that says one text; an open proposal stays put to the person."""

    def run(desk: Desk) -> Steps:
        yield from ()
        name = str(desk.context.get("name") or "").split(" ")[0]
        text = desk.say(key, name=f" {name}" if name else "")
        if key in {"talk.thanks", "talk.bye"} and desk.pending:  # who says thanks may think that it is done
            text = f"{text} {desk.say('done.next', title=desk.pending[0].get('title', ''))}"
        return _kept(desk, text)

    return run


def _kept(desk: Desk, text: str) -> Reply:
    card = changing.open_card(desk)
    return Reply(text, card.proposal_id) if card else Reply(text)


def small(desk: Desk) -> Steps:
    """One friendly sentence."""
    yield from ()
    return _kept(desk, desk.say("talk.joke" if "joke" in plain(desk.reading.text) else "talk.small"))


def clock(desk: Desk) -> Steps:
    """What time it is in the city."""
    yield from ()
    return _kept(desk, desk.say("talk.clock", moment=desk.speech.moment(desk.now)))


def unclear(desk: Desk) -> Steps:
    """One short question with the choices."""
    yield from ()
    return _kept(desk, desk.say("ask.unclear_pending" if desk.pending else "ask.unclear"))


def again(desk: Desk) -> Steps:
    """A yes where a time was asked for: ask once more, with an example."""
    yield from ()
    return Reply(desk.say("ask.again"))


def repeat(desk: Desk) -> Steps:
    """The last thing said, once more."""
    yield from ()
    return _kept(desk, desk.state.last_reply or desk.say("talk.repeat_none"))


def handover(lead: str) -> Callable[[Desk], Steps]:
    """A skill that offers a person of the staff, after a word of its own."""

    def run(desk: Desk) -> Steps:
        summary = desk.state.summary or desk.reading.text.strip()
        desk.state.settle()
        desk.state.summary = ""
        words = desk.say(lead) if lead else ""
        if "propose_handover" not in desk.tools:
            return Reply(words.strip() or desk.say("refused.missing"))
        result = yield Call("propose_handover", {"summary": summary[:MOST_SUMMARY]})
        if not result.ok:
            return Reply(words + wording.refusal(desk, result))
        card = booking.keep(desk, result, ask=Ask(), ends_by="clock", vehicle={})
        return Reply(words + desk.say("offer.handover"), card.proposal_id)

    return run
