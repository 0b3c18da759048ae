"""Handing a conversation to a person."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Handover:
    """A request that a person of the staff takes over; `summary` is the matter in the customer's words (untrusted)."""

    handover_id: str
    customer_id: str
    city_id: str
    conversation_id: str | None
    summary: str
    created_at: datetime
