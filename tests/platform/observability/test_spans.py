"""Spans around turns."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from nimrod.platform.observability import spans, turn_span


def test_a_turn_is_a_span_with_agent_conversation_and_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(spans, "_TRACER", provider.get_tracer("test"))
    with turn_span("booking", "cnv_1", "trn_1"):
        pass
    (span,) = kept.get_finished_spans()
    assert span.name == "nimrod.turn"
    assert dict(span.attributes or {}) == {
        "nimrod.agent": "booking", "nimrod.conversation": "cnv_1", "nimrod.turn": "trn_1",
    }  # fmt: skip
