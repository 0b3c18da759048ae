"""Times, places and slots of new wishes, as people were seen to write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nimrod.agents.local_model.grammar.places import names_in
from nimrod.agents.local_model.grammar.resolve import resolve
from nimrod.agents.local_model.understanding.reading import Ask, read

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=ZoneInfo("Europe/Helsinki"))  # a Sunday
PLACES = ("Central Station", "Market Square", "Kamppi", "Pasila", "Kallio", "harbour", "station", "Cathedral")


def ask(text: str) -> Ask:
    return read(text, "en", PLACES).ask


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("van on sunday 29th, 10 to 14", "29 10:00", "29 14:00"),
        ("van sunday 10 to 14", "29 10:00", "29 14:00"),  # this Sunday's ten o'clock is over
        ("van sunday at 4 for 2 hours", "22 16:00", "22 18:00"),
        ("car today 15 to 18", "22 15:00", "22 18:00"),
        ("car all day today", "22 13:00", "23 00:00"),
        ("car monday the 23rd from 9 till 5", "23 09:00", "23 17:00"),
    ],
)
def test_a_weekday_that_is_today_means_what_still_lies_ahead(text: str, start: str, end: str) -> None:
    span = resolve(ask(text).when, NOW)
    assert [f"{at:%d %H:%M}" for at in (span.start, span.end) if at] == [start, end]


def test_a_part_of_the_day_pins_the_hour_that_follows_but_is_none_itself() -> None:
    said = ask("car tonight").when
    assert resolve(said, NOW).assumed_start
    span = resolve(said.corrected_by(ask("at 9").when), NOW)
    assert (span.start, span.assumed_start) == (NOW.replace(hour=21), False)


def test_an_end_in_the_evening_leaves_its_hour_open() -> None:
    said = ask("car friday 5pm until sunday evening").when
    assert (said.end_part, resolve(said, NOW).end) == ("evening", None)
    assert resolve(said.corrected_by(ask("until 8 pm").when), NOW).end == NOW.replace(day=29, hour=20)


@pytest.mark.parametrize(("text", "wrong"), [("at 25:00", "25:00"), ("on february 30th", "february 30th"), ("9", None)])
def test_what_is_no_time_is_named(text: str, wrong: str | None) -> None:
    assert ask(f"car {text}").when.wrong == wrong


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("car tomorrow 9 to noon harbour", "harbour"),
        ("parking car harbour?", "harbour"),
        ("car tomorrow 9-11 kamppi and tell me where to park at pasila", "Kamppi"),
        ("from kallio to pasila", "Kallio"),
        ("to pasila from kallio", "Kallio"),
        ("kamppi, no wait, pasila", "Pasila"),
        ("is there a charging station", None),
        ("scooter in tallinn", "tallinn"),
        ("a scooter in a hurry", None),
    ],
)
def test_a_vehicle_is_wanted_where_one_starts(text: str, place: str | None) -> None:
    assert ask(text).place == place


def test_other_names_of_places_are_read_from_the_context() -> None:
    context = {"places": ["Market Square"], "aliases": {"Market Square": ["harbour", "port"], "x": "no list"}}
    assert names_in(context) == ("Market Square", "harbour", "port")
    assert names_in({"places": None, "aliases": 3}) == ()


def test_a_party_needs_a_car() -> None:
    assert read("a lift for 4 people", "en", PLACES).hint == "car"
    assert read("a lift for 2 people", "en", PLACES).hint is None
