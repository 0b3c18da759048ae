"""The only place that wires: settings in, four systems out, in one process or several."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import httpx2
from fastapi import FastAPI
from starlette.types import ASGIApp

from nimrod.domain.customer.reservations.service import expire_due
from nimrod.domain.shared.city import City
from nimrod.platform.accounts.client import HttpAuthority, RemoteKeys
from nimrod.platform.accounts.service import Accounts, OwnKeys
from nimrod.platform.accounts.tokens import KeyRing
from nimrod.platform.cities import load_cities
from nimrod.platform.events.wiring import Events, build_events
from nimrod.platform.settings import SYSTEMS, Settings, SettingsRefused
from nimrod.platform.settings import System as Name
from nimrod.platform.storage import stores as storage
from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.data import SqlDataStore
from nimrod.platform.storage.operations import SqlOperationsStore
from nimrod.web.background import Living, repeating, started
from nimrod.web.doors import INSIDE, Doors
from nimrod.web.parts import Parts, Wrap
from nimrod.web.real import random_id, utc_now
from nimrod.web.system import Begin, root_app, system_app

if TYPE_CHECKING:
    from nimrod.agents.runtime import Conversations

Clock = Callable[[], datetime]
NewId = Callable[[str], str]


@dataclass(frozen=True)
class Stores:
    """The databases of the systems in this process; None = lives elsewhere."""

    customer: SqlCustomerStore | None = None
    operations: SqlOperationsStore | None = None
    platform: SqlPlatformStore | None = None
    data: SqlDataStore | None = None

    def close(self) -> None:
        """Close every connection."""
        for store in (self.customer, self.operations, self.platform, self.data):
            if store is not None:
                store.close()


@dataclass
class Nimrod:
    """Everything that was built. `asgi` serves the systems here under one address."""

    settings: Settings
    stores: Stores
    events: Events
    systems: Mapping[str, FastAPI]
    cities: Mapping[str, City]
    clock: Clock
    new_id: NewId
    accounts: Accounts | None = None
    conversations: "Conversations | None" = None
    asgi: FastAPI = field(default_factory=FastAPI)
    _living: Living | None = None

    async def start(self) -> None:
        """Begin without a web server: for tests, evals and commands. A server runs the same lifespan itself."""
        self._living = Living(self.asgi)
        await self._living.start()

    async def stop(self) -> None:
        """End cleanly and close the databases."""
        if self._living is not None:
            await self._living.stop()
        self.stores.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Nimrod"]:
        """`start` and `stop` around a block."""
        await self.start()
        try:
            yield self
        finally:
            await self.stop()

    async def settle(self) -> None:
        """What time alone brings about: lapsed promises, waiting events."""
        await self.sweep()
        await self.events.pump()

    async def sweep(self) -> None:
        """Clear lapsed holds and no-shows."""
        if self.stores.customer is not None:
            await asyncio.to_thread(
                expire_due, self.clock(), cities=self.cities, store=self.stores.customer, new_id=self.new_id
            )

    def token_for(self, login: str) -> str:
        """An access token without a password, for the local operator; see Accounts.token_for why that is safe."""
        if self.accounts is None:
            raise SettingsRefused("the platform system is not in this process: sign in over its address instead")
        return self.accounts.token_for(login)

    def http(self, login: str | None = None) -> httpx2.AsyncClient:
        """A client of the app in this process, signed in as `login`; the caller closes it."""
        headers = {"Authorization": f"Bearer {self.token_for(login)}"} if login else {}
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=self.asgi), base_url=f"http://{INSIDE}", headers=headers, timeout=60
        )


def build(
    settings: Settings,
    *,
    clock: Clock | None = None,
    new_id: NewId | None = None,
    cities: Mapping[str, City] | None = None,
    systems: Sequence[Name] = SYSTEMS,
    wrap_mcp: Wrap | None = None,
    model_transport: httpx2.AsyncBaseTransport | None = None,
    passed: Callable[[str], None] | None = None,
) -> Nimrod:
    """The systems named, wired. A `clock` that is given stands still, so nothing runs by itself: call `settle()`.

    `wrap_mcp` may replace a mounted tool server (faults), `model_transport` the network to the model endpoint,
    `passed` hears the points of the agent process.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    _check_addresses(settings, systems)
    now = clock or utc_now
    stores = _open_stores(settings, systems)
    events = build_events(clock=now, url=settings.events_url, **vars(stores))
    wiring = _Wiring(settings, now, new_id or random_id, cities or load_cities(), wrap_mcp or _as_it_is)
    if stores.platform is not None:
        wiring.platform(stores.platform)
    if stores.operations is not None:
        wiring.apps["operations"] = wiring.operations(stores.operations)
    if stores.data is not None:
        wiring.apps["data"] = wiring.data(stores.data)
    begin: list[Begin] = []
    nimrod = Nimrod(settings, stores, events, wiring.apps, wiring.cities, now, wiring.new_id, wiring.accounts)
    if clock is None:
        begin = [lambda: repeating("sweeper", nimrod.sweep, settings.sweep_s), lambda: started(events)]
    if stores.customer is not None:
        talks = wiring.talks(stores.customer, model_transport, passed or _unheard)
        nimrod.conversations = talks
        wiring.apps["customer"] = wiring.customer(stores.customer, talks)
    nimrod.asgi = root_app(wiring.apps, hosts=(*settings.hosts(), INSIDE), background=begin)
    return nimrod


