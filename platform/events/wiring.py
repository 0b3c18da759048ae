"""Putting relays, bus and consumers together for the systems that run in this process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from nimrod.platform.events.bus import Bus, InProcessBus, Takes
from nimrod.platform.events.consumer import Consumer
from nimrod.platform.events.handlers import CUSTOMER, PLATFORM
from nimrod.platform.events.nats_bus import NatsBus
from nimrod.platform.events.relay import Relay
from nimrod.platform.storage.accounts import SqlPlatformStore
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.data import SqlDataStore
from nimrod.platform.storage.operations import SqlOperationsStore


@dataclass(frozen=True, slots=True)
class Events:
    """The event side of this process."""

    bus: Bus
    relays: Sequence[Relay]

    async def start(self) -> None:
        """Deliver and listen in the background."""
        await self.bus.start()
        for relay in self.relays:
            await relay.start()

    async def stop(self) -> None:
        """Finish what is at hand and end; nothing is lost."""
        for relay in self.relays:
            await relay.stop()
        await self.bus.stop()

    async def pump(self) -> int:
        """Deliver until nothing more can be delivered; how many deliveries there were. Needs no running background."""
        total = 0
        while moved := sum([await relay.pump() for relay in self.relays]) + await self.bus.settle():
            total += moved
        return total


def build_events(
    *,
    clock: Callable[[], datetime],
    customer: SqlCustomerStore | None = None,
    operations: SqlOperationsStore | None = None,
    platform: SqlPlatformStore | None = None,
    data: SqlDataStore | None = None,
    url: str = "",
    stream: str = "NIMROD",
) -> Events:
    """Relays and consumers for the given systems; `url` `nats://…` uses JetStream, empty the bus inside the process.

    Inside one process events are only relayed when all four systems are here: otherwise they wait in their outboxes.
    """
    consumers: list[Takes] = []
    if customer is not None:
        consumers.append(Consumer("customer", customer, CUSTOMER, clock=clock))
    if platform is not None:
        consumers.append(Consumer("platform", platform, PLATFORM, clock=clock))
    if data is not None:
        consumers.append(Consumer("data", data, {}, clock=clock, keeps_all=True))
    stores = {"customer": customer, "operations": operations, "platform": platform, "data": data}
    here = {name: store for name, store in stores.items() if store is not None}
    bus: Bus = NatsBus(url, consumers, stream=stream) if url else InProcessBus(consumers)
    told = here if url or len(here) == len(stores) else {}
    return Events(bus, [Relay(name, store.outbox, bus, clock=clock) for name, store in told.items()])
