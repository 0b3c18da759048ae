"""Toolsets are data that cannot contradict itself."""

import pytest

from nimrod.tools.customer import BOOKING
from nimrod.tools.toolset import Toolset


def test_what_waits_for_a_person_must_be_allowed() -> None:
    with pytest.raises(ValueError, match="carry_out"):
        Toolset(servers=("reservations",), allow=frozenset({"find_vehicles"}), confirm=frozenset({"carry_out"}))


@pytest.mark.parametrize("servers", [(), ("reservations", "reservations")])
def test_servers_are_named_once_and_there_is_one(servers: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="servers"):
        Toolset(servers=servers, allow=frozenset(), confirm=frozenset())


def test_the_booking_agent_acts_only_through_carry_out_and_never_declines_for_the_person() -> None:
    assert BOOKING.confirm == {"carry_out"}
    assert {"list_pending_proposals", "decline_proposal"}.isdisjoint(BOOKING.allow)
    assert BOOKING.servers[0] == "reservations"
