"""How sure a result is: pass^k and the Wilson interval."""

from math import comb, sqrt

Z95 = 1.959964  # two-sided 95 %


def pass_hat(passes: int, runs: int, k: int) -> float:
    """Chance that k runs drawn from these all pass; 0 when there are fewer than k. Source: tau-bench's pass^k."""
    return comb(passes, k) / comb(runs, k) if 0 < k <= runs else 0.0


def wilson(passes: int, runs: int, z: float = Z95) -> tuple[float, float]:
    """Lower and upper bound of the pass rate; (0, 1) without runs."""
    if runs == 0:
        return 0.0, 1.0
    rate, spread = passes / runs, z * z / runs
    middle = (rate + spread / 2) / (1 + spread)
    half = z * sqrt(rate * (1 - rate) / runs + spread / (4 * runs)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
