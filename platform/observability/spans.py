"""OpenTelemetry spans; without an exporter configured they cost next to nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace

_TRACER = trace.get_tracer("nimrod")


@contextmanager
def turn_span(agent: str, conversation_id: str, turn_id: str) -> Iterator[None]:
    """A span around one turn of an agent; model and tool spans nest under it."""
    attributes = {"nimrod.agent": agent, "nimrod.conversation": conversation_id, "nimrod.turn": turn_id}
    with _TRACER.start_as_current_span("nimrod.turn", attributes=attributes):
        yield
