"""Which place a text means, and what is near a point. Names are data: they are compared, never obeyed."""

import re
import unicodedata
from difflib import SequenceMatcher
from math import ceil

from nimrod.domain.customer.places.model import Match
from nimrod.domain.customer.places.words import ENDINGS, FILLERS, GENERIC
from nimrod.domain.shared.city import Bay, City, Place, VehicleType
from nimrod.domain.shared.geo import Point, distance_m

LONGEST_TEXT = 120
CITY_RADIUS_M = 50_000  # coordinates farther from the centre are a mistake
CANDIDATES = 3
SHORTEST_STEM = 4
SAME_ENOUGH = 0.82  # similarity from which a misspelt name counts as meant
WORTH_ASKING = 0.6
CLEAR_LEAD = 0.04  # how far the best misspelling must be ahead of the next
WALK_M_PER_MIN = 80  # 4.8 km/h
DETOUR = 1.3  # streets are longer than the straight line

COORDINATES = re.compile(r"^\s*\(?\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?\s*$")


def name_of(place: Place, language: str) -> str:
    """The place's name in this language, else in English, else any."""
    return place.names.get(language) or place.names.get("en") or next(iter(place.names.values()))


def resolve_place(text: str, city: City, *, language: str) -> Match:
    """The place of the city that `text` means: coordinates, a name or alias in any language, part of one, or misspelt.

    A street address is not looked up: it gives candidates only where a name is close. `language` breaks ties.
    """
    point = _coordinates(text)
    if point is not None:
        return Match(_spot(point) if distance_m(point, city.centre) <= CITY_RADIUS_M else None)
    asked = fold(text[:LONGEST_TEXT])
    words = [word for word in asked.split() if word not in FILLERS]
    if not words:
        return Match(None)
    known = [(place, _spellings(place)) for place in city.places]
    for wanted in (asked, " ".join(words), " ".join(_telling(words))):
        exact = [place for place, spellings in known if wanted in spellings]
        if exact:
            rest = _by_words(words, known) if len(exact) == 1 else exact[1:]
            return Match(exact[0], tuple(place for place in rest if place is not exact[0])[:CANDIDATES])
    if partly := _by_words(words, known):
        return _one_or_choices(partly)
    address = any(word.isdecimal() for word in words)
    alike = _by_likeness(words, known, language, sure=not address)
    if alike.place or address:
        return alike
    mentioned = _by_mention(words, known)
    return _one_or_choices(mentioned) if mentioned else alike


def nearest_place(point: Point, city: City) -> Place:
    """The named place closest to the point."""
    return min(city.places, key=lambda place: distance_m(point, place.point))


def nearest_bays(
    point: Point, city: City, *, vehicle_type: VehicleType | None = None, limit: int = 5
) -> tuple[tuple[Bay, float], ...]:
    """Parking bays for this type (None: any) with their distance in metres, nearest first."""
    fitting = [bay for bay in city.bays if vehicle_type is None or vehicle_type in bay.vehicle_types]
    ranked = [(bay, distance_m(point, bay.point)) for bay in fitting]
    return tuple(sorted(ranked, key=lambda pair: (pair[1], pair[0].bay_id))[: max(0, limit)])


def walk_min(straight_m: float) -> int:
    """Started minutes on foot for a straight-line distance."""
    return ceil(straight_m * DETOUR / WALK_M_PER_MIN)


def fold(text: str) -> str:
    """Lower case, without diacritics and punctuation, single spaces."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w]+", " ", plain.replace("'", "").replace("’", "")).split())


def _coordinates(text: str) -> Point | None:
    found = COORDINATES.match(text[:LONGEST_TEXT])
    if not found:
        return None
    lat, lon = float(found[1]), float(found[2])
    return Point(lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _spot(point: Point) -> Place:
    return Place("point", {"en": f"{point.lat:.5f}, {point.lon:.5f}"}, point, kind="point")


def _spellings(place: Place) -> list[str]:
    folded = dict.fromkeys(fold(name) for name in (*place.names.values(), *place.aliases))
    return [name for name in folded if name]


def _one_or_choices(fitting: list[Place]) -> Match:
    return Match(fitting[0]) if len(fitting) == 1 else Match(None, tuple(fitting[:CANDIDATES]))


def _telling(words: list[str]) -> list[str]:
    """The words that tell places apart."""
    return [word for word in words if word not in GENERIC]


def _by_words(words: list[str], known: list[tuple[Place, list[str]]]) -> list[Place]:
    """Places of which one spelling has every asked word, at least as a beginning; else without the generic words."""
    for telling in (words, _telling(words)):
        fitting = [place for place, spellings in known if any(_has_all(spelling, telling) for spelling in spellings)]
        if telling and fitting:
            return fitting
    return []


def _has_all(spelling: str, words: list[str]) -> bool:
    parts = spelling.split()
    return all(any(_begins(part, word) for part in parts) for word in words)


def _begins(part: str, word: str) -> bool:
    return part == word or (len(word) >= 3 and part.startswith(word))


def _by_mention(words: list[str], known: list[tuple[Place, list[str]]]) -> list[Place]:
    """Places whose whole name stands among other words ("kamppi shopping mall"); the longest such name wins."""
    named: dict[int, list[Place]] = {}
    for place, spellings in known:
        lengths = [
            len(parts) for parts in map(str.split, spellings) if set(parts) <= set(words) and set(parts) - GENERIC
        ]
        if lengths:
            named.setdefault(max(lengths), []).append(place)
    return named[max(named)] if named else []


def _stem(word: str) -> str:
    """The word without a case ending ("kampissa", "andelu"), if enough of it is left."""
    for end in ENDINGS:
        if word.endswith(end) and len(word) - len(end) >= SHORTEST_STEM:
            return word.removesuffix(end)
    return word


def _by_likeness(words: list[str], known: list[tuple[Place, list[str]]], language: str, *, sure: bool) -> Match:
    asked = " ".join(words)
    core = _telling(words)
    forms = {asked, " ".join(core), " ".join(map(_stem, words)), " ".join(map(_stem, core))}
    scored = []
    for order, (place, spellings) in enumerate(known):
        likeness = max((_likeness(form, name) for name in spellings for form in forms), default=0.0)
        own = _likeness(asked, fold(name_of(place, language)))
        scored.append((-likeness, -own, order, place))
    scored.sort(key=lambda row: row[:3])
    best = -scored[0][0]
    clear = len(scored) < 2 or best - -scored[1][0] >= CLEAR_LEAD
    candidates = [place for score, _own, _order, place in scored if -score >= WORTH_ASKING]
    if best >= SAME_ENOUGH and clear and sure:
        return Match(candidates[0], tuple(candidates[1 : CANDIDATES + 1]))
    return Match(None, tuple(candidates[:CANDIDATES]))


def _likeness(asked: str, name: str) -> float:
    """0 to 1; 0 where it is not worth asking about, which the cheap upper bounds tell soonest."""
    matcher = SequenceMatcher(None, asked, name, autojunk=False)
    if len(asked) < 3 or matcher.real_quick_ratio() < WORTH_ASKING or matcher.quick_ratio() < WORTH_ASKING:
        return 0.0
    return matcher.ratio()
