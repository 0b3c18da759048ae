"""From the outbox to every consumer, exactly once as far as anyone can see, whatever happens in between."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nimrod.domain.contracts.events import Event
from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.domain.operations.fleet.service import told
from nimrod.domain.shared.geo import Point
from nimrod.platform.events.bus import InProcessBus
from nimrod.platform.events.consumer import Consumer
from nimrod.platform.events.relay import Relay
from nimrod.platform.events.wiring import build_events
from nimrod.platform.storage.customer import CustomerTables

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
VEHICLE = FleetVehicle("hel-s-001", "helsinki", "scooter", "Segway Max", Point(60.17, 24.94), 80, "available", "", NOW)


def updates(*battery_pcts: int, vehicle_id: str = "hel-s-001") -> list[Event]:
    one = replace(VEHICLE, vehicle_id=vehicle_id)
    return [
        told(replace(one, battery_pct=pct, updated_at=NOW + n * SECOND), event_id=f"evt_{vehicle_id}_{n}")
        for n, pct in enumerate(battery_pcts)
    ]


def publish(world: Any, events: list[Event]) -> None:
    with world.operations.writing() as tables:
        for event in events:
            tables.publish(event)


def battery(world: Any, vehicle_id: str = "hel-s-001") -> int:
    with world.customer.reading() as tables:
        return int(tables.get_vehicle(vehicle_id, city_id="helsinki").battery_pct)


def heard(world: Any) -> list[str]:
    with world.data.reading() as tables:
        return sorted(event.event_id for event in tables.list_events())


async def test_what_operations_tells_reaches_the_projection_and_the_bronze_layer(world: Any) -> None:
    publish(world, updates(80, 79, 78))
    assert await world.events().pump() == 3
    assert battery(world) == 78
    assert heard(world) == ["evt_hel-s-001_0", "evt_hel-s-001_1", "evt_hel-s-001_2"]
    with world.data.reading() as tables:
        assert tables.list_events(limit=1)[0] == updates(80, 79, 78)[2]
        (counted,) = tables.count_events()
    assert (counted.type, counted.count, counted.first_at, counted.last_at) == (
        "vehicle.updated", 3, NOW, NOW + 2 * SECOND,
    )  # fmt: skip
    assert await world.events().pump() == 0


async def test_an_event_that_comes_late_does_not_turn_the_projection_back(world: Any) -> None:
    first, second = updates(80, 79)
    publish(world, [second, first])
    await world.events().pump()
    assert battery(world) == 79


async def test_an_event_that_comes_twice_is_used_once(world: Any) -> None:
    used: list[str] = []

    def count(tables: CustomerTables, event: Event) -> None:
        used.append(event.event_id)

    consumer = Consumer("customer", world.customer, {("vehicle.updated", 1): count}, clock=lambda: NOW)
    (event,) = updates(80)
    taken = await asyncio.gather(*(asyncio.to_thread(consumer.take, event) for _n in range(20)))
    assert sum(taken) == 1
    assert used == ["evt_hel-s-001_0"]


async def test_a_handler_that_crashes_half_way_leaves_nothing_and_is_asked_again(world: Any) -> None:
    crashes = 2

    def fragile(tables: CustomerTables, event: Event) -> None:
        nonlocal crashes
        tables.publish(replace(event, event_id="evt_made", type="reservation.held", source="customer"))
        if crashes:
            crashes -= 1
            raise ConnectionError("the lights went out")

    consumer = Consumer("customer", world.customer, {("vehicle.updated", 1): fragile}, clock=lambda: NOW)
    publish(world, updates(80))
    relay = Relay("operations", world.operations.outbox, InProcessBus([consumer]), clock=lambda: NOW)
    assert [await relay.pump() for _n in range(4)] == [0, 0, 1, 0]
    assert world.customer.outbox.count_waiting() == 1


async def test_a_crash_between_delivering_and_marking_repeats_the_event_and_changes_nothing(world: Any) -> None:
    class Dies:
        def __init__(self, outbox: Any) -> None:
            self.list_waiting = outbox.list_waiting

        def mark(self, **_marks: object) -> None:
            raise ConnectionError("killed before the mark")

    publish(world, updates(80, 79))
    events = world.events()
    dying = Relay("operations", Dies(world.operations.outbox), events.bus, clock=lambda: NOW)  # type: ignore[arg-type]
    with pytest.raises(ConnectionError):
        await dying.pump()
    assert battery(world) == 79
    assert world.operations.outbox.count_waiting() == 2
    assert await events.pump() == 2
    assert battery(world) == 79
    assert len(heard(world)) == 2


async def test_one_subject_that_cannot_be_delivered_holds_back_only_itself(world: Any) -> None:
    stuck = True

    class Picky(InProcessBus):
        async def publish(self, event: Event) -> None:
            if stuck and event.event_id == "evt_hel-s-001_0":
                raise ConnectionError("not this one")
            await super().publish(event)

    publish(world, updates(80, 79) + updates(50, 49, vehicle_id="hel-s-002"))
    consumer = Consumer("data", world.data, {}, clock=lambda: NOW, keeps_all=True)
    relay = Relay("operations", world.operations.outbox, Picky([consumer]), clock=lambda: NOW)
    assert await relay.pump() == 2
    assert heard(world) == ["evt_hel-s-002_0", "evt_hel-s-002_1"]
    stuck = False
    assert await relay.pump() == 2
    assert world.operations.outbox.count_waiting() == 0


async def test_a_body_that_makes_no_sense_is_noted_and_the_next_event_is_used(world: Any) -> None:
    bad, good = updates(1, 70)
    publish(world, [replace(bad, body={**bad.body, "battery_pct": "full"}), good])
    assert await world.events().pump() == 2
    assert battery(world) == 70
    with world.customer.database.reading() as connection:
        problems = connection.exec_driver_sql("SELECT event_id, problem FROM inbox ORDER BY event_id").all()
    assert [bool(problem) for _id, problem in problems] == [True, False]
    assert "battery_pct" in problems[0][1]


async def test_more_events_than_one_batch_all_arrive(world: Any) -> None:
    publish(world, updates(*(n % 100 for n in range(250))))
    assert await world.events().pump() == 250
    assert battery(world) == 49


async def test_the_background_delivers_by_itself_and_stops_when_told(world: Any) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    def note(tables: CustomerTables, event: Event) -> None:
        loop.call_soon_threadsafe(arrived.set)

    consumer = Consumer("customer", world.customer, {("vehicle.updated", 1): note}, clock=lambda: NOW)
    relay = Relay("operations", world.operations.outbox, InProcessBus([consumer]), clock=lambda: NOW)
    await relay.start()
    publish(world, updates(80))
    await asyncio.wait_for(arrived.wait(), 10)
    await relay.stop()
    assert world.operations.outbox.count_waiting() == 0
    publish(world, updates(70, vehicle_id="hel-s-003"))
    assert world.operations.outbox.count_waiting() == 1
    await relay.start()
    await relay.stop()


async def test_a_system_alone_in_its_process_keeps_its_events_until_there_is_a_bus(world: Any) -> None:
    publish(world, updates(80))
    alone = build_events(clock=lambda: NOW, operations=world.operations)
    assert await alone.pump() == 0
    assert world.operations.outbox.count_waiting() == 1
