"""Faults come when they are due and look as in real life."""

import httpx2
import pytest

from nimrod.evals.form.world import Fault
from nimrod.evals.stage.model_faults import Faults, answer_wrongly

REQUEST = httpx2.Request("POST", "http://model.test/v1/chat/completions")


def test_a_fault_waits_for_its_turn_and_ends() -> None:
    faults = Faults([Fault(model=True, kind="500", after=1, times=2), Fault(tool="carry_out", kind="timeout")])
    assert [faults.next_for() for _ in range(4)] == [None, "500", "500", None]
    assert [faults.next_for(tool="carry_out") for _ in range(2)] == ["timeout", None]
    assert faults.next_for(tool="find_bays") is None


@pytest.mark.parametrize("kind", ["timeout", "error"])
async def test_some_faults_are_no_answer_at_all(kind: str) -> None:
    with pytest.raises(httpx2.TransportError):
        await answer_wrongly(kind, REQUEST, stream=True)  # type: ignore[arg-type]


@pytest.mark.parametrize("stream", [True, False])
async def test_half_an_answer_breaks_off(*, stream: bool) -> None:
    answer = await answer_wrongly("half_stream", REQUEST, stream=stream)
    with pytest.raises(httpx2.RemoteProtocolError):
        await answer.aread()


async def test_nonsense_is_well_formed() -> None:
    answer = await answer_wrongly("unknown_tool", REQUEST, stream=False)
    assert answer.json()["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "delete_everything"
    streamed = await answer_wrongly("invents_price", REQUEST, stream=True)
    assert (await streamed.aread()).decode().endswith("data: [DONE]\n\n")
