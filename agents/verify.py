"""Does a reply say only what the tools returned? Prices, times, dates, ids, counts and places are compared.

Distances, durations, percentages and list numbers are not: they are often rounded, and no one pays by them.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from nimrod.agents import claims
from nimrod.domain.shared.city import City, Place

_EXAMPLE = re.compile(r"\?|such as|for example|for instance|e\.g\.|\blike\b", re.IGNORECASE)
_TOMORROW_DAYS = 2
_WEEKS_MEANT = 15


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reply may rest on: tool results, the person's words, what the instructions say (context included)."""

    results: Sequence[Any]
    words: Sequence[str]
    instructions: str
    today: date
    city: City


def doubts(reply: str, evidence: Evidence) -> list[str]:
    """What the reply says that nothing in the evidence says, in words the model can act on; empty when all is well."""
    pool = _Pool(evidence)
    found = [f"no tool returned the amount {one}" for one in sorted(claims.amounts(reply) - pool.amounts())]
    found += [f"no tool returned the time {h:02}:{m:02}" for h, m in sorted(claims.clock_times(reply) - pool.times())]
    found += [f"no tool returned the date {d}.{m}." for m, d in sorted(claims.dates(reply) - pool.dates())]
    found += [f"{one} is not that day of the week" for one in claims.wrong_weekdays(reply, evidence.today)]
    found += [f"no tool returned the id {one}" for one in sorted(claims.ids(reply)) if one not in pool.text.lower()]
    found += [f"no tool returned {one.number} of them" for one in sorted(claims.counts(reply)) if not pool.holds(one)]
    return found + [f"no tool spoke of {one}" for one in _strange_places(reply, pool, evidence.city)]


class _Pool:
    """The evidence, searchable."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.results = json.dumps(list(evidence.results), ensure_ascii=False, default=str)
        self.words = " \n ".join(evidence.words)
        self.instructions = evidence.instructions
        self.text = f"{self.results} {self.words} {_without_places(self.instructions)}"

    def amounts(self) -> set[Decimal]:
        minor = {Decimal(abs(n)) / 100 for n in _minor_units(self.evidence.results)}
        return claims.amounts(self.text) | minor

    def times(self) -> set[tuple[int, int]]:
        iso = {(int(m[1]), int(m[2])) for m in re.finditer(r"T(\d\d):(\d\d)", self.text)}
        return iso | claims.clock_times(self.text) | claims.loose_times(self.words)

    def dates(self) -> set[tuple[int, int]]:
        meant = {date.fromordinal(self.evidence.today.toordinal() + n) for n in range(_TOMORROW_DAYS)}
        for n in range(_WEEKS_MEANT):
            day = date.fromordinal(self.evidence.today.toordinal() + n)
            if re.search(rf"\b{claims.WEEKDAYS[day.weekday()]}", self.words, re.IGNORECASE):
                meant.add(day)
        spoken = {(int(m[2]), int(m[1])) for m in re.finditer(r"\b(\d{1,2})[./] ?(\d{1,2})\b", self.words)}
        return claims.dates(self.text) | {(one.month, one.day) for one in meant} | spoken

    def holds(self, count: claims.Count) -> bool:
        """Whether so many can be meant: said so somewhere, or at most as many as some list holds."""
        lists = [_of_kind(one, count.kind) for one in _lists(self.evidence.results)]
        return any(count.number <= n for n in lists) or bool(
            re.search(rf"(?<!\d){count.number}(?!\d)", self._numbers())
        )

    def _numbers(self) -> str:
        words = " ".join(str(n) for word, n in claims.NUMBERS.items() if re.search(rf"\b{word}\b", self.words, re.I))
        return f"{self.words} {words} {_without_context(self.instructions)}"


def _strange_places(reply: str, pool: _Pool, city: City) -> list[str]:
    text = pool.text.lower()
    strange = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n", reply):
        if _EXAMPLE.search(sentence):
            continue
        left = sentence
        for name, place in _names(city):
            if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", left):
                continue
            left = left.replace(name, "")
            known = (*place.names.values(), *place.aliases)
            if not any(re.search(rf"(?<!\w){re.escape(one.lower())}", text) for one in known):
                strange.append(name)
    return strange


def _names(city: City) -> list[tuple[str, Place]]:
    pairs = {
        (name, place.place_id): place for place in city.places for name in place.names.values() if name[:1].isupper()
    }
    city_names = set(city.names.values())
    return sorted(
        ((name, place) for (name, _), place in pairs.items() if name not in city_names), key=lambda one: -len(one[0])
    )


def _minor_units(node: Any) -> Iterator[int]:
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, int) and (key == "minor" or str(key).endswith("_minor")):
                yield value
            yield from _minor_units(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _minor_units(value)


def _lists(node: Any) -> Iterator[list[Any]]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _lists(value)
    elif isinstance(node, list | tuple):
        yield list(node)
        for value in node:
            yield from _lists(value)


def _of_kind(items: list[Any], kind: str) -> int:
    return sum(1 for one in items if not kind or (isinstance(one, dict) and one.get("vehicle_type") in (kind, None)))


def _without_context(instructions: str) -> str:
    return instructions.rpartition("<context>")[0] or instructions


def _without_places(instructions: str) -> str:
    """The instructions without the list of all places the city has: naming one of those proves nothing."""
    return re.sub(r'"places": \[[^\]]*\]', "", instructions)
