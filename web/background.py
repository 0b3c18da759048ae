"""Work that a system does by itself, again and again, with a clean stop."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from fastapi import FastAPI

from nimrod.domain.shared.errors import DomainError

log = logging.getLogger("nimrod.web")


@asynccontextmanager
async def repeating(name: str, work: Callable[[], Awaitable[object]], every_s: float) -> AsyncIterator[None]:
    """Does `work` at once and then every so often while the block runs; stops between two rounds, never inside one."""
    stop = asyncio.Event()

    async def rounds() -> None:
        while not stop.is_set():
            try:
                await work()
            except (OSError, DomainError) as error:  # the database or a neighbour is busy or away: the next round tries
                log.warning("%s: %s", name, error)
            try:
                await asyncio.wait_for(stop.wait(), every_s)
            except TimeoutError:
                continue

    task = asyncio.create_task(rounds(), name=name)
    try:
        yield
    finally:
        stop.set()
        await task


class Startable(Protocol):
    """Something with a beginning and an end."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...


@asynccontextmanager
async def started(work: Startable) -> AsyncIterator[None]:
    """`start` and `stop` around a block."""
    await work.start()
    try:
        yield
    finally:
        await work.stop()


class Living:
    """Runs an app's lifespan without a web server. One task enters and leaves it: task groups must not cross tasks."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._stop = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when everything is up; raises what the start raised."""
        self._task = asyncio.create_task(self._live())
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait([ready, self._task], return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            await self._task

    async def stop(self) -> None:
        """Returns when everything has ended."""
        self._stop.set()
        if self._task is not None:
            await self._task

    async def _live(self) -> None:
        async with self._app.router.lifespan_context(self._app):
            self._ready.set()
            await self._stop.wait()
