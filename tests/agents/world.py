"""A small world for the runtime: one city, a few vehicles, two people, tool servers in memory, a scripted model."""

import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mcp import Client
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel

from nimrod.agents.customer.booking import AGENT
from nimrod.agents.doors import McpDoor
from nimrod.agents.runtime import Conversations
from nimrod.agents.talking import Caller, TurnEvent
from nimrod.domain.customer.reservations.model import Reservation, Vehicle
from nimrod.domain.shared.errors import NotAllowed
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.proposals import Grant, GrantRefused
from nimrod.mcp_servers import payments
from nimrod.mcp_servers.customer import reservations
from nimrod.mcp_servers.identity import acting_as
from nimrod.platform.cities import load_cities
from nimrod.platform.model_client import Models
from nimrod.platform.storage.migrate import fresh_sqlite
from nimrod.platform.storage.stores import open_customer_store
from nimrod.tools.toolset import Toolset

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # Monday 10:00 in Helsinki
MIA = Principal("per_mia", frozenset({"customer"}), "helsinki", "en", "Mia")
NOAH = Principal("per_noah", frozenset({"customer"}), "helsinki", "en", "Noah")
PEOPLE = {one.id: one for one in (MIA, NOAH)}
KEY = b"only in tests"
STATION = Point(60.1712, 24.9414)

Step = Callable[[list[ModelMessage]], ModelResponse]


def caller(me: Principal = MIA) -> Caller:
    """The person with their session token."""
    return Caller(me, f"session:{me.id}")


def says(text: str) -> Step:
    """The model says this."""
    return lambda messages: ModelResponse(parts=[TextPart(text)])


def calls(
    name: str, arguments: Mapping[str, Any] | Callable[[list[ModelMessage]], dict[str, Any]], text: str = ""
) -> Step:
    """The model calls a tool, with words before it if any."""

    def step(messages: list[ModelMessage]) -> ModelResponse:
        given = arguments(messages) if callable(arguments) else dict(arguments)
        words = [TextPart(text)] if text else []
        return ModelResponse(parts=[*words, ToolCallPart(name, given)])

    return step


def last_result(messages: list[ModelMessage]) -> dict[str, Any]:
    """The newest tool result the model sees."""
    for message in reversed(messages):
        if isinstance(message, ModelRequest):
            for part in reversed(message.parts):
                if isinstance(part, ToolReturnPart):
                    assert isinstance(part.content, dict)
                    return part.content
    raise AssertionError("no tool result yet")


def carries_out(text: str = "Please confirm.") -> Step:
    """The model presents the newest proposal and calls carry_out."""
    return calls("carry_out", lambda messages: {"proposal_id": last_result(messages)["proposal_id"]}, text)


