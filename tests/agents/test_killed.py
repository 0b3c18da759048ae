"""`kill -9` anywhere between confirm and reply: exactly one hold, and the conversation goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

from nimrod.tests.agents.world import World, caller, says

POINTS = (
    "graph.before", "hear.before", "act.before", "act.after",
    "turn.before", "turn.after", "speak.before", "speak.after",
)  # fmt: skip


@pytest.fixture(scope="module")
def graves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder a point, each left behind by a process that was killed there."""
    folder = tmp_path_factory.mktemp("killed")
    program = [sys.executable, str(Path(__file__).with_name("killed_process.py")), str(folder), *POINTS]
    told = subprocess.run(program, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == [word for point in POINTS for word in (point, "9")]
    return folder


@pytest.mark.parametrize("point", POINTS)
async def test_after_a_kill_there_is_one_hold_and_the_talk_goes_on(graves: Path, point: str) -> None:
    folder = graves / point
    talk, card = (folder / "talk.txt").read_text().split()
    world = World(folder)
    world.script.then(*[says("Held for you.")] * 3)
    async with world.conversations:
        _, messages, pending = await world.conversations.read(talk, caller())
        if pending:
            assert point == "graph.before"
        await world.hear(world.conversations.confirm(talk, card, caller()))
        _, messages, pending = await world.conversations.read(talk, caller())
        assert pending == []
        assert len(world.reservations()) == 1
        assert [one.role for one in messages] == ["user", "agent", "event", "agent"]
        assert messages[-1].text == "Held for you."
        assert (await world.say(talk, "thank you"))["reply"] == "Held for you."
    assert len(world.reservations()) == 1
    world.close()
