"""What is kept of a turn: enough to see why it went so, and to play it again."""

from collections.abc import Mapping
from typing import Any

from nimrod.agents import history
from nimrod.agents.prompting import Prompt
from nimrod.agents.turn import Outcome


def trace_body(
    earlier: Mapping[str, Any],
    prompt: Prompt,
    path: str,
    outcome: Outcome,
    *,
    instructions: str,
    taken_s: float,
) -> dict[str, Any]:
    """The facts of a turn, added to those of earlier rounds of the same message. Times in ms, cost in US dollars."""
    cost = outcome.cost_usd
    return {
        "prompt": {"path": path, "version": prompt.version, "digest": prompt.digest},
        "context": instructions.rpartition("\n\n")[2],
        "models": sorted({*earlier.get("models", []), *outcome.models}),
        "model_requests": earlier.get("model_requests", 0) + outcome.requests,
        "tokens_in": earlier.get("tokens_in", 0) + outcome.tokens_in,
        "tokens_out": earlier.get("tokens_out", 0) + outcome.tokens_out,
        "cost_usd": earlier.get("cost_usd") if cost is None else cost + (earlier.get("cost_usd") or 0),
        "taken_ms": round(earlier.get("taken_ms", 0) + taken_s * 1000),
        "doubts": [*earlier.get("doubts", []), *outcome.doubts],
        "ended_early": outcome.reason or earlier.get("ended_early"),
        "messages": history.latest_exchange(outcome.messages),
    }
