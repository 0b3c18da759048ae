"""Finding by words: stems, and BM25 over them."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from unicodedata import combining, normalize

# Words that say nothing about the matter of a question.
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also am an and any anything are as at be been before being but by can could did do does doing
        don for from get gets getting give go going got had happen happens has have having he hello help her here hey hi
        him his how i id if im in into is it its ive just know let like ll m may me might must my need no not now of off
        on one or our out over please put re s say shall she should so some t tell than thank thanks that the their them
        then there these they thing this those to too up us use used using ve want was we were what when where which
        while who whom whose why will with would you your yours d
        """,
    )
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ions", "ion", "ied", "ies", "ers", "er", "ed", "es", "s", "e", "y")
_LEAST_STEM = 3
_K1, _B = 1.4, 0.6


def stems(text: str) -> list[str]:
    """The telling words of a text, cut to their stems; bare numbers tell nothing."""
    plain = normalize("NFKD", text.lower().replace("'", ""))
    words = re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not combining(letter)))
    return [_stem(word) for word in words if word not in _EMPTY and not word.isdigit()]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            stem = word.removesuffix(ending)
            return stem[:-1] if len(stem) > _LEAST_STEM and stem[-1] == stem[-2] else stem
    return word


@dataclass(frozen=True)
class WordIndex:
    """BM25 over a fixed list of texts."""

    counts: tuple[Counter[str], ...]
    weights: dict[str, float]
    mean_length: float

    @classmethod
    def over(cls, texts: Sequence[str]) -> "WordIndex":
        """The index of these texts."""
        counts = tuple(Counter(stems(text)) for text in texts)
        seen = Counter(stem for count in counts for stem in count)
        weights = {stem: log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for stem, n in seen.items()}
        return cls(counts, weights, sum(count.total() for count in counts) / max(1, len(counts)))

    def scores(self, question: str) -> list[float]:
        """For each text from 0 to 1: the share of the question it covers; unknown words weigh as the rarest."""
        asked = set(stems(question))
        rarest = max(self.weights.values(), default=1.0)
        whole = sum(self.weights.get(stem, rarest) for stem in asked) * (_K1 + 1)
        return [self._score(asked, count) / whole if whole else 0.0 for count in self.counts]

    def _score(self, asked: set[str], count: Counter[str]) -> float:
        length = _K1 * (1 - _B + _B * count.total() / self.mean_length)
        return sum(
            self.weights[stem] * count[stem] * (_K1 + 1) / (count[stem] + length) for stem in asked if count[stem]
        )
