"""Changing and cancelling: the difference and the fee are shown first, and are what happens."""

from dataclasses import replace
from datetime import timedelta

import pytest
from customer_fakes import BOOKING, World
from hypothesis import given
from hypothesis import strategies as st

from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.errors import (
    AlreadyPromised,
    BadDuration,
    IllegalMove,
    InThePast,
    NothingToChange,
    TooFarAhead,
    WrongMode,
)
from nimrod.domain.customer.reservations.model import Reservation
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.proposals import Proposal, WorldChanged


def change(
    world: World, reservation: Reservation, who: str = "mia", talk: str | None = None, **terms: object
) -> Proposal:
    request = world.request(who, conversation_id=talk)
    return service.propose_change(reservation.reservation_id, **terms, request=request, store=world.store)


def cancel(world: World, reservation: Reservation, who: str = "mia", talk: str | None = None) -> Proposal:
    request = world.request(who, conversation_id=talk)
    return service.propose_cancellation(reservation.reservation_id, request=request, store=world.store)


def test_an_hour_more_shows_its_price_and_then_costs_it(world: World) -> None:
    booked = world.book(hours=(2, 4))
    proposal = change(world, booked, end_at=world.at(hours=5))
    facts = proposal.preview.facts
    assert (facts["old_total_minor"], proposal.preview.total_minor, facts["difference_minor"]) == (5240, 6100, 860)
    assert (facts["old_end_at"], facts["end_at"]) == ("2026-11-23T16:00:00+00:00", "2026-11-23T17:00:00+00:00")
    after = world.reservation(world.confirm(proposal))
    assert (after.end_at, after.price_minor, after.state, after.version) == (world.at(hours=5), 6100, "booked", 2)
    assert world.shelf.entries[booked.reservation_id].end_at == world.at(hours=5)
    assert world.event_types() == ["reservation.booked", "reservation.changed"]


@given(hours=st.integers(1, 70), old=st.integers(1, 70))
def test_the_difference_is_new_minus_old_and_the_lines_say_both(hours: int, old: int) -> None:
    world = World()
    booked = world.book(hours=(2, 2 + old))
    if hours == old:
        return
    preview = change(world, booked, end_at=world.at(hours=2 + hours)).preview
    lines = {str(line["code"]): line["minor"] for line in preview.lines}
    assert preview.facts["difference_minor"] == preview.total_minor - booked.price_minor
    assert (lines["old_price"], lines["difference"]) == (booked.price_minor, preview.facts["difference_minor"])


def test_a_later_start_keeps_the_end(world: World) -> None:
    booked = world.book(hours=(2, 4))
    after = world.reservation(world.confirm(change(world, booked, start_at=world.at(hours=3))))
    assert (after.start_at, after.end_at, after.until_at) == (
        world.at(hours=3), world.at(hours=4), world.at(hours=3, minutes=30),
    )  # fmt: skip


def test_another_vehicle_frees_the_first(world: World) -> None:
    world.add_vehicle("car_2", "car")
    booked = world.book("car_1", hours=(2, 4))
    world.confirm(change(world, booked, vehicle_id="car_2"))
    assert [entry.vehicle_id for entry in world.shelf.entries.values()] == ["car_2"]
    assert world.book("car_1", "noah", (2, 4)).state == "booked"


def test_a_van_instead_of_a_car_has_the_price_of_a_van(world: World) -> None:
    after = world.reservation(world.confirm(change(world, world.book(hours=(2, 4)), vehicle_id="van_1")))
    assert (after.vehicle_type, after.price_minor) == ("van", 300 + 120 * 55)


def test_a_change_into_another_persons_time_is_refused(world: World) -> None:
    booked = world.book(hours=(2, 4))
    world.book(who="noah", hours=(4, 5))
    with pytest.raises(AlreadyPromised) as refused:
        change(world, booked, end_at=world.at(hours=4, minutes=1))
    assert refused.value.facts["mine"] is False


