"""The oracles as pydantic-evals evaluators: one assertion each, with its reasons."""

from dataclasses import dataclass

from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from nimrod.evals.form.loader import Loaded
from nimrod.evals.play.episode import Episode


@dataclass
class Played:
    """What the task gives to its evaluators: the episode and every oracle's reasons."""

    episode: Episode
    reasons: dict[str, list[str]]


Context = EvaluatorContext[Loaded, Played, None]


def _said(ctx: Context, oracle: str) -> EvaluationReason:
    reasons = ctx.output.reasons[oracle]
    return EvaluationReason(not reasons, "; ".join(reasons))


@dataclass
class EndState(Evaluator[Loaded, Played, None]):
    """The databases at the end, and the invariants."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        return _said(ctx, "state")


@dataclass
class TraceRules(Evaluator[Loaded, Played, None]):
    """What was called, in which order, with which ids."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        return _said(ctx, "trace")


@dataclass
class FactsSaid(Evaluator[Loaded, Played, None]):
    """What reached the person."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        return _said(ctx, "said")


ORACLES: tuple[Evaluator[Loaded, Played, None], ...] = (EndState(), TraceRules(), FactsSaid())
