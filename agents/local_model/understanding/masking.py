"""A text with its times, ids and amounts hidden and its types spelled right, so that one example stands for many."""

import re

from nimrod.agents.local_model.grammar.lexicon import lexicon, plain
from nimrod.agents.local_model.grammar.terms import terms_of
from nimrod.agents.local_model.grammar.times import TIMELIKE, clean_times

TYPES = {"Vscooter": "scooter", "Vbike": "bike", "Vcar": "car", "Vvan": "van"}
KEPT = {"NOW", "Vany"}


def mask(text: str, language: str, hide: tuple[tuple[int, int], ...] = ()) -> str:
    """The plain text with placeholders; `hide` are the spans of place names found by someone else."""
    words = lexicon(language)
    terms = clean_times(terms_of(text, words))
    out: list[str] = []
    for term in terms:
        if any(start <= term.start < end for start, end in hide):
            _add(out, "someplace")
        elif term.code in TYPES:
            out.append(TYPES[term.code])
        elif term.code not in KEPT and TIMELIKE.match(term.code):
            _add(out, "sometime")
        elif term.code == "ID":
            _add(out, "reference")
        elif re.fullmatch(r"N\d+(\.\d+)?", term.code):
            _add(out, "number")
        else:
            out.append(words.short_forms.get(plain(term.text), plain(term.text)))
    return " ".join(out)


def _add(out: list[str], word: str) -> None:
    if not out or out[-1] != word:
        out.append(word)
