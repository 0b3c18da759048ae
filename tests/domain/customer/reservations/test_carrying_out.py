"""Nothing happens without a person's yes to exactly this; what happens, happens once."""

from dataclasses import replace

import pytest
from customer_fakes import World

from nimrod.domain.customer.reservations import service
from nimrod.domain.shared.city import Tariff
from nimrod.domain.shared.errors import Busy, KeyReused, NotAllowed, NotFound
from nimrod.domain.shared.proposals import (
    Grant,
    GrantMissing,
    GrantRefused,
    Proposal,
    ProposalClosed,
    WorldChanged,
)


def propose(world: World, vehicle_id: str = "scooter_1", who: str = "mia", **more: object) -> Proposal:
    return service.propose_hold(vehicle_id, pick_up_at=None, request=world.request(who, **more), store=world.store)


def carry_out(world: World, proposal: Proposal, grant: Grant | None, who: str = "mia", **more: object) -> Proposal:
    return service.carry_out(proposal.proposal_id, grant=grant, request=world.request(who, **more), store=world.store)


def nothing_happened(world: World) -> bool:
    shelf = world.shelf
    return (shelf.reservations, shelf.entries, shelf.events, shelf.handovers) == ({}, {}, [], {})


def test_a_confirmed_hold_keeps_the_vehicle_from_now_until_it_lapses(world: World) -> None:
    done = world.confirm(propose(world))
    held = world.reservation(done)
    entry = world.shelf.entries[held.reservation_id]
    assert (done.status, held.state, held.until_at) == ("carried_out", "held", world.at(minutes=15))
    assert (entry.start_at, entry.end_at) == (world.now, world.at(minutes=15))
    assert world.event_types() == ["reservation.held"]


def test_a_confirmed_booking_keeps_the_vehicle_from_start_to_end(world: World) -> None:
    booked = world.book(hours=(2, 4))
    entry = world.shelf.entries[booked.reservation_id]
    assert (entry.start_at, entry.end_at, booked.price_minor) == (world.at(hours=2), world.at(hours=4), 5240)
    assert world.event_types() == ["reservation.booked"]


def test_the_result_says_what_was_reserved_in_json(world: World) -> None:
    result = world.confirm(propose(world)).result or {}
    assert result["state"] == "held"
    assert result["until_at"] == "2026-11-23T12:15:00+00:00"
    assert all(value is None or isinstance(value, str | int) for value in result.values())


def test_without_a_grant_nothing_happens(world: World) -> None:
    with pytest.raises(GrantMissing):
        carry_out(world, propose(world), None)
    assert nothing_happened(world)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"proposal_id": "prp_other"}, "another_proposal"),
        ({"digest": "0" * 64}, "another_content"),
        ({"principal_id": "per_noah"}, "another_person"),
        ({"expires_at": World().now}, "expired"),
    ],
)
def test_a_grant_for_anything_else_is_refused(world: World, change: dict[str, object], reason: str) -> None:
    proposal = propose(world)
    with pytest.raises(GrantRefused) as refused:
        carry_out(world, proposal, world.grant(proposal, **change))
    assert refused.value.facts["reasons"] == [reason]
    assert nothing_happened(world)


def test_a_grant_for_one_card_does_not_carry_out_another(world: World) -> None:
    shown, wanted = propose(world, "scooter_1"), propose(world, "bike_1")
    with pytest.raises(GrantRefused) as refused:
        carry_out(world, wanted, world.grant(shown))
    assert refused.value.facts["reasons"] == ["another_proposal", "another_content"]


def test_a_grant_is_good_once(world: World) -> None:
    first, second = propose(world, "scooter_1"), propose(world, "bike_1")
    grant = world.grant(first)
    carry_out(world, first, grant)
    with pytest.raises(GrantRefused):
        carry_out(world, second, grant)
    with pytest.raises(GrantRefused) as used:
        carry_out(world, second, replace(grant, proposal_id=second.proposal_id, digest=second.digest))
    assert used.value.facts["reasons"] == ["used"]


def test_a_replayed_call_gives_the_first_result(world: World) -> None:
    proposal = propose(world)
    first = carry_out(world, proposal, world.grant(proposal))
    again = carry_out(world, proposal, world.grant(proposal))
    without_grant = carry_out(world, proposal, None)
    assert first == again == without_grant
    assert len(world.shelf.reservations) == 1
    assert world.event_types() == ["reservation.held"]


def test_another_persons_proposal_is_not_found(world: World) -> None:
    proposal = propose(world)
    with pytest.raises(NotFound):
        carry_out(world, proposal, world.grant(proposal), who="noah")
    with pytest.raises(NotFound):
        carry_out(world, proposal, world.grant(proposal, principal_id="per_noah"), who="noah")
    assert nothing_happened(world)


def test_another_role_cannot_carry_out(world: World) -> None:
    proposal = propose(world)
    with pytest.raises(NotAllowed):
        carry_out(world, proposal, world.grant(proposal), role="administrator")


def test_a_proposal_of_another_city_is_not_found_here(world: World) -> None:
    proposal = propose(world)
    with pytest.raises(NotFound):
        carry_out(world, proposal, world.grant(proposal), city=replace(world.city, city_id="prague"))
    assert world.shelf.proposals[proposal.proposal_id].status == "pending"


