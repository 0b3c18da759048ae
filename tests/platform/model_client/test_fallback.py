"""The local model helps out, and a failing endpoint is left alone for a while."""

from typing import Any

import httpx2
import pytest
from pydantic_ai import Agent
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from nimrod.platform.model_client import LOCAL_MODEL, Fallback, open_models


class Endpoint:
    """Counts its requests; fails while it is down."""

    def __init__(self) -> None:
        self.asked = 0
        self.down = True

    def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.asked += 1
        if self.down:
            raise ModelAPIError("far", "down")
        return ModelResponse(parts=[TextPart("far")])


def near(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    return ModelResponse(parts=[TextPart("near")])


def saying(text: str, model: str) -> httpx2.Response:
    """A chat completion of words."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body: dict[str, Any] = {"id": "1", "object": "chat.completion", "created": 1, "model": model}
    return httpx2.Response(200, json={**body, "choices": [choice]})


async def test_a_failing_endpoint_rests_and_is_tried_again_later() -> None:
    seconds = [0.0]
    far = Endpoint()
    model = Fallback(FunctionModel(far), FunctionModel(near), timeout_s=1, rest_s=20, monotonic=lambda: seconds[0])
    agent = Agent(model)
    assert [(await agent.run("hi")).output for _ in range(3)] == ["near"] * 3
    assert far.asked == 1
    seconds[0], far.down = 21.0, False
    assert (await agent.run("hi")).output == "far"


async def test_a_bug_of_ours_is_not_covered_up() -> None:
    def bug(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        raise AssertionError("a bug")

    with pytest.raises(AssertionError):
        await Agent(Fallback(FunctionModel(bug), FunctionModel(near), timeout_s=1)).run("hi")


async def test_without_an_address_the_local_model_is_asked_through_the_same_client() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        message = {"role": "assistant", "content": "Hello from here."}
        body: dict[str, Any] = {"id": "1", "object": "chat.completion", "created": 1, "model": LOCAL_MODEL}
        return httpx2.Response(
            200, json={**body, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        )

    models = open_models(url="", key="", model="", timeout_s=5, local=httpx2.MockTransport(answer))
    assert models.backup is None
    assert (await Agent(models.main).run("hi")).output == "Hello from here."
    assert asked[0].url.path == "/v1/chat/completions"


async def test_with_an_address_the_key_and_the_model_name_go_there() -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        message = {"role": "assistant", "content": "far"}
        body: dict[str, Any] = {"id": "1", "object": "chat.completion", "created": 1, "model": "big"}
        return httpx2.Response(
            200, json={**body, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
        )

    models = open_models(
        url="http://far.test/v1", key="secret", model="big", timeout_s=5,
        local=httpx2.MockTransport(answer), transport=httpx2.MockTransport(answer),
    )  # fmt: skip
    assert (await Agent(models.main).run("hi")).output == "far"
    assert asked[0].headers["authorization"] == "Bearer secret"
    assert b'"model":"big"' in asked[0].content
