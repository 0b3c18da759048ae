"""pass^k and the Wilson interval against worked examples."""

import pytest

from nimrod.evals.statistics import pass_hat, wilson


def test_pass_hat_is_the_chance_that_k_drawn_runs_all_passed() -> None:
    assert pass_hat(3, 4, 1) == 0.75
    assert pass_hat(3, 4, 2) == 0.5
    assert pass_hat(4, 4, 4) == 1
    assert pass_hat(3, 4, 4) == 0


def test_without_runs_nothing_passed() -> None:
    assert pass_hat(0, 0, 1) == 0
    assert wilson(0, 0) == (0, 1)


@pytest.mark.parametrize(
    ("passes", "runs", "low", "high"), [(10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (50, 100, 0.4038, 0.5962)]
)
def test_the_wilson_interval(passes: int, runs: int, low: float, high: float) -> None:
    assert wilson(passes, runs) == pytest.approx((low, high), abs=5e-5)
