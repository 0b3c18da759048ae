"""Whatever is asked in whatever order, no vehicle is promised twice and every promise has its calendar line."""

from datetime import timedelta
from itertools import combinations

from customer_fakes import World
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.model import OPEN
from nimrod.domain.customer.reservations.policy import as_of, overlaps
from nimrod.domain.shared.errors import DomainError

PEOPLE = st.sampled_from(["mia", "noah"])
VEHICLES = st.sampled_from(["scooter_1", "bike_1", "car_1", "van_1", "nothing"])
QUARTERS = st.integers(-8, 60)
ANY = st.integers(0, 60)


class Market(RuleBasedStateMachine):
    """Two people who propose, confirm twice, swap grants, change, cancel and let time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.picked_up = 0

    def attempt(self, work) -> None:
        """A refusal is fine; anything else that goes wrong is a bug."""
        before = self.world.shelf
        try:
            work()
        except DomainError:
            shelf = self.world.shelf
            assert (shelf.reservations, shelf.entries, shelf.events) == (
                before.reservations, before.entries, before.events,
            )  # fmt: skip

    def pick(self, things: dict, number: int):
        return list(things.values())[number % len(things)] if things else None

    @rule(who=PEOPLE, vehicle=VEHICLES, ahead=QUARTERS)
    def propose_hold(self, who: str, vehicle: str, ahead: int) -> None:
        world, pick_up_at = self.world, self.world.at(minutes=ahead * 5) if ahead else None
        self.attempt(
            lambda: service.propose_hold(vehicle, pick_up_at=pick_up_at, request=world.request(who), store=world.store)
        )

    @rule(who=PEOPLE, vehicle=VEHICLES, start=QUARTERS, length=QUARTERS)
    def propose_booking(self, who: str, vehicle: str, start: int, length: int) -> None:
        hours = (start / 4, (start + length) / 4)
        self.attempt(lambda: self.world.propose_book(vehicle, who, hours))

    @rule(who=PEOPLE, which=ANY, start=QUARTERS, end=QUARTERS, vehicle=VEHICLES, parts=st.integers(1, 7))
    def propose_change(self, who: str, which: int, start: int, end: int, vehicle: str, parts: int) -> None:
        world, reservation = self.world, self.pick(self.world.shelf.reservations, which)
        if reservation:
            terms = {
                "start_at": world.at(minutes=start * 15) if parts & 1 else None,
                "end_at": world.at(minutes=end * 15) if parts & 2 else None,
                "vehicle_id": vehicle if parts & 4 else None,
            }
            self.attempt(
                lambda: service.propose_change(
                    reservation.reservation_id, **terms, request=world.request(who), store=world.store
                )
            )

    @rule(who=PEOPLE, which=ANY)
    def propose_cancellation(self, who: str, which: int) -> None:
        world, reservation = self.world, self.pick(self.world.shelf.reservations, which)
        if reservation:
            self.attempt(
                lambda: service.propose_cancellation(
                    reservation.reservation_id, request=world.request(who), store=world.store
                )
            )

    @rule(who=PEOPLE, which=ANY, other=st.none() | ANY)
    def carry_out(self, who: str, which: int, other: int | None) -> None:
        world = self.world
        proposal, shown = (
            self.pick(world.shelf.proposals, which),
            self.pick(world.shelf.proposals, which if other is None else other),
        )
        if proposal:
            grant = world.grant(shown)
            was = proposal.status
            self.attempt(
                lambda: service.carry_out(
                    proposal.proposal_id, grant=grant, request=world.request(who), store=world.store
                )
            )
            now = world.shelf.proposals[proposal.proposal_id].status
            if now == "carried_out" != was:
                assert shown.proposal_id == proposal.proposal_id
                assert proposal.principal_id == f"per_{who}"

    @rule(which=ANY)
    def confirm(self, which: int) -> None:
        pending = {key: one for key, one in self.world.shelf.proposals.items() if one.status == "pending"}
        proposal = self.pick(pending, which)
        if proposal:
            self.attempt(lambda: self.world.confirm(proposal, proposal.principal_id.removeprefix("per_")))

    @rule(vehicle=st.sampled_from(["scooter_1", "bike_1"]), who=PEOPLE)
    def hold(self, vehicle: str, who: str) -> None:
        self.attempt(lambda: self.world.hold(vehicle, who))

    @rule(vehicle=st.sampled_from(["car_1", "van_1"]), who=PEOPLE, start=st.integers(0, 12), length=st.integers(2, 12))
    def book(self, vehicle: str, who: str, start: int, length: int) -> None:
        self.attempt(lambda: self.world.book(vehicle, who, (start / 4, (start + length) / 4)))

    @rule(which=ANY, more=st.integers(-4, 8))
    def extend(self, which: int, more: int) -> None:
        world, one = self.world, self.pick(self.world.shelf.reservations, which)
        if one and one.end_at:
            request = world.request(one.customer_id.removeprefix("per_"))
            end_at = one.end_at + timedelta(minutes=15 * more)
            self.attempt(
                lambda: service.propose_change(one.reservation_id, end_at=end_at, request=request, store=world.store)
            )

    @rule(which=ANY)
    def pick_up(self, which: int) -> None:
        reservation = self.pick(self.world.shelf.reservations, which)
        if reservation and as_of(reservation, now=self.world.now, city=self.world.city).state in {"held", "booked"}:
            self.world.set_active(reservation)
            self.picked_up += 1

    @rule(minutes=st.sampled_from([1, 9, 10, 15, 30, 180]))
    def time_passes(self, minutes: int) -> None:
        self.world.later(minutes=minutes)

    @rule()
    def clean_up(self) -> None:
        world = self.world
        service.expire_due(world.now, cities={"helsinki": world.city}, store=world.store, new_id=world.new_id)

    @invariant()
    def no_vehicle_is_promised_twice(self) -> None:
        for one, other in combinations(self.world.shelf.entries.values(), 2):
            assert one.vehicle_id != other.vehicle_id or not overlaps(one, other.start_at, other.end_at)

    @invariant()
    def open_reservations_and_calendar_lines_are_the_same(self) -> None:
        shelf = self.world.shelf
        open_ids = {one.reservation_id for one in shelf.reservations.values() if one.state in OPEN}
        assert open_ids == set(shelf.entries)

    @invariant()
    def every_line_is_that_of_its_reservation_and_has_length(self) -> None:
        for entry in self.world.shelf.entries.values():
            reservation = self.world.shelf.reservations[entry.owner_id]
            assert entry.vehicle_id == reservation.vehicle_id
            assert entry.start_at < entry.end_at

    @invariant()
    def every_step_was_published_once(self) -> None:
        steps = sum(one.version for one in self.world.shelf.reservations.values())
        assert len(self.world.shelf.events) == steps - self.picked_up

    @invariant()
    def every_reservation_was_confirmed(self) -> None:
        shelf = self.world.shelf
        done = [one for one in shelf.proposals.values() if one.status == "carried_out"]
        assert len(shelf.used) == len(done)
        assert {one.reservation_id for one in shelf.reservations.values()} == {
            str((one.result or {})["reservation_id"]) for one in done
        }


TestMarket = Market.TestCase
TestMarket.settings = settings(
    max_examples=120, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
)
