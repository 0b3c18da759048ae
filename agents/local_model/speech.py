"""The model's own words: texts as data, a variant picked by what was said before, moments written out."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from nimrod.agents.local_model.grammar.lexicon import read_data

# A word that begins a sentence: not an id, and not what follows a date (`22.11. klo`) or an abbreviation (`e.g. this`).
SENTENCE = re.compile(r"((?:^|\n|(?<=[^\W\d][^\W\d])[.!?] |(?<=[%)])\. ))([^\W\d_]+)(?![\w-]*\d)(?![\w-])")


@cache
def texts(language: str) -> Mapping[str, Any]:
    """All texts of a language."""
    return read_data(language, "texts")


def tidy(text: str) -> str:
    """The text with its sentences begun in capitals and no doubled spaces."""
    return SENTENCE.sub(lambda m: m[1] + m[2][:1].upper() + m[2][1:], re.sub(r"(?<=\S) {2,}", " ", text)).strip()


@dataclass(frozen=True, slots=True)
class Speech:
    """Speaks one language; `seed` makes the choice of variants stable for a conversation."""

    language: str
    seed: str

    def say(self, key: str, **facts: object) -> str:
        """The text, with its facts filled in; empty when nobody wrote one."""
        entry = self._entry(key)
        if entry is None:
            return ""
        variants = entry if isinstance(entry, list) else [entry]
        pick = int(hashlib.sha256(f"{self.seed}|{key}".encode()).hexdigest()[:8], 16) % len(variants)
        return str(variants[pick]).format_map({k: self._written(v) for k, v in facts.items()}).replace("  ", " ")

    def _written(self, fact: object) -> object:
        """A fact as the language writes it: with its decimal mark; nothing for None."""
        if isinstance(fact, float) and self.language != "en":
            return f"{fact:g}".replace(".", ",")
        return "" if fact is None else fact

    def _entry(self, key: str) -> Any:
        for language in (self.language, "en"):
            node: Any = texts(language)
            for part in key.split("."):
                node = node.get(part) if isinstance(node, Mapping) else None
            if node is not None and not isinstance(node, Mapping):
                return node
        return None

    def clock(self, at: datetime) -> str:
        """A time of day."""
        return self.say("dates.clock", hour=at.hour, minute=f"{at:%M}")

    def day(self, at: datetime) -> str:
        """A date with its weekday, e.g. Mon 23 Nov."""
        weekdays, months = self.say("dates.weekdays").split(), self.say("dates.months").split()
        return self.say("dates.day", weekday=weekdays[at.weekday()], day=at.day, month=months[at.month - 1])

    def moment(self, at: datetime) -> str:
        """Date and time."""
        return self.say("dates.moment", day=self.day(at), time=self.clock(at))

    def span(self, start: datetime, end: datetime) -> str:
        """From when to when; the date once when both are on one day."""
        if start.date() == end.date():
            return self.say("dates.same_day", day=self.day(start), start=self.clock(start), end=self.clock(end))
        return self.say("dates.days", start=self.moment(start), end=self.moment(end))

    def listed(self, items: list[str], joiner: str = "and") -> str:
        """`a, b and c`."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.say('words.' + joiner)} {items[-1]}"

    def kind(self, vehicle_type: object) -> str:
        """The vehicle type as a word."""
        return self.say(f"types.{vehicle_type}") or str(vehicle_type)
