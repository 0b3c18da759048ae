"""`nimrod chat`: one question with JSON, cards answered by key, exit codes; the model scripted."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner, Result

from nimrod.app import Nimrod, build
from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.shared.geo import Point
from nimrod.platform.seeding.people import demo_people
from nimrod.platform.settings import Settings
from nimrod.tests.agents.bridge import completion
from nimrod.web.cli import commands

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Scripted:
    """The endpoint of a model that follows a script."""

    def __init__(self) -> None:
        self.answers: list[Any] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        answer = self.answers.pop(0)
        body = answer(json.loads(request.content)) if callable(answer) else answer
        return httpx2.Response(200, json=completion(**body))


HOLD = {"tool": "propose_hold", "arguments": '{"vehicle_id": "sc_0000"}'}


def carry_out(body: dict[str, Any]) -> dict[str, Any]:
    proposal_id = json.loads(body["messages"][-1]["content"])["proposal_id"]
    return {"text": "Please confirm.", "tool": "carry_out", "arguments": json.dumps({"proposal_id": proposal_id})}


@pytest.fixture
def model() -> Scripted:
    return Scripted()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with the demo people and one scooter."""
    made = build(Settings(data_dir=tmp_path), clock=lambda: NOW)
    assert made.stores.platform is not None
    assert made.stores.customer is not None
    with made.stores.platform.writing() as people:
        for person in demo_people(NOW):
            people.save_person(person)
    with made.stores.customer.writing() as tables:
        scooter = Vehicle("sc_0000", "helsinki", "scooter", "Model S", Point(60.17, 24.94), 80, 30.0)
        tables.put_vehicle(scooter, told_at=NOW)
    made.stores.close()
    return tmp_path


@pytest.fixture
def chat(folder: Path, model: Scripted, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `nimrod chat booking ...` on the folder."""
    monkeypatch.setenv("NIMROD_DATA_DIR", str(folder))
    monkeypatch.setenv("NIMROD_MODEL_URL", "http://model.test/v1")
    monkeypatch.setenv("NIMROD_MODEL", "scripted")

    def builder(settings: Settings) -> Nimrod:
        return build(settings, clock=lambda: NOW, model_transport=httpx2.MockTransport(model))

    def run(*arguments: str, typed: str | None = None) -> Result:
        return CliRunner().invoke(commands(builder), ["chat", "booking", *arguments], input=typed)

    return run


def test_one_question_prints_the_documented_json_and_a_confirmation_holds(chat: Any, model: Scripted) -> None:
    model.answers = [HOLD, carry_out]
    asked = chat("a scooter", "--as", "mia", "--json")
    assert asked.exit_code == 0, asked.output
    body = json.loads(asked.stdout)
    assert set(body) == {"conversation", "reply", "pending", "tool_calls"}
    assert body["reply"] == "Please confirm."
    assert body["pending"][0]["preview"]["title"]
    assert set(body["tool_calls"][0]) == {"name", "arguments", "result", "error"}
    card = body["pending"][0]["proposal_id"]
    model.answers = [{"text": "Held for you."}]
    done = chat("--as", "mia", "--conversation", body["conversation"], "--confirm", card, "--json")
    assert json.loads(done.stdout)["reply"] == "Held for you."
    assert json.loads(done.stdout)["tool_calls"][0]["result"]["status"] == "carried_out"


def test_a_decision_finds_its_conversation(chat: Any, model: Scripted) -> None:
    model.answers = [HOLD, carry_out]
    card = json.loads(chat("a scooter", "--as", "mia", "--json").stdout)["pending"][0]["proposal_id"]
    model.answers = [{"text": "Nothing is held."}]
    done = chat("--as", "mia", "--decline", card)
    assert (done.exit_code, "Nothing is held." in done.stdout) == (0, True)


def test_interactive_cards_are_answered_by_key(chat: Any, model: Scripted) -> None:
    model.answers = [HOLD, carry_out, {"text": "Held for you."}]
    talk = chat("--as", "mia", typed="a scooter\nc\n/quit\n")
    assert talk.exit_code == 0, talk.output
    assert "Please confirm." in talk.stdout
    assert "[c] confirm" in talk.stdout
    assert "Each minute of riding" in talk.stdout
    assert "Held for you." in talk.stdout


def test_interactive_decline_history_and_end_of_input(chat: Any, model: Scripted) -> None:
    model.answers = [HOLD, carry_out, {"text": "Nothing is held."}]
    talk = chat("--as", "mia", typed="a scooter\nd\n/history\n")
    assert talk.exit_code == 0, talk.output
    assert "mia: a scooter" in talk.stdout
    assert talk.stdout.count("Nothing is held.") == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hello",), 2),
        (("hello", "--as", "nobody"), 2),
        (("hello", "--as", "mia", "--confirm", "prp_1"), 2),
        (("--as", "mia", "--json"), 2),
        (("--as", "mia", "--confirm", "prp_none"), 1),
        (("hello", "--as", "mia", "--conversation", "cnv_none", "--json"), 1),
        (("hello", "--as", "otto"), 1),
    ],
)
def test_what_goes_wrong_has_an_exit_code_and_a_reason(chat: Any, arguments: tuple[str, ...], code: int) -> None:
    told = chat(*arguments)
    assert told.exit_code == code, told.output
    assert told.stdout == ""
    assert len(told.stderr) > 10
    assert "Traceback" not in told.stderr
