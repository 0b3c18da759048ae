"""Asking for a person: proposed, confirmed, then seen by staff only."""

import pytest
from customer_fakes import World

from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.support.policy import LONGEST_SUMMARY
from nimrod.domain.customer.support.service import list_handovers
from nimrod.domain.shared.errors import BadInput, NotAllowed
from nimrod.domain.shared.proposals import Proposal


def propose(world: World, summary: str = "The brake is loose") -> Proposal:
    request = world.request(conversation_id="con_1")
    return service.propose_handover(summary, request=request, store=world.store)


def test_a_confirmed_handover_reaches_the_staff(world: World) -> None:
    done = world.confirm(propose(world))
    (handover,) = list_handovers(world.request("otto", role="field_operator"), world.store)
    assert (handover.summary, handover.customer_id, handover.conversation_id) == (
        "The brake is loose",
        "per_mia",
        "con_1",
    )
    assert (done.result or {})["handover_id"] == handover.handover_id


def test_the_event_does_not_carry_the_customers_words(world: World) -> None:
    world.confirm(propose(world))
    (event,) = world.shelf.events
    assert event.type == "handover.requested"
    assert "The brake is loose" not in str(event.body)


def test_an_unconfirmed_handover_is_seen_by_nobody(world: World) -> None:
    propose(world)
    assert list_handovers(world.request("otto", role="fleet_manager"), world.store) == []


@pytest.mark.parametrize("role", ["customer", "analyst", "engineer"])
def test_only_staff_reads_handovers(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        list_handovers(world.request(role=role), world.store)


@pytest.mark.parametrize("summary", ["", "  \n ", "\x00\x07", "x" * (LONGEST_SUMMARY + 1)])
def test_an_empty_or_endless_summary_is_bad_input(world: World, summary: str) -> None:
    with pytest.raises(BadInput):
        propose(world, summary)


def test_control_characters_are_left_out(world: World) -> None:
    assert propose(world, " a\x1b[31mb\nc ").arguments["summary"] == "a[31mb\nc"
