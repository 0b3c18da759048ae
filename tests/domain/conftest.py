"""Makes the fakes importable, and hands every test a fresh world."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "fakes"))

from customer_fakes import World

settings.register_profile("shared_machine", deadline=None)  # a busy machine is no reason to fail
settings.load_profile("shared_machine")


@pytest.fixture
def world() -> World:
    return World()
