"""Calling the agent's tools without an agent: over the mounted MCP servers, with a narrowed token of the person."""

from dataclasses import dataclass, field
from typing import Any

from nimrod.agents.doors import McpDoor, http_connect
from nimrod.evals.play.actors import took
from nimrod.evals.play.episode import Exchange, Row, ToolCall
from nimrod.evals.stage.stage import HOST, Stage
from nimrod.tools.customer import BOOKING

ACTOR = "agent:booking"
_HOME: dict[str, str] = {}  # tool -> the server that offers it, the same for every world


@dataclass
class Hands:
    """The person's tools. A card is confirmed through the direct routes, as a page without chat does."""

    stage: Stage
    name: str = "hands"
    last: dict[str, Any] = field(default_factory=dict)  # tool name -> its last result; "last": of any tool
    _tokens: dict[tuple[str, str, Any], str] = field(default_factory=dict)  # person, server, hour -> narrowed token

    async def use(self, tool: str, arguments: dict[str, Any], exchange: Exchange) -> None:
        """Call the tool as the person of the exchange."""
        door = McpDoor(http_connect(HOST, self.stage.http_for))
        server = await self._server(door, tool, exchange.who)
        token = await self._token(server, exchange.who)
        meta = {"key": self.stage.new_id("key")}
        answer = await door.call(server, tool, arguments, token=token, meta=meta)
        if answer.refused:
            exchange.calls.append(ToolCall(tool, arguments, None, str(answer.body)))
        else:
            exchange.calls.append(ToolCall(tool, arguments, answer.body))
        self.last |= {tool: answer.body, "last": answer.body}
        exchange.cards = await self.cards(exchange.who)

    async def press(self, proposal_id: str, button: str, exchange: Exchange) -> None:
        path = f"/customer/v1/proposals/{proposal_id}/{button}"
        answer = await self.stage.call(exchange.who, "POST", path)
        calls = exchange.calls
        took(answer.status_code, answer.json(), exchange)
        if answer.is_success:
            exchange.calls = [*calls, ToolCall("carry_out", {"proposal_id": proposal_id}, answer.json())]
        exchange.reply = exchange.reply or str(answer.json().get("message") or "")
        exchange.cards = await self.cards(exchange.who)

    async def cards(self, who: str) -> list[Row]:
        answer = await self.stage.call(who, "GET", "/customer/v1/proposals")
        return list(answer.json().get("pending", [])) if answer.is_success else []

    def hand_over(self, *, same_conversation: bool) -> None:
        """Every person has hands of their own anyway."""

    async def _server(self, door: McpDoor, tool: str, who: str) -> str:
        for server in () if tool in _HOME else BOOKING.servers:
            for one in await door.list_tools(server, await self._token(server, who)):
                _HOME[one.name] = server
        return _HOME[tool]

    async def _token(self, server: str, who: str) -> str:
        key = (who, server, self.stage.clock.now)
        if key not in self._tokens:
            body = {"audience": f"mcp:{server}", "actor": ACTOR}
            answer = await self.stage.call(who, "POST", "/platform/v1/tokens/exchange", body)
            answer.raise_for_status()
            self._tokens[key] = str(answer.json()["access_token"])
        return self._tokens[key]
