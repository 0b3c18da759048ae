"""Reports: what a person, a program and a build server read."""

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

from nimrod.evals.report import console, write_html, write_json, write_junit
from nimrod.evals.results import CaseResult, RunResult, joined

TURN = {"turn": 1, "action": "say", "as": "mia", "sent": "hello <b>", "reply": "Hi\x07", "tool_calls": [],
        "pending": [], "refused": ""}  # fmt: skip


def a_result(name: str, *, passes: int = 1, errors: int = 0, reasons: tuple[str, ...] = ()) -> CaseResult:
    return CaseResult(name, "evals/customer/x.yaml", 3, "high", "dev", ("a",), 1, passes, errors, reasons, (TURN,), 0.1)


def a_run() -> RunResult:
    bad = a_result("bad", passes=0, reasons=("never said: x",))
    return RunResult((a_result("good"), bad, a_result("broken", passes=0, errors=1, reasons=("could not",))))


def test_the_json_report_has_the_promised_shape(tmp_path: Path) -> None:
    write_json(a_run(), tmp_path / "deep" / "r.json")
    read = json.loads((tmp_path / "deep" / "r.json").read_text())
    assert {key: read["summary"][key] for key in ("cases", "passed", "failed", "errors")} == {
        "cases": 3, "passed": 1, "failed": 1, "errors": 1,
    }  # fmt: skip
    assert read["cases"][1]["id"] == "bad"
    assert read["cases"][1]["passed"] is False
    assert read["cases"][1]["reasons"] == ["never said: x"]
    assert read["cases"][1]["trace"][0]["reply"] == "Hi\x07"
    assert read["summary"]["high_harm_failed"] == ["bad", "broken"]


def test_junit_counts_failures_and_errors(tmp_path: Path) -> None:
    write_junit(a_run(), tmp_path / "r.xml")
    suite = Xml.parse(tmp_path / "r.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert [child.tag for case in suite for child in case] == ["failure", "error"]


def test_the_page_is_one_file_and_escapes_what_was_said(tmp_path: Path) -> None:
    write_html(a_run(), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert "hello &lt;b&gt;" in page
    assert "http" not in page


def test_the_table_shows_what_failed_and_where() -> None:
    table = console(a_run())
    assert "FAIL  bad" in table
    assert "- never said: x" in table
    assert "evals/customer/x.yaml:3" in table
    assert "good" not in table
    assert "1 of 3 cases passed" in table
    assert "good" in console(a_run(), verbose=True)


def test_shares_of_workers_come_back_in_order() -> None:
    parts = [RunResult((a_result("a"), a_result("c"))), RunResult((a_result("b"),))]
    assert [case.id for case in joined(parts, ["a", "b", "c"], 1.0).cases] == ["a", "b", "c"]
