"""Filling empty databases with the demo world, with a word about the progress."""

import time
from collections.abc import Callable
from typing import Any

Say = Callable[[str], None]


def fill_when_empty(nimrod: Any, scale: str, say: Say) -> bool:
    """Seed the world unless there are people already; True when it was seeded."""
    with nimrod.stores.platform.reading() as tables:
        if tables.list_people():
            return False
    from nimrod.platform.seeding.service import Stores, seed

    say(f"First start: filling the databases with {', '.join(nimrod.cities)} ({scale}) ...")
    began = time.perf_counter()
    seeded = seed(
        scale,
        nimrod.cities,
        rng_seed=nimrod.settings.seed_number,
        now=nimrod.clock(),
        stores=Stores(
            customer=nimrod.stores.customer,
            operations=nimrod.stores.operations,
            platform=nimrod.stores.platform,
            data=nimrod.stores.data,
        ),
    )
    counts = ", ".join(f"{count} {what}" for what, count in seeded.counts.items())
    say(f"Filled in {time.perf_counter() - began:.1f} s: {counts}.")
    return True
