"""What the agent runtime needs from the rest of the house."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from nimrod.domain.shared.conversations import Conversation, Message, Trace


class ConversationStore(Protocol):
    """Conversations of people with agents. Synchronous and quick; every call is its own short transaction.

    Reads are owner-checked: another person's conversation raises NotFound(conversation_id=…), like an unknown one.
    """

    def create(self, conversation: Conversation) -> None: ...

    def get(self, conversation_id: str, *, principal_id: str) -> Conversation:
        """The person's own conversation; raises NotFound."""

    def list(self, principal_id: str, *, agent: str | None = None, limit: int = 50) -> Sequence[Conversation]:
        """The person's conversations, latest `updated_at` first."""

    def touch(self, conversation_id: str, *, at: datetime, title: str | None = None) -> None:
        """Set `updated_at`, and the title when one is given."""

    def add_message(self, message: Message) -> bool:
        """Append to the history; False (and nothing changed) when this `message_id` is there already."""

    def list_messages(self, conversation_id: str) -> Sequence[Message]:
        """All messages in the order they were added."""

    def add_trace(self, trace: Trace) -> None:
        """Keep what a turn did; the same `turn_id` again replaces it."""

    def list_traces(self, conversation_id: str) -> Sequence[Trace]:
        """All traces in the order they were first added."""

    def count_messages(self, principal_id: str, *, since: datetime) -> int:
        """How many messages with role "user" the person wrote in any conversation at or after `since`."""


class Authority(Protocol):
    """The platform's accounts and approvals, as the runtime sees them."""

    async def exchange(self, session_token: str, audience: str, actor: str) -> str:
        """A token of at most 5 minutes for one audience (`mcp:reservations`), naming the agent that acts."""

    async def mint_grant(self, session_token: str, proposal_id: str, digest: str, system: str) -> str:
        """The person's confirmation of exactly this proposal; refused for any token but the person's own."""
