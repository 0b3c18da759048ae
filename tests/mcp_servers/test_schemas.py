"""What every host and every model sees of the tools; a change here is a change of contract."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from mcp import Client

from nimrod.mcp_servers.identity import acting_as
from nimrod.tools.customer import BOOKING

SERVERS = ("reservations", "payments", "knowledge")
SNAPSHOT = Path(__file__).parent / "schemas.yaml"
LOOKED_UP = {
    "me",
    "customer_id",
    "principal_id",
    "price",
    "total",
    "currency",
    "city",
    "now",
    "language",
    "grant",
    "desk",
}


async def _tools(world: Any, server: str) -> list[Any]:
    async with Client(world.server(server)) as client:
        return list((await client.list_tools()).tools)


def _shape(tool: Any) -> dict[str, Any]:
    schema = tool.input_schema
    return {
        "arguments": {
            name: ("needed " if name in schema.get("required", []) else "") + _kind(value)
            for name, value in schema.get("properties", {}).items()
        },
        "result": sorted(tool.output_schema["properties"]),
        "reads_only": tool.annotations.read_only_hint,
    }


def _kind(value: dict[str, Any]) -> str:
    if "anyOf" in value:
        return " | ".join(_kind(each) for each in value["anyOf"])
    return "/".join(value["enum"]) if "enum" in value else str(value["type"])


async def test_names_arguments_and_results_are_those_agreed(world: Any) -> None:
    shown = {server: {tool.name: _shape(tool) for tool in await _tools(world, server)} for server in SERVERS}
    assert shown == yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))


@pytest.mark.parametrize("server", SERVERS)
async def test_every_tool_explains_itself(world: Any, server: str) -> None:
    for tool in await _tools(world, server):
        assert len(tool.description) >= 60, tool.name
        assert tool.title
        assert tool.annotations is not None
        for name, value in tool.input_schema.get("properties", {}).items():
            assert value.get("description"), f"{tool.name}.{name}"
        assert tool.output_schema["type"] == "object"


@pytest.mark.parametrize("server", SERVERS)
async def test_no_argument_asks_for_what_the_server_knows(world: Any, server: str) -> None:
    for tool in await _tools(world, server):
        assert LOOKED_UP.isdisjoint(tool.input_schema.get("properties", {})), tool.name


async def test_only_tools_that_look_say_so_and_the_one_that_acts_waits_for_a_person(world: Any) -> None:
    tools = {tool.name: tool for server in SERVERS for tool in await _tools(world, server)}
    assert tools.keys() >= BOOKING.allow
    writing = {name for name, tool in tools.items() if not tool.annotations.read_only_hint}
    assert {name for name in writing if tools[name].annotations.destructive_hint} == {"carry_out"} == BOOKING.confirm
    assert {name for name in writing if name.startswith("propose_")} == writing - {
        "carry_out",
        "withdraw_proposal",
        "decline_proposal",
    }


async def test_every_tool_declares_who_may_call_it_and_others_are_refused(world: Any, people: Any) -> None:
    for server in SERVERS:
        for tool in await _tools(world, server):
            assert tool.meta["nimrod/roles"], tool.name
            if "field_operator" not in tool.meta["nimrod/roles"]:
                refused = await world.call(tool.name, {}, me=people["otto"], on=server)
                assert refused["error"]["code"] == "not_allowed", tool.name
    assert not (await world.call("find_vehicles", {}, me=people["otto"])).get("error")


async def test_without_a_person_nothing_answers(world: Any, people: Any) -> None:
    async with Client(world.server()) as client:
        refused = await client.call_tool("list_my_reservations", {})
    assert refused.is_error
    assert "not_signed_in" in refused.content[0].text
    with acting_as(people["mia"]):
        async with Client(world.server()) as client:
            assert not (await client.call_tool("list_my_reservations", {})).is_error
