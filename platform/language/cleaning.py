"""Free text from the world, made safe to show: no control or invisible characters, no flood of marks, a sane length."""

import unicodedata
from itertools import groupby

# Cc control, Cf format (zero-width, bidirectional, tags), Cs surrogates, Co private use, Cn unassigned.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_MOST_MARKS = 2  # on one letter; living languages need no more
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")  # letters and a pattern that show as nothing
_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


def clean(text: str, limit: int) -> str:
    """The text on one line with only what a reader can see, at most `limit` characters (cut with an ellipsis)."""
    seen = "".join(_visible(character) for character in unicodedata.normalize("NFC", text[: limit * 8]))
    calm = "".join(_few_marks(seen))
    line = " ".join(calm.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if character in "\t\n\r" or kind in _SPACES:
        return " "
    return "" if kind in _HIDDEN or character in _BLANKS or character in _SELECTORS else character


def _few_marks(text: str) -> list[str]:
    parts: list[str] = []
    for is_mark, run in groupby(text, key=lambda character: unicodedata.category(character) in _MARKS):
        letters = "".join(run)
        parts.append(letters[:_MOST_MARKS] if is_mark else letters)
    return parts
