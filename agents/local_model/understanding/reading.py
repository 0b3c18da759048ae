"""One message read: the intent, and what is asked for (once, or several times over)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from nimrod.agents.local_model.grammar.lexicon import Lexicon, Term, lexicon, plain, read_data
from nimrod.agents.local_model.grammar.places import Spot, known_place, pick_up, said_place
from nimrod.agents.local_model.grammar.terms import codes_of, terms_of
from nimrod.agents.local_model.grammar.times import NOTHING, When, clean_times, when_of
from nimrod.agents.local_model.understanding.classifier import Guess, classifier
from nimrod.agents.local_model.understanding.masking import mask
from nimrod.agents.local_model.understanding.questions import as_question

MOST_CHARS = 1500  # of a message are read; the rest is chatter
INFLECTED = {"fi", "cs", "et"}
PARKING_WITHIN = 7  # terms after the `and`
TYPES = ("scooter", "bike", "car", "van")
COORDINATES = re.compile(r"(?<![\d.])(?:2[5-9]|[3-8]\d)\.\d{2,}\s*,\s*-?\d{1,3}\.\d{2,}")
WISHES = {"CHEAP": "cheapest", "RANGE": "range", "NEAR": "nearest"}


@dataclass(frozen=True, slots=True)
class Ask:
    """What is wanted, as far as said. `types` more than one: either will do."""

    types: tuple[str, ...] = ()
    count: int = 1
    when: When = NOTHING
    place: str | None = None
    here: bool = False
    wish: str | None = None
    min_km: int | None = None
    any_type: bool = False
    other: bool = False

    @property
    def type(self) -> str | None:
        return self.types[0] if len(self.types) == 1 else None

    def __bool__(self) -> bool:
        return bool(self.types or self.when or self.place or self.here or self.wish or self.min_km)

    def with_more(self, later: "Ask") -> "Ask":
        """This, with what was said later put in or put right."""
        has_place = bool(later.place or later.here)
        return Ask(
            types=later.types or self.types,
            count=later.count if later.count > 1 else self.count,
            when=self.when.corrected_by(later.when) if later.when else self.when,
            place=later.place if has_place else self.place,
            here=later.here if has_place else self.here,
            wish=later.wish or self.wish,
            min_km=later.min_km or self.min_km,
            any_type=(later.any_type or self.any_type) and not (later.types or self.types),
            other=later.other or self.other,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A message understood. `polarity` when it says yes or no; `plain_answer` when it says nothing else."""

    text: str
    language: str
    guess: Guess
    asks: tuple[Ask, ...] = ()
    ids: tuple[str, ...] = ()
    choice: int | None = None
    wants_all: bool = False
    past: bool = False
    polarity: str | None = None
    plain_answer: bool = False
    hint: str | None = None
    codes: str = ""
    parts: tuple["Reading", ...] = ()

    @property
    def ask(self) -> Ask:
        """The (first) thing asked for."""
        return self.asks[0] if self.asks else Ask()

    @property
    def intent(self) -> str:
        return self.guess.intent


@lru_cache(maxsize=2048)
def read(text: str, language: str, places: tuple[str, ...]) -> Reading:
    """The message as understood in this language, with these known places."""
    text = text[:MOST_CHARS]
    words = lexicon(language)
    terms = clean_times(terms_of(text, words))
    spots = _spots(text, terms, words, places, language)
    groups = _requests(terms, words)
    parts = tuple(read(text[g[0].start : g[-1].end], language, places) for g in groups) if len(groups) > 1 else ()
    asks = _shared(_meant([_ask(group, spots) for group in groups]))
    codes = codes_of(terms)
    polarity, only = _polarity(text, language)
    hint = re.search(r"(?<!\S)H(\w+) ", codes)
    choice = re.search(r"(?<!\S)I(-?\d) ", codes)
    return Reading(
        text=text,
        language=language,
        guess=_meaning(text, language, spots, asks),
        asks=tuple(asks),
        ids=tuple(t.text for t in terms if t.code == "ID"),
        choice=int(choice[1]) if choice else None,
        wants_all="ALL " in codes,
        past="PAST2 " in codes,
        polarity=polarity,
        plain_answer=only,
        hint=hint[1] if hint else None,
        codes=codes,
        parts=parts if len({p.intent for p in parts}) > 1 else (),
    )


def _guess(text: str, language: str, hide: tuple[tuple[int, int], ...]) -> Guess:
    model = classifier(language) or classifier("en")
    if model is None:
        return Guess("none", 0.0)
    return model.guess(mask(text, language, hide))


def _meaning(text: str, language: str, spots: Sequence[Spot], asks: Sequence[Ask]) -> Guess:
    """The intent; a question that names neither place nor time is not taken for a wish."""
    guess = _guess(text, language, tuple((s.start, s.end) for s in spots))
    is_placed = any(ask.place or ask.here or ask.when.starts for ask in asks)
    return guess if is_placed else as_question(text, language, guess)


def _spots(text: str, terms: Sequence[Term], words: Lexicon, places: tuple[str, ...], language: str) -> list[Spot]:
    """Every place named, in order."""
    found = [Spot(m[0].replace(" ", ""), m.start(), m.end(), True) for m in COORDINATES.finditer(text)]
    rest = text
    while len(found) < 3 and (spot := known_place(rest, places, terms, words, inflected=language in INFLECTED)):
        found.append(spot)
        rest = rest[: spot.start] + " " * (spot.end - spot.start) + rest[spot.end :]
    if not found and (guessed := said_place(terms, words)):
        found.append(guessed)
    return sorted(found, key=lambda s: s.start)


