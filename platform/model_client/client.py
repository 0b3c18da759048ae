"""Opening the models that agents use."""

from dataclasses import dataclass

import httpx2
from openai import AsyncOpenAI
from pydantic_ai.models import Model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

from nimrod.platform.model_client.fallback import Fallback

LOCAL_MODEL = "nimrod-local"
LOCAL_URL = "http://local-model/v1"
RETRIES = 1


@dataclass(frozen=True, slots=True)
class Models:
    """`main` answers every request; `backup` takes a whole turn when `main` makes nothing usable of it."""

    main: Model
    backup: Model | None = None


def local_models(local: httpx2.AsyncBaseTransport) -> Models:
    """Only the local model, asked over `local` with the very client a remote one would get."""
    return Models(_chat_model(LOCAL_URL, "local", LOCAL_MODEL, local))


def open_models(
    *,
    url: str,
    key: str,
    model: str,
    timeout_s: float,
    local: httpx2.AsyncBaseTransport,
    transport: httpx2.AsyncBaseTransport | None = None,
) -> Models:
    """The model at `url` with the local one behind it; with an empty `url` the local model alone.

    `transport` replaces the network for the remote model (tests, evals).
    """
    behind = local_models(local)
    if not url:
        return behind
    remote = _chat_model(url, key or "none", model, transport, timeout_s)
    return Models(Fallback(remote, behind.main, timeout_s=timeout_s), behind.main)


def _chat_model(
    url: str, key: str, model: str, transport: httpx2.AsyncBaseTransport | None, timeout_s: float = 30.0
) -> OpenAIChatModel:
    http = httpx2.AsyncClient(transport=transport, timeout=timeout_s)
    client = AsyncOpenAI(base_url=url, api_key=key, max_retries=RETRIES, http_client=http, timeout=timeout_s)
    return OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client))
