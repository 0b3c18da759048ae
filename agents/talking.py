"""The values of the conversation service: who speaks, what happens, what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nimrod.domain.shared.errors import DomainError
from nimrod.domain.shared.principal import Principal


class ConversationBusy(DomainError):
    """The last message of this conversation is still being answered."""

    code = "conversation_busy"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who speaks, and the session token that proves it."""

    me: Principal
    token: str


@dataclass(frozen=True, slots=True)
class TurnEvent:
    """What happens while an answer is made: `tool`, `token`, `pending`, `done`. `data` is JSON."""

    kind: str
    data: Mapping[str, Any]
