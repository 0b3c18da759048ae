"""Bookings per second through the whole use case, beside the same rows by hand-written SQL.

`python benchmarks/bookings.py [--url postgresql://…/empty_database] [--bookings 500] [--threads 4]`
"""

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.customer.reservations.service import carry_out, propose_booking
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.proposals import Grant
from nimrod.domain.shared.request import Request
from nimrod.platform.cities import load_city
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.migrate import fresh_sqlite
from nimrod.platform.storage.stores import open_customer_store

CITY = load_city("helsinki")
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
START, END = NOW + timedelta(hours=3), NOW + timedelta(hours=5)


def per_second(bookings: int, threads: int, book: Callable[[int], None]) -> float:
    """How many calls of `book` end well in a second."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(book, range(bookings)))
    return bookings / (time.perf_counter() - began)


def by_use_case(store: SqlCustomerStore, bookings: int) -> Callable[[int], None]:
    """Propose, confirm, carry out: two transactions a booking, each on disk when it returns."""
    with store.writing() as tables:
        for number in range(bookings):
            tables.put_vehicle(
                Vehicle(f"hel-c-{number}", "helsinki", "car", "Zoe", CITY.centre, 90, 280.0), told_at=NOW
            )
    ids = count()

    def book(number: int) -> None:
        me = Principal(f"per_{number}", frozenset({"customer"}), "helsinki")
        request = Request(me, CITY, NOW, lambda kind: f"{kind}_{next(ids)}")
        proposal = propose_booking(
            f"hel-c-{number}", start_at=START, end_at=END, replaces=None, request=request, store=store
        )
        grant = Grant(f"grn_{number}", proposal.proposal_id, proposal.digest, me.id, NOW + timedelta(minutes=10))
        carry_out(proposal.proposal_id, grant=grant, request=request, store=store)

    return book


def by_hand(path: Path) -> Callable[[int], None]:
    """One transaction a booking on SQLite: look for an overlap, write reservation, calendar, grant and outbox."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous=FULL")
    start, end, now = (f"{moment:%Y-%m-%d %H:%M:%S}.000000" for moment in (START, END, NOW))
    overlap = "SELECT 1 FROM calendar WHERE vehicle_id = ? AND start_at < ? AND end_at > ?"

    def book(number: int) -> None:
        vehicle, reservation = f"hel-c-{number}", f"rsv_{number}"
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute(overlap, (vehicle, end, start)).fetchone():
            raise RuntimeError("overlap")
        connection.execute("INSERT INTO calendar VALUES (?,?,?,?,?)", (reservation, vehicle, start, end, "reservation"))
        row = (
            reservation,
            f"per_{number}",
            "helsinki",
            vehicle,
            "car",
            "booked",
            now,
            start,
            end,
            end,
            5000,
            "EUR",
            0,
            1,
        )
        connection.execute("INSERT INTO reservations VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)", row)
        connection.execute("INSERT INTO used_grants VALUES (?,?,?)", (f"grn_{number}", f"prp_{number}", now))
        connection.execute(
            "INSERT INTO outbox (event_id, type, version, source, subject, at, body, attempts)"
            " VALUES (?,?,?,?,?,?,?,0)",
            (
                f"evt_{number}",
                "reservation.booked",
                1,
                "customer",
                reservation,
                now,
                json.dumps({"vehicle_id": vehicle}),
            ),
        )
        connection.execute("COMMIT")

    return book


def main() -> None:
    """Print both rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="an empty database; default: a new SQLite file")
    parser.add_argument("--bookings", type=int, default=500)
    parser.add_argument("--threads", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = open_customer_store(asked.url or fresh_sqlite(Path(folder) / "customer.db", "customer"))
        ours = per_second(asked.bookings, asked.threads, by_use_case(store, asked.bookings))
        store.close()
        fresh_sqlite(Path(folder) / "by_hand.db", "customer")
        hand = per_second(asked.bookings, 1, by_hand(Path(folder) / "by_hand.db"))
    print(f"use case (propose + carry out): {ours:8.0f} bookings/s with {asked.threads} threads")
    print(f"hand-written SQL on SQLite:     {hand:8.0f} bookings/s with 1 thread")


if __name__ == "__main__":
    main()
