"""The classifier on paraphrases that it has never seen."""

from pathlib import Path

import yaml

from nimrod.agents.local_model.grammar.lexicon import read_data
from nimrod.agents.local_model.understanding.classifier import classifier
from nimrod.agents.local_model.understanding.reading import read

HELD_OUT = yaml.safe_load((Path(__file__).parent / "held_out.yaml").read_text(encoding="utf-8"))
PLACES = ("Central Station", "Kamppi", "Pasila", "Kallio", "Market Square")


def test_at_least_92_of_100_unseen_paraphrases_are_understood() -> None:
    pairs = [(text, intent) for intent, texts in HELD_OUT.items() for text in texts]
    wrong = [(text, intent, read(text, "en", PLACES).guess) for text, intent in pairs]
    wrong = [row for row in wrong if row[2].intent != row[1]]
    assert len(wrong) <= 0.08 * len(pairs), "\n".join(f"{t!r}: {i}, took it for {g}" for t, i, g in wrong)


def test_no_paraphrase_of_the_test_is_in_the_bank() -> None:
    bank = {str(text).casefold() for texts in read_data("en", "bank").values() for text in texts}
    assert not [text for texts in HELD_OUT.values() for text in texts if text.casefold() in bank]


def test_nonsense_is_not_taken_for_a_wish() -> None:
    for text in ("qwertz uiop", "blub blub", "xkcd 42 zzz", "dolor sit amet"):
        guess = read(text, "en", PLACES).guess
        assert guess.intent == "none" or guess.confidence < 0.4, (text, guess)


def test_the_same_bank_gives_the_same_classifier() -> None:
    first = classifier("en")
    classifier.cache_clear()
    again = classifier("en")
    assert first
    assert again
    assert first is not again
    assert first.guess("book a scooter") == again.guess("book a scooter")
