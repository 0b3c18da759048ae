"""`nimrod eval`: exit codes, reports, files anywhere."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nimrod.app import build
from nimrod.web.cli import commands

CASE = """
- id: what-is-booked
  source: RES-01
  world: {city: helsinki, clock: 2026-11-23T10:00, people: [mia]}
  user: ["what did I book?"]
  expect: {state: {}, calls: [list_my_reservations], never_says: [rsv_]}
"""


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "anywhere.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def nimrod(*arguments: object) -> Result:
    return CliRunner().invoke(commands(build), ["eval", *map(str, arguments)])


def test_all_passed_is_exit_code_0_and_a_report(case_file: Path, tmp_path: Path) -> None:
    result = nimrod("run", case_file, "--json", tmp_path / "r.json", "--junit", tmp_path / "r.xml")
    assert result.exit_code == 0, result.output
    assert "1 of 1 cases passed" in result.output
    assert json.loads((tmp_path / "r.json").read_text())["summary"]["passed"] == 1
    assert (tmp_path / "r.xml").is_file()


def test_a_failure_is_exit_code_1(case_file: Path) -> None:
    case_file.write_text(CASE.replace("[rsv_]}", "[booked]}"), encoding="utf-8")
    result = nimrod("run", case_file)
    assert result.exit_code == 1
    assert "must not be said: booked" in result.output


def test_bad_case_files_are_exit_code_2_with_the_line(case_file: Path) -> None:
    case_file.write_text(CASE.replace("user:", "users:"), encoding="utf-8")
    result = nimrod("run", case_file)
    assert result.exit_code == 2
    assert f"{case_file}:5: what-is-booked: users: unknown key" in result.output


def test_a_proof_tells_what_is_wrong_with_a_case(case_file: Path) -> None:
    result = nimrod("prove", case_file, "--chances", 0)
    assert result.exit_code == 1
    assert "the right answer fails: list_my_reservations was never called" in result.output


@pytest.mark.parametrize("wrong", [["--only", "nothing"], ["--model-url", "http://model.test"]])
def test_wrong_options_are_exit_code_2(case_file: Path, wrong: list[str]) -> None:
    assert nimrod("run", case_file, *wrong).exit_code == 2