@dataclass
class _Wiring:
    """Puts the systems together one after the other; `apps` grows, so that later ones reach earlier ones."""

    settings: Settings
    clock: Clock
    new_id: NewId
    cities: Mapping[str, City]
    wrap_mcp: Wrap
    apps: dict[str, FastAPI] = field(default_factory=dict)
    accounts: Accounts | None = None
    local_model: ASGIApp | None = None

    @cached_property
    def doors(self) -> Doors:
        """The ways from system to system."""
        return Doors(self.settings, self.apps)

    def platform(self, store: SqlPlatformStore) -> None:
        """Accounts, approvals, prices."""
        from nimrod.platform.accounts.demo import DEMO_LOGINS, DEMO_PASSWORD
        from nimrod.web.platform.demo import DemoPeople
        from nimrod.web.platform.system import platform_system

        self.accounts = Accounts(store, self.clock, self.new_id)
        demo = DemoPeople(store, logins=DEMO_LOGINS, password=DEMO_PASSWORD)
        self.apps["platform"] = system_app(platform_system(self._parts(OwnKeys(self.accounts)), self.accounts, demo))

    def operations(self, store: SqlOperationsStore) -> FastAPI:
        """The fleet."""
        from nimrod.web.operations.system import operations_system

        return system_app(operations_system(self._parts(self._keys("operations")), store))

    def data(self, store: SqlDataStore) -> FastAPI:
        """The events heard."""
        from nimrod.web.data.system import data_system

        return system_app(data_system(self._parts(self._keys("data")), store))

    def customer(self, store: SqlCustomerStore, talks: "Conversations") -> FastAPI:
        """Reservations and agents."""
        from nimrod.web.customer.system import customer_system

        assert self.local_model is not None
        return system_app(
            customer_system(
                self._parts(self._keys("customer")),
                store,
                authority=talks.authority,
                talks=talks,
                local_model=self.local_model,
                knowledge_folder=self.settings.data_dir / "knowledge",
            )
        )

    def talks(
        self,
        store: SqlCustomerStore,
        transport: httpx2.AsyncBaseTransport | None,
        passed: Callable[[str], None],
    ) -> "Conversations":
        """The agents with their model, tools and memory."""
        from nimrod.agents.customer.booking import AGENT
        from nimrod.agents.doors import McpDoor
        from nimrod.agents.local_model import build_app
        from nimrod.agents.runtime import Conversations
        from nimrod.platform.model_client import open_models
        from nimrod.web.client import StreamingTransport

        self.local_model = build_app()
        settings = self.settings
        return Conversations(
            agents={AGENT.name: AGENT},
            store=store.conversations,
            door=McpDoor(self.doors.tools),
            authority=HttpAuthority(self.doors.http("platform"), clock=self.clock),
            models=open_models(
                url=settings.model_url,
                key=settings.model_key.get_secret_value(),
                model=settings.model,
                timeout_s=settings.model_timeout_s,
                local=StreamingTransport(self.local_model),
                transport=transport,
            ),
            cities=self.cities,
            clock=self.clock,
            new_id=self.new_id,
            checkpoints=settings.database("checkpoint"),
            turn_timeout_s=settings.turn_timeout_s,
            messages_per_day=settings.messages_per_day,
            passed=passed,
        )

    def _parts(self, ring: KeyRing) -> Parts:
        most_body_bytes = self.settings.max_body_kb * 1024
        return Parts(self.cities, self.clock, self.new_id, ring, self.wrap_mcp, most_body_bytes)

    def _keys(self, system: Name) -> RemoteKeys:
        return RemoteKeys(self.doors.http("platform"), kept_in=self.settings.data_dir / f"{system}-keys.json")


def _open_stores(settings: Settings, systems: Sequence[Name]) -> Stores:
    return Stores(
        customer=storage.open_customer_store(settings.database("customer")) if "customer" in systems else None,
        operations=storage.open_operations_store(settings.database("operations")) if "operations" in systems else None,
        platform=storage.open_platform_store(settings.database("platform")) if "platform" in systems else None,
        data=storage.open_data_store(settings.database("data")) if "data" in systems else None,
    )


def _check_addresses(settings: Settings, systems: Sequence[Name]) -> None:
    """Every other system needs the platform's keys; raises SettingsRefused when nobody said where it is."""
    if "platform" not in systems and not settings.platform_url:
        raise SettingsRefused("NIMROD_PLATFORM_URL: needed when the platform system runs elsewhere")


def _as_it_is(_name: str, app: ASGIApp) -> ASGIApp:
    return app


def _unheard(_point: str) -> None:
    return None


def main() -> None:
    """The `nimrod` command."""
    from nimrod.web.cli import commands

    commands(build)()


if __name__ == "__main__":
    main()
