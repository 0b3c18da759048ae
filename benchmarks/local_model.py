"""How long the local model thinks about a turn of a growing talk, beside the classifier alone on the same words.

`python benchmarks/local_model.py [--turns 40]`
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from typing import Any

from nimrod.agents.local_model import warm_up
from nimrod.agents.local_model.dialogue.history import read_history
from nimrod.agents.local_model.dialogue.playing import answer
from nimrod.agents.local_model.understanding.classifier import classifier
from nimrod.agents.local_model.understanding.masking import mask

CONTEXT = {"now": "2026-11-18T14:10:00+02:00", "time_zone": "Europe/Helsinki", "language": "en", "pending": []}
TOOLS = frozenset({"quote_ride"})


def words_of(turn: int) -> str:
    """What the person says in this turn; never twice the same."""
    return f"how much is a scooter for {turn + 5} minutes"


def talk(turns: int) -> list[dict[str, Any]]:
    """A talk that has come to this turn, the newest words last."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": f"<context>{json.dumps(CONTEXT)}</context>"}]
    for turn in range(turns):
        messages += [{"role": "user", "content": words_of(turn)}, {"role": "assistant", "content": "so much"}]
    return messages[:-1]


def milliseconds(work: Callable[[int], object], turns: int) -> Sequence[float]:
    """How long each turn took."""
    taken = []
    for turn in range(1, turns + 1):
        began = time.perf_counter()
        work(turn)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def by_the_model(turn: int) -> object:
    """The whole way: the history read and played again, the newest turn answered."""
    return answer(read_history(talk(turn)), TOOLS)


def by_the_classifier(turn: int) -> object:
    """The baseline: only what the newest words mean."""
    found = classifier("en")
    return found and found.guess(mask(words_of(turn + 1000), "en"))


def main() -> None:
    """Measure both and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=40)
    turns = max(2, parser.parse_args().turns)
    warm_up()
    for name, work in (("model", by_the_model), ("classifier alone", by_the_classifier)):
        taken = milliseconds(work, turns)
        print(f"{name:<17} median {median(taken):6.1f} ms   p95 {quantiles(taken, n=20)[-1]:6.1f} ms   ({turns} turns)")


if __name__ == "__main__":
    main()
