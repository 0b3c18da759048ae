"""Whether a text is a plain yes or a plain no, in code's judgement; never the model's."""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

Decision = Literal["confirm", "decline"]
LONGEST_WORDS = 8


def plain_answer(text: str) -> Decision | None:
    """`confirm` or `decline` when the text says only that, else None: "yes but at 10" is not a plain yes."""
    words = _normal(text).split()
    if not 0 < len(words) <= LONGEST_WORDS or text.rstrip().endswith("?"):
        return None
    kinds = _read(tuple(words))
    if kinds is None or not kinds - {"filler"}:
        return None
    if kinds >= {"confirm", "decline"}:
        return None
    return "confirm" if "confirm" in kinds else "decline"


def _read(words: tuple[str, ...]) -> frozenset[str] | None:
    """The kinds of the phrases the words are made of, longest phrase first; None when a word is left over."""
    kinds: set[str] = set()
    at = 0
    while at < len(words):
        for length in range(len(words) - at, 0, -1):
            kind = _phrases().get(" ".join(words[at : at + length]))
            if kind:
                kinds.add(kind)
                at += length
                break
        else:
            return None
    return frozenset(kinds)


@cache
def _phrases() -> dict[str, str]:
    data = yaml.safe_load(files("nimrod.agents").joinpath("answers.yaml").read_text(encoding="utf-8"))
    order = ("filler", "decline", "confirm")
    return {_normal(p): kind for kind in order for phrases in data[kind].values() for p in phrases.split(",")}


def _normal(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold().replace("’", "'").replace("'", "")
    return re.sub(r"[^\w]+|_", " ", folded).strip()
