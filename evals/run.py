"""Play cases with the agent under test and judge them: a pydantic-evals data set, one fresh world a case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from pydantic_evals import Case as EvalCase
from pydantic_evals import Dataset
from pydantic_evals.reporting import EvaluationReport, ReportCase, ReportCaseFailure

from nimrod.evals.form.loader import Loaded
from nimrod.evals.oracles.evaluators import ORACLES, Played
from nimrod.evals.oracles.verdict import verdict
from nimrod.evals.play.actors import AgentActor
from nimrod.evals.play.player import play
from nimrod.evals.results import CaseResult, RunResult
from nimrod.evals.stage.service import Builder
from nimrod.evals.stage.stage import LOCAL, Model, Stage, sweep_up

Done = Callable[[str, bool], None]
Report = EvaluationReport[Loaded, Played, None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What is under test: how to build the service, and the model it speaks with."""

    build: Builder
    model: Model = LOCAL

    async def play_agent(self, loaded: Loaded) -> Played:
        """One run of one case on a world of its own."""
        case = loaded.case
        needs_faults = case.breaks_the_model or any(fault.model for fault in loaded.world.faults)
        with TemporaryDirectory(prefix="nimrod-eval-") as folder:
            stage = Stage(
                loaded.world, Path(folder), self.build, seed=case.id, model=self.model, through_faults=needs_faults
            )
            async with stage:
                episode = await play(case, stage, AgentActor(stage, case.agent))
                return Played(episode, verdict(case, episode, stage.city))


async def run(cases: Sequence[Loaded], bench: Bench, *, repeat: int = 1, done: Done | None = None) -> RunResult:
    """Every case `repeat` times, one after another; `done(id, passed)` is called after each run."""
    began = perf_counter()

    async def task(loaded: Loaded) -> Played:
        played = await bench.play_agent(loaded)
        sweep_up()
        if done:
            done(loaded.case.id, not any(played.reasons.values()))
        return played

    dataset: Dataset[Loaded, Played, None] = Dataset(
        name="nimrod", cases=[EvalCase(name=one.case.id, inputs=one) for one in cases], evaluators=ORACLES
    )
    report = await dataset.evaluate(task, repeat=repeat, max_concurrency=1, progress=False)
    results = tuple(_result(one, report) for one in cases)
    facts = {"model": bench.model.name or "nimrod-local"}
    return RunResult(results, repeat, perf_counter() - began, "eval run", facts)


def _result(loaded: Loaded, report: Report) -> CaseResult:
    case = loaded.case
    runs = [one for one in report.cases if (one.source_case_name or one.name) == case.id]
    broken = [one for one in report.failures if (one.source_case_name or one.name) == case.id]
    failed = [one for one in runs if _reasons(one)]
    shown = next(iter([*failed, *runs]), None)
    reasons = [reason for one in failed[:1] for reason in _reasons(one)] + [_told(one) for one in broken[:1]]
    return CaseResult(
        id=case.id,
        file=loaded.file,
        line=loaded.line,
        harm=case.harm,
        split=case.split,
        tags=tuple(case.tags),
        runs=len(runs) + len(broken),
        passes=len(runs) - len(failed),
        errors=len(broken),
        reasons=tuple(reasons),
        trace=tuple(exchange.to_json() for exchange in shown.output.episode.exchanges) if shown else (),
        wall_s=sum(one.task_duration for one in runs),
    )


def _reasons(one: ReportCase[Loaded, Played, None]) -> list[str]:
    found = [reason for reasons in one.output.reasons.values() for reason in reasons]
    return found + [f"{failure.name}: {failure.error_message}" for failure in one.evaluator_failures]


def _told(failure: ReportCaseFailure[Loaded, Played, None]) -> str:
    return f"could not be played: {failure.error_message}"
