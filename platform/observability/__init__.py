"""Seeing what happens: spans around agent turns."""

from nimrod.platform.observability.spans import turn_span

__all__ = ["turn_span"]
