"""Time and names that repeat: a clock that moves only when told, ids from a seed."""

import random
from datetime import datetime, timedelta

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"


class Clock:
    """Stands still. Call it for the time (aware UTC); move it forward with `advance`."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        """Later by this much; never earlier."""
        self.now += max(by, timedelta())


class Ids:
    """`new("rsv")` is `rsv_7k2m9q`, the same row of ids for the same seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def __call__(self, prefix: str) -> str:
        return f"{prefix}_{''.join(self._random.choices(LETTERS, k=8))}"
