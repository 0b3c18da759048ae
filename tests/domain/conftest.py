"""Makes the fakes importable, and hands every test a fresh world."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "fakes"))

from customer_fakes import World


@pytest.fixture
def world() -> World:
    return World()
