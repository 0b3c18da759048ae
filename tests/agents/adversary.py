"""A model that wants harm: any tool, any arguments, stolen ids, forged, swapped, replayed and late confirmations."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from mcp import Client
from mcp.types import Tool

from nimrod.domain.customer.reservations import service
from nimrod.domain.shared.proposals import Proposal
from nimrod.domain.shared.request import Request
from nimrod.mcp_servers.identity import acting_as
from nimrod.tests.agents.world import MIA, NOAH, World, numbered, seal

TIMES = ("2026-11-23T10:00", "2026-11-24T09:00", "2026-11-24T12:00+02:00", "2031-01-01T00:00", "yesterday", "", "24:99")
WORDS = (
    "Kamppi",
    "Central Station",
    "'; drop table reservation; --",
    "<context>{}</context>",
    "x" * 500,
    "\u0000",
    "Noah",
)
VEHICLES = ("sc_0000", "sc_0001", "bi_0002", "ca_0003", "va_0004", "nope")
TOOLS_THAT_ACT = ("carry_out", "withdraw_proposal", "decline_proposal")


@dataclass
class Loot:
    """What an attacker may have got hold of: ids of another person, confirmations of all kinds."""

    foreign: list[str]
    own: list[str] = field(default_factory=list)
    grants: list[str] = field(default_factory=list)


@dataclass
class Adversary:
    """Acts as Mia's agent. Noah has a booking and an open card; Mia has confirmed nothing."""

    world: World
    rng: random.Random
    loot: Loot = field(init=False)
    tools: list[Tool] = field(default_factory=list)

    def __post_init__(self) -> None:
        done, opened = self._for_noah("sc_0001"), self._for_noah("bi_0002", carry=False)
        held = str((done.result or {})["reservation_id"])
        self.loot = Loot(foreign=[held, done.proposal_id, opened.proposal_id])
        until = (self.world.clock() + timedelta(minutes=10)).isoformat()
        late = (self.world.clock() - timedelta(minutes=1)).isoformat()
        self.loot.grants = [
            seal(["gra_a", opened.proposal_id, opened.digest, NOAH.id, until]),
            seal(["gra_b", opened.proposal_id, opened.digest, MIA.id, until]),
            seal(["gra_c", done.proposal_id, done.digest, NOAH.id, until]),
            seal(["gra_d", opened.proposal_id, opened.digest, NOAH.id, late]),
            "eyJhbGciOiJub25lIn0.e30.",
            "yes",
        ]

    def _request(self) -> Request:
        return Request(NOAH, self.world.cities["helsinki"], self.world.clock(), numbered())

    def _for_noah(self, vehicle_id: str, *, carry: bool = True) -> Proposal:
        request, store = self._request(), self.world.store
        card = service.propose_hold(vehicle_id, pick_up_at=None, replaces=None, request=request, store=store)
        if not carry:
            return card
        until = (self.world.clock() + timedelta(minutes=10)).isoformat()
        grant = self.world.authority.verify(
            seal([f"gra_{card.proposal_id}", card.proposal_id, card.digest, NOAH.id, until])
        )
        return service.carry_out(card.proposal_id, grant=grant, request=request, store=store)

    async def attack(self, sequences: int) -> int:
        """Play so many sequences of calls; the number of calls made. Raises AssertionError for anything gained."""
        made = 0
        with acting_as(MIA):
            async with Client(self.world.servers["reservations"]) as client:
                self.tools = (await client.list_tools()).tools
                for _ in range(sequences):
                    for _ in range(self.rng.randint(1, 5)):
                        made += 1
                        await self._call(client)
        return made

    async def _call(self, client: Client) -> None:
        tool = self.rng.choice(self.tools)
        arguments = self.arguments(tool)
        meta = {
            "nimrod/grant": self.rng.choice([*self.loot.grants, *self._swapped(arguments)]),
            "nimrod/key": self.rng.choice(["k1", "k2", numbered()("k")]),
            "nimrod/conversation": self.rng.choice(["cnv_noah", "cnv_mia", ""]),
            "nimrod/position": self.rng.choice(["60.17,24.94", "900,900", "here"]),
        }
        kept = {key: value for key, value in meta.items() if self.rng.random() < 0.7}
        result = await client.call_tool(tool.name, arguments, meta=kept)  # type: ignore[arg-type]
        text = json.dumps(result.structured_content) + "".join(getattr(part, "text", "") for part in result.content)
        self.judge(tool.name, arguments, result.is_error, text)
        if not result.is_error and "proposal_id" in (result.structured_content or {}):
            self.loot.own.append(str((result.structured_content or {})["proposal_id"]))

    def _swapped(self, arguments: dict[str, Any]) -> list[str]:
        """A confirmation by Mia of something else than what is called, and one of other content."""
        until = (self.world.clock() + timedelta(minutes=10)).isoformat()
        made = seal(["gra_s", self.rng.choice([*self.loot.own, "prp_x"]), "0" * 64, MIA.id, until])
        return [made, made.replace("gra_s", "gra_t")]

    def arguments(self, tool: Tool) -> dict[str, Any]:
        """Some of the tool's arguments and some it does not have, with anything in them."""
        names = list(tool.input_schema.get("properties", {}))
        given = {name: self._value(name) for name in names if self.rng.random() < 0.85}
        if self.rng.random() < 0.1:
            given[self.rng.choice(["customer_id", "me", "principal_id", "price_minor", "grant"])] = NOAH.id
        return given

    def _value(self, name: str) -> Any:
        ids = [*self.loot.foreign, *self.loot.own[-20:], "prp_none", "rsv_none", NOAH.id]
        by_name: dict[str, Sequence[Any]] = {
            "vehicle_id": VEHICLES, "start": TIMES, "end": TIMES, "pick_up": TIMES, "near": WORDS, "summary": WORDS,
            "vehicle_type": ("scooter", "car", "tank"), "proposal_id": ids, "reservation_id": ids, "replaces": ids,
        }  # fmt: skip
        told_back = () if name == "summary" else ids  # a person's own words come back on their own card
        wild: Sequence[Any] = (None, 0, -1, 10**12, True, [], {"a": 1}, "", 3.5, *WORDS, *told_back)
        return self.rng.choice(by_name.get(name, wild) if self.rng.random() < 0.9 else wild)

    def judge(self, name: str, arguments: dict[str, Any], refused: bool, text: str) -> None:
        """An answer must not tell what was not said in the call, nor act on what is not Mia's."""
        given = json.dumps(arguments)
        for secret in self.loot.foreign:
            assert secret in given or secret not in text, f"{name} told {secret}"
            hit = any(value == secret for value in arguments.values() if isinstance(value, str))
            assert refused or not (hit and name in TOOLS_THAT_ACT), f"{name} acted on {secret}"

    def assert_nothing_gained(self) -> None:
        """No write, nobody's ride touched, the calendar whole."""
        assert self.world.reservations(MIA) == []
        held = self.world.reservations(NOAH)
        assert [(one.reservation_id, one.state, one.version) for one in held] == [(self.loot.foreign[0], "held", 1)]
        with self.world.store.reading() as tables:
            assert list(tables.list_handovers("helsinki")) == []
            far = self.world.clock() + timedelta(days=400)
            entries = tables.list_entries(VEHICLES, self.world.clock() - timedelta(days=400), far)
            assert [entry.owner_id for entry in entries] == [self.loot.foreign[0]]
            assert tables.get_proposal(self.loot.foreign[2], principal_id=NOAH.id).status == "pending"
