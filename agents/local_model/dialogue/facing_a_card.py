"""What a message does to the proposal that waits: answers it, asks about it, changes it, or leaves it alone."""

import re

from nimrod.agents.local_model.dialogue.state import Desk
from nimrod.agents.local_model.grammar.lexicon import lexicon, plain, read_data
from nimrod.agents.local_model.skills.choosing import is_pointing

SURE = 0.5
LIKELY = 0.27
STANDING = {
    "injection",
    "abuse",
    "human",
    "complaint",
    "damage",
    "lost",
    "refund",
    "help",
    "identity",
    "offtopic",
    "knowledge",
    "list",
    "bays",
    "tariffs",
    "smalltalk",
    "repeat",
    "thanks",
    "bye",
    "info",
    "battery",
    "about",
    "remind",
    "clock",
}


def at_a_card(desk: Desk) -> str:
    """The intent at an open proposal, or "" when the message is about something else."""
    reading, ask, guess = desk.reading, desk.reading.ask, desk.reading.guess
    if not desk.pending:
        return ""
    kinds = {str(row.get("kind")) for row in desk.pending}
    if intent := _answered(desk):
        return intent
    if kinds == {"cancellation"} and _only_names_another(desk):
        desk.state.instead = str(desk.pending[0].get("proposal_id")) if len(desk.pending) == 1 else ""
        return "cancel"
    if not kinds <= {"cancellation", "handover"} and _is_only_a_place(desk):
        return "change"
    if intent := _asked(desk, kinds):
        return intent
    if (
        guess.intent == "cancel"
        and "cancellation" not in kinds
        and not reading.ids
        and not ask.types
        and guess.confidence >= LIKELY
    ):
        return "decline" if not desk.state.reservation else "cancel"
    if len(reading.asks) > 1 or reading.ask.count > 1 or "ALSO " in reading.codes or adds_another(desk):
        return ""
    if guess.intent in STANDING | {"cancel", "search", "price", "compare", "greet"} and guess.confidence >= SURE:
        return ""
    if kinds <= {"cancellation", "handover"}:
        return ""
    if guess.intent in {"book", "search"} and guess.confidence >= SURE and _is_new(desk):
        return ""
    if ask or ask.any_type or (reading.choice and desk.state.offers):
        return "change"
    return ""


def _answered(desk: Desk) -> str:
    """A yes, a no, a wait: in one word or in several."""
    reading, ask, guess = desk.reading, desk.reading.ask, desk.reading.guess
    if reading.plain_answer:
        return "confirm" if reading.polarity == "yes" else "decline"
    if reading.wants_all and len(desk.pending) > 1 and not ask and guess.intent not in {"cancel", "decline", "list"}:
        return "confirm"
    if guess.intent in {"confirm", "decline", "wait", "pending"} and guess.confidence >= SURE and not ask:
        return guess.intent
    takes_it = {guess.intent, guess.second} == {"book", "confirm"} and is_pointing(desk)
    return "confirm" if takes_it and not ask and not reading.hint and not reading.choice else ""


def _asked(desk: Desk, kinds: set[str]) -> str:
    """A question that the card answers itself; it stays as it is."""
    reading, ask, guess = desk.reading, desk.reading.ask, desk.reading.guess
    about_it = not (kinds <= {"cancellation", "handover"}) and not reading.ids and _of_the_card(desk)
    if ask.wish and about_it and not ask.types and not ask.when and not ask.place:
        if not is_pointing(desk):
            return "change"
        if ask.wish != "range" and is_question(desk):
            return "best"
    if guess.intent in {"price", "tariffs", "compare"} and not ask.types and not ask.when and not ask.wish:
        return "pending_price" if guess.confidence >= LIKELY else ""
    facts = {"about", "info", "battery"}
    vague = guess.confidence < SURE and guess.second in facts and is_pointing(desk) and is_question(desk)
    if about_it and not ask.place and ((guess.intent in facts and guess.confidence >= LIKELY) or vague):
        return "about"
    if _drops_the_card(desk):
        return "decline"
    if guess.intent == "cancel" and is_question(desk) and guess.confidence >= LIKELY:
        return "knowledge"
    if ask.place and guess.intent == "bays" and guess.confidence >= LIKELY:
        return "bays"
    if guess.intent == "remind" and guess.confidence >= LIKELY:
        return "remind"
    return guess.intent if guess.intent in {"clock", "list"} and guess.confidence >= SURE else ""


def _is_only_a_place(desk: Desk) -> bool:
    """`Pasila`, `near Pasila please`: the place to look at instead, and not a word more."""
    place = desk.reading.ask.place
    if not place or desk.reading.ask.types or is_question(desk):
        return False
    words = lexicon(desk.reading.language)
    empty = words.fillers | {part for phrase in words.place_after for part in phrase.split()}
    said = [w for w in re.findall(r"[^\W_]+", plain(desk.reading.text)) if w not in empty]
    return len(said) <= len(re.findall(r"[^\W_]+", place))


def _drops_the_card(desk: Desk) -> bool:
    """`Cancel the bike` while a card proposes one and none is reserved that we know of."""
    ask, facts = desk.reading.ask, desk.pending[0].get("facts")
    proposed = str(facts.get("vehicle_type")) if isinstance(facts, dict) else ""
    fresh = len(desk.pending) == 1 and desk.pending[0].get("kind") in {"hold", "booking"}
    known = str((desk.state.reservation or {}).get("vehicle_type"))
    is_cancel = desk.reading.guess.intent == "cancel" and desk.reading.guess.confidence >= LIKELY
    return fresh and is_cancel and ask.type == proposed != known and not ask.when and not is_question(desk)


def is_question(desk: Desk) -> bool:
    """Whether it is put as a question: by its mark, or by its first word."""
    words = {plain(str(w)) for w in read_data(desk.reading.language, "words").get("asks", ())}
    said = re.findall(r"[^\W_]+(?:'[^\W_]+)?", plain(desk.reading.text))
    opening = [w for w in said if w not in {"and", "ok", "okay", "so", "hmm", "but"}][:1]
    return "?" in desk.reading.text or bool(words & set(opening))


def adds_another(desk: Desk) -> bool:
    """`And another scooter`, `and a bike`: something besides, not instead."""
    return bool(desk.reading.ask.types and re.match(r"(AND|ALSO|MORE) (?:ANOTHER |A |N1w )", desk.reading.codes))


def _of_the_card(desk: Desk) -> bool:
    """Whether the vehicle type that was named, if any, is that of a card."""
    facts = [row.get("facts") for row in desk.pending]
    open_types = {str(f.get("vehicle_type")) for f in facts if isinstance(f, dict)}
    return not desk.reading.ask.types or bool(set(desk.reading.ask.types) & open_types)


ONLY_A_NAME = re.compile(r"(?:(?:SORRY|NO|NOT|THE|,|\.|!|-|N1w?|V(?:scooter|bike|car|van)|N?W\d|D\d|ALSO) )+")


def only_a_name(desk: Desk) -> bool:
    """A vehicle type or a day, and no word of what to do with it."""
    ask = desk.reading.ask
    return bool((ask.type or ask.when.day) and ONLY_A_NAME.fullmatch(desk.reading.codes))


def _only_names_another(desk: Desk) -> bool:
    """`The van`, `no wait, the car`, while a cancellation waits: that one instead."""
    return only_a_name(desk)


def _is_new(desk: Desk) -> bool:
    """Whether a full request at an open card is another wish rather than a correction of it."""
    ask = desk.reading.ask
    return bool(ask.types and not _of_the_card(desk) and ask.when and "SORRY" not in desk.reading.codes)
