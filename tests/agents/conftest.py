"""A world per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nimrod.tests.agents.world import World, caller


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """An open world with a scripted model."""
    made = World(tmp_path)
    async with made.conversations:
        yield made
    made.close()


@pytest.fixture
def talk(world: World) -> str:
    """A fresh conversation of Mia's."""
    return world.conversations.create("booking", caller()).conversation_id
