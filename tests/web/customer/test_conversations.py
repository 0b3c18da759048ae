"""Conversations over HTTP: the whole service in one process, a scripted model behind an OpenAI-compatible endpoint."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from nimrod.app import Nimrod, build
from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.shared.geo import Point
from nimrod.platform.seeding.people import demo_people
from nimrod.platform.settings import Settings
from nimrod.tests.agents.bridge import completion
from nimrod.web.client import StreamingTransport

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ROOT = "/customer/v1/conversations"


class Model:
    """A remote model that answers what it was told to; an answer may be made from the request."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any] | Callable[[dict[str, Any]], dict[str, Any]]] = []
        self.asked = asyncio.Event()
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.set()
        await self.go.wait()
        answer = self.answers.pop(0)
        body = answer(json.loads(request.content)) if callable(answer) else answer
        return httpx2.Response(200, json=completion(**body))


def hold(vehicle_id: str) -> dict[str, Any]:
    return {"tool": "propose_hold", "arguments": json.dumps({"vehicle_id": vehicle_id})}


def carry_out(body: dict[str, Any]) -> dict[str, Any]:
    """Call carry_out for the newest proposal in the messages."""
    result = json.loads(body["messages"][-1]["content"])
    return {
        "text": "Please confirm.",
        "tool": "carry_out",
        "arguments": json.dumps({"proposal_id": result["proposal_id"]}),
    }


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model()


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory, model: Model) -> AsyncIterator[Nimrod]:
    """The service with its people and some scooters."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), model_url="http://model.test/v1", model="scripted")
    made = build(settings, clock=lambda: NOW, model_transport=httpx2.MockTransport(model))
    assert made.stores.platform is not None
    assert made.stores.customer is not None
    with made.stores.platform.writing() as people:
        for person in demo_people(NOW):
            people.save_person(person)
    with made.stores.customer.writing() as tables:
        for n in range(12):
            vehicle = Vehicle(f"sc_{n:04}", "helsinki", "scooter", "Model S", Point(60.17 + n / 1000, 24.94), 80, 30.0)
            tables.put_vehicle(vehicle, told_at=NOW)
    async with made.running():
        yield made


@pytest.fixture
def mia(service: Nimrod) -> httpx2.AsyncClient:
    return client(service, "mia")


def client(service: Nimrod, login: str) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {service.token_for(login)}"}
    return httpx2.AsyncClient(transport=StreamingTransport(service.asgi), base_url="http://localhost", headers=headers)


async def opened(person: httpx2.AsyncClient) -> str:
    answer = await person.post(ROOT, json={"agent": "booking"})
    assert answer.status_code == 201
    return str(answer.json()["conversation_id"])


def events_of(text: str) -> list[tuple[str, Any]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(block[0].removeprefix("event: "), json.loads(block[1].removeprefix("data: "))) for block in blocks]


async def test_a_scooter_is_asked_for_confirmed_and_held_over_http(mia: httpx2.AsyncClient, model: Model) -> None:
    model.answers = [hold("sc_0000"), carry_out, {"text": "It is yours now."}]
    talk = await opened(mia)
    asked = (await mia.post(f"{ROOT}/{talk}/messages", json={"text": "a scooter", "position": "60.17,24.94"})).json()
    assert set(asked) == {"conversation", "reply", "pending", "tool_calls"}
    assert asked["reply"] == "Please confirm."
    card = asked["pending"][0]
    assert {"proposal_id", "title", "lines", "expires_at"} <= set(card)
    done = (await mia.post(f"{ROOT}/{talk}/proposals/{card['proposal_id']}/confirm")).json()
    assert done["reply"] == "It is yours now."
    rides = (await mia.get("/customer/v1/reservations")).json()["reservations"]
    assert [ride["vehicle_id"] for ride in rides] == ["sc_0000"]
    again = await mia.post(f"{ROOT}/{talk}/proposals/{card['proposal_id']}/confirm")
    assert (again.status_code, again.json()["reply"]) == (200, "It is yours now.")
    history = (await mia.get(f"{ROOT}/{talk}")).json()
    assert [(one["role"], one["text"]) for one in history["messages"]] == [
        ("user", "a scooter"), ("agent", "Please confirm."), ("event", "confirm"), ("agent", "It is yours now."),
    ]  # fmt: skip
    assert (history["pending"], history["running"]) == ([], False)
    listed = (await mia.get(ROOT)).json()["conversations"]
    assert (listed[0]["conversation_id"], listed[0]["title"]) == (talk, "a scooter")


async def test_the_answer_streams_tools_words_cards_and_the_end(mia: httpx2.AsyncClient, model: Model) -> None:
    model.answers = [hold("sc_0001"), carry_out, {"text": "Nothing is held."}]
    talk = await opened(mia)
    stream = {"Accept": "text/event-stream"}
    answer = await mia.post(f"{ROOT}/{talk}/messages", json={"text": "a scooter"}, headers=stream)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    kinds = [kind for kind, _ in events]
    assert kinds[:2] == ["tool", "tool"]
    assert kinds[-2:] == ["pending", "done"]
    assert events[0][1]["words"] == "Preparing the hold"
    assert "".join(data["text"] for kind, data in events if kind == "token").strip() == "Please confirm."
    card = events[-1][1]["pending"][0]["proposal_id"]
    declined = await mia.post(f"{ROOT}/{talk}/proposals/{card}/decline", headers=stream)
    assert events_of(declined.text)[-1][1]["reply"] == "Nothing is held."


async def test_another_person_gets_404_for_everything(service: Nimrod, mia: httpx2.AsyncClient, model: Model) -> None:
    model.answers = [hold("sc_0002"), carry_out]
    talk = await opened(mia)
    asked = (await mia.post(f"{ROOT}/{talk}/messages", json={"text": "a scooter"})).json()
    card = asked["pending"][0]["proposal_id"]
    noah = client(service, "noah")
    own = await opened(noah)
    for method, path in (
        ("GET", f"{ROOT}/{talk}"),
        ("GET", f"{ROOT}/{talk}/traces"),
        ("POST", f"{ROOT}/{talk}/cancel"),
        ("POST", f"{ROOT}/{talk}/proposals/{card}/confirm"),
        ("POST", f"{ROOT}/{talk}/proposals/{card}/decline"),
        ("POST", f"{ROOT}/{own}/proposals/{card}/confirm"),
        ("POST", f"{ROOT}/{own}/proposals/{card}/decline"),
    ):
        answer = await noah.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    said = await noah.post(f"{ROOT}/{talk}/messages", json={"text": "yes"})
    assert said.status_code == 404
    assert (await mia.get(f"{ROOT}/{talk}")).json()["pending"][0]["proposal_id"] == card


async def test_the_problem_of_a_stream_is_an_event(mia: httpx2.AsyncClient) -> None:
    talk = await opened(mia)
    answer = await mia.post(f"{ROOT}/{talk}/proposals/prp_none/confirm", headers={"Accept": "text/event-stream"})
    kind, body = events_of(answer.text)[-1]
    assert (kind, body["status"], body["code"]) == ("problem", 404, "not_found")
    assert {"type", "title", "detail", "next_step", "request_id"} <= set(body)


async def test_a_second_message_is_409_and_a_stopped_turn_says_so(mia: httpx2.AsyncClient, model: Model) -> None:
    talk = await opened(mia)
    model.answers = [{"text": "Late."}, {"text": "Here."}]
    model.asked.clear()
    model.go.clear()
    first = asyncio.create_task(mia.post(f"{ROOT}/{talk}/messages", json={"text": "hello"}))
    await model.asked.wait()
    second = await mia.post(f"{ROOT}/{talk}/messages", json={"text": "and?"})
    assert (second.status_code, second.json()["code"]) == (409, "conversation_busy")
    assert (await mia.get(f"{ROOT}/{talk}")).json()["running"] is True
    assert (await mia.post(f"{ROOT}/{talk}/cancel")).json() == {"cancelled": True}
    assert (await first).json()["reply"] == "Stopped, as you wished."
    model.go.set()
    assert (await mia.post(f"{ROOT}/{talk}/cancel")).json() == {"cancelled": False}


async def test_every_turn_is_traced(mia: httpx2.AsyncClient, model: Model) -> None:
    model.answers = [hold("sc_0003"), carry_out, {"text": "Held."}]
    talk = await opened(mia)
    asked = (await mia.post(f"{ROOT}/{talk}/messages", json={"text": "a scooter"})).json()
    card = asked["pending"][0]["proposal_id"]
    await mia.post(f"{ROOT}/{talk}/messages", json={"text": "yes please"})
    traces = [one["body"] for one in (await mia.get(f"{ROOT}/{talk}/traces")).json()["traces"]]
    assert len(traces) == 2
    assert traces[0]["prompt"]["path"] == "customer/booking.md"
    assert traces[0]["prompt"]["version"] >= 1
    assert traces[0]["models"] == ["far-away"]
    assert [call["name"] for call in traces[0]["tool_calls"]] == ["propose_hold"]
    assert traces[0]["tokens_in"] > 0
    assert traces[0]["context"].startswith("<context>")
    assert traces[0]["messages"][0]["parts"][0]["content"] == "a scooter"
    assert traces[1]["confirmed"] == card
    assert traces[1]["tool_calls"][0]["result"]["status"] == "carried_out"
    assert "grant" not in traces[1]["inbox"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": 5}, 422),
        ({"text": "x" * 50_001}, 422),
        ({"text": "hi", "position": "north"}, 422),
        ({"text": "hi", "position": "95,200"}, 422),
        ({"text": "hi", "position": {"lat": 95, "lon": 0}}, 422),
        ({"text": "hi", "as": "noah"}, 422),
    ],
)
async def test_what_cannot_be_meant_is_refused(mia: httpx2.AsyncClient, body: dict[str, Any], status: int) -> None:
    talk = await opened(mia)
    answer = await mia.post(f"{ROOT}/{talk}/messages", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, "bad_input")


async def test_only_customers_may_talk_to_the_booking_agent(service: Nimrod, mia: httpx2.AsyncClient) -> None:
    assert (await client(service, "otto").post(ROOT, json={"agent": "booking"})).status_code == 403
    assert (await mia.post(ROOT, json={"agent": "nobody"})).status_code == 404
    nobody = httpx2.AsyncClient(transport=StreamingTransport(service.asgi), base_url="http://localhost")
    assert (await nobody.get(ROOT)).status_code == 401


async def test_an_agents_own_token_can_neither_talk_nor_confirm(service: Nimrod, mia: httpx2.AsyncClient) -> None:
    exchanged = await mia.post(
        "/platform/v1/tokens/exchange", json={"audience": "mcp:reservations", "actor": "booking"}
    )
    agent = httpx2.AsyncClient(
        transport=StreamingTransport(service.asgi),
        base_url="http://localhost",
        headers={"Authorization": f"Bearer {exchanged.json()['access_token']}"},
    )
    assert (await agent.get(ROOT)).status_code == 401
