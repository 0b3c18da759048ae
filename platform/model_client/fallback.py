"""A model that helps out when the configured one fails, within one request."""

import asyncio
import logging
import time
from collections.abc import Callable

import httpx2
from openai import OpenAIError
from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model, ModelRequestParameters
from pydantic_ai.models.wrapper import WrapperModel
from pydantic_ai.settings import ModelSettings

_LOG = logging.getLogger("nimrod.model")
FAULTS = (
    ModelAPIError, UnexpectedModelBehavior, OpenAIError, httpx2.HTTPError, TimeoutError,
    LookupError, TypeError, ValueError,  # what reading a garbled answer raises in the client libraries
)  # fmt: skip


class Fallback(WrapperModel):
    """Asks `main`; when that fails or takes longer than `timeout_s`, asks `backup` and lets `main` rest for `rest_s`.

    The rest keeps a dead endpoint from costing every request its whole time-out.
    """

    def __init__(
        self,
        main: Model,
        backup: Model,
        *,
        timeout_s: float,
        rest_s: float = 20.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(main)
        self.backup = backup
        self.timeout_s = timeout_s
        self.rest_s = rest_s
        self.monotonic = monotonic
        self._rests_until = float("-inf")

    async def request(
        self,
        messages: list[ModelMessage],
        model_settings: ModelSettings | None,
        model_request_parameters: ModelRequestParameters,
    ) -> ModelResponse:
        if self.monotonic() >= self._rests_until:
            try:
                async with asyncio.timeout(self.timeout_s):
                    return await self.wrapped.request(messages, model_settings, model_request_parameters)
            except FAULTS as fault:
                self._rests_until = self.monotonic() + self.rest_s
                _LOG.warning("model %s failed (%s); the local model answers", self.model_name, type(fault).__name__)
        return await self.backup.request(messages, None, model_request_parameters)