def test_after_its_ten_minutes_a_proposal_is_expired(world: World) -> None:
    proposal = propose(world)
    world.later(minutes=10)
    with pytest.raises(ProposalClosed) as refused:
        carry_out(world, proposal, world.grant(proposal))
    assert refused.value.facts["status"] == "expired"
    assert world.shelf.proposals[proposal.proposal_id].status == "expired"
    assert nothing_happened(world)


@pytest.mark.parametrize("close", [service.decline_proposal, service.withdraw_proposal])
def test_a_declined_or_withdrawn_proposal_stays_so_even_with_a_grant(world: World, close) -> None:
    proposal = propose(world)
    close(proposal.proposal_id, request=world.request(), store=world.store)
    with pytest.raises(ProposalClosed):
        carry_out(world, proposal, world.grant(proposal))
    assert nothing_happened(world)


def test_a_vehicle_taken_meanwhile_refuses_the_proposal_for_good(world: World) -> None:
    proposal = propose(world)
    world.hold("scooter_1", who="noah")
    with pytest.raises(WorldChanged) as refused:
        carry_out(world, proposal, world.grant(proposal))
    assert refused.value.facts["because"] == "already_promised"
    assert refused.value.facts["free_from"] == world.at(minutes=15)
    assert world.shelf.proposals[proposal.proposal_id].status == "refused"
    world.later(minutes=1)
    with pytest.raises(ProposalClosed):
        carry_out(world, proposal, world.grant(proposal))


def test_a_refusal_does_not_use_up_the_grant_or_leave_anything_behind(world: World) -> None:
    proposal = propose(world)
    world.add_vehicle("scooter_1", "scooter", state="non_operational")
    with pytest.raises(WorldChanged) as refused:
        carry_out(world, proposal, world.grant(proposal))
    assert refused.value.facts["because"] == "vehicle_unusable"
    assert nothing_happened(world)
    assert world.shelf.used == {}


def test_a_price_changed_meanwhile_is_not_charged(world: World) -> None:
    proposal = world.propose_book()
    dearer = replace(world.city, tariffs={**world.city.tariffs, "car": Tariff(200, 50)})
    with pytest.raises(WorldChanged) as refused:
        carry_out(world, proposal, world.grant(proposal), city=dearer)
    facts = refused.value.facts
    assert (facts["because"], facts["shown_minor"], facts["total_minor"]) == ("other_price", 5240, 6200)
    assert nothing_happened(world)


def test_another_model_under_the_same_id_is_another_vehicle(world: World) -> None:
    proposal = propose(world)
    world.add_vehicle("scooter_1", "scooter", model="something else")
    with pytest.raises(WorldChanged, match="other_terms"):
        carry_out(world, proposal, world.grant(proposal))


def test_two_proposals_for_one_vehicle_give_one_hold(world: World) -> None:
    mine, theirs = propose(world), propose(world, who="noah")
    world.confirm(mine)
    with pytest.raises(WorldChanged):
        world.confirm(theirs, "noah")
    assert [one.customer_id for one in world.shelf.reservations.values()] == ["per_mia"]


def test_a_confirmation_minutes_later_gives_what_was_shown(world: World) -> None:
    proposal = propose(world)
    world.later(minutes=9)
    held = world.reservation(world.confirm(proposal))
    assert held.until_at.isoformat() == proposal.preview.facts["until_at"]


def test_a_promise_that_lapsed_before_the_confirmation_is_refused() -> None:
    world = World()
    short = replace(world.city.rules["scooter"], hold_min=5)
    world.city = replace(world.city, rules={**world.city.rules, "scooter": short})
    proposal = propose(world)
    world.later(minutes=5)
    with pytest.raises(WorldChanged, match="in_the_past"):
        world.confirm(proposal)


def test_a_busy_database_leaves_the_proposal_pending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal = propose(world)
    grant = world.grant(proposal)
    with monkeypatch.context() as patch:
        patch.setattr("customer_fakes.MemoryTables.put_entry", lambda *_: (_ for _ in ()).throw(Busy()))
        with pytest.raises(Busy):
            carry_out(world, proposal, grant)
    assert carry_out(world, proposal, grant).status == "carried_out"


def test_a_key_used_for_another_proposal_is_refused(world: World) -> None:
    first, second = propose(world, "scooter_1"), propose(world, "bike_1")
    carry_out(world, first, world.grant(first), key="k1")
    assert carry_out(world, first, None, key="k1").status == "carried_out"
    with pytest.raises(KeyReused):
        carry_out(world, second, world.grant(second), key="k1")


def test_the_loser_of_a_race_on_the_grant_gets_the_first_result(world: World) -> None:
    proposal = propose(world)
    grant = world.grant(proposal)
    winner = carry_out(world, proposal, grant)

    class Late:
        """A store whose first write still sees the proposal pending, as a reader beside the winner does."""

        stale = True

        def reading(self):
            return world.store.reading()

        def writing(self):
            if self.stale:
                self.stale = False
                world.shelf.proposals[proposal.proposal_id] = proposal
                transaction = world.store.writing()
                tables = transaction.__enter__()
                world.shelf.proposals[proposal.proposal_id] = winner
                return _Given(tables)
            return world.store.writing()

    assert service.carry_out(proposal.proposal_id, grant=grant, request=world.request(), store=Late()) == winner
    assert len(world.shelf.reservations) == 1


class _Given:
    def __init__(self, tables: object) -> None:
        self.tables = tables

    def __enter__(self) -> object:
        return self.tables

    def __exit__(self, *_: object) -> None:
        return None
