"""Sending a use case again when the database said busy."""

import time
from collections.abc import Callable
from typing import TypeVar

from nimrod.domain.shared.errors import Busy

T = TypeVar("T")


def again_when_busy(
    work: Callable[[], T], *, tries: int = 5, pause_s: float = 0.02, sleep: Callable[[float], None] = time.sleep
) -> T:
    """The result of `work`, done again after Busy with doubling pauses; raises Busy after the last try.

    `work` must be a whole use case: everything it wrote before Busy was rolled back.
    """
    for attempt in range(tries - 1):
        try:
            return work()
        except Busy:
            sleep(pause_s * 2**attempt)
    return work()
