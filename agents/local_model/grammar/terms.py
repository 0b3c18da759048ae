"""Text to terms: split into tokens, looked up in the lexicon, then rewritten by rules over their codes."""

import re
from collections.abc import Callable, Sequence

from nimrod.agents.local_model.grammar.lexicon import Lexicon, Term, plain

TOKEN = re.compile(
    r"""(?P<iso>\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)
      | (?P<ymd>\d{4}-\d{2}-\d{2})
      | (?P<id>\b[A-Za-z]{2,5}_[A-Za-z0-9_]+\b|\b[A-Za-z]{2,4}-[A-Za-z]{0,4}-?\d{2,}\b)
      | (?P<dmy>\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?|\b\d{1,2}/\d{1,2}(?:/\d{4})?\b)
      | (?P<clock>\b\d{1,2}[:.]\d{2}(?!\d))
      | (?P<ordinal>\b\d{1,2}(?:st|nd|rd|th)\b)
      | (?P<number>\d+(?:[.,]\d+)?)
      | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
      | (?P<mark>[^\w\s])""",
    re.VERBOSE,
)
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]]


def terms_of(text: str, words: Lexicon) -> list[Term]:
    """The text as terms; what no rule knows is a term with the code `x`."""
    tokens = [(str(m.lastgroup), m.group(), m.start(), m.end()) for m in TOKEN.finditer(text)]
    folded = [plain(t[1]) for t in tokens]
    terms: list[Term] = []
    i = 0
    while i < len(tokens):
        codes, used = _look_up(tokens, folded, i, words)
        start, end = tokens[i][2], tokens[i + used - 1][3]
        terms.extend(Term(code, text[start:end], start, end) for code in codes)
        i += used
    return terms


def _look_up(
    tokens: list[tuple[str, str, int, int]], folded: list[str], i: int, words: Lexicon
) -> tuple[tuple[str, ...], int]:
    kind = tokens[i][0]
    if kind not in {"word", "mark"}:
        follows = folded[i + 1] if i + 1 < len(folded) else ""
        return _numerics(kind, tokens[i][1], follows), 1
    for size in range(min(words.longest, len(tokens) - i), 0, -1):
        if codes := words.find(" ".join(folded[i : i + size])):
            return codes, size
    if kind == "mark":
        return ("-" if tokens[i][1] in "-–—" else tokens[i][1],), 1
    word = folded[i]
    return words.find_stem(word) or words.find_misspelled(word) or ("x",), 1


def _numerics(kind: str, token: str, follows: str) -> tuple[str, ...]:
    """An instant on the city's clocks is a date and a time, so that `to 11:30` can follow it."""
    local = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(?::\d{2})?", token) if kind == "iso" else None
    if local and int(local[2]) <= 24 and int(local[3]) < 60:
        return f"Y{local[1]}", f"C{int(local[2])}:{local[3]}f"
    return (_numeric(kind, token, follows),)


def _numeric(kind: str, token: str, follows: str) -> str:
    """The code of a token made of digits: an instant, a date, a clock time, an ordinal, an id or a number."""
    if kind == "iso":
        return "T" + token.replace(" ", "T")
    if kind == "ymd":
        return "Y" + token
    if kind == "id":
        return "ID"
    if kind == "ordinal":
        return "O" + token[:-2]
    if kind == "dmy":
        parts = [int(p) for p in re.findall(r"\d+", token)]
        day, month = parts[0], parts[1]
        year = f"{parts[2]:04d}" if len(parts) > 2 else ""
        return f"Y{year}-{month:02d}-{day:02d}" if 1 <= day <= 31 and 1 <= month <= 12 else "x"
    if kind == "clock":
        hour, minute = (int(p) for p in re.split(r"[:.]", token))
        is_money = follows in {"€", "eur", "euro", "euros", "kc", "czk", "km", "h", "hours"}
        fixed = "f" if token.startswith("0") else ""
        if ":" in token and (hour > 24 or minute > 59):
            return "BAD"
        return (
            f"C{hour}:{minute:02d}{fixed}" if hour <= 24 and minute < 60 and not is_money else f"N{hour}.{minute:02d}"
        )
    return "N" + token.replace(",", ".")


def rewrite(terms: Sequence[Term], rules: Sequence[Rule]) -> list[Term]:
    """The terms after each rule in turn; a rule joins the terms it matches into one, or leaves them (None)."""
    now = list(terms)
    for pattern, make in rules:
        now = _rewrite_one(now, pattern, make)
    return now


def _rewrite_one(
    terms: list[Term], pattern: re.Pattern[str], make: Callable[[re.Match[str]], str | None]
) -> list[Term]:
    starts, line = [], ""
    for term in terms:
        starts.append(len(line))
        line += term.code + " "
    found = [(m, code) for m in pattern.finditer(line) if (code := make(m)) is not None]
    if not found:
        return terms
    out: list[Term] = []
    i = 0
    for match, code in found:
        first = next(k for k, at in enumerate(starts) if at >= match.start())
        last = max(k for k, at in enumerate(starts) if at < match.end())
        out.extend(terms[i:first])
        out.append(Term(code, " ".join(t.text for t in terms[first : last + 1]), terms[first].start, terms[last].end))
        i = last + 1
    return out + terms[i:]


def codes_of(terms: Sequence[Term]) -> str:
    """The codes in one line, each followed by a space, for patterns to search."""
    return "".join(t.code + " " for t in terms)
