"""Unused promises lapse, cost what the city says, and lists show things as they stand."""

import pytest
from customer_fakes import World

from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.model import Reservation
from nimrod.domain.shared.errors import NotFound


def expire(world: World) -> list[Reservation]:
    return service.expire_due(world.now, cities={"helsinki": world.city}, store=world.store, new_id=world.new_id)


def test_a_hold_expires_at_its_minute_and_frees_the_scooter(world: World) -> None:
    held = world.hold()
    world.later(minutes=14, seconds=59)
    assert expire(world) == []
    world.later(seconds=1)
    assert [(one.reservation_id, one.state, one.fee_minor) for one in expire(world)] == [
        (held.reservation_id, "expired", 0)
    ]
    assert world.shelf.entries == {}
    assert world.event_types() == ["reservation.held", "reservation.expired"]


def test_a_booking_nobody_came_for_is_a_no_show_with_its_fee(world: World) -> None:
    world.book(hours=(1, 3))
    world.later(hours=1, minutes=30)
    (lapsed,) = expire(world)
    assert (lapsed.state, lapsed.fee_minor) == ("no_show", 1500)
    assert world.shelf.entries == {}
    assert world.shelf.events[-1].body["fee_minor"] == 1500


def test_a_short_cheap_booking_costs_no_more_than_itself(world: World) -> None:
    booked = world.book(hours=(1, 1.5))
    world.later(hours=1, minutes=30)
    assert expire(world)[0].fee_minor == booked.price_minor == 1460


def test_running_again_finds_nothing(world: World) -> None:
    world.hold()
    world.later(hours=1)
    assert len(expire(world)) == 1
    assert expire(world) == []
    assert world.event_types().count("reservation.expired") == 1


def test_a_ride_under_way_does_not_expire(world: World) -> None:
    world.set_active(world.hold())
    world.later(hours=5)
    assert expire(world) == []


def test_a_city_without_rules_here_is_left_for_those_who_know_it(world: World) -> None:
    world.hold()
    world.later(hours=1)
    assert service.expire_due(world.now, cities={}, store=world.store, new_id=world.new_id) == []


def test_a_lapsed_hold_reads_as_expired_before_the_clean_up_came_by(world: World) -> None:
    held = world.hold()
    world.later(minutes=15)
    assert service.get_reservation(held.reservation_id, request=world.request(), store=world.store).state == "expired"
    assert service.list_reservations(include_past=False, request=world.request(), store=world.store) == []
    past = service.list_reservations(include_past=True, request=world.request(), store=world.store)
    assert [one.state for one in past] == ["expired"]


def test_open_reservations_come_first_by_start_then_past_ones(world: World) -> None:
    world.hold("scooter_1")
    world.later(minutes=20)
    late, soon = world.book("car_1", hours=(5, 6)), world.book("van_1", hours=(2, 3))
    listed = service.list_reservations(include_past=True, request=world.request(), store=world.store)
    assert [one.reservation_id for one in listed][:2] == [soon.reservation_id, late.reservation_id]
    assert listed[2].state == "expired"


def test_nobody_reads_another_persons_reservations(world: World) -> None:
    held = world.hold()
    noah = world.request("noah")
    assert service.list_reservations(include_past=True, request=noah, store=world.store) == []
    with pytest.raises(NotFound):
        service.get_reservation(held.reservation_id, request=noah, store=world.store)
