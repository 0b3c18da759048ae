"""Which language a message is read in, what is a question and no wish, and how sentences are written."""

import pytest

from nimrod.agents.local_model.speech import Speech, tidy
from nimrod.agents.local_model.understanding.language import language_of
from nimrod.agents.local_model.understanding.reading import read

PLACES = ("Kamppi", "Kallio", "Pasila")


@pytest.mark.parametrize("usual", ["fi", "sv", "cs"])
@pytest.mark.parametrize("text", ["good morning", "van saturday 9-13 kallio", "again", "40 min scooter price"])
def test_short_english_is_read_as_english_whatever_the_profile(text: str, usual: str) -> None:
    assert language_of(text, usual, PLACES).reads == "en"


@pytest.mark.parametrize(("text", "language"), [("joo", "fi"), ("ok", "sv"), ("Kamppi", "cs"), ("9-12", "fi")])
def test_what_tells_no_language_keeps_the_one_spoken(text: str, language: str) -> None:
    assert language_of(text, language, PLACES).reads == language


@pytest.mark.parametrize("text", ["are scooters fine for 15 year olds", "does one need to be an adult for a van"])
def test_a_question_about_vehicles_is_no_wish_for_one(text: str) -> None:
    assert read(text, "en", PLACES).intent == "knowledge"


@pytest.mark.parametrize(
    "text", ["can I have a scooter please", "is it possible to book a car", "could you get me a van"]
)
def test_a_polite_wish_in_the_form_of_a_question_stays_a_wish(text: str) -> None:
    assert read(text, "en", PLACES).intent == "book"


def test_sentences_begin_in_capitals_but_ids_and_dates_stay() -> None:
    assert tidy("noin 5 km.  aika ma 23.11. klo 9.00") == "Noin 5 km. Aika ma 23.11. klo 9.00"
    assert tidy("hel-s-028 is near") == "hel-s-028 is near"


def test_numbers_have_the_decimal_mark_of_the_language() -> None:
    assert "30,4 km" in Speech("fi", "x").say("found.battery", battery=76, range=30.4)
    assert "30.4 km" in Speech("en", "x").say("found.battery", battery=76, range=30.4)
