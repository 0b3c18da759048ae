"""A small true world behind the tool servers: a real store on a throw-away database, two customers, a frozen clock."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import DomainError
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.proposals import Grant, GrantRefused
from nimrod.mcp_servers import payments
from nimrod.mcp_servers.customer import knowledge, reservations
from nimrod.mcp_servers.identity import acting_as
from nimrod.mcp_servers.server import ToolServer
from nimrod.platform.cities import load_cities
from nimrod.platform.knowledge import Library
from nimrod.platform.storage.migrate import fresh_sqlite
from nimrod.platform.storage.stores import open_customer_store

NOW = datetime(2026, 11, 22, 21, 10, tzinfo=UTC)  # Sunday 23:10 in Helsinki
MIA = Principal("per_mia", frozenset({"customer"}), "helsinki", name="Mia", actor="booking")
NOAH = Principal("per_noah", frozenset({"customer"}), "helsinki", name="Noah", actor="booking")
JANA = Principal("per_jana", frozenset({"customer"}), "prague", language="cs", name="Jana", actor="booking")
OTTO = Principal("per_otto", frozenset({"field_operator"}), "helsinki", name="Otto")


class Refused(DomainError):
    """What the fake admission says to a token it does not know."""

    code = "token_refused"


@dataclass
class Grants:
    """Confirmations by made-up tokens, as the accounts would have signed them."""

    known: dict[str, Grant] = field(default_factory=dict)

    def verify(self, token: str) -> Grant:
        if token not in self.known:
            raise GrantRefused(reasons=["malformed"])
        return self.known[token]


@dataclass
class Admissions:
    """Tokens `<audience>/<person>` for one audience."""

    audience: str
    people: Mapping[str, Principal]

    async def admit(self, token: str) -> Principal:
        audience, _, person = token.partition("/")
        if audience != self.audience or person not in self.people:
            raise Refused(reason="another_audience")
        return self.people[person]


@dataclass
class World:
    store: Any
    cities: Mapping[str, City]
    grants: Grants
    library: Library
    now: datetime = NOW
    numbers: Any = field(default_factory=lambda: count(1))
    servers: dict[str, ToolServer] = field(default_factory=dict)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{next(self.numbers):06d}"

    def server(self, name: str = "reservations", *, with_tokens: bool = False) -> ToolServer:
        people = {one.id: one for one in (MIA, NOAH, JANA, OTTO)}
        around: dict[str, Any] = {
            "cities": self.cities,
            "clock": lambda: self.now,
            "new_id": self.new_id,
            "admission": Admissions(f"mcp:{name}", people) if with_tokens else None,
        }
        if name == "reservations":
            return reservations.build_server(self.store, grants=self.grants, **around)
        if name == "payments":
            return payments.build_server(**around)
        return knowledge.build_server(self.library, **around)

    def shared(self, name: str) -> ToolServer:
        """One server for all calls in memory."""
        if name not in self.servers:
            self.servers[name] = self.server(name)
        return self.servers[name]

    async def call(
        self,
        tool: str,
        arguments: Mapping[str, Any] | None = None,
        *,
        me: Principal = MIA,
        on: str = "reservations",
        **meta: str,
    ) -> dict[str, Any]:
        """The structured result, or the error as `{"error": …}`."""
        with acting_as(me):
            async with Client(self.shared(on)) as client:
                sent = {f"nimrod/{name}": value for name, value in meta.items()}
                result = await client.call_tool(tool, dict(arguments or {}), meta=sent or None)
        if result.is_error:
            body: dict[str, Any] = json.loads(result.content[0].text)
            assert set(body["error"]) == {"code", "message", "next_step", "facts"}
            return body
        assert result.structured_content is not None
        return dict(result.structured_content)

    def confirm(self, proposal_id: str, *, by: Principal = MIA, **changes: Any) -> str:
        """The token of a grant for this proposal by its owner."""
        with self.store.reading() as tables:
            proposal = tables.get_proposal(proposal_id, principal_id=by.id)
        number = len(self.grants.known) + 1
        grant = Grant(f"gra_{number}", proposal_id, proposal.digest, by.id, self.now + timedelta(minutes=10))
        token = f"token-{number}"
        self.grants.known[token] = replace(grant, **changes)
        return token

    async def done(self, tool: str, arguments: Mapping[str, Any], *, me: Principal = MIA) -> dict[str, Any]:
        """Propose, confirm and carry out; the reservation."""
        proposal = await self.call(tool, arguments, me=me)
        assert "error" not in proposal, proposal
        token = self.confirm(proposal["proposal_id"], by=me)
        result = await self.call("carry_out", {"proposal_id": proposal["proposal_id"]}, me=me, grant=token)
        assert result.get("status") == "carried_out", result
        return dict(result["reservation"])


def _vehicles() -> Iterator[Vehicle]:
    station, harbour = Point(60.1719, 24.9414), Point(60.1677, 24.9527)
    yield Vehicle("SCO-1", "helsinki", "scooter", "Swift S", Point(60.1722, 24.9418), 80, 32.0)
    yield Vehicle("SCO-2", "helsinki", "scooter", "Swift S", Point(60.1730, 24.9430), 55, 21.0)
    yield Vehicle("BIK-1", "helsinki", "bike", "Flow", station, 90, 60.0)
    yield Vehicle("CAR-1", "helsinki", "car", "Volta", harbour, 70, 250.0)
    yield Vehicle("CAR-2", "helsinki", "car", "Volta", Point(60.1690, 24.9530), 100, 380.0)
    yield Vehicle("VAN-1", "helsinki", "van", "Mule", station, 85, 210.0)
    yield Vehicle("SCO-P", "prague", "scooter", "Swift S", Point(50.0830, 14.4350), 88, 35.0)
    yield Vehicle("CAR-P", "prague", "car", "Volta", Point(50.0831, 14.4351), 88, 300.0)


@pytest.fixture(scope="session")
def library() -> Library:
    return Library()


@pytest.fixture(scope="session")
def cities() -> Mapping[str, City]:
    return load_cities()


@pytest.fixture
def world(tmp_path: Path, library: Library, cities: Mapping[str, City]) -> Iterator[World]:
    store = open_customer_store(fresh_sqlite(tmp_path / "customer.db", "customer"))
    with store.writing() as tables:
        for vehicle in _vehicles():
            tables.put_vehicle(vehicle, told_at=NOW)
    yield World(store, cities, Grants(), library)
    store.close()


@pytest.fixture
def people() -> Mapping[str, Principal]:
    return {"mia": MIA, "noah": NOAH, "jana": JANA, "otto": OTTO}


@pytest.fixture
def put(world: World) -> Callable[[Vehicle], None]:
    """Operations tell of a vehicle."""

    def write(vehicle: Vehicle) -> None:
        with world.store.writing() as tables:
            tables.put_vehicle(vehicle, told_at=world.now + timedelta(seconds=1))

    return write
