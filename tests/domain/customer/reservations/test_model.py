"""One table decides which moves are legal, for reservations and proposals alike."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest
from customer_fakes import NOON, World

from nimrod.domain.customer.reservations import model
from nimrod.domain.customer.reservations.errors import IllegalMove
from nimrod.domain.customer.reservations.model import MOVES, OPEN, Reservation
from nimrod.domain.shared import proposals
from nimrod.domain.shared.proposals import ProposalClosed

RESERVATION = Reservation("rsv_1", "per_mia", "helsinki", "car_1", "car", "held", NOON, NOON, None, NOON, None, "EUR")
LEGAL = {
    ("held", "active"), ("held", "cancelled"), ("held", "expired"), ("booked", "active"), ("booked", "cancelled"),
    ("booked", "no_show"), ("active", "ended"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), list(product(get_args(model.State), repeat=2)))
def test_a_reservation_makes_only_legal_moves_and_each_is_a_new_version(old: str, new: str) -> None:
    reservation = replace(RESERVATION, state=old)
    if (old, new) in LEGAL:
        moved = reservation.to(new)
        assert (moved.state, moved.version) == (new, 2)
    else:
        with pytest.raises(IllegalMove) as refused:
            reservation.to(new)
        assert refused.value.facts == {"reservation_id": "rsv_1", "state": old, "wanted": new}


def test_an_open_reservation_is_one_that_can_still_move() -> None:
    assert set(MOVES) == OPEN


@pytest.mark.parametrize(("old", "new"), list(product(get_args(proposals.Status), repeat=2)))
def test_a_proposal_leaves_pending_once_and_never_moves_again(world: World, old: str, new: str) -> None:
    proposal = replace(world.propose_book(), status=old)
    if old == "pending" != new:
        assert proposal.to(new).status == new
    else:
        with pytest.raises(ProposalClosed):
            proposal.to(new)
