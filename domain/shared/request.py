"""What the edge tells every use case: who asks, where, when, and how to name new things."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from nimrod.domain.shared.city import City
from nimrod.domain.shared.principal import Principal


@dataclass(frozen=True, slots=True)
class Request:
    """One asking. `now` is aware UTC; `new_id("rsv")` returns a fresh id such as `rsv_7k2m9q`.

    `conversation_id` is the chat it came through, if any; `key` the caller's idempotency key, if any.
    """

    me: Principal
    city: City
    now: datetime
    new_id: Callable[[str], str]
    conversation_id: str | None = None
    key: str | None = None
