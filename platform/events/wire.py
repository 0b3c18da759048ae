"""An event as bytes and back."""

import json
from dataclasses import asdict
from datetime import datetime

from nimrod.domain.contracts.events import Event
from nimrod.domain.shared.errors import BadInput


def to_bytes(event: Event) -> bytes:
    """JSON with the envelope's field names; `at` in ISO 8601."""
    return json.dumps({**asdict(event), "at": event.at.isoformat()}, separators=(",", ":")).encode()


def from_bytes(raw: bytes) -> Event:
    """The event; raises BadInput for anything else."""
    try:
        told = json.loads(raw)
        event = Event(**{**told, "at": datetime.fromisoformat(told["at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(field="event", reason="not_an_event") from error
    if event.at.tzinfo is None or not isinstance(event.body, dict):
        raise BadInput(field="event", reason="not_an_event")
    return event
