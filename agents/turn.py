"""One turn: the model and its tools until there are words for the person or calls that wait for one."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import Agent, DeferredToolRequests, UsageLimits, capture_run_messages
from pydantic_ai.exceptions import AgentRunError, ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, RetryFeedbackPart, RetryInfo, ToolCallPart
from pydantic_ai.models import Model

from nimrod.agents import history
from nimrod.agents.doors import DoorClosed
from nimrod.agents.guards import Reason, TurnStopped
from nimrod.agents.limits import Limits
from nimrod.agents.toolbelt import Belt, Tools

Check = Callable[[str, Sequence[ModelMessage]], list[str]]
STOPPED = {"error": {"code": "stopped", "message": "The turn ended before this call."}}


@dataclass(frozen=True, slots=True)
class Armed:
    """A call that waits for a person."""

    call_id: str
    name: str
    arguments: dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """What a turn came to. `text` is empty when there is nothing true to say; then `reason` may tell why."""

    messages: list[ModelMessage]
    text: str = ""
    armed: list[Armed] = field(default_factory=list)
    reason: Reason | None = None
    models: list[str] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0
    requests: int = 0
    cost_usd: float | None = None
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one turn needs. `backup` takes over when `model` misbehaves; `check` names what a reply has wrong."""

    name: str
    model: Model
    backup: Model | None
    belt: Belt
    instructions: str
    limits: Limits
    check: Check

    async def take(self, messages: list[ModelMessage], stop: asyncio.Event, wall_s: float) -> Outcome:
        """Run within the wall clock and until `stop` is set; never raises for what a model or a tool server does."""
        shown = history.trim(messages, self.limits.history_chars)
        hidden = messages[: len(messages) - len(shown)]
        outcome = Outcome(messages=shown)
        reason = await _within(self._attempts(outcome), wall_s, stop)
        if reason:
            outcome.reason, outcome.text, outcome.armed = reason, "", []
        outcome.messages = hidden + _mended(outcome)
        return outcome

    async def _attempts(self, outcome: Outcome) -> None:
        start = list(outcome.messages)
        try:
            await self._checked(self.model, outcome)
        except (AgentRunError, DoorClosed) as failed:
            if self.backup is None or isinstance(failed, UsageLimitExceeded | DoorClosed):
                raise
            outcome.messages = start
            await self._checked(self.backup, outcome)

    async def _checked(self, model: Model, outcome: Outcome) -> None:
        await self._run(model, outcome)
        doubts = self.check(outcome.text, outcome.messages) if outcome.text else []
        if not doubts:
            return
        outcome.doubts += doubts
        if outcome.armed:
            outcome.text = ""
            return
        before, wrong = outcome.messages[:-1], outcome.text
        outcome.messages = [*outcome.messages, _sent_back(doubts)]
        await self._run(model, outcome)
        outcome.messages = [*before, *outcome.messages[len(before) + 2 :]]
        again = self.check(outcome.text, outcome.messages) if outcome.text else []
        outcome.doubts += again
        if again or outcome.text == wrong:
            outcome.text = ""
            if not outcome.armed:  # a false reply does not stay in the model's own memory either
                outcome.messages = outcome.messages[:-1]

    async def _run(self, model: Model, outcome: Outcome) -> None:
        agent = Agent(
            model,
            name=self.name,
            deps_type=Belt,
            output_type=[str, DeferredToolRequests],
            toolsets=[Tools(self.belt)],
            instructions=self.instructions,
            retries=2,
        )
        limits = UsageLimits(request_limit=self.limits.model_calls, total_tokens_limit=self.limits.tokens)
        with capture_run_messages() as seen:
            try:
                result = await agent.run(None, message_history=outcome.messages, deps=self.belt, usage_limits=limits)
            except BaseException:
                outcome.messages = list(seen) or outcome.messages
                raise
        new = result.new_messages()
        outcome.messages = result.all_messages()
        _count(outcome, new)
        outcome.text = history.last_text(outcome.messages)
        waiting = result.output.approvals if isinstance(result.output, DeferredToolRequests) else []
        outcome.armed = [Armed(call.tool_call_id, call.tool_name, _arguments(call)) for call in waiting]


async def _within(work: Coroutine[Any, Any, None], wall_s: float, stop: asyncio.Event) -> Reason | None:
    """None when the work went well, else why it did not; the work never outlives this."""
    task = asyncio.create_task(work)
    stopper = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopper}, timeout=wall_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopper.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if task.cancelled():
        return "stopped" if stop.is_set() else "slow"
    failed = task.exception()
    if failed is None:
        return None
    return _reason(failed)


def _reason(failed: BaseException) -> Reason:
    if isinstance(failed, BaseExceptionGroup) and len(failed.exceptions) == 1:
        return _reason(failed.exceptions[0])
    if isinstance(failed, TurnStopped):
        return failed.reason
    if isinstance(failed, UsageLimitExceeded):
        return "budget"
    if isinstance(failed, ModelAPIError | UnexpectedModelBehavior | AgentRunError | DoorClosed):
        return "trouble"
    raise failed


def _sent_back(doubts: list[str]) -> ModelRequest:
    text = "Your reply does not agree with the tool results: " + "; ".join(doubts) + ". Say it again, correctly."
    return ModelRequest(parts=[RetryFeedbackPart(content=text, retry=RetryInfo(cause="model_retry"))])


def _mended(outcome: Outcome) -> list[ModelMessage]:
    """The messages with a result for every call that nobody will answer any more."""
    armed = {one.call_id for one in outcome.armed}
    left = {call: name for call, name in history.open_calls(outcome.messages).items() if call not in armed}
    return history.with_results(outcome.messages, {call: (name, STOPPED) for call, name in left.items()})


def _count(outcome: Outcome, new: Sequence[ModelMessage]) -> None:
    for one in new:
        if isinstance(one, ModelResponse):
            outcome.requests += 1
            outcome.tokens_in += one.usage.input_tokens
            outcome.tokens_out += one.usage.output_tokens
            outcome.cost_usd = _plus_cost(outcome.cost_usd, one)
            if one.model_name and one.model_name not in outcome.models:
                outcome.models.append(one.model_name)


def _plus_cost(so_far: float | None, response: ModelResponse) -> float | None:
    """The cost with this response's; models without a public price add nothing."""
    try:
        return float(response.cost().total_price) + (so_far or 0.0)
    except (LookupError, AssertionError, ValueError):
        return so_far


def _arguments(call: ToolCallPart) -> dict[str, Any]:
    try:
        return call.args_as_dict()
    except ValueError:
        return {}
