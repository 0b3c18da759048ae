"""Prove that cases judge well: the right answer passes, doing nothing fails, chance fails."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from nimrod.evals.form.case import Case
from nimrod.evals.form.loader import Loaded
from nimrod.evals.oracles.verdict import verdict
from nimrod.evals.play.actors import IDLERS, Actor, Idle
from nimrod.evals.play.chance import ChanceActor
from nimrod.evals.play.episode import Episode
from nimrod.evals.play.gold import BadReference, GoldActor
from nimrod.evals.play.player import play
from nimrod.evals.results import CaseResult, RunResult
from nimrod.evals.stage.service import Builder
from nimrod.evals.stage.stage import Stage, sweep_up

CHANCES = 3
Judged = tuple[Episode, list[str]]


async def prove(
    cases: Sequence[Loaded], build: Builder, *, chances: int = CHANCES, done: Callable[[str, bool], None] | None = None
) -> RunResult:
    """One result a case; its reasons say why the case proves nothing."""
    began = perf_counter()
    results: list[CaseResult] = []
    for loaded in cases:
        results.append(await _prove_one(loaded, build, chances))
        sweep_up()
        if done:
            done(loaded.case.id, results[-1].passed)
    return RunResult(tuple(results), 1, perf_counter() - began, "eval prove")


async def _prove_one(loaded: Loaded, build: Builder, chances: int) -> CaseResult:
    case, began = loaded.case, perf_counter()
    reasons: list[str] = []
    try:
        gold, why = await _played(loaded, build, lambda stage: GoldActor(stage, case=case))
        trace = tuple(exchange.to_json() for exchange in gold.exchanges)
        reasons += [f"the right answer fails: {reason}" for reason in why]
    except (BadReference, LookupError) as broken:
        trace, reasons = (), [f"the right answer cannot be played: {broken}"]
    reasons += [f"an actor that {name} passes" for name in await _idlers_that_pass(loaded, build)]
    for number in range(chances):
        seed = f"{case.id}/{number}"
        _, why = await _played(loaded, build, lambda stage, seed=seed: ChanceActor(stage, seed=seed))  # type: ignore[misc]
        if not why:
            reasons.append(f"a random actor passes (seed {seed})")
    return CaseResult(
        id=case.id,
        file=loaded.file,
        line=loaded.line,
        harm=case.harm,
        split=case.split,
        tags=tuple(case.tags),
        runs=1,
        passes=int(not reasons),
        errors=0,
        reasons=tuple(reasons),
        trace=trace,
        wall_s=perf_counter() - began,
    )


async def _idlers_that_pass(loaded: Loaded, build: Builder) -> list[str]:
    """One play is enough for all of them: they differ only in their words."""
    found: list[str] = []
    with TemporaryDirectory(prefix="nimrod-prove-") as folder:
        async with Stage(loaded.world, Path(folder), build, seed=loaded.case.id, faultless=True) as stage:
            episode = await play(loaded.case, stage, IDLERS[0])
            for idler, words in _with_words(episode, IDLERS):
                if not any(verdict(loaded.case, words, stage.city).values()):
                    found.append(idler.name)
    return found


def _with_words(episode: Episode, idlers: Sequence[Idle]) -> Iterator[tuple[Idle, Episode]]:
    for idler in idlers:
        exchanges = [
            replace(one, reply=one.sent if idler.words is None else idler.words) if one.action == "say" else one
            for one in episode.exchanges
        ]
        yield idler, replace(episode, exchanges=exchanges)


async def _played(loaded: Loaded, build: Builder, actor_on: Callable[[Stage], Actor]) -> Judged:
    case: Case = loaded.case
    with TemporaryDirectory(prefix="nimrod-prove-") as folder:
        async with Stage(loaded.world, Path(folder), build, seed=case.id, faultless=True) as stage:
            episode = await play(case, stage, actor_on(stage))
            return episode, [why for reasons in verdict(case, episode, stage.city).values() for why in reasons]
