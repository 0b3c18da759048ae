"""How systems reach each other: in this process or at an address, by the same calls."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import httpx2
from fastapi import FastAPI
from mcp import Client

from nimrod.agents.doors import http_connect
from nimrod.platform.settings import Settings, System

INSIDE = "nimrod"  # the host name in-process calls carry
SERVED_BY: Mapping[str, System] = {"reservations": "customer", "knowledge": "customer", "payments": "platform"}


@dataclass(frozen=True)
class Doors:
    """`apps` are the systems of this process (it may still grow); the others are at their address in the settings."""

    settings: Settings
    apps: Mapping[str, FastAPI]
    _transports: dict[System, httpx2.AsyncBaseTransport] = field(default_factory=dict)

    def http(self, system: System, token: str = "") -> httpx2.AsyncClient:
        """A client of a system; clients share one pool per system, so they need no closing."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.AsyncClient(transport=self._transport(system), base_url=self.address(system), headers=headers)

    def tools(self, server: str, token: str) -> AbstractAsyncContextManager[Client]:
        """An unopened MCP client of a tool server, wherever its system runs."""
        system = SERVED_BY[server]
        return http_connect(self.address(system), lambda held: self.http(system, held))(server, token)

    def address(self, system: System) -> str:
        """Where calls to the system go."""
        return f"http://{INSIDE}" if system in self.apps else self.settings.address(system)

    def _transport(self, system: System) -> httpx2.AsyncBaseTransport:
        if system not in self._transports:
            here = self.apps.get(system)
            self._transports[system] = httpx2.ASGITransport(app=here) if here else httpx2.AsyncHTTPTransport()
        return self._transports[system]
