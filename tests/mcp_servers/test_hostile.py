"""A hostile model: random tools, random arguments, other people's ids, stolen and stale confirmations."""

import os
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

WORDS = (
    "",
    "SCO-1",
    "CAR-1",
    "central station",
    "' OR 1=1 --",
    "\u202e\u200b",
    "x" * 300,
    "🛴",
    "null",
    "-1",
    "../../etc",
)
TIMES = ("2026-11-22T23:20", "2026-11-23T09:00", "2026-11-23T12:00", "2027-03-28T03:30", "0000-00-00T00:00", "now")
CALLS = 300
TORTURE_CALLS = 10_200


def _state(world: Any, people: Any) -> dict[str, Any]:
    """Everything that a write would show in: reservations, calendar, handovers, events."""
    with world.store.reading() as tables:
        vehicles = [vehicle.vehicle_id for city in ("helsinki", "prague") for vehicle in tables.list_vehicles(city)]
        far = timedelta(days=400)
        return {
            "reservations": {one.id: list(tables.list_reservations(one.id)) for one in people.values()},
            "calendar": list(tables.list_entries(vehicles, world.now - far, world.now + far)),
            "handovers": [list(tables.list_handovers(city)) for city in ("helsinki", "prague")],
        }


async def _prepare(world: Any, people: Any) -> dict[str, list[str]]:
    mine = await world.done("propose_hold", {"vehicle_id": "SCO-1"})
    times = {"start": "2026-11-23T09:00", "end": "2026-11-23T10:00"}
    his = await world.done("propose_booking", {"vehicle_id": "CAR-1", **times}, me=people["noah"])
    his_card = await world.call("propose_hold", {"vehicle_id": "BIK-1"}, me=people["noah"])
    my_card = await world.call("propose_cancellation", {"reservation_id": mine["reservation_id"]})
    stolen = world.confirm(his_card["proposal_id"], by=people["noah"])
    stale = world.confirm(my_card["proposal_id"], expires_at=world.now - timedelta(seconds=1))
    swapped = world.confirm(my_card["proposal_id"], digest="0" * 64)
    return {
        "reservations": [mine["reservation_id"], his["reservation_id"]],
        "proposals": [my_card["proposal_id"], his_card["proposal_id"]],
        "grants": ["", "garbage", stolen, stale, swapped],
    }


def _value(rng: random.Random, schema: dict[str, Any], ids: dict[str, list[str]]) -> Any:
    kinds = [each.get("type") for each in schema.get("anyOf", [schema])]
    if rng.random() < 0.1:
        return rng.choice([None, [], {}, True, 3.5, "x" * 20_000])
    if "integer" in kinds or "number" in kinds:
        return rng.choice([-1, 0, 1, 5, 45, 10**12])
    if "boolean" in kinds:
        return rng.choice([True, False])
    return rng.choice([*WORDS, *TIMES, *ids["reservations"], *ids["proposals"], "scooter", "SCO-2", "CAR-2", "VAN-1"])


@pytest.mark.parametrize("seed", range(2))
async def test_nothing_changes_and_nothing_foreign_is_read_without_the_persons_own_grant(
    world: Any, people: Any, seed: int
) -> None:
    await _attack(world, people, seed)


@pytest.mark.torture
@pytest.mark.skipif("NIMROD_TORTURE" not in os.environ, reason="long: make torture")
@pytest.mark.parametrize("seed", range(100, 100 + TORTURE_CALLS // CALLS))
async def test_ten_thousand_hostile_calls_change_nothing(world: Any, people: Any, seed: int) -> None:
    await _attack(world, people, seed)


async def _attack(world: Any, people: Any, seed: int) -> None:
    ids = await _prepare(world, people)
    before = _state(world, people)
    rng = random.Random(seed)
    tools = [(tool.name, tool.input_schema) for tool in await world.server().list_tools()]
    codes: Counter[str] = Counter()
    for number in range(CALLS):
        name, schema = rng.choice([*tools, ("carry_out", {"properties": {"proposal_id": {"type": "string"}}})])
        arguments = {
            key: _value(rng, each, ids) for key, each in schema.get("properties", {}).items() if rng.random() < 0.8
        }
        if rng.random() < 0.1:
            arguments["customer_id"] = "per_noah"
        meta = {"grant": rng.choice(ids["grants"]), "position": rng.choice(["", "60.17,24.94", "x,y"])}
        if rng.random() < 0.3:
            meta["key"] = f"key-{number % 5}"
        answer = await world.call(name, arguments, **meta)
        codes[answer.get("error", {}).get("code", "fine")] += 1
        if "proposal_id" in answer:
            ids["proposals"].append(answer["proposal_id"])
        assert ids["reservations"][1] not in str(answer.get("reservations", ""))
        assert answer.get("error", {}).get("code") != "internal", (name, arguments, answer)
    assert _state(world, people) == before
    assert codes["fine"] > CALLS / 20
    assert codes["not_confirmed"] or codes["grant_refused"]


async def test_a_confirmation_works_once_and_only_for_its_own_proposal(world: Any) -> None:
    first = await world.call("propose_hold", {"vehicle_id": "SCO-1"})
    second = await world.call("propose_hold", {"vehicle_id": "SCO-2"})
    token = world.confirm(first["proposal_id"])
    swapped = await world.call("carry_out", {"proposal_id": second["proposal_id"]}, grant=token)
    assert swapped["error"]["code"] == "grant_refused"
    await world.call("carry_out", {"proposal_id": first["proposal_id"]}, grant=token)
    again = await world.call("carry_out", {"proposal_id": second["proposal_id"]}, grant=token)
    assert again["error"]["code"] == "grant_refused"
    assert len((await world.call("list_my_reservations"))["reservations"]) == 1
