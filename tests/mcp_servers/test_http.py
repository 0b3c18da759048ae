"""Over HTTP: a bearer token of the right audience, or nothing."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

SERVERS = ("reservations", "payments", "knowledge")
ASK = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"accept": "application/json, text/event-stream"}


@pytest.fixture
async def app(world: Any) -> AsyncIterator[FastAPI]:
    app = FastAPI()
    async with contextlib.AsyncExitStack() as stack:
        for name in SERVERS:
            server = world.server(name, with_tokens=True)
            app.mount(f"/mcp/{server.name}", server.http_app())
            await stack.enter_async_context(server.session_manager.run())
        yield app


def _http(app: FastAPI, token: str | None) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://customer.test", headers=headers)


async def _call(app: FastAPI, server: str, token: str, tool: str, arguments: dict[str, Any]) -> Any:
    async with (
        _http(app, token) as http,
        Client(streamable_http_client(f"http://customer.test/mcp/{server}/", http_client=http)) as client,
    ):
        return await client.call_tool(tool, arguments)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(
    "token", [None, "garbage", "nimrod:api/per_mia", "mcp:other/per_mia", "grant:customer/per_mia"]
)
async def test_a_token_for_another_audience_is_refused(app: FastAPI, server: str, token: str | None) -> None:
    async with _http(app, token) as http:
        answer = await http.post(f"/mcp/{server}/", json=ASK, headers=HEADERS)
    assert answer.status_code == 401
    assert "WWW-Authenticate" in answer.headers


async def test_a_token_of_one_server_does_not_open_the_next(app: FastAPI) -> None:
    async with _http(app, "mcp:payments/per_mia") as http:
        answer = await http.post("/mcp/reservations/", json=ASK, headers=HEADERS)
    assert answer.status_code == 401


async def test_the_person_is_the_one_of_the_token(app: FastAPI, world: Any, people: Any) -> None:
    await world.done("propose_hold", {"vehicle_id": "SCO-1"}, me=people["mia"])
    mias = await _call(app, "reservations", "mcp:reservations/per_mia", "list_my_reservations", {})
    noahs = await _call(app, "reservations", "mcp:reservations/per_noah", "list_my_reservations", {})
    assert len(mias.structured_content["reservations"]) == 1
    assert noahs.structured_content["reservations"] == []


async def test_prices_and_articles_answer_over_http(app: FastAPI) -> None:
    ride = {"vehicle_type": "bike", "duration_min": 40}
    price = await _call(app, "payments", "mcp:payments/per_mia", "quote_ride", ride)
    assert price.structured_content["total"].startswith("€")
    question = {"question": "may I ride after a beer?"}
    found = await _call(app, "knowledge", "mcp:knowledge/per_mia", "search_knowledge", question)
    assert found.structured_content["sections"][0]["section_id"] == "safety.alcohol"


async def test_refusals_over_http_are_the_same_json(app: FastAPI) -> None:
    refused = await _call(app, "reservations", "mcp:reservations/per_mia", "propose_hold", {"vehicle_id": "CAR-1"})
    assert refused.is_error
    assert json.loads(refused.content[0].text)["error"]["code"] == "wrong_mode"
