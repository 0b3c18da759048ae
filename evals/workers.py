"""Several processes share the cases; each builds the service itself, named as `module:function`."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from os import cpu_count
from time import perf_counter
from typing import Literal

from nimrod.evals.form.loader import Loaded
from nimrod.evals.results import RunResult, joined
from nimrod.evals.stage.service import Builder
from nimrod.evals.stage.stage import LOCAL, Model

WORTH_SHARING = 16  # cases; below it starting another process costs more than it saves
Done = Callable[[str, bool], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with a share of the cases."""

    what: Literal["run", "prove"]
    service: str = "nimrod.app:build"
    model: Model = LOCAL
    repeat: int = 1
    chances: int = 3


def find_builder(name: str) -> Builder:
    """The builder behind `module:function`."""
    module, _, function = name.partition(":")
    builder: Builder = getattr(import_module(module), function)
    return builder


def carry(cases: Sequence[Loaded], order: Order, *, jobs: int = 0, done: Done | None = None) -> RunResult:
    """Do it in this process, or in `jobs` of them (0: as many as pay, at most the cores)."""
    began = perf_counter()
    count = jobs or (min(4, cpu_count() or 1) if len(cases) * order.repeat >= WORTH_SHARING else 1)
    count = max(1, min(count, len(cases)))
    if count == 1:
        return share(cases, order, done)
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(share, [cases[i::count] for i in range(count)], [order] * count))
    for part in parts:
        for case in part.cases:
            if done:
                done(case.id, case.passed)
    return joined(parts, [one.case.id for one in cases], perf_counter() - began)


def share(cases: Sequence[Loaded], order: Order, done: Done | None = None) -> RunResult:
    """One worker's share. Faults are part of the play, so what the service logs about them is not shown."""
    from nimrod.agents.local_model import warm_up
    from nimrod.evals.prove import prove
    from nimrod.evals.run import Bench, run

    build = find_builder(order.service)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        if order.what == "prove":
            return asyncio.run(prove(cases, build, chances=order.chances, done=done))
        warm_up()  # what the first person of a day waits for is not what a case measures
        return asyncio.run(run(cases, Bench(build, order.model), repeat=order.repeat, done=done))
    finally:
        logging.disable(before)
