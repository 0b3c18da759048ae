"""Case files: what is understood, and how a mistake is told."""

from pathlib import Path

import pytest

from nimrod.evals.form.loader import BadCaseFiles, load

GOOD = """
- id: a-good-case
  source: RES-01
  world: helsinki_day
  user: [hello]
  expect: {says: [scooter]}
"""


def written(folder: Path, text: str, name: str = "cases.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadCaseFiles) as caught:
        load([written(folder, text)])
    return caught.value.mistakes


def test_a_case_file_may_lie_anywhere_and_name_a_world(tmp_path: Path) -> None:
    (loaded,) = load([written(tmp_path, GOOD)])
    assert (loaded.case.id, loaded.world.city, loaded.line) == ("a-good-case", "helsinki", 2)


def test_the_cases_of_the_project_are_sound_and_many() -> None:
    cases = load()
    held_out = sum(one.case.split == "held_out" for one in cases)
    assert len(cases) >= 90
    assert 0.15 <= held_out / len(cases) <= 0.3
    assert any(one.world.city == "prague" for one in cases)


def test_an_unknown_key_is_told_with_its_line(tmp_path: Path) -> None:
    text = GOOD.replace("expect: {says: [scooter]}", "expect:\n    says: [scooter]\n    sayz: [bike]")
    (mistake,) = mistakes_of(tmp_path, text)
    assert mistake.startswith(f"{tmp_path}/cases.yaml:8: a-good-case: expect.sayz: unknown key")


def test_no_expectation_at_all_is_a_mistake(tmp_path: Path) -> None:
    (mistake,) = mistakes_of(tmp_path, GOOD.replace("{says: [scooter]}", "{}"))
    assert "no expectation at all" in mistake


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("world: helsinki_day", "world: atlantis") + GOOD.replace("a-good-case", "Bad Id")
    told = mistakes_of(tmp_path, text)
    assert any("no world is named 'atlantis'" in one for one in told)
    assert any("Bad Id: id:" in one for one in told)


def test_the_same_id_twice_is_a_mistake(tmp_path: Path) -> None:
    told = mistakes_of(tmp_path, GOOD + GOOD)
    assert told == [f"{tmp_path}/cases.yaml:8: case id 'a-good-case' is taken by {tmp_path}/cases.yaml:2"]


def test_text_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (mistake,) = mistakes_of(tmp_path, "- id: [a\n- b")
    assert mistake.startswith(f"{tmp_path}/cases.yaml:2: not YAML")


@pytest.mark.parametrize("text", ["", "id: x", "just words", "[]"])
def test_a_case_file_is_a_list(tmp_path: Path, text: str) -> None:
    assert "a case file is a YAML list" in mistakes_of(tmp_path, text)[0]


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(BadCaseFiles, match="no such file"):
        load([tmp_path / "nowhere.yaml"])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("user: [hello]", "user: [hello]\n  as: nobody", "'nobody' is not among the people"),
        ("user: [hello]", "user: [hello]\n  gold: [{fly: {}}]", "has no tool 'fly'"),
        ("user: [hello]", "user: [hello]\n  gold: [[], []]", "gold answers 2 turns, but 1 are said"),
        ("user: [hello]", "user: [{say: hello, confirm: last}]", "exactly one of say, confirm"),
        ("user: [hello]", "user: [hello, {advance: soon}]", "not a time span"),
        ("says: [scooter]", "never_called: [fly]", "has no tool 'fly'"),
        ("says: [scooter]", "state: {reservations: {rsv_9: {state: held}}}", "no reservation 'rsv_9'"),
        ("says: [scooter]", "says: [{regex: '('}]", "bad regular expression"),
        ("says: [scooter]", "says: [{amount: 1, time: '10:00'}]", "exactly one of"),
        ("world: helsinki_day", "world: {extends: helsinki_day, faults: [{kind: 500}]}", "either model: true or tool"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert any(told in one for one in mistakes_of(tmp_path, GOOD.replace(old, new)))


def test_a_world_may_be_described_inline_and_extend_another(tmp_path: Path) -> None:
    world = """{extends: mia_booked, clock: 2026-11-23T12:00,
          vehicles: [{id: sco_1, type: scooter, place: kallio}],
          bookings: [{id: rsv_x, who: mia, vehicle: van_1, start: 2026-11-25T09:00, end: 2026-11-25T10:00}]}"""
    (loaded,) = load([written(tmp_path, GOOD.replace("helsinki_day", world))])
    assert {one.id for one in loaded.world.reservations} == {"rsv_m1", "rsv_n1", "rsv_x"}
    assert [one.place for one in loaded.world.vehicles if one.id == "sco_1"] == ["kallio"]
    assert loaded.world.clock == "2026-11-23T12:00"


def test_a_world_beside_the_case_file_is_found(tmp_path: Path) -> None:
    written(tmp_path, "city: prague\nclock: 2026-11-23T10:00\npeople: [mia]\n", "mine.yaml")
    (loaded,) = load([written(tmp_path, GOOD.replace("helsinki_day", "mine"))])
    assert loaded.world.city == "prague"


def test_worlds_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "extends: b\n", "a.yaml")
    written(tmp_path, "extends: a\n", "b.yaml")
    (mistake,) = mistakes_of(tmp_path, GOOD.replace("helsinki_day", "a"))
    assert "a ring: a -> b -> a" in mistake


def test_times_and_words_stay_as_they_are_written(tmp_path: Path) -> None:
    text = GOOD.replace("[hello]", "[no, {until: 2026-11-23T11:00:00}]").replace("[scooter]", "[9:30]")
    (loaded,) = load([written(tmp_path, text)])
    assert loaded.case.user[0].say == "no"
    assert loaded.case.expect.says[0].text == "9:30"


def test_one_value_may_stand_for_a_list_and_the_speaker_for_all_people(tmp_path: Path) -> None:
    text = """
- {id: brief, source: RES-01, world: {city: prague, clock: 2026-11-23T10:00}, user: hello, as: eva,
   expect: {says: bike}}
"""
    (loaded,) = load([written(tmp_path, text)])
    assert [turn.say for turn in loaded.case.user] == ["hello"]
    assert [person.login for person in loaded.world.people] == ["eva"]


@pytest.mark.parametrize(
    ("world", "told"),
    [
        ("{city: atlantis, clock: 2026-11-23T10:00}", "no city 'atlantis'"),
        ("{city: helsinki}", "the world has no clock"),
        ("{city: helsinki, clock: soon}", "world.clock: Invalid isoformat"),
        ("{extends: helsinki_day, vehicles: [{id: x, type: van, place: Xyzzy}]}", "helsinki has no place 'Xyzzy'"),
        ("{extends: helsinki_day, vehicles: [{id: x, type: boat, place: Kamppi}]}", "vehicles.0.type"),
    ],
)
def test_a_world_that_cannot_be_built_is_refused_before_it_is_played(tmp_path: Path, world: str, told: str) -> None:
    assert any(told in one for one in mistakes_of(tmp_path, GOOD.replace("helsinki_day", world)))