def test_a_change_over_its_own_time_is_fine(world: World) -> None:
    booked = world.book(hours=(2, 4))
    assert change(world, booked, start_at=world.at(hours=3), end_at=world.at(hours=5)).status == "pending"


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({}, NothingToChange),
        ({"start_at": 2.0}, NothingToChange),
        ({"start_at": 5.0}, BadDuration),
        ({"end_at": 2.4}, BadDuration),
        ({"end_at": 80.0}, BadDuration),
        ({"start_at": -1.0}, InThePast),
        ({"start_at": 169.0, "end_at": 170.0}, TooFarAhead),
        ({"vehicle_id": "scooter_1"}, WrongMode),
        ({"vehicle_id": "car_404"}, NotFound),
    ],
)
def test_a_change_that_cannot_be_is_refused(world: World, terms: dict[str, object], error: type[Exception]) -> None:
    booked = world.book(hours=(2, 4))
    asked = {name: world.at(hours=value) if isinstance(value, float) else value for name, value in terms.items()}
    with pytest.raises(error):
        change(world, booked, **asked)


def test_a_hold_moves_to_a_later_pick_up(world: World) -> None:
    held = world.hold()
    proposal = change(world, held, start_at=world.at(minutes=20))
    assert proposal.preview.total_minor is None
    after = world.reservation(world.confirm(proposal))
    assert (after.until_at, after.state) == (world.at(minutes=35), "held")


def test_moving_a_hold_again_and_again_keeps_the_vehicle_no_longer_than_one_hold_may(world: World) -> None:
    held = world.hold()
    latest = world.at(minutes=30)
    world.later(minutes=10)
    assert world.reservation(world.confirm(change(world, held, start_at=latest))).start_at == latest
    with pytest.raises(TooFarAhead) as refused:
        change(world, held, start_at=world.at(minutes=25))
    assert refused.value.facts["latest_start"] == latest


def test_a_hold_has_no_end_to_move(world: World) -> None:
    with pytest.raises(NothingToChange) as refused:
        change(world, world.hold(), end_at=world.at(hours=1))
    assert refused.value.facts["reason"] == "open_ended"


def test_a_hold_changes_from_scooter_to_bike_but_not_to_car(world: World) -> None:
    held = world.hold("scooter_1")
    with pytest.raises(WrongMode):
        change(world, held, vehicle_id="car_1")
    assert world.reservation(world.confirm(change(world, held, vehicle_id="bike_1"))).vehicle_type == "bike"


def test_a_ride_under_way_only_moves_its_end(world: World) -> None:
    active = world.set_active(world.book(hours=(0, 2)))
    world.later(hours=1)
    with pytest.raises(NothingToChange) as refused:
        change(world, active, vehicle_id="van_1")
    assert refused.value.facts["reason"] == "under_way"
    after = world.reservation(world.confirm(change(world, active, end_at=world.at(hours=2))))
    assert (after.state, after.end_at) == ("active", world.at(hours=2))
    with pytest.raises(InThePast):
        change(world, active, end_at=world.at(minutes=-5))


def test_a_scooter_under_way_has_nothing_to_change(world: World) -> None:
    active = world.set_active(world.hold())
    with pytest.raises(NothingToChange):
        change(world, active, start_at=world.at(minutes=5))


def test_what_is_over_cannot_be_changed(world: World) -> None:
    held = world.hold()
    world.later(minutes=15)
    with pytest.raises(IllegalMove) as refused:
        change(world, held, start_at=world.at(minutes=5))
    assert refused.value.facts["state"] == "expired"