def _requests(terms: Sequence[Term], words: Lexicon) -> list[list[Term]]:
    """The terms split where one wish ends and the next begins: an `and` or a full stop between two vehicle types,
    or before a question where to park."""
    groups: list[list[Term]] = [[]]
    for i, term in enumerate(terms):
        if (
            term.code in {"AND", "ALSO", ",", ".", ";", "MORE", "ANOTHER"}
            and _has_type(groups[-1])
            and (_has_type(_until_next(terms[i + 1 :])) or _is_of_parking(terms[i:], words))
        ):
            groups.append([])
        groups[-1].append(term)
    whole = codes_of(terms)
    corrected = re.search(r"(?<!\S)(SORRY|NO|NOT|OR) ", whole)
    return [list(terms)] if corrected and len(groups) > 1 and "OR " in whole else groups


def _until_next(terms: Sequence[Term]) -> list[Term]:
    return list(takewhile(lambda term: term.code not in {"SORRY", "NO"}, terms))


def _is_of_parking(terms: Sequence[Term], words: Lexicon) -> bool:
    """Whether what begins here is a question of its own where to leave a vehicle."""
    said = [plain(t.text) for t in terms[1:PARKING_WITHIN]]
    return terms[0].code in {"AND", "ALSO", "."} and any(w in words.parking for w in said)


def _has_type(terms: Sequence[Term]) -> bool:
    return any(t.code.startswith("V") and t.code != "Vany" for t in terms)


def _ask(terms: Sequence[Term], spots: Sequence[Spot]) -> Ask:
    """What one stretch asks for; later corrections in it win."""
    ask = Ask()
    for segment in _corrections(terms):
        ask = ask.with_more(_said(segment, spots))
    return ask


def _corrections(terms: Sequence[Term]) -> list[list[Term]]:
    segments: list[list[Term]] = [[]]
    for i, term in enumerate(terms):
        if term.code == "SORRY" or (term.code == "NO" and i > 0):
            segments.append([])
        segments[-1].append(term)
    return segments


def _said(terms: Sequence[Term], spots: Sequence[Spot]) -> Ask:
    codes = codes_of(terms)
    own = [s for s in spots if terms and terms[0].start <= s.start < terms[-1].end]
    plain_terms = [t for t in terms if not any(s.start <= t.start < s.end for s in own)]
    wanted = re.sub(r"(?<!\S)NOT (?:A |THE |x )?V\w+ ", "", codes)
    types = tuple(dict.fromkeys(re.findall(r"(?<!\S)V(scooter|bike|car|van) ", wanted)))
    if len(types) > 1 and not re.search(r"(?<!\S)OR ", codes):
        types = types[-1:] if re.search(r"(?<!\S)TO (?:A |THE )?V", codes) else types[:1]
    many = re.search(r"(?<!\S)N(\d)w? (?:x |ALSO |MORE )?V", codes)
    wish = next((name for code, name in WISHES.items() if re.search(rf"(?<!\S){code} ", codes)), None)
    km = re.search(r"(?<!\S)N(\d+(?:\.\d+)?)w? (?:x )?KM ", codes)
    return Ask(
        types=types,
        count=min(int(many[1]), 5) if many and int(many[1]) > 1 else 1,
        when=when_of(plain_terms),
        place=spot.name if (spot := pick_up(own, terms)) else None,
        here=bool(re.search(r"(?<!\S)HERE ", codes)),
        wish=wish,
        min_km=round(float(km[1])) if km else None,
        any_type="Vany " in codes,
        other=bool(re.search(r"(?<!\S)(OTHER|ANOTHER) ", codes)),
    )


def _meant(asks: list[Ask]) -> list[Ask]:
    """Without stretches that only say what is not wanted."""
    return [a for a in asks if a.types] or asks if len(asks) > 1 else asks


def _shared(asks: list[Ask]) -> list[Ask]:
    """Two wishes with one time or place: `a scooter and a bike for now, from kamppi`."""
    if len(asks) < 2:
        return asks
    whens = [a.when for a in asks if a.when]
    places = [(a.place, a.here) for a in asks if a.place or a.here]
    out = []
    for one in asks:
        when = one.when or (whens[0] if len(whens) == 1 and one is not asks[-1] else one.when)
        place, here = (one.place, one.here) if one.place or one.here or len(places) != 1 else places[0]
        out.append(replace(one, when=when, place=place, here=here))
    return out


def _polarity(text: str, language: str) -> tuple[str | None, bool]:
    """Whether the message begins with a yes or a no, and whether it is nothing else."""
    data = _words(language)
    said = re.findall(r"[^\W_]+(?:'[^\W_]+)?", plain(text))
    for name, key in (("yes", "affirm"), ("no", "deny")):
        for phrase in sorted((plain(str(p)) for p in data.get(key, ())), key=len, reverse=True):
            parts = re.findall(r"[^\W_]+(?:'[^\W_]+)?", phrase)
            if parts and said[: len(parts)] == parts:
                rest = [w for w in said[len(parts) :] if w not in parts]
                return name, not [w for w in rest if w not in _polite(language)]
    return None, False


@lru_cache(maxsize=32)
def _polite(language: str) -> frozenset[str]:
    data = _words(language)
    extra = {w for key in ("affirm", "deny") for p in data.get(key, ()) for w in plain(str(p)).split()}
    return frozenset({plain(str(w)) for w in data.get("polite", ())} | extra)


@lru_cache(maxsize=32)
def _words(language: str) -> dict[str, list[object]]:
    """The word file of the language, read once."""
    return read_data(language, "words")