@dataclass
class Script:
    """A model that follows a script; `seen` are the messages of each request."""

    steps: list[Step] = field(default_factory=list)
    seen: list[list[ModelMessage]] = field(default_factory=list)
    instructions: list[str] = field(default_factory=list)

    def then(self, *steps: Step) -> "Script":
        self.steps += steps
        return self

    def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.seen.append(list(messages))
        self.instructions.append(info.instructions or "")
        assert self.steps, "the script is over"
        return self.steps.pop(0)(messages)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def on(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@dataclass
class FakeAuthority:
    """Accounts and approvals in miniature: session tokens are `session:<person>`, grants are sealed texts."""

    clock: Clock

    async def exchange(self, session_token: str, audience: str, actor: str) -> str:
        return f"{_person(session_token)}|{audience}|{actor}"

    async def mint_grant(self, session_token: str, proposal_id: str, digest: str, system: str) -> str:
        until = (self.clock() + timedelta(minutes=10)).isoformat()
        return seal([f"gra_{secrets.token_hex(8)}", proposal_id, digest, _person(session_token), until])

    def verify(self, token: str) -> Grant:
        grant_id, proposal_id, digest, person, until = unseal(token)
        return Grant(grant_id, proposal_id, digest, person, datetime.fromisoformat(until))


def seal(body: list[str]) -> str:
    """A grant that outlives its process, signed with a key that only this test world knows."""
    text = json.dumps(body)
    return f"{text}#{hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()}"


def unseal(token: str) -> list[str]:
    """The body of a grant sealed here; raises GrantRefused for any other text."""
    text, _, mark = token.rpartition("#")
    if not hmac.compare_digest(mark, hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()):
        raise GrantRefused(reasons=["unknown"])
    return [str(one) for one in json.loads(text)]


def _person(session_token: str) -> str:
    kind, _, person = session_token.partition(":")
    if kind != "session":
        raise NotAllowed(token="not a session")
    return person


def numbered() -> Callable[[str], str]:
    """Ids that are fresh in every process, readable, and long enough."""
    return lambda prefix: f"{prefix}_{secrets.token_hex(4)}"


def open_door(servers: Mapping[str, Any]) -> McpDoor:
    """The tool servers in memory; the token says who asks."""

    @asynccontextmanager
    async def connect(server: str, token: str) -> AsyncIterator[Client]:
        person, audience, _ = token.split("|")
        assert audience == f"mcp:{server}"
        with acting_as(PEOPLE[person]):
            async with Client(servers[server]) as client:
                yield client

    def connecting(server: str, token: str) -> AbstractAsyncContextManager[Client]:
        return connect(server, token)

    return McpDoor(connecting)


class World:
    """Everything the runtime needs, on one folder; opening it again on the same folder is a restart."""

    def __init__(self, folder: Path, model: Model | None = None, **options: Any) -> None:
        self.folder = folder
        self.clock = Clock()
        self.script = Script()
        self.authority = FakeAuthority(self.clock)
        file = folder / "customer.db"
        fresh = not file.exists()
        self.store = open_customer_store(fresh_sqlite(file, "customer") if fresh else f"sqlite:///{file}")
        self.cities = load_cities()
        if fresh:
            self._fill()
        shared: dict[str, Any] = {"cities": self.cities, "clock": self.clock, "new_id": numbered()}
        self.servers = {
            "reservations": reservations.build_server(self.store, grants=self.authority, **shared),
            "payments": payments.build_server(**shared),
        }
        self.door = options.pop("door", None) or open_door(self.servers)
        spec = options.pop("spec", None) or agent_without_knowledge()
        self.conversations = Conversations(
            agents={spec.name: spec},
            store=self.store.conversations,
            door=self.door,
            authority=self.authority,
            models=options.pop("models", None) or Models(model or FunctionModel(self.script, model_name="scripted")),
            cities=self.cities,
            clock=self.clock,
            new_id=numbered(),
            checkpoints=f"sqlite:///{folder / 'checkpoints.db'}",
            **options,
        )

    def _fill(self) -> None:
        with self.store.writing() as tables:
            for n, kind in enumerate(("scooter", "scooter", "bike", "car", "van")):
                point = Point(STATION.lat + n * 0.0005, STATION.lon)
                vehicle = Vehicle(f"{kind[:2]}_{n:04}", "helsinki", kind, f"Model {kind}", point, 80, 30.0)  # type: ignore[arg-type]
                tables.put_vehicle(vehicle, told_at=NOW)

    def reservations(self, me: Principal = MIA) -> list[Reservation]:
        with self.store.reading() as tables:
            return list(tables.list_reservations(me.id))

    async def hear(self, events: AsyncIterator[TurnEvent]) -> dict[str, Any]:
        """The `done` body."""
        done: Mapping[str, Any] = {}
        async for event in events:
            if event.kind == "done":
                done = event.data
        return dict(done)

    async def say(self, conversation_id: str, text: str, me: Principal = MIA) -> dict[str, Any]:
        return await self.hear(self.conversations.send(conversation_id, text, caller(me)))

    def close(self) -> None:
        self.store.close()


def agent_without_knowledge() -> Any:
    """The booking agent without the knowledge server, which takes seconds to open."""
    from dataclasses import replace

    tools = AGENT.toolset
    kept = Toolset(("reservations", "payments"), tools.allow - {"search_knowledge"}, tools.confirm)
    return replace(AGENT, toolset=kept)


def pairs(messages: list[ModelMessage]) -> Iterator[tuple[str, str]]:
    """(kind, text or tool name) of every part, for looking at a history."""
    for message in messages:
        for part in message.parts:
            yield part.part_kind, getattr(part, "tool_name", None) or str(getattr(part, "content", ""))
