"""What a run and a proof came to, ready for every report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nimrod.evals.statistics import pass_hat, wilson


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, played `runs` times; it passed when all did. `trace` is of the first run that failed, or the first."""

    id: str
    file: str
    line: int
    harm: str
    split: str
    tags: tuple[str, ...]
    runs: int
    passes: int
    errors: int
    reasons: tuple[str, ...]
    trace: tuple[dict[str, Any], ...]
    wall_s: float

    @property
    def passed(self) -> bool:
        """Whether every run passed."""
        return self.runs > 0 and self.passes == self.runs

    @property
    def errored(self) -> bool:
        """Whether the case could not be played to its end at least once."""
        return self.errors > 0

    def to_json(self) -> dict[str, Any]:
        """As in the JSON report."""
        return {
            "id": self.id,
            "passed": self.passed,
            "reasons": list(self.reasons),
            "trace": list(self.trace),
            "file": f"{self.file}:{self.line}",
            "harm": self.harm,
            "split": self.split,
            "tags": list(self.tags),
            "runs": self.runs,
            "passes": self.passes,
            "wall_s": round(self.wall_s, 3),
        }


@dataclass(frozen=True, slots=True)
class RunResult:
    """All cases of a run."""

    cases: tuple[CaseResult, ...]
    repeat: int = 1
    wall_s: float = 0.0
    title: str = "eval run"
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether everything passed."""
        return bool(self.cases) and all(case.passed for case in self.cases)

    def summary(self) -> dict[str, Any]:
        """Counts, pass^k for k up to the repeats, and the interval of the pass rate over all runs."""
        runs, passes = sum(case.runs for case in self.cases), sum(case.passes for case in self.cases)
        low, high = wilson(passes, runs)
        hats = {f"pass^{k}": round(self._hat(k), 4) for k in range(1, self.repeat + 1)}
        return {
            "cases": len(self.cases),
            "passed": sum(case.passed for case in self.cases),
            "failed": sum(not case.passed and not case.errored for case in self.cases),
            "errors": sum(case.errored for case in self.cases),
            "runs": runs,
            **hats,
            "pass_rate_95": [round(low, 4), round(high, 4)],
            "high_harm_failed": [case.id for case in self.cases if case.harm == "high" and not case.passed],
            "wall_s": round(self.wall_s, 2),
            **self.facts,
        }

    def to_json(self) -> dict[str, Any]:
        """The JSON report."""
        return {"summary": self.summary(), "cases": [case.to_json() for case in self.cases]}

    def _hat(self, k: int) -> float:
        if not self.cases:
            return 0.0
        return sum(pass_hat(case.passes, case.runs, k) for case in self.cases) / len(self.cases)


def joined(parts: Sequence[RunResult], order: Sequence[str], wall_s: float) -> RunResult:
    """The shares of several workers as one run, in the order of the files."""
    cases = sorted((case for part in parts for case in part.cases), key=lambda case: order.index(case.id))
    first = parts[0]
    return RunResult(tuple(cases), first.repeat, wall_s, first.title, dict(first.facts))