def test_another_persons_reservation_is_not_found(world: World) -> None:
    theirs = world.book()
    for attempt in (
        lambda: change(world, theirs, "noah", end_at=world.at(hours=5)),
        lambda: cancel(world, theirs, "noah"),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_reservation_of_another_city_is_not_found_here(world: World) -> None:
    booked = world.book()
    there = world.request(city=replace(world.city, city_id="prague"))
    with pytest.raises(NotFound):
        service.get_reservation(booked.reservation_id, request=there, store=world.store)


def test_two_changes_of_one_reservation_cannot_both_happen(world: World) -> None:
    booked = world.book(hours=(2, 4))
    longer = change(world, booked, end_at=world.at(hours=5), talk="cnv_1")
    shorter = change(world, booked, end_at=world.at(hours=3), talk="cnv_2")
    world.confirm(longer)
    with pytest.raises(WorldChanged) as refused:
        world.confirm(shorter)
    assert refused.value.facts["because"] == "other_terms"


@pytest.mark.parametrize(("minutes_before", "fee"), [(61, 0), (60, 500), (59, 500), (0, 500), (-20, 500)])
def test_cancelling_is_free_until_an_hour_before_the_start(world: World, minutes_before: int, fee: int) -> None:
    booked = world.book(hours=(2, 4))
    world.now = booked.start_at - timedelta(minutes=minutes_before)
    preview = cancel(world, booked).preview
    assert (preview.facts["fee_minor"], preview.total_minor) == (fee, fee)
    assert preview.loses == (("cancel_fee",) if fee else ())
    assert preview.facts["free_until"] == (booked.start_at - timedelta(minutes=60)).isoformat()


def test_the_fee_is_never_more_than_the_ride(world: World) -> None:
    dear = replace(BOOKING, cancel_fee_minor=99_999)
    world.city = replace(world.city, rules={**world.city.rules, "car": dear})
    booked = world.book(hours=(0.5, 1))
    assert cancel(world, booked).preview.total_minor == booked.price_minor == 200 + 30 * 42


def test_a_cancelled_booking_frees_the_car_and_keeps_the_fee(world: World) -> None:
    booked = world.book(hours=(0.5, 2))
    after = world.reservation(world.confirm(cancel(world, booked)))
    assert (after.state, after.fee_minor) == ("cancelled", 500)
    assert world.shelf.entries == {}
    assert world.event_types()[-1] == "reservation.cancelled"


def test_a_fee_that_began_while_the_card_was_open_needs_a_new_card(world: World) -> None:
    booked = world.book(hours=(1, 3))
    world.now = booked.start_at - timedelta(minutes=61)
    proposal = cancel(world, booked)
    world.later(minutes=2)
    with pytest.raises(WorldChanged) as refused:
        world.confirm(proposal)
    assert (refused.value.facts["because"], refused.value.facts["total_minor"]) == ("other_price", 500)
    assert world.shelf.reservations[booked.reservation_id].state == "booked"


def test_cancelling_twice_is_an_illegal_move(world: World) -> None:
    held = world.hold()
    first, second = cancel(world, held, talk="cnv_1"), cancel(world, held, talk="cnv_2")
    world.confirm(first)
    with pytest.raises(WorldChanged) as refused:
        world.confirm(second)
    assert refused.value.facts["because"] == "illegal_move"
    with pytest.raises(IllegalMove) as closed:
        cancel(world, held)
    assert closed.value.facts["state"] == "cancelled"


def test_a_second_card_about_the_same_reservation_takes_the_place_of_the_first(world: World) -> None:
    booked = world.book(hours=(2, 4))
    cancel(world, booked)
    change(world, booked, end_at=world.at(hours=5))
    latest, again = change(world, booked, end_at=world.at(hours=6)), cancel(world, booked)
    assert service.list_pending(world.request(), world.store) == [latest, again]


def test_a_ride_under_way_is_ended_not_cancelled(world: World) -> None:
    active = world.set_active(world.hold())
    with pytest.raises(IllegalMove) as refused:
        cancel(world, active)
    assert refused.value.facts["state"] == "active"


def test_a_promise_of_a_vehicle_that_is_gone_can_still_be_given_up(world: World) -> None:
    booked = world.book()
    del world.shelf.vehicles["car_1"]
    assert world.reservation(world.confirm(cancel(world, booked))).state == "cancelled"
