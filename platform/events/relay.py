"""The relay: takes what waits in one outbox to the bus, in order, until it is told to stop."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from nimrod.platform.events.bus import Bus
from nimrod.platform.storage.mail import Outbox

log = logging.getLogger("nimrod.events")

BATCH = 100
IDLE_S = 0.2
MAX_PAUSE_S = 5.0


class Relay:
    """Delivers one system's outbox at least once; an event is marked only after the bus has it.

    While an event cannot be delivered, later events about the same subject wait for it; all others go on.
    """

    def __init__(self, name: str, outbox: Outbox, bus: Bus, *, clock: Callable[[], datetime]) -> None:
        self.name = name
        self._outbox, self._bus, self._clock = outbox, bus, clock
        self._one_at_a_time = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.failures = 0

    async def pump(self) -> int:
        """Deliver everything that waits now; how many events reached the bus. Failures are logged and stay waiting."""
        async with self._one_at_a_time:
            delivered, after = 0, 0
            held_back: set[str] = set()
            while batch := await asyncio.to_thread(self._outbox.list_waiting, after=after, limit=BATCH):
                done, failed = [], []
                for seq, event in batch:
                    after = seq
                    if event.subject in held_back:
                        continue
                    (problem,) = await asyncio.gather(self._bus.publish(event), return_exceptions=True)
                    if problem is None:
                        done.append(event.event_id)
                        continue
                    held_back.add(event.subject)
                    failed.append(event.event_id)
                    log.warning("event %s from %s was not delivered: %r", event.event_id, self.name, problem)
                if done or failed:
                    await asyncio.to_thread(self._outbox.mark, delivered=done, failed=failed, at=self._clock())
                delivered += len(done)
            self.failures = len(held_back)
            return delivered

    async def start(self) -> None:
        """Begin delivering in the background."""
        if self._task is None:
            self._stopping.clear()
            self._task = asyncio.create_task(self._run(), name=f"relay-{self.name}")

    async def stop(self) -> None:
        """Finish the event at hand and end; what waits stays in the outbox."""
        self._stopping.set()
        task, self._task = self._task, None
        if task is not None:
            await task

    async def _run(self) -> None:
        pause_s = IDLE_S
        while not self._stopping.is_set():
            (outcome,) = await asyncio.gather(self.pump(), return_exceptions=True)
            if isinstance(outcome, BaseException):
                log.error("relay of %s stumbled", self.name, exc_info=outcome)
            troubled = isinstance(outcome, BaseException) or self.failures > 0
            pause_s = min(pause_s * 2, MAX_PAUSE_S) if troubled else IDLE_S
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause_s)
