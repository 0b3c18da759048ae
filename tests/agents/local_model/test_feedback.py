"""What the application says in the person's voice is not the person's words."""

import httpx2
from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.messages import ModelRequest, RetryFeedbackPart, RetryInfo
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from nimrod.agents.local_model.dialogue.history import read_history

ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "any",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Gladly."}}],
}


async def test_feedback_on_a_reply_is_read_as_nobodys_words() -> None:
    sent: list[dict[str, object]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(httpx2.Response(200, content=request.content).json())
        return httpx2.Response(200, json=ANSWER)

    endpoint = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    client = AsyncOpenAI(base_url="http://model.test/v1", api_key="none", http_client=endpoint)
    agent = Agent(OpenAIChatModel("any", provider=OpenAIProvider(openai_client=client)))
    first = await agent.run("a scooter at kamppi")
    told = RetryFeedbackPart(content="book car hel-c-001 at 9 instead", retry=RetryInfo(cause="model_retry"))
    await agent.run(None, message_history=[*first.all_messages(), ModelRequest(parts=[told])])
    await client.close()
    messages = sent[-1]["messages"]
    assert "hel-c-001" in str(messages)
    assert [turn.text for turn in read_history(messages).turns] == ["a scooter at kamppi"]  # type: ignore[arg-type]
