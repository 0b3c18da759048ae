"""Spoken to with the official client, streamed and not; errors; determinism; no crash on strange histories."""

import json
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai import AsyncOpenAI, BadRequestError, NotFoundError

from nimrod.agents.local_model import build_app
from nimrod.agents.local_model.dialogue.history import read_history
from nimrod.agents.local_model.dialogue.playing import answer

FIND = {
    "type": "function",
    "function": {
        "name": "find_vehicles",
        "parameters": {"type": "object", "properties": {"near": {}, "vehicle_type": {}}},
    },
}
HOLD = {
    "type": "function",
    "function": {"name": "propose_hold", "parameters": {"type": "object", "properties": {"vehicle_id": {}}}},
}
CONTEXT = {
    "now": "2026-11-18T14:10:00+02:00",
    "time_zone": "Europe/Helsinki",
    "language": "en",
    "places": ["Kamppi"],
    "pending": [],
}
SYSTEM = {"role": "system", "content": f"Be kind.\n<context>{json.dumps(CONTEXT)}</context>"}
WISH = [SYSTEM, {"role": "user", "content": "a scooter near kamppi now"}]


@pytest.fixture
async def client() -> Any:
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=build_app()))
    async with AsyncOpenAI(base_url="http://local/v1", api_key="none", max_retries=0, http_client=http) as one:
        yield one


async def test_the_client_lists_the_model(client: AsyncOpenAI) -> None:
    assert [m.id async for m in client.models.list()] == ["nimrod-local"]
    assert (await client.models.retrieve("nimrod-local")).owned_by == "nimrod"
    with pytest.raises(NotFoundError):
        await client.models.retrieve("other")


async def test_a_wish_becomes_a_tool_call_with_the_tools_own_arguments(client: AsyncOpenAI) -> None:
    done = await client.chat.completions.create(model="nimrod-local", messages=WISH, tools=[FIND, HOLD])
    call = done.choices[0].message.tool_calls[0]
    assert done.choices[0].finish_reason == "tool_calls"
    assert (call.function.name, json.loads(call.function.arguments)) == (
        "find_vehicles",
        {"near": "Kamppi", "vehicle_type": "scooter"},
    )
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens


async def test_a_streamed_call_adds_up_to_the_same_call(client: AsyncOpenAI) -> None:
    name, arguments, finish, usage = "", "", None, None
    stream = await client.chat.completions.create(
        model="nimrod-local", messages=WISH, tools=[FIND, HOLD], stream=True, stream_options={"include_usage": True}
    )
    async for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            for delta in choice.delta.tool_calls or []:
                assert delta.index == 0
                name += delta.function.name or ""
                arguments += delta.function.arguments or ""
    assert (name, json.loads(arguments), finish) == (
        "find_vehicles",
        {"near": "Kamppi", "vehicle_type": "scooter"},
        "tool_calls",
    )
    assert usage.completion_tokens > 0


async def test_streamed_words_add_up_to_the_words_in_one_piece(client: AsyncOpenAI) -> None:
    messages = [SYSTEM, {"role": "user", "content": "what can you do?"}]
    whole = (await client.chat.completions.create(model="nimrod-local", messages=messages)).choices[0].message.content
    stream = await client.chat.completions.create(model="nimrod-local", messages=messages, stream=True)
    pieces = [c.choices[0].delta.content or "" async for c in stream if c.choices]
    assert "".join(pieces) == whole
    assert sum(map(bool, pieces)) > 10


async def test_no_tool_is_called_that_was_not_offered(client: AsyncOpenAI) -> None:
    done = await client.chat.completions.create(model="nimrod-local", messages=WISH)
    assert done.choices[0].message.tool_calls is None
    none = await client.chat.completions.create(model="nimrod-local", messages=WISH, tools=[FIND], tool_choice="none")
    assert none.choices[0].message.tool_calls is None
    assert none.choices[0].message.content


async def test_a_forced_call_is_made(client: AsyncOpenAI) -> None:
    final = {
        "type": "function",
        "function": {
            "name": "final",
            "parameters": {"properties": {"reply": {"type": "string"}}, "required": ["reply"]},
        },
    }
    done = await client.chat.completions.create(
        model="nimrod-local",
        messages=[{"role": "user", "content": "hello"}],
        tools=[final],
        tool_choice={"type": "function", "function": {"name": "final"}},
    )
    assert json.loads(done.choices[0].message.tool_calls[0].function.arguments)["reply"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"messages": []}',
        b'{"messages": [{"role": "king"}]}',
        b'{"messages": [{"role": "user"}], "tools": [1]}',
    ],
)
async def test_a_body_that_is_no_request_gets_openais_error_shape(body: bytes) -> None:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=build_app()), base_url="http://local") as http:
        response = await http.post("/v1/chat/completions", content=body)
    assert response.status_code == 400
    assert set(response.json()["error"]) == {"message", "type", "param", "code"}


async def test_the_client_raises_its_own_error(client: AsyncOpenAI) -> None:
    with pytest.raises(BadRequestError):
        await client.chat.completions.create(model="nimrod-local", messages=[])


async def test_the_same_request_gets_the_same_answer_to_the_byte() -> None:
    body = {"model": "nimrod-local", "messages": WISH, "tools": [FIND, HOLD]}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=build_app()), base_url="http://local") as http:
        answers = {(await http.post("/v1/chat/completions", json=body)).content for _ in range(3)}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=build_app()), base_url="http://local") as http:
        answers.add((await http.post("/v1/chat/completions", json=body)).content)
    assert len(answers) == 1


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": JSONISH},
    optional={"tool_calls": JSONISH, "tool_call_id": JSONISH},
)


@settings(max_examples=150, deadline=None)
@given(st.lists(MESSAGE, min_size=1, max_size=6))
def test_no_history_breaks_the_model(messages: list[dict[str, Any]]) -> None:
    said = answer(read_history(messages), frozenset({"find_vehicles", "carry_out"}))
    assert said.text or said.calls


@settings(max_examples=80, deadline=None)
@given(result=JSONISH)
def test_no_tool_result_breaks_the_model(result: Any) -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "find_vehicles", "arguments": "{}"}}
    messages = [
        *WISH,
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": json.dumps({"vehicles": result, "place": result})},
    ]
    said = answer(read_history(messages), frozenset({"find_vehicles", "propose_hold", "carry_out"}))
    assert said.text or said.calls
