"""The bus: carries events from one system's outbox to every consumer. Here the one inside the process."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from nimrod.domain.contracts.events import Event


class Takes(Protocol):
    """A consumer: one system's ear. `take` is safe to repeat; it blocks and is called in a thread."""

    @property
    def name(self) -> str: ...

    def take(self, event: Event) -> bool:
        """Use the event unless it was used before; whether it was used now. Raises when it could not be kept."""


class Bus(Protocol):
    """Carries events at least once; consumers drop what they have seen."""

    async def publish(self, event: Event) -> None:
        """Returns when the event is safe with the bus; raises when it is not."""

    async def settle(self) -> int:
        """Hand over everything that lies on the bus now; how many events consumers took."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


class InProcessBus:
    """Hands every event to every consumer at once; it is safe when all of them have kept it."""

    def __init__(self, consumers: Sequence[Takes]) -> None:
        self._consumers = consumers

    async def publish(self, event: Event) -> None:
        taken = (asyncio.to_thread(consumer.take, event) for consumer in self._consumers)
        for result in await asyncio.gather(*taken, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    async def settle(self) -> int:
        return 0

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""
