"""Whatever the concurrency, a vehicle is promised once and a grant is used once (RES-04)."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from nimrod.domain.customer.reservations.errors import AlreadyPromised
from nimrod.domain.customer.reservations.model import Entry
from nimrod.domain.shared.errors import Busy, KeyReused
from nimrod.domain.shared.proposals import GrantRefused, Proposal
from nimrod.platform.storage.customer import CALENDAR, SqlCustomerStore
from nimrod.platform.storage.database import Database
from nimrod.platform.storage.retry import again_when_busy
from nimrod.platform.storage.stores import open_customer_store

TRIES = 1000
HOUR = timedelta(hours=1)


def outcomes(tries: int, attempt: Callable[[int], str]) -> Counter[str]:
    """What came of so many tries that all start at the same moment, each in a thread of its own."""
    gate = threading.Barrier(tries)

    def one(number: int) -> str:
        gate.wait()
        return attempt(number)

    with ThreadPoolExecutor(tries) as pool:
        return Counter(pool.map(one, range(tries)))


def test_a_thousand_tries_for_one_vehicle_at_one_time_give_exactly_one(store: SqlCustomerStore, now: datetime) -> None:
    def attempt(number: int) -> str:
        start = now + timedelta(minutes=number % 50)
        try:
            with store.writing() as tables:
                tables.put_entry(Entry("hel-c-001", f"rsv_{number}", start, start + HOUR))
        except AlreadyPromised:
            return "refused"
        return "promised"

    assert outcomes(TRIES, attempt) == {"promised": 1, "refused": TRIES - 1}
    with store.reading() as tables:
        assert len(tables.list_entries(["hel-c-001"], now, now + 9 * HOUR)) == 1


@pytest.mark.server
def test_the_database_itself_refuses_an_overlap_that_got_past_the_code(postgres: Any, now: datetime) -> None:
    """PostgreSQL only: SQLite has one writer at a time, who looks before writing."""
    database = Database(postgres.url_for("customer"))
    values = {"vehicle_id": "hel-c-001", "start_at": now, "end_at": now + HOUR, "kind": "reservation"}
    with database.writing() as connection:
        connection.execute(insert(CALENDAR).values(owner_id="rsv_1", **values))
    with pytest.raises(IntegrityError, match="calendar_no_overlap"), database.writing() as connection:
        connection.execute(insert(CALENDAR).values(owner_id="rsv_2", **values))
    database.close()


def test_one_proposal_confirmed_many_times_at_once_is_carried_out_once(
    store: SqlCustomerStore, proposal: Proposal, now: datetime
) -> None:
    with store.writing() as tables:
        tables.add_proposal(proposal)

    def attempt(number: int) -> str:
        try:
            with store.writing() as tables:
                found = tables.get_proposal("prp_1", principal_id="per_mia")
                if found.status == "carried_out":
                    return str((found.result or {})["reservation_id"])
                tables.use_grant("grn_1", proposal_id="prp_1", now=now)
                tables.save_proposal(found.to("carried_out", result={"reservation_id": f"rsv_{number}"}))
                return f"rsv_{number}"
        except GrantRefused:
            return "refused"

    results = outcomes(100, attempt)
    assert list(results.values()) == [100], results
    assert "refused" not in results


def test_one_key_used_many_times_at_once_keeps_one_answer(store: SqlCustomerStore) -> None:
    def attempt(number: int) -> str:
        try:
            with store.writing() as tables:
                answer = tables.find_answer("per_mia", "k", f"body{number % 2}")
                if answer is None:
                    answer = {"by": number}
                    tables.keep_answer("per_mia", "k", f"body{number % 2}", answer)
                return str(answer["by"])
        except KeyReused:
            return "another body"

    results = outcomes(60, attempt)
    assert results.pop("another body") == 30
    assert list(results.values()) == [30]


def test_two_that_wait_for_each_other_both_come_through(store: SqlCustomerStore, now: datetime) -> None:
    """Each takes two vehicles in the opposite order; the loser of the deadlock is done again."""
    meet = threading.Barrier(2)
    met: set[str] = set()

    def take(first: str, second: str, owner: str) -> None:
        with store.writing() as tables:
            tables.put_entry(Entry(first, f"{owner}-1", now, now + HOUR))
            if store.database.is_postgres and owner not in met:
                met.add(owner)
                meet.wait(5)
            tables.put_entry(Entry(second, f"{owner}-2", now + 2 * HOUR, now + 3 * HOUR))

    def attempt(names: tuple[str, str, str]) -> None:
        again_when_busy(lambda: take(*names))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, [("hel-c-001", "hel-c-002", "a"), ("hel-c-002", "hel-c-001", "b")]))
    with store.reading() as tables:
        assert len(tables.list_entries(["hel-c-001", "hel-c-002"], now, now + 9 * HOUR)) == 4


def test_two_processes_on_one_file_take_turns(url_for: Callable[[str], str], now: datetime) -> None:
    """Two stores on one database stand for two processes: nothing but the database keeps them apart."""
    stores = [open_customer_store(url_for("customer")) for _n in range(2)]

    def attempt(number: int) -> str:
        with stores[number % 2].writing() as tables:
            start = now + (number // 2) * HOUR
            try:
                tables.put_entry(Entry("hel-c-001", f"rsv_{number}", start, start + HOUR))
            except AlreadyPromised:
                return "refused"
        return "promised"

    assert outcomes(60, attempt) == {"promised": 30, "refused": 30}
    for one in stores:
        one.close()


def test_a_use_case_is_given_up_after_so_many_tries() -> None:
    pauses: list[float] = []
    tries = 0

    def never() -> None:
        nonlocal tries
        tries += 1
        raise Busy()

    with pytest.raises(Busy):
        again_when_busy(never, tries=3, pause_s=1, sleep=pauses.append)
    assert tries == 3
    assert pauses == [1, 2]
