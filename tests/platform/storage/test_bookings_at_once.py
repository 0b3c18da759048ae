"""Many customers confirm one car for one time at one moment: one gets it, by the whole use case (RES-04)."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from nimrod.domain.customer.reservations.model import OPEN, Vehicle
from nimrod.domain.customer.reservations.service import carry_out, propose_booking
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.proposals import Grant, Proposal, WorldChanged
from nimrod.domain.shared.request import Request
from nimrod.platform.cities import load_city
from nimrod.platform.storage.customer import SqlCustomerStore

CUSTOMERS = 120
CITY = load_city("helsinki")


def asks(person: int, now: datetime, numbers: Any) -> Request:
    me = Principal(f"per_{person}", frozenset({"customer"}), CITY.city_id)
    return Request(me, CITY, now, lambda kind: f"{kind}_{next(numbers)}")


def grant_for(proposal: Proposal, now: datetime) -> Grant:
    return Grant(f"grn_{proposal.proposal_id}", proposal.proposal_id, proposal.digest, proposal.principal_id,
                 now + timedelta(minutes=10))  # fmt: skip


def test_of_all_who_confirm_at_once_one_gets_the_car_and_it_is_told_once(
    store: SqlCustomerStore, vehicle: Vehicle, now: datetime
) -> None:
    with store.writing() as tables:
        tables.put_vehicle(replace(vehicle, vehicle_id="hel-c-001", vehicle_type="car"), told_at=now)
    numbers, gate, start = count(), threading.Barrier(CUSTOMERS), now + timedelta(hours=3)
    requests = [asks(person, now, numbers) for person in range(CUSTOMERS)]
    proposals = [
        propose_booking("hel-c-001", start_at=start, end_at=start + timedelta(hours=2), replaces=None, request=request,
                        store=store)
        for request in requests
    ]  # fmt: skip

    def confirm(number: int) -> str:
        proposal = proposals[number]
        gate.wait()
        try:
            carry_out(proposal.proposal_id, grant=grant_for(proposal, now), request=requests[number], store=store)
        except WorldChanged as changed:
            return str(changed.facts["because"])
        return "booked"

    with ThreadPoolExecutor(CUSTOMERS) as pool:
        results = Counter(pool.map(confirm, range(CUSTOMERS)))
    assert results == {"booked": 1, "already_promised": CUSTOMERS - 1}
    with store.reading() as tables:
        open_ones = [one for request in requests for one in tables.list_reservations(request.me.id, OPEN)]
        entries = tables.list_entries(["hel-c-001"], now, now + timedelta(days=2))
        assert not [one for request in requests for one in tables.list_pending(request.me.id)]
    assert [entry.owner_id for entry in entries] == [one.reservation_id for one in open_ones]
    told = [event for _seq, event in store.outbox.list_waiting(after=0, limit=1000)]
    assert [(event.type, event.subject) for event in told] == [("reservation.booked", open_ones[0].reservation_id)]


def test_one_customer_confirming_many_cards_at_once_stays_within_the_limit(
    store: SqlCustomerStore, vehicle: Vehicle, now: datetime
) -> None:
    cards = CITY.max_open_reservations + 5
    with store.writing() as tables:
        for number in range(cards):
            tables.put_vehicle(replace(vehicle, vehicle_id=f"hel-c-{number}", vehicle_type="car"), told_at=now)
    numbers, gate = count(), threading.Barrier(cards)
    request, start = asks(1, now, numbers), now + timedelta(hours=3)
    proposals = [
        propose_booking(f"hel-c-{number}", start_at=start, end_at=start + timedelta(hours=1), replaces=None,
                        request=request, store=store)
        for number in range(cards)
    ]  # fmt: skip

    def confirm(proposal: Proposal) -> str:
        gate.wait()
        try:
            carry_out(proposal.proposal_id, grant=grant_for(proposal, now), request=request, store=store)
        except WorldChanged as changed:
            return str(changed.facts["because"])
        return "booked"

    with ThreadPoolExecutor(cards) as pool:
        results = Counter(pool.map(confirm, proposals))
    assert results == {"booked": CITY.max_open_reservations, "too_many_open": 5}
