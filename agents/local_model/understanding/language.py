"""Which language a message is in: by its letters and its small words. Sure of it, or not said."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nimrod.agents.local_model.grammar.lexicon import plain, read_data

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


LETTERS = re.compile(r"[^\W\d_]+")
READ = ("en", "fi", "sv", "cs")
EVERYWHERE = frozenset(LETTERS.findall("ok okay info test super taxi stop auto scooter bike min h km pm am hi"))


@cache
def _vocabulary(language: str) -> frozenset[str]:
    """Every word that the examples and the grammar of the language use."""
    data = read_data(language, "words")
    phrases = [text for texts in read_data(language, "bank").values() for text in texts]
    for group in (*data.get("words", {}).values(), *data.get("numbers", {}).values()):
        phrases += group
    phrases += [word for key in ("affirm", "deny", "polite", "place_stops", "fillers") for word in data.get(key, ())]
    phrases += read_data(language, "language").get("words", ())
    return frozenset(LETTERS.findall(plain(" ".join(map(str, phrases))))) - EVERYWHERE


def _familiar(text: str, usual: str, skip: tuple[str, ...]) -> str:
    """The language whose words are in the message though none of the usual one's are; else the usual language."""
    said = plain(text)
    for name in skip:
        said = said.replace(plain(name), " ")
    words = set(LETTERS.findall(said))
    own = words & _vocabulary(usual)
    strange = {other: words & _vocabulary(other) for other in READ if other != usual}
    other = max(strange, key=lambda name: len(strange[name] - own))
    least = 1 if other == "en" else 2  # everybody knows some English; a single other word may be a slip
    known = len(strange[other] - own)
    return other if known >= least and known > len(own - strange[other]) else usual


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
    if not knows(best) and scores[best] < 1.5 and _vocabulary("en") & set(words):
        return ""  # nobody is told "I do not read that" for one word
    return best if is_sure and scores[best] > max(rivals, default=0) else ""


def language_of(text: str, usual: str, places: tuple[str, ...]) -> Tongue:
    """How to read and answer this message; `usual` is the language spoken so far, or the person's own."""
    found = detect(text, places)
    usual = usual if knows(usual) else "en"
    language = found or _familiar(text, usual, places)
    return Tongue(language if knows(language) else "en", language)
