"""What became of a card that no longer waits."""

import pytest

from nimrod.web.client.views import ToolCall, Turn
from nimrod.web.pages.ride.card_board import became

CARRIED = ToolCall(name="carry_out", arguments={"proposal_id": "prp_1"}, result={"status": "carried_out"})
GONE = ToolCall(name="carry_out", arguments={"proposal_id": "prp_1"}, error={"code": "world_changed"})
OTHER = ToolCall(name="carry_out", arguments={"proposal_id": "prp_2"}, result={"status": "carried_out"})
FRESH = ToolCall(name="propose_booking", result={"proposal_id": "prp_3"})


@pytest.mark.parametrize(
    ("calls", "status"),
    [
        ((CARRIED,), "carried_out"),
        ((GONE,), "refused"),
        ((GONE, CARRIED), "carried_out"),
        ((GONE, FRESH), "refused"),
        ((FRESH,), "withdrawn"),
        ((OTHER,), "declined"),
        ((), "declined"),
    ],
)
def test_the_calls_of_the_turn_say_what_became_of_it(calls: tuple[ToolCall, ...], status: str) -> None:
    assert became("prp_1", Turn(conversation="cnv_1", tool_calls=calls)) == status
