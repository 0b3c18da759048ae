"""Words of one language as codes: `tomorrow` is D1, `scoter` is Vscooter. The words: `data/<language>/words.yaml`."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

FUZZY = ("V", "D1", "W")  # codes whose words may carry a typing error
MIN_FUZZY = 5


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of the text with the code the grammar reads; `start`/`end` are offsets into the text."""

    code: str
    text: str
    start: int
    end: int


def plain(text: str) -> str:
    """Case-folded, without diacritics, apostrophes made straight; the same length as the text is not promised."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in folded if not unicodedata.combining(c))


class Lexicon:
    """The phrases of a language, found longest first."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.half_to = data.get("half_means", "past") == "to"
        self.fillers = frozenset(plain(str(w)) for w in data.get("fillers", ()))
        self.here_words = frozenset(plain(str(w)) for w in data.get("here_words", ()))
        self.place_after = tuple(plain(str(w)) for w in data.get("place_after", ()))
        self.no_place_after = frozenset(plain(str(w)) for w in data.get("no_place_after", ()))
        self.parking = frozenset(plain(str(w)) for w in data.get("parking", ()))
        self.not_in = frozenset(plain(str(w)) for w in data.get("not_in", ()))
        self.place_stops = frozenset(plain(str(w)) for w in data.get("place_stops", ()))
        self.short_forms = {plain(str(k)): plain(str(v)) for k, v in data.get("short_forms", {}).items()}
        self._phrases: dict[str, tuple[str, ...]] = {}
        self._stems: list[tuple[str, tuple[str, ...]]] = []
        for number, words in data.get("numbers", {}).items():
            self._add(f"N{number}w", words)
        for code, words in data.get("words", {}).items():
            self._add(str(code), words)
        self._stems.sort(key=lambda pair: -len(pair[0]))
        self.longest = max((p.count(" ") + 1 for p in self._phrases), default=1)
        self._spelled = [
            (p, c) for p, c in self._phrases.items() if c[0].startswith(FUZZY) and " " not in p and len(p) >= MIN_FUZZY
        ]

    def _add(self, code: str, words: list[str]) -> None:
        for word in words:
            phrase = " ".join(re.sub(r"([-.])", r" \1 ", plain(str(word))).split())
            if phrase.endswith("*"):
                self._stems.append((phrase[:-1], tuple(code.split())))
            else:
                self._phrases.setdefault(phrase, tuple(code.split()))

    def find(self, phrase: str) -> tuple[str, ...] | None:
        """The codes of exactly this phrase (already plain), or None."""
        return self._phrases.get(phrase)

    def find_stem(self, word: str) -> tuple[str, ...] | None:
        """The codes of the longest stem the word begins with."""
        return next((codes for stem, codes in self._stems if word.startswith(stem)), None)

    def find_misspelled(self, word: str) -> tuple[str, ...] | None:
        """The codes of a word one slip of the finger away (two in long words)."""
        if len(word) < MIN_FUZZY or word in self.fillers:
            return None
        allowed = 2 if len(word) >= 8 else 1
        close = [
            (distance(word, p), p, c)
            for p, c in self._spelled
            if abs(len(p) - len(word)) <= allowed and p[0] == word[0]
        ]
        best = min(close, default=None, key=lambda row: row[:2])
        return best[2] if best and best[0] <= allowed else None


@lru_cache(maxsize=4096)
def distance(a: str, b: str) -> int:
    """Typing errors between two words: insert, leave out, swap for another, swap neighbours."""
    rows: list[list[int]] = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def read_data(language: str, name: str) -> dict[str, Any]:
    """One data file of one language, empty when the language has none of that name."""
    path = files("nimrod.agents.local_model").joinpath("data", language, f"{name}.yaml")
    if not path.is_file():
        return {}
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return dict(loaded or {})


@cache
def lexicon(language: str) -> Lexicon:
    """The words of the language, with the English vehicle names besides: people mix them in."""
    data = read_data(language, "words")
    if language != "en":
        english = read_data("en", "words")["words"]
        words = {code: list(phrases) for code, phrases in data.get("words", {}).items()}
        for code in ("Vscooter", "Vbike"):
            words[code] = words.get(code, []) + english[code]
        data = {**data, "words": words}
    return Lexicon(data)
