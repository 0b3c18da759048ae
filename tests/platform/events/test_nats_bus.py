"""The same delivery over a real NATS JetStream server."""

import asyncio
import logging
import socket
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from nimrod.domain.contracts.events import Event
from nimrod.platform.events.consumer import Consumer
from nimrod.platform.events.nats_bus import NatsBus
from nimrod.platform.events.relay import Relay
from nimrod.platform.storage.customer import CustomerTables

pytestmark = pytest.mark.server
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def heard_by(world: Any) -> list[str]:
    with world.data.reading() as tables:
        return sorted(event.event_id for event in tables.list_events())


def events(count: int) -> list[Event]:
    return [Event(f"evt_{n}", "job.done", 1, "operations", f"job_{n % 3}", NOW, {"n": n}) for n in range(count)]


@pytest.fixture
async def stream(nats_url: str) -> AsyncIterator[str]:
    """The name of a stream of this test's own, removed afterwards."""
    import nats

    name = f"TEST_{uuid.uuid4().hex[:8]}"
    yield name
    connection = await nats.connect(nats_url)
    names = [info.config.name for info in await connection.jetstream().streams_info()]
    if name in names:
        await connection.jetstream().delete_stream(name)
    await connection.close()


async def test_events_cross_the_server_once_each(world: Any, nats_url: str, stream: str) -> None:
    with world.operations.writing() as tables:
        for event in events(120):
            tables.publish(event)
    running = world.events(nats_url, stream)
    assert await running.pump() > 0
    await running.stop()
    assert heard_by(world) == sorted(event.event_id for event in events(120))


async def test_an_event_published_twice_is_heard_once(world: Any, nats_url: str, stream: str) -> None:
    running = world.events(nats_url, stream)
    for event in events(2) * 3:
        await running.bus.publish(event)
    await running.pump()
    await running.stop()
    assert heard_by(world) == ["evt_0", "evt_1"]


async def test_a_consumer_that_fails_hears_the_event_again_and_a_restart_loses_nothing(
    world: Any, nats_url: str, stream: str, caplog: pytest.LogCaptureFixture
) -> None:
    failures = 1
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def fragile(tables: CustomerTables, event: Event) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError("the lights went out")
        loop.call_soon_threadsafe(done.set)

    def bus() -> NatsBus:
        return NatsBus(nats_url, [Consumer("customer", world.customer, {("job.done", 1): fragile}, clock=lambda: NOW)],
                       stream=stream)  # fmt: skip

    before = bus()
    await before.settle()
    with caplog.at_level(logging.CRITICAL, "nimrod.events"):
        await before.publish(events(1)[0])
        assert await before.settle() == 0
    await before.stop()
    after = bus()
    await after.start()
    await asyncio.wait_for(done.wait(), 20)
    await after.stop()


async def test_with_the_server_away_events_wait_in_the_outbox(
    world: Any, nats_url: str, stream: str, caplog: pytest.LogCaptureFixture
) -> None:
    with world.operations.writing() as tables:
        tables.publish(events(1)[0])
    nowhere = NatsBus("nats://127.0.0.1:9", [], stream=stream)
    with caplog.at_level(logging.CRITICAL, "nimrod.events"):
        assert await Relay("operations", world.operations.outbox, nowhere, clock=lambda: NOW).pump() == 0
    await nowhere.stop()
    assert world.operations.outbox.count_waiting() == 1
    running = world.events(nats_url, stream)
    await running.pump()
    await running.stop()
    assert heard_by(world) == ["evt_0"]


async def test_rubbish_on_the_stream_is_dropped_and_the_next_event_is_heard(
    world: Any, nats_url: str, stream: str, caplog: pytest.LogCaptureFixture
) -> None:
    import nats

    running = world.events(nats_url, stream)
    await running.bus.settle()
    connection = await nats.connect(nats_url)
    for raw in (b"", b"{}", b"[1]", b'{"at": 3}', b"\xff"):
        await connection.jetstream().publish(f"{stream.lower()}.events.x", raw)
    await connection.close()
    await running.bus.publish(events(1)[0])
    with caplog.at_level(logging.CRITICAL, "nimrod.events"):
        await running.bus.settle()
    await running.stop()
    assert heard_by(world) == ["evt_0"]


async def started_server(port: int, folder: Path) -> asyncio.subprocess.Process:
    """A NATS server of this test's own that accepts connections."""
    server = await asyncio.create_subprocess_exec(
        "nats-server", "-js", "-sd", str(folder), "-a", "127.0.0.1", "-p", str(port), stderr=asyncio.subprocess.PIPE
    )
    assert server.stderr is not None
    async for line in server.stderr:
        if b"Server is ready" in line:
            return server
    raise AssertionError("nats-server did not start")


@pytest.mark.skipif(which("nats-server") is None, reason="no nats-server program to kill and start again")
async def test_a_server_killed_and_started_again_loses_no_event(
    world: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    all_events = events(4)
    first = await started_server(port, tmp_path / "nats")
    running = world.events(f"nats://127.0.0.1:{port}")
    operations = next(relay for relay in running.relays if relay.name == "operations")

    def publish(event: Event) -> None:
        with world.operations.writing() as tables:
            tables.publish(event)

    with caplog.at_level(logging.CRITICAL):
        publish(all_events[0])
        await running.pump()
        publish(all_events[1])
        await operations.pump()
        first.kill()
        await first.wait()
        publish(all_events[2])
        assert await operations.pump() == 0
        second = await started_server(port, tmp_path / "nats")
        publish(all_events[3])
        while world.operations.outbox.count_waiting():
            await operations.pump()
        await running.pump()
    await running.stop()
    second.kill()
    await second.wait()
    assert heard_by(world) == [event.event_id for event in all_events]
