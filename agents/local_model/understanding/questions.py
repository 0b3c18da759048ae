"""Questions about vehicles in general are no wish to get one: `are scooters for children`, not `can I have one`."""

from functools import cache

from nimrod.agents.local_model.grammar.lexicon import plain, read_data
from nimrod.agents.local_model.understanding.classifier import Guess

CERTAIN = 0.9  # how sure of a wish the classifier must be for a sentence that has the form of a question
ABOUT = frozenset(("knowledge", "search", "price", "compare", "tariffs", "info", "help", "battery", "bays", "list"))


def as_question(text: str, language: str, guess: Guess) -> Guess:
    """The guess, unless it took a question for a wish: then what was thought of next, or the rules."""
    if guess.intent != "book" or guess.confidence >= CERTAIN or not _asks(text, language):
        return guess
    meant = guess.second if guess.second in ABOUT else "knowledge"
    return Guess(meant, max(guess.second_confidence, 1 - guess.confidence, 0.5), "book", guess.confidence)


def _asks(text: str, language: str) -> bool:
    """Whether the text begins as a question that cannot be a polite wish."""
    said = plain(text).replace("'", "").split()
    begins = " ".join(said[:4]) + " "
    questions, wishes = _beginnings(language)
    return begins.startswith(questions) and not begins.startswith(wishes)


@cache
def _beginnings(language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    data = read_data(language, "language")
    return tuple(tuple(plain(str(one)) + " " for one in data.get(key, ())) for key in ("questions", "wishes"))  # type: ignore[return-value]
