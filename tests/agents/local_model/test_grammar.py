"""The grammar of times, durations, places and types."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from nimrod.agents.local_model.grammar.lexicon import distance, lexicon
from nimrod.agents.local_model.grammar.resolve import change, resolve
from nimrod.agents.local_model.grammar.terms import terms_of
from nimrod.agents.local_model.grammar.times import When, clean_times, when_of
from nimrod.agents.local_model.understanding.language import detect
from nimrod.agents.local_model.understanding.reading import Reading, read

NOW = datetime(2026, 11, 18, 14, 10, tzinfo=ZoneInfo("Europe/Helsinki"))
PLACES = ("Central Station", "Market Square", "Kamppi", "Pasila", "Kallio", "Olympic Stadium", "Sörnäinen")
PHRASES = yaml.safe_load((Path(__file__).parent / "phrases.yaml").read_text(encoding="utf-8"))
TABLE = [(lang, str(text), *meant) for lang, rows in PHRASES.items() for text, meant in rows.items()]
START, END = NOW.replace(day=19, hour=9, minute=0), NOW.replace(day=19, hour=12, minute=0)


def said(text: str, language: str = "en") -> Reading:
    return read(text, language, PLACES)


def when(text: str) -> When:
    return said(text).ask.when


def shown(at: datetime | None) -> str:
    return f"{at:%d %H:%M}" if at else ""


@pytest.mark.parametrize(("language", "text", "start", "end"), TABLE)
def test_a_phrase_means_its_times(language: str, text: str, start: str, end: str) -> None:
    span = resolve(said(text, language).ask.when, NOW)
    assert (shown(span.start), shown(span.end)) == (start, end)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("for 40 minutes", 40),
        ("40 min", 40),
        ("half an hour", 30),
        ("an hour", 60),
        ("one hour", 60),
        ("two hours", 120),
        ("2h", 120),
        ("2 hrs", 120),
        ("a couple of hours", 120),
        ("an hour and a half", 90),
        ("one and a half hours", 90),
        ("1h30", 90),
        ("1 hour and 15 minutes", 75),
        ("quarter of an hour", 15),
        ("a day", 1440),
        ("2 days", 2880),
        ("twenty five minutes", 25),
        ("for the next hour", 60),
        ("90 mins", 90),
        ("make it two hours", 120),
    ],
)
def test_a_length_is_read_in_minutes(text: str, minutes: int) -> None:
    assert when(text).for_min == minutes


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("make it 10", "19 10:00", "19 12:00"),
        ("and add an hour", "19 09:00", "19 13:00"),
        ("an hour more", "19 09:00", "19 13:00"),
        ("another hour", "19 09:00", "19 13:00"),
        ("half an hour longer", "19 09:00", "19 12:30"),
        ("an hour later", "19 10:00", "19 13:00"),
        ("half an hour earlier", "19 08:30", "19 11:30"),
        ("until 5", "19 09:00", "19 17:00"),
        ("end at 1 instead", "19 09:00", "19 13:00"),
        ("make it two hours", "19 09:00", "19 11:00"),
        ("an hour less", "19 09:00", "19 11:00"),
        ("friday", "20 09:00", "20 12:00"),
        ("move it to saturday", "21 09:00", "21 12:00"),
        ("friday at 10", "20 10:00", "20 12:00"),
        ("10 to 11", "19 10:00", "19 11:00"),
        ("start at half past nine", "19 09:30", "19 12:00"),
        ("make it 2 pm", "19 14:00", "19 17:00"),
    ],
)
def test_a_change_keeps_what_it_does_not_touch(text: str, start: str, end: str) -> None:
    span = change(when(text), START, END, NOW, ends_by="clock")
    assert (shown(span.start), shown(span.end)) == (start, end)


def test_a_later_start_keeps_the_length_when_a_length_was_said() -> None:
    span = change(when("make it 10"), START, END, NOW, ends_by="duration")
    assert (shown(span.start), shown(span.end)) == ("19 10:00", "19 13:00")


def test_an_hour_added_across_the_change_of_the_clocks_is_an_hour() -> None:
    start = datetime(2027, 3, 28, 2, 0, tzinfo=NOW.tzinfo)
    span = change(when("make it two hours"), start, start + timedelta(minutes=30), start - timedelta(days=1))
    assert shown(span.end) == "28 05:00"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("scoter", "scooter"),
        ("skooter now", "scooter"),
        ("an e-scooter", "scooter"),
        ("kick scooter", "scooter"),
        ("scooers", "scooter"),
        ("byke", "bike"),
        ("bycicle", "bike"),
        ("a bicycle", "bike"),
        ("ebike", "bike"),
        ("electric bike", "bike"),
        ("auto", "car"),
        ("the kia", "car"),
        ("electric car", "car"),
        ("transporter", "van"),
        ("cargo van", "van"),
        ("vans", "van"),
        ("a bike - sorry scooter", "scooter"),
        ("not a scooter, a bike", "bike"),
        ("no scooter, i mean car", "car"),
    ],
)
def test_a_type_is_known_by_its_other_names_and_typing_errors(text: str, kind: str) -> None:
    assert said(text).ask.type == kind


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("scooter near the central station", "Central Station"),
        ("scooter centrall station", "Central Station"),
        ("kamppi", "Kamppi"),
        ("bike at kampi", "Kamppi"),
        ("from pasila tomorrow", "Pasila"),
        ("car from the harbour tomorrow 9 to noon", "harbour"),
        ("near the old mill", "old mill"),
        ("sornainen", "Sörnäinen"),
        ("close to the olympic stadium please", "Olympic Stadium"),
        ("a car at noon", None),
        ("from 9 to 12", None),
        ("near me", None),
        ("pay by card", "card"),
    ],
)
def test_a_place_is_found_in_the_text(text: str, place: str | None) -> None:
    assert said(text).ask.place == place


def test_finnish_cases_do_not_hide_a_place() -> None:
    assert said("skootteri pasilasta", "fi").ask.place == "Pasila"
    assert said("auto kampista huomenna", "fi").ask.place == "Kamppi"


def test_two_wishes_in_one_message_are_two() -> None:
    one, two = said("a scooter now and a car tomorrow 9-12").asks
    assert (one.type, one.when.now, two.type, two.when.day) == ("scooter", True, "car", "D1")


def test_shared_times_and_places_are_shared() -> None:
    one, two = said("a scooter and a bike for now near kamppi").asks
    assert (one.place, two.place, one.when.now, two.when.now) == ("Kamppi", "Kamppi", True, True)


def test_numbers_before_a_type_are_counts_and_kilometres_are_range() -> None:
    assert said("two scooters").ask.count == 2
    assert said("a scooter with at least 30 km").ask.min_km == 30


@pytest.mark.parametrize(
    ("text", "polarity", "only"),
    [
        ("yes", "yes", True),
        ("yes please", "yes", True),
        ("ok do it", "yes", True),
        ("no thanks", "no", True),
        ("no, make it 10", "no", False),
        ("hello", None, False),
    ],
)
def test_yes_and_no_are_told_from_more(text: str, polarity: str | None, only: bool) -> None:
    reading = said(text)
    assert (reading.polarity, reading.plain_answer) == (polarity, only)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I need a scooter now", "en"),
        ("kamppi", ""),
        ("Tarvitsen auton huomenna", "fi"),
        ("Mitä olen varannut?", "fi"),
        ("Jag behöver en bil", "sv"),
        ("Potřebuji koloběžku", "cs"),
        ("kde mohu parkovat", "cs"),
        ("Ich brauche ein Auto", "de"),
        ("je voudrais un vélo", "fr"),
        ("quiero una bicicleta", "es"),
        ("ma vajan autot homme", "et"),
        ("мне нужен самокат", "ru"),
        ("мені потрібен самокат, який їде", "uk"),
        ("こんにちは", "ja"),
    ],
)
def test_languages_are_told_apart(text: str, language: str) -> None:
    assert detect(text, PLACES) == language


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=120))
def test_no_text_breaks_the_grammar(text: str) -> None:
    for language in ("en", "fi", "sv", "cs"):
        found = when_of(clean_times(terms_of(text, lexicon(language))))
        resolve(found, NOW)
        change(found, START, END, NOW)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "tomorrow",
                "no",
                "9",
                "to",
                "12",
                "at",
                "half",
                "past",
                "until",
                "for",
                "an",
                "hour",
                "and",
                "add",
                "23.11.",
                "next",
                "sunday",
                "-",
                ",",
                "8pm",
                "in",
                "20",
                "min",
                "31.2.",
                "99:99",
                "the",
                "31st",
                "feb",
                "0",
                "24",
                "a",
                "quarter",
                "of",
                "more",
                "later",
                "now",
                "sorry",
            ]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_no_heap_of_time_words_breaks_the_grammar(text: str) -> None:
    found = said(text).ask.when
    span = resolve(found, NOW)
    assert span.start is None or span.start.tzinfo is not None
    change(found, START, END, NOW)


@given(st.text(alphabet="abcde", max_size=6), st.text(alphabet="abcde", max_size=6))
def test_typing_errors_are_counted_the_same_both_ways(a: str, b: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
