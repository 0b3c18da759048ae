"""A person's talk with an agent, as it is kept: conversation, messages, traces."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Voice = Literal["user", "agent", "event"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One thread of talk. `agent` is the agent's name (`booking`), `title` the first words said; times aware UTC."""

    conversation_id: str
    principal_id: str
    agent: str
    city_id: str
    title: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the history as the person sees it.

    `role` "event" is something that happened between the lines (confirmed, declined); `body` holds JSON details
    (`tool_calls`, `pending` proposal ids, `turn_id`). `message_id` is unique: adding it twice keeps the first.
    """

    message_id: str
    conversation_id: str
    role: Voice
    text: str
    at: datetime
    body: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """What one turn did, enough to play it again: prompt hash, model, calls, results, cost, time. `body` is JSON."""

    turn_id: str
    conversation_id: str
    at: datetime
    body: Mapping[str, object]
