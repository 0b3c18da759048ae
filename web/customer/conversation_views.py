"""The shapes of the conversation routes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from nimrod.domain.shared.conversations import Conversation, Message, Trace
from nimrod.web.bodies import Body

MOST_TEXT = 50_000
_LAT_LON = r"^\s*-?\d{1,3}(\.\d{1,9})?\s*,\s*-?\d{1,3}(\.\d{1,9})?\s*$"


class NewConversation(Body):
    """Which agent to talk to."""

    agent: Annotated[str, Field(min_length=1, max_length=40)] = "booking"


class Position(Body):
    """WGS 84 degrees."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class NewMessage(Body):
    """What the person says, and where they are if they share it: `"60.17,24.94"` or `{"lat", "lon"}`."""

    text: Annotated[str, Field(max_length=MOST_TEXT)]
    position: Annotated[str, Field(pattern=_LAT_LON)] | Position | None = None

    def point(self) -> tuple[float, float] | None:
        """(lat, lon), or None; raises ValueError for a place that is not on the earth."""
        if isinstance(self.position, str):
            lat, lon = (float(part) for part in self.position.split(","))
            checked = Position(lat=lat, lon=lon)
            return checked.lat, checked.lon
        return (self.position.lat, self.position.lon) if self.position else None


class ConversationView(BaseModel):
    """One conversation; times ISO 8601 UTC."""

    conversation_id: str
    agent: str
    city_id: str
    title: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, one: Conversation) -> "ConversationView":
        return cls(
            conversation_id=one.conversation_id, agent=one.agent, city_id=one.city_id, title=one.title,
            created_at=one.created_at, updated_at=one.updated_at,
        )  # fmt: skip


class ConversationList(BaseModel):
    """The person's conversations, latest first."""

    conversations: list[ConversationView]


class MessageView(BaseModel):
    """One line of the history; an event's `decision` is `confirm` or `decline`."""

    message_id: str
    role: str
    text: str
    at: datetime
    body: Mapping[str, Any]

    @classmethod
    def of(cls, one: Message) -> "MessageView":
        return cls(message_id=one.message_id, role=one.role, text=one.text, at=one.at, body=dict(one.body))


class History(BaseModel):
    """A conversation, what was said, what waits (as the stored previews), and whether an answer is being made."""

    conversation: ConversationView
    messages: list[MessageView]
    pending: list[dict[str, Any]]
    running: bool


class TurnDone(BaseModel):
    """The end of an answer."""

    conversation: str
    reply: str
    pending: list[dict[str, Any]]
    tool_calls: list[dict[str, Any]]


class Cancelled(BaseModel):
    """Whether an answer was being made."""

    cancelled: bool


class TraceView(BaseModel):
    """What one turn did."""

    turn_id: str
    at: datetime
    body: Mapping[str, Any]

    @classmethod
    def of(cls, one: Trace) -> "TraceView":
        return cls(turn_id=one.turn_id, at=one.at, body=dict(one.body))


class TraceList(BaseModel):
    """All turns of a conversation in order."""

    traces: list[TraceView]
