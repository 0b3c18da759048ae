"""A grant is good for exactly what the person saw."""

from dataclasses import replace
from datetime import timedelta

import pytest
from customer_fakes import World
from hypothesis import given
from hypothesis import strategies as st

from nimrod.domain.shared.proposals import GrantRefused, check_grant

TEXT = st.text(max_size=12)


@given(grant_proposal=TEXT, digest=TEXT, person=TEXT, seconds=st.integers(-1000, 1000))
def test_only_the_exact_grant_in_time_passes(grant_proposal: str, digest: str, person: str, seconds: int) -> None:
    world = World()
    proposal = world.propose_book()
    exact = world.grant(proposal)
    for changes in (
        {"proposal_id": grant_proposal}, {"digest": digest}, {"principal_id": person},
        {"expires_at": world.now - timedelta(seconds=abs(seconds))},
    ):  # fmt: skip
        with pytest.raises(GrantRefused):
            check_grant(replace(exact, **changes), proposal, principal_id="per_mia", now=world.now)
    assert check_grant(exact, proposal, principal_id="per_mia", now=world.now) == exact


def test_every_shown_fact_is_part_of_the_digest(world: World) -> None:
    proposal = world.propose_book()
    preview = proposal.preview
    others = [
        replace(proposal, preview=replace(preview, total_minor=1)),
        replace(proposal, preview=replace(preview, facts={**preview.facts, "end_at": None})),
        replace(proposal, preview=replace(preview, lines=preview.lines[1:])),
        replace(proposal, preview=replace(preview, loses=("cancel_fee",))),
        replace(proposal, arguments={**proposal.arguments, "vehicle_id": "car_2"}),
        replace(proposal, principal_id="per_noah"),
        replace(proposal, world="other"),
    ]
    assert proposal.digest not in {other.digest for other in others}
    assert len({other.digest for other in others}) == len(others)
