"""Which language a message is in: by its letters and its small words. Sure of it, or not said."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nimrod.agents.local_model.grammar.lexicon import read_data

SCRIPTS = (
    ("uk", re.compile(r"[іїєґ]", re.I)),
    ("ru", re.compile(r"[а-яё]", re.I)),
    ("el", re.compile(r"[α-ω]", re.I)),
    ("ja", re.compile(r"[ぁ-んァ-ン]")),
    ("ko", re.compile(r"[가-힣]")),
    ("zh", re.compile(r"[一-鿿]")),
    ("ar", re.compile(r"[ء-ي]")),
    ("he", re.compile(r"[א-ת]")),
    ("hi", re.compile(r"[अ-ह]")),
    ("th", re.compile(r"[ก-ฮ]")),
)


@dataclass(frozen=True, slots=True)
class Tongue:
    """`reads` is the language whose grammar and bank read the message, `speaks` the one it is answered in."""

    reads: str
    speaks: str


@cache
def _marks() -> dict[str, tuple[frozenset[str], str]]:
    """Small words and letters of every language we can tell apart."""
    found = {}
    for folder in sorted(files("nimrod.agents.local_model").joinpath("data").iterdir(), key=lambda p: p.name):
        data = read_data(folder.name, "language")
        if data:
            found[folder.name] = (frozenset(str(w) for w in data.get("words", ())), str(data.get("letters", "")))
    return found


@cache
def knows(language: str) -> bool:
    """Whether the language has a bank and a grammar of its own."""
    return bool(read_data(language, "bank")) and bool(read_data(language, "words"))


def detect(text: str, skip: tuple[str, ...] = ()) -> str:
    """The language code, or "" when the words do not tell."""
    for name, script in SCRIPTS:
        if len(script.findall(text)) >= 2 or (script.search(text) and len(text) < 4):
            return name
    lowered = text.casefold()
    for name in skip:
        lowered = lowered.replace(name.casefold(), " ")
    words = re.findall(r"[^\W\d_]+", lowered)
    scores = {}
    for language, (known, letters) in _marks().items():
        hits = sum(w in known for w in words)
        scores[language] = hits + 0.6 * sum(any(c in letters for c in w) for w in words)
    best = max(scores, key=lambda k: (scores[k], k == "en"), default="")
    if not best or scores[best] <= 0:
        return ""
    rivals = [v for k, v in scores.items() if k != best]
    is_sure = scores[best] >= 1.5 or len(words) <= 2  # one small word of a longer message proves nothing
    return best if is_sure and scores[best] > max(rivals, default=0) else ""


def language_of(text: str, usual: str, places: tuple[str, ...]) -> Tongue:
    """How to read and answer this message; `usual` is the language spoken so far, or the person's own."""
    found = detect(text, places)
    language = found or (usual if knows(usual) else "en")
    return Tongue(language if knows(language) else "en", language)
