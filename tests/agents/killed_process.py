"""Run as a program with a folder and points: at each point a process that asked and confirmed is killed."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from nimrod.tests.agents.world import World, caller, calls, carries_out, says


async def die_at(point: str, folder: Path) -> None:
    """Ask for a scooter, confirm it, and be killed at the point on the way to the reply."""
    armed = False

    def passed(here: str) -> None:
        if armed and here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    world = World(folder, passed=passed)
    world.script.then(calls("propose_hold", {"vehicle_id": "sc_0000"}), carries_out(), says("Held for you."))
    async with world.conversations:
        talk = world.conversations.create("booking", caller()).conversation_id
        asked = await world.say(talk, "a scooter now")
        card = asked["pending"][0]["proposal_id"]
        (folder / "talk.txt").write_text(f"{talk} {card}")
        armed = True
        await world.hear(world.conversations.confirm(talk, card, caller()))


if __name__ == "__main__":
    for name in sys.argv[2:]:
        child = os.fork()
        if child == 0:
            home = Path(sys.argv[1]) / name
            home.mkdir()
            asyncio.run(die_at(name, home))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(name, os.WTERMSIG(status) if os.WIFSIGNALED(status) else "alive", flush=True)
