"""The way to the MCP servers: list and call tools as a person, over HTTP (in process or network) or in memory."""

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    LATEST_PROTOCOL_VERSION,
    CallToolRequest,
    CallToolRequestParams,
    CallToolResult,
    RequestParamsMeta,
    TextContent,
    Tool,
)

Json = dict[str, Any]
UNREACHABLE = {"error": {"code": "unreachable", "message": "That part of the service cannot be reached right now."}}


class DoorClosed(Exception):
    """A tool server cannot be reached or does not speak as agreed; nothing is known about the call."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool said: its structured result, or the refusal as `{"error": {"code", "message", …}}`."""

    body: Json
    refused: bool = False


class ToolDoor(Protocol):
    """Reaches the tool servers by name. `token` is the person's, narrowed to that server."""

    async def list_tools(self, server: str, token: str) -> list[Tool]: ...

    async def call(self, server: str, name: str, arguments: Json, *, token: str, meta: Mapping[str, str]) -> Answer: ...


Connect = Callable[[str, str], AbstractAsyncContextManager[Client]]


@dataclass
class McpDoor:
    """Opens one short MCP session per call. `connect(server, token)` gives an unopened client; tool lists are kept.

    A server that takes longer than `timeout_s` counts as closed: what became of the call is then unknown.
    """

    connect: Connect
    timeout_s: float = 20.0
    _tools: dict[str, list[Tool]] = field(default_factory=dict)

    async def list_tools(self, server: str, token: str) -> list[Tool]:
        if server not in self._tools:
            try:
                async with asyncio.timeout(self.timeout_s), self.connect(server, token) as client:
                    self._tools[server] = (await client.list_tools()).tools
            except* (MCPError, httpx2.HTTPError, OSError) as failed:
                raise DoorClosed(server) from failed
        return self._tools[server]

    async def call(self, server: str, name: str, arguments: Json, *, token: str, meta: Mapping[str, str]) -> Answer:
        answer: Answer | None = None
        try:
            async with asyncio.timeout(self.timeout_s), self.connect(server, token) as client:
                asked = CallToolRequest(params=CallToolRequestParams(name=name, arguments=arguments, _meta=_meta(meta)))
                # not client.call_tool: that lists the tools again and compiles a JSON schema for every call, and
                # our servers have checked their answers against that schema already
                answer = _read(await client.session.send_request(asked, CallToolResult))
        except* MCPError as failed:
            if answer is None:
                answer = _protocol_refusal(failed)
        except* (httpx2.HTTPError, OSError) as failed:
            if answer is None:
                raise DoorClosed(f"{server}.{name}") from failed
        if answer is None:
            raise DoorClosed(f"{server}.{name}")
        return answer


def http_connect(base_url: str, http_for: Callable[[str], httpx2.AsyncClient]) -> Connect:
    """Clients for the servers mounted at `<base_url>/mcp/<name>/`; `http_for(token)` gives the HTTP client to use."""

    def connect(server: str, token: str) -> AbstractAsyncContextManager[Client]:
        http = http_for(token)
        return Client(
            streamable_http_client(f"{base_url}/mcp/{server}/", http_client=http), mode=LATEST_PROTOCOL_VERSION
        )

    return connect


def _meta(meta: Mapping[str, str]) -> RequestParamsMeta | None:
    return {f"nimrod/{key}": value for key, value in meta.items()} if meta else None  # type: ignore[return-value]


def _read(result: CallToolResult) -> Answer:
    text = "\n".join(part.text for part in result.content if isinstance(part, TextContent))
    if not result.is_error:
        return Answer(dict(result.structured_content) if result.structured_content is not None else {"text": text})
    try:
        body = json.loads(text[text.index("{") :])
    except ValueError:
        body = {}
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        return Answer(body, refused=True)
    return Answer({"error": {"code": "bad_arguments", "message": text[:600]}}, refused=True)


def _protocol_refusal(failed: BaseExceptionGroup[MCPError]) -> Answer:
    first: BaseException = failed
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return Answer({"error": {"code": "bad_call", "message": str(first)[:600]}}, refused=True)
