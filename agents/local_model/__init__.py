"""The built-in model: deterministic, stateless, for this trade; spoken to like any OpenAI-compatible model."""

from nimrod.agents.local_model.app import build_app, warm_up

__all__ = ["build_app", "warm_up"]
