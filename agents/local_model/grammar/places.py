"""Place names in a text: known ones (with typing errors), else what stands after `near`, `from`, `at`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nimrod.agents.local_model.grammar.lexicon import Lexicon, Term, distance, plain
from nimrod.agents.local_model.grammar.terms import TOKEN

LONGEST = 4
MOST_CHARS = 60
SKIPPED = {"THE", "A"}
OPENERS = {"NEARP", "FROM", "AT", "NEAR", "IN"}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place as meant: the known name or the person's own words; where it stood in the text."""

    name: str
    start: int
    end: int
    known: bool


def names_in(context: Mapping[str, Any]) -> tuple[str, ...]:
    """Everything places are called, as the context tells it: their names first, then their other names."""
    places, aliases = context.get("places"), context.get("aliases")
    names = [str(p) for p in places] if isinstance(places, list) else []
    for others in aliases.values() if isinstance(aliases, dict) else ():
        names += [str(other) for other in others] if isinstance(others, list) else []
    return tuple(dict.fromkeys(names))


@lru_cache(maxsize=64)
def _folded(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The names beside how they compare."""
    return tuple((name, plain(name).replace("-", " ")) for name in names)


def known_place(
    text: str, names: Sequence[str], terms: Sequence[Term], words: Lexicon, *, inflected: bool = False
) -> Spot | None:
    """The place of the list that the text names best, or None; the longest name wins."""
    said_words = [(m.group(), m.start(), m.end()) for m in TOKEN.finditer(text) if m.lastgroup == "word"]
    taken = {t.start for t in terms if t.code[0] in "VQKDWT" and t.code != "THE"}
    folded = _folded(tuple(names))
    best: tuple[float, Spot] | None = None
    for size in range(min(LONGEST, len(said_words)), 0, -1):
        for i in range(len(said_words) - size + 1):
            part = said_words[i : i + size]
            if any(w[1] in taken for w in part) or (i and plain(said_words[i - 1][0]) in words.no_place_after):
                continue
            said = plain(" ".join(w[0] for w in part))
            for name, other in folded:
                score = _likeness(said, other, inflected=inflected)
                if score and (best is None or score > best[0]):
                    best = (score, Spot(name, part[0][1], part[-1][2], True))
    return best[1] if best else None


def _likeness(said: str, name: str, *, inflected: bool) -> float:
    """0 when it is another word; more for longer and truer matches."""
    if said == name:
        return len(name) + 1.0
    if len(said) < 5 or abs(len(said) - len(name)) > (5 if inflected else 2):
        return 0.0
    if inflected and len(name) >= 5 and said[: len(name) - 2] == name[: len(name) - 2]:
        return len(name) - 1.0
    if said[0] != name[0]:
        return 0.0
    allowed = 1 if len(name) < 9 else 2
    slips = distance(said, name)
    return len(name) - slips if slips <= allowed else 0.0


def pick_up(spots: Sequence[Spot], terms: Sequence[Term]) -> Spot | None:
    """The place where a vehicle is wanted: the first that is not where one is going; put right, the last."""
    codes = {t.end: t.code for t in terms}
    corrected = [t.start for t in terms if t.code in {"SORRY", "NO", "NOT"}]
    if len(spots) > 1 and any(s > spots[0].end for s in corrected):
        return spots[-1]
    fit = [s for s in spots if _before(s, terms, codes) != "TO"]
    from_there = [s for s in fit if _before(s, terms, codes) == "FROM"]
    return next(iter(from_there or fit or spots), None)


def _before(spot: Spot, terms: Sequence[Term], codes: Mapping[int, str]) -> str:
    """The code of the word before a place, articles passed over."""
    ends = [t.end for t in terms if t.end <= spot.start and t.code not in SKIPPED]
    return codes[ends[-1]] if ends else ""


def said_place(terms: Sequence[Term], words: Lexicon) -> Spot | None:
    """The words after a preposition that could name a place we have not heard of."""
    for i, term in enumerate(terms):
        if term.code not in OPENERS and plain(term.text) not in words.place_after:
            continue
        if term.code == "IN" and i + 1 < len(terms) and plain(terms[i + 1].text) in words.not_in:
            continue
        j = i + 1
        found: list[Term] = []
        while j < len(terms) and terms[j].code in SKIPPED:
            j += 1
        while j < len(terms) and len(found) < LONGEST and _may_be_place(terms[j], words):
            found.append(terms[j])
            j += 1
        if found:
            name = " ".join(t.text for t in found)[:MOST_CHARS]
            if plain(name) not in words.here_words:
                return Spot(name, found[0].start, found[-1].end, False)
    return None


def _may_be_place(term: Term, words: Lexicon) -> bool:
    word = plain(term.text)
    return term.code in {"x", "-"} and word not in words.place_stops and any(c.isalpha() for c in word)
