"""The customer store keeps its word on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from nimrod.domain.contracts.events import Event
from nimrod.domain.customer.reservations.errors import AlreadyPromised
from nimrod.domain.customer.reservations.model import Entry, Reservation, Vehicle
from nimrod.domain.customer.support.model import Handover
from nimrod.domain.shared.errors import KeyReused, NotFound
from nimrod.domain.shared.proposals import GrantRefused, Proposal
from nimrod.platform.storage.customer import SqlCustomerStore
from nimrod.platform.storage.database import Database
from nimrod.platform.storage.migrate import fresh_sqlite

HOUR = timedelta(hours=1)


def entry(owner: str, start: datetime, end: datetime, vehicle_id: str = "hel-c-001") -> Entry:
    return Entry(vehicle_id, owner, start, end)


def test_values_come_back_as_they_went_in(
    store: SqlCustomerStore, vehicle: Vehicle, reservation: Reservation, proposal: Proposal, now: datetime
) -> None:
    handover = Handover("hnd_1", "per_mia", "helsinki", None, "It hurts <b>", now)
    with store.writing() as tables:
        tables.put_vehicle(vehicle, told_at=now)
        tables.save_reservation(reservation)
        tables.add_proposal(proposal)
        tables.add_handover(handover)
    with store.reading() as tables:
        assert tables.get_vehicle("hel-s-001", city_id="helsinki") == vehicle
        assert tables.list_vehicles("helsinki", {"scooter"}) == [vehicle]
        assert tables.get_reservation("rsv_1", customer_id="per_mia") == reservation
        assert tables.list_pending("per_mia", "cnv_1") == [proposal]
        assert tables.get_proposal("prp_1", principal_id="per_mia").digest == proposal.digest
        assert tables.list_handovers("helsinki") == [handover]


def test_times_come_back_aware_and_in_utc_whatever_zone_they_came_in(
    store: SqlCustomerStore, reservation: Reservation
) -> None:
    helsinki = timezone(timedelta(hours=2))
    local = datetime(2026, 11, 23, 0, 30, 15, 123456, tzinfo=helsinki)
    with store.writing() as tables:
        tables.save_reservation(replace(reservation, start_at=local))
    with store.reading() as tables:
        kept = tables.get_reservation("rsv_1", customer_id="per_mia").start_at
    assert kept == local
    assert kept.tzinfo is UTC


def test_a_time_without_a_zone_is_refused(store: SqlCustomerStore, reservation: Reservation) -> None:
    with pytest.raises(StatementError, match="naive"), store.writing() as tables:
        tables.save_reservation(replace(reservation, start_at=datetime(2026, 11, 23)))


def test_anothers_row_is_not_found(
    store: SqlCustomerStore, vehicle: Vehicle, another_persons: Reservation, proposal: Proposal, now: datetime
) -> None:
    with store.writing() as tables:
        tables.put_vehicle(vehicle, told_at=now)
        tables.save_reservation(another_persons)
        tables.add_proposal(replace(proposal, principal_id="per_noah"))
    with store.reading() as tables:
        with pytest.raises(NotFound):
            tables.get_reservation("rsv_2", customer_id="per_mia")
        with pytest.raises(NotFound):
            tables.get_proposal("prp_1", principal_id="per_mia")
        with pytest.raises(NotFound):
            tables.get_vehicle("hel-s-001", city_id="prague")
        assert tables.list_reservations("per_mia") == []
        assert tables.list_pending("per_mia") == []


def test_a_block_that_raises_leaves_nothing_behind(store: SqlCustomerStore, reservation: Reservation) -> None:
    def write_and_fail() -> None:
        with store.writing() as tables:
            tables.save_reservation(reservation)
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        write_and_fail()
    with store.reading() as tables:
        assert tables.list_reservations("per_mia") == []


def test_touching_times_of_one_vehicle_are_free_and_overlapping_ones_are_refused(
    store: SqlCustomerStore, now: datetime
) -> None:
    with store.writing() as tables:
        tables.put_entry(entry("rsv_1", now, now + HOUR))
        tables.put_entry(entry("rsv_2", now + HOUR, now + 2 * HOUR))
        tables.put_entry(entry("rsv_3", now, now + HOUR, "hel-c-002"))
    for start, end in ((-1, 1), (0, 1), (1, 3), (-5, 5)):
        with pytest.raises(AlreadyPromised), store.writing() as tables:
            tables.put_entry(entry("rsv_9", now + start * HOUR, now + end * HOUR))
    with store.reading() as tables:
        found = tables.list_entries(["hel-c-001"], now + timedelta(minutes=59), now + timedelta(minutes=60))
        assert [one.owner_id for one in found] == ["rsv_1"]


def test_an_owner_may_move_its_own_entry_and_a_refused_move_can_be_answered_in_the_same_transaction(
    store: SqlCustomerStore, now: datetime, proposal: Proposal
) -> None:
    with store.writing() as tables:
        tables.add_proposal(proposal)
        tables.put_entry(entry("rsv_1", now, now + HOUR))
        tables.put_entry(entry("rsv_1", now + HOUR / 2, now + 2 * HOUR))
        with pytest.raises(AlreadyPromised):
            tables.put_entry(entry("rsv_2", now + HOUR, now + 3 * HOUR))
        tables.save_proposal(proposal.to("refused"))
    with store.reading() as tables:
        assert [(e.owner_id, e.start_at) for e in tables.list_entries(["hel-c-001"], now, now + 9 * HOUR)] == [
            ("rsv_1", now + HOUR / 2)
        ]
        assert tables.get_proposal("prp_1", principal_id="per_mia").status == "refused"


def test_a_grant_is_good_once(store: SqlCustomerStore, now: datetime) -> None:
    with store.writing() as tables:
        tables.use_grant("grn_1", proposal_id="prp_1", now=now)
    with pytest.raises(GrantRefused) as refused, store.writing() as tables:
        tables.use_grant("grn_1", proposal_id="prp_1", now=now)
    assert refused.value.facts["reasons"] == ["used"]


def test_a_key_gives_the_first_answer_again_and_is_refused_for_another_request(store: SqlCustomerStore) -> None:
    with store.writing() as tables:
        assert tables.find_answer("per_mia", "k1", "aaa") is None
        tables.keep_answer("per_mia", "k1", "aaa", {"proposal_id": "prp_1"})
    with store.writing() as tables:
        assert tables.find_answer("per_mia", "k1", "aaa") == {"proposal_id": "prp_1"}
        assert tables.find_answer("per_noah", "k1", "bbb") is None
        with pytest.raises(KeyReused):
            tables.find_answer("per_mia", "k1", "bbb")


def test_only_unused_promises_that_are_over_lapse(
    store: SqlCustomerStore, reservation: Reservation, now: datetime
) -> None:
    with store.writing() as tables:
        tables.save_reservation(reservation)
        tables.save_reservation(replace(reservation, reservation_id="rsv_2", state="active"))
        tables.save_reservation(replace(reservation, reservation_id="rsv_3", until_at=now + HOUR))
    with store.writing() as tables:
        assert tables.list_lapsed(reservation.until_at - timedelta(seconds=1)) == []
        assert [one.reservation_id for one in tables.list_lapsed(reservation.until_at)] == ["rsv_1"]


def test_what_was_told_earlier_does_not_overwrite_what_was_told_later(
    store: SqlCustomerStore, vehicle: Vehicle, now: datetime
) -> None:
    with store.writing() as tables:
        assert tables.put_vehicle(vehicle, told_at=now)
        assert not tables.put_vehicle(replace(vehicle, battery_pct=1), told_at=now - HOUR)
        assert tables.get_vehicle("hel-s-001", city_id="helsinki").battery_pct == 80
        assert tables.put_vehicle(replace(vehicle, battery_pct=79), told_at=now + HOUR)
        assert tables.get_vehicle("hel-s-001", city_id="helsinki").battery_pct == 79


def test_events_wait_in_the_outbox_in_order_until_they_are_marked(store: SqlCustomerStore, now: datetime) -> None:
    events = [Event(f"evt_{n}", "reservation.held", 1, "customer", "rsv_1", now, {"n": n}) for n in range(3)]
    with store.writing() as tables:
        for event in events:
            tables.publish(event)
    assert [event for _seq, event in store.outbox.list_waiting(after=0, limit=10)] == events
    store.outbox.mark(delivered=["evt_0"], failed=["evt_1"], at=now)
    assert [event.event_id for _seq, event in store.outbox.list_waiting(after=0, limit=10)] == ["evt_1", "evt_2"]
    assert store.outbox.count_waiting() == 2


def test_a_reading_transaction_cannot_see_half_of_a_write(
    store: SqlCustomerStore, reservation: Reservation, now: datetime
) -> None:
    with store.reading() as before:
        assert before.list_reservations("per_mia") == []
        with store.writing() as tables:
            tables.save_reservation(reservation)
            tables.put_entry(entry("rsv_1", now, now + HOUR))
        assert before.list_entries(["hel-c-001"], now, now + HOUR) == []


def test_writing_inside_writing_on_sqlite_is_a_bug_that_says_so(tmp_path: Path) -> None:
    store = SqlCustomerStore(Database(fresh_sqlite(tmp_path / "customer.db", "customer")))
    with pytest.raises(RuntimeError, match="already writing"), store.writing(), store.writing():
        raise AssertionError("not reached")
    store.close()
