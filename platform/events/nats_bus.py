"""The bus on NATS JetStream, for systems that run in processes of their own."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from nimrod.domain.contracts.events import Event
from nimrod.domain.shared.errors import BadInput
from nimrod.platform.events.bus import Takes
from nimrod.platform.events.wire import from_bytes, to_bytes

log = logging.getLogger("nimrod.events")

BATCH = 64
ANSWER_S = 2.0
IDLE_S = 1.0
RETRY_S = 2.0


class NatsBus:
    """One stream for all events, one durable pull consumer per listening system.

    Connects when first needed and again after a loss, so that a missing server delays events and stops nothing else.
    """

    def __init__(self, url: str, consumers: Sequence[Takes], *, stream: str = "NIMROD") -> None:
        self._url, self._consumers, self._stream = url, consumers, stream
        self._subject = f"{stream.lower()}.events"
        self._connection: Any = None
        self._subscriptions: dict[str, Any] = {}
        self._connecting = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def publish(self, event: Event) -> None:
        """Returns when the server has stored the event; a second copy of it is dropped there already."""
        stream = await self._jetstream()
        subject = f"{self._subject}.{event.source}.{event.type}"
        await stream.publish(subject, to_bytes(event), timeout=ANSWER_S, headers={"Nats-Msg-Id": event.event_id})

    async def settle(self) -> int:
        """Let every consumer here take what the server holds for it now."""
        taken = 0
        for consumer in self._consumers:
            subscription = await self._subscription(consumer)
            while (await subscription.consumer_info()).num_pending:
                taken += await self._take_some(consumer, IDLE_S)
        return taken

    async def start(self) -> None:
        self._stopping.clear()
        self._tasks = [asyncio.create_task(self._listen(consumer)) for consumer in self._consumers]

    async def stop(self) -> None:
        self._stopping.set()
        for task in self._tasks:
            await task
        self._tasks, self._subscriptions = [], {}
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _listen(self, consumer: Takes) -> None:
        while not self._stopping.is_set():
            (outcome,) = await asyncio.gather(self._take_some(consumer, IDLE_S), return_exceptions=True)
            if isinstance(outcome, BaseException):
                log.warning("%s cannot hear events: %r", consumer.name, outcome)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), RETRY_S)

    async def _take_some(self, consumer: Takes, wait_s: float) -> int:
        from nats.errors import TimeoutError as NothingCame

        subscription = await self._subscription(consumer)
        try:
            messages = await subscription.fetch(BATCH, timeout=wait_s)
        except NothingCame:
            return 0
        taken = 0
        for message in messages:
            taken += await self._hand_over(consumer, message)
        return taken

    async def _hand_over(self, consumer: Takes, message: Any) -> bool:
        """Acknowledge only what the consumer has kept; what it could not keep comes again."""
        try:
            event = from_bytes(message.data)
        except BadInput:
            log.error("dropped a message that is no event on %s", message.subject)
            await message.term()
            return False
        (used,) = await asyncio.gather(asyncio.to_thread(consumer.take, event), return_exceptions=True)
        if isinstance(used, BaseException):
            log.warning("%s could not take event %s: %r", consumer.name, event.event_id, used)
            await message.nak(delay=RETRY_S)
            return False
        await message.ack()
        return used

    async def _subscription(self, consumer: Takes) -> Any:
        stream = await self._jetstream()  # a new connection forgets the subscriptions of the lost one
        if consumer.name not in self._subscriptions:
            found = await stream.pull_subscribe(f"{self._subject}.>", durable=consumer.name, stream=self._stream)
            self._subscriptions[consumer.name] = found
        return self._subscriptions[consumer.name]

    async def _jetstream(self) -> Any:
        async with self._connecting:
            if self._connection is None or self._connection.is_closed:
                import nats

                self._subscriptions = {}
                connection = await nats.connect(
                    self._url, max_reconnect_attempts=3, reconnect_time_wait=0.2, connect_timeout=2, error_cb=_log
                )
                await connection.jetstream().add_stream(name=self._stream, subjects=[f"{self._subject}.>"])
                self._connection = connection
        return self._connection.jetstream()


async def _log(error: Exception) -> None:
    log.warning("NATS: %r", error)
