"""Proposing changes nothing but the proposals, and says what would be."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from customer_fakes import World

from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.errors import (
    AlreadyPromised,
    BadDuration,
    InThePast,
    TooFarAhead,
    TooManyOpen,
    VehicleUnusable,
    WrongMode,
)
from nimrod.domain.shared.errors import BadInput, KeyReused, NotAllowed, NotFound
from nimrod.domain.shared.proposals import ProposalClosed


def hold(world: World, vehicle_id: str = "scooter_1", pick_up_at: datetime | None = None, **more):
    request = world.request(more.pop("who", "mia"), **more)
    return service.propose_hold(vehicle_id, pick_up_at=pick_up_at, request=request, store=world.store)


def test_a_proposal_leaves_vehicle_and_calendar_alone(world: World) -> None:
    proposal = hold(world)
    assert proposal.status == "pending"
    assert (world.shelf.entries, world.shelf.reservations, world.shelf.events) == ({}, {}, [])


def test_a_hold_shows_when_it_lapses_and_what_riding_costs(world: World) -> None:
    preview = hold(world).preview
    assert preview.facts == {
        "vehicle_id": "scooter_1", "vehicle_type": "scooter", "model": "scooter model",
        "start_at": "2026-11-23T12:00:00+00:00", "end_at": None, "until_at": "2026-11-23T12:15:00+00:00",
    }  # fmt: skip
    assert [(line["code"], line["minor"]) for line in preview.lines] == [("unlock", 100), ("minute_rate", 25)]
    assert preview.total_minor is None


def test_a_booking_shows_lines_that_sum_to_its_total(world: World) -> None:
    preview = world.propose_book(hours=(2, 4)).preview
    assert [(line["code"], line["minor"]) for line in preview.lines] == [("unlock", 200), ("minutes", 5040)]
    assert preview.total_minor == 5240
    assert preview.facts["until_at"] == "2026-11-23T14:30:00+00:00"


def test_a_pick_up_at_the_last_minute_ahead_is_allowed(world: World) -> None:
    assert hold(world, pick_up_at=world.at(minutes=30)).preview.facts["until_at"] == "2026-11-23T12:45:00+00:00"


def test_a_pick_up_beyond_the_horizon_says_when_to_ask_again(world: World) -> None:
    with pytest.raises(TooFarAhead) as refused:
        hold(world, "bike_1", world.at(hours=4))
    assert refused.value.facts == {
        "vehicle_type": "bike", "wanted": world.at(hours=4), "latest_start": world.at(minutes=30),
        "ask_from": world.at(hours=3, minutes=30),
    }  # fmt: skip


def test_a_booking_may_start_on_the_last_moment_of_seven_days_and_not_after(world: World) -> None:
    assert world.propose_book("van_1", hours=(168, 170)).status == "pending"
    with pytest.raises(TooFarAhead) as refused:
        world.propose_book("van_1", hours=(168.01, 170))
    assert refused.value.facts["latest_start"] == world.at(days=7)


def test_now_may_be_a_moment_ago_but_not_longer(world: World) -> None:
    assert hold(world, pick_up_at=world.at(seconds=-120)).status == "pending"
    with pytest.raises(InThePast):
        hold(world, pick_up_at=world.at(seconds=-121))


@pytest.mark.parametrize(
    ("minutes", "allowed"), [(-60, False), (0, False), (29, False), (30, True), (4320, True), (4321, False)]
)
def test_a_booking_lasts_from_half_an_hour_to_three_days(world: World, minutes: int, allowed: bool) -> None:
    hours = (2, 2 + minutes / 60)
    if allowed:
        assert world.propose_book(hours=hours).status == "pending"
    else:
        with pytest.raises(BadDuration) as refused:
            world.propose_book(hours=hours)
        assert refused.value.facts == {"vehicle_type": "car", "minutes": minutes, "least": 30, "most": 4320}


def test_booking_from_now_counts_from_the_running_minute(world: World) -> None:
    world.later(seconds=40)
    end_at = world.now.replace(second=0) + timedelta(minutes=30)
    proposal = service.propose_booking(
        "car_1", start_at=None, end_at=end_at, request=world.request(), store=world.store
    )
    assert proposal.arguments["start_at"] == "2026-11-23T12:00:00+00:00"


def test_local_times_are_kept_in_utc(world: World) -> None:
    local = datetime(2026, 11, 23, 14, 20, tzinfo=timezone(timedelta(hours=2)))
    assert hold(world, pick_up_at=local).arguments["start_at"] == "2026-11-23T12:20:00+00:00"


@pytest.mark.parametrize(
    "moment", [datetime(2026, 11, 23, 12, 10), datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))]
)
def test_a_time_without_zone_or_outside_the_calendar_is_bad_input(world: World, moment: datetime) -> None:
    with pytest.raises(BadInput):
        hold(world, pick_up_at=moment)


def test_the_end_of_the_calendar_is_too_far_ahead(world: World) -> None:
    with pytest.raises(TooFarAhead):
        hold(world, pick_up_at=datetime.max.replace(tzinfo=UTC))


def test_a_car_is_not_held_and_a_scooter_not_booked(world: World) -> None:
    with pytest.raises(WrongMode) as refused:
        hold(world, "car_1")
    assert refused.value.facts["mode"] == "booking"
    with pytest.raises(WrongMode) as refused:
        world.propose_book("scooter_1")
    assert refused.value.facts["mode"] == "hold"


@pytest.mark.parametrize("state", ["non_operational", "removed", "missing", "elsewhere", "unknown"])
def test_a_vehicle_out_of_service_is_refused(world: World, state: str) -> None:
    world.add_vehicle("bike_2", "bike", state=state)
    with pytest.raises(VehicleUnusable, match="out_of_service"):
        hold(world, "bike_2")


def test_a_flat_scooter_is_refused_and_a_flat_car_may_be_booked(world: World) -> None:
    world.add_vehicle("scooter_2", "scooter", battery_pct=4)
    world.add_vehicle("car_2", "car", battery_pct=4)
    with pytest.raises(VehicleUnusable, match="battery_low"):
        hold(world, "scooter_2")
    assert world.propose_book("car_2").status == "pending"


def test_a_vehicle_of_another_city_is_not_found(world: World) -> None:
    world.add_vehicle("bike_2", "bike", city_id="prague")
    with pytest.raises(NotFound):
        hold(world, "bike_2")


def test_a_taken_vehicle_says_from_when_it_is_free(world: World) -> None:
    world.book(hours=(2, 4), who="noah")
    world.book(hours=(5, 6), who="noah")
    with pytest.raises(AlreadyPromised) as refused:
        world.propose_book(hours=(3, 5))
    assert refused.value.facts == {"vehicle_id": "car_1", "free_from": world.at(hours=6), "mine": False}


def test_bookings_may_touch(world: World) -> None:
    world.book(hours=(2, 4), who="noah")
    assert world.propose_book(hours=(4, 5)).status == "pending"
    assert world.propose_book(hours=(1, 2)).status == "pending"


def test_the_same_vehicle_twice_says_that_the_person_has_it(world: World) -> None:
    world.hold()
    with pytest.raises(AlreadyPromised) as refused:
        hold(world)
    assert refused.value.facts["mine"] is True


def test_one_more_than_the_city_allows_is_refused(world: World) -> None:
    world.hold("scooter_1")
    world.hold("bike_1")
    world.book("car_1")
    with pytest.raises(TooManyOpen) as refused:
        world.propose_book("van_1")
    assert refused.value.facts == {"open": 3, "most": 3}


def test_a_hold_that_has_lapsed_does_not_count_as_open(world: World) -> None:
    world.hold("scooter_1")
    world.hold("bike_1")
    world.book("car_1")
    world.later(minutes=15)
    assert world.propose_book("van_1").status == "pending"


def test_staff_without_the_customer_role_cannot_propose(world: World) -> None:
    with pytest.raises(NotAllowed) as refused:
        hold(world, who="otto", role="field_operator")
    assert refused.value.facts["needs"] == ["customer"]


def test_a_replacement_withdraws_what_it_replaces(world: World) -> None:
    first = hold(world)
    second = service.propose_hold(
        "bike_1", pick_up_at=None, replaces=first.proposal_id, request=world.request(), store=world.store
    )
    assert world.shelf.proposals[first.proposal_id].status == "withdrawn"
    assert [one.proposal_id for one in service.list_pending(world.request(), world.store)] == [second.proposal_id]


def test_a_refused_replacement_leaves_the_first_pending(world: World) -> None:
    first = hold(world)
    with pytest.raises(TooFarAhead):
        service.propose_hold("bike_1", pick_up_at=world.at(hours=4), replaces=first.proposal_id,
                             request=world.request(), store=world.store)  # fmt: skip
    assert world.shelf.proposals[first.proposal_id].status == "pending"


def test_another_persons_proposal_cannot_be_replaced_withdrawn_or_declined(world: World) -> None:
    theirs = hold(world)
    noah = world.request("noah")
    for attempt in (
        lambda: service.propose_hold(
            "bike_1", pick_up_at=None, replaces=theirs.proposal_id, request=noah, store=world.store
        ),
        lambda: service.withdraw_proposal(theirs.proposal_id, request=noah, store=world.store),
        lambda: service.decline_proposal(theirs.proposal_id, request=noah, store=world.store),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert world.shelf.proposals[theirs.proposal_id].status == "pending"


def test_what_was_carried_out_cannot_be_replaced(world: World) -> None:
    proposal = hold(world)
    world.confirm(proposal)
    with pytest.raises(ProposalClosed):
        service.propose_hold("bike_1", pick_up_at=None, replaces=proposal.proposal_id,
                             request=world.request(), store=world.store)  # fmt: skip


def test_a_proposal_is_closed_once(world: World) -> None:
    proposal = hold(world)
    assert (
        service.decline_proposal(proposal.proposal_id, request=world.request(), store=world.store).status == "declined"
    )
    with pytest.raises(ProposalClosed):
        service.withdraw_proposal(proposal.proposal_id, request=world.request(), store=world.store)


def test_pending_proposals_are_those_of_the_conversation_and_not_expired(world: World) -> None:
    hold(world, conversation_id="con_1")
    other = hold(world, "bike_1", conversation_id="con_2")
    here = world.request(conversation_id="con_2")
    assert [one.proposal_id for one in service.list_pending(here, world.store)] == [other.proposal_id]
    assert len(service.list_pending(world.request(), world.store)) == 2
    world.later(minutes=10)
    assert service.list_pending(world.request(), world.store) == []


def test_the_same_key_gives_the_first_proposal_and_another_request_under_it_is_refused(world: World) -> None:
    first = hold(world, key="k1")
    assert hold(world, key="k1") == first
    assert len(world.shelf.proposals) == 1
    with pytest.raises(KeyReused):
        hold(world, "bike_1", key="k1")
