"""`kill -9` in the middle of writes loses nothing that was acknowledged and leaves no half transaction (NFR-04)."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest

from nimrod.domain.customer.reservations.model import Reservation
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.stores import open_customer_store

WRITER = """
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from nimrod.domain.contracts.events import Event
from nimrod.domain.customer.reservations.model import Entry, Reservation
from nimrod.platform.storage.stores import open_customer_store

store = open_customer_store(sys.argv[1])
now = datetime(2026, 11, 22, tzinfo=UTC)
for n in range(100_000):
    start = now + n * timedelta(hours=1)
    end = start + timedelta(hours=1)
    one = Reservation(f"rsv_{n}", "per_mia", "helsinki", "hel-c-001", "car", "booked", now, start, end, end, 100, "EUR")
    with store.writing() as tables:
        tables.put_entry(Entry(one.vehicle_id, one.reservation_id, start, end))
        tables.save_reservation(one)
        tables.publish(Event(f"evt_{n}", "reservation.booked", 1, "customer", one.reservation_id, now, {"n": n}))
    print(one.reservation_id, flush=True)
"""


def killed_writer(url: str, acknowledged: int) -> list[str]:
    """What a writer had been told is safe when it was killed, at least so many ids."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process, process.stdout as lines:
        told = [lines.readline().strip() for _n in range(acknowledged)]
        process.kill()
        told += [line.strip() for line in lines if line.endswith("\n")]
    assert all(told), "the writer ended by itself"
    return told


@pytest.mark.parametrize("acknowledged", [1, 25])
def test_a_killed_writer_loses_nothing_and_leaves_no_half(url_for: Callable[[str], str], acknowledged: int) -> None:
    told = killed_writer(url_for("customer"), acknowledged)
    store: SqlCustomerStore = open_customer_store(url_for("customer"))
    with store.reading() as tables:
        reservations: list[Reservation] = list(tables.list_reservations("per_mia"))
        start = min(one.start_at for one in reservations)
        entries = tables.list_entries(["hel-c-001"], start, start + timedelta(days=9999))
        events = {event.subject for _seq, event in store.outbox.list_waiting(after=0, limit=100_000)}
    store.close()
    kept = {one.reservation_id for one in reservations}
    assert set(told) <= kept
    assert kept == {entry.owner_id for entry in entries} == events
    assert len(kept) <= len(told) + 1, "at most the write whose acknowledgement was cut off comes on top"
