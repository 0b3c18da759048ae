"""The words of the pages: every language says the same things."""

from datetime import datetime
from typing import get_args

import pytest

from nimrod.domain.customer.reservations.model import State
from nimrod.domain.shared.city import VEHICLE_TYPES
from nimrod.platform.language.catalogue import LANGUAGES, placeholders, words
from nimrod.web.pages.wording import Words, first_language, greeting_key

ENGLISH = {key: text for key, text in words("en").items() if key.startswith("pages.")}


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_language_has_no_key_and_no_fact_that_english_lacks(language: str) -> None:
    own = {key: text for key, text in words(language).items() if key.startswith("pages.")}
    assert own.keys() <= ENGLISH.keys()
    assert {key for key, text in own.items() if placeholders(text) != placeholders(ENGLISH[key])} == set()


def test_the_day_of_a_span_is_said_once() -> None:
    say = Words("en")
    start, end = (datetime.fromisoformat(f"2026-11-23T{hour}:00+00:00") for hour in ("07", "10"))
    assert say.span(start, end, "Europe/Helsinki") == "Mon 23 Nov, 09:00 – 12:00"


@pytest.mark.parametrize(("hour", "key"), [(3, "night"), (8, "morning"), (14, "day"), (21, "evening")])
def test_the_greeting_fits_the_hour(hour: int, key: str) -> None:
    assert greeting_key(hour) == f"greet.{key}"


@pytest.mark.parametrize("asked", ["", "xx", "*", "de-DE,de;q=0.9", "en-GB,en;q=0.8"])
def test_a_browser_that_asks_for_nothing_we_speak_gets_english(asked: str) -> None:
    assert first_language(asked) == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_vehicle_type_and_every_state_has_words(language: str) -> None:
    say = Words(language)
    assert all(say.type_name(kind) and say(f"types.{kind}") for kind in VEHICLE_TYPES)
    assert all(say.state_name(state) for state in get_args(State))
