"""A refusal in words: what it is, and the next step. The same words for tools, HTTP and pages."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import DomainError
from nimrod.platform.language.catalogue import has, say, say_first
from nimrod.platform.language.cleaning import clean
from nimrod.platform.language.formats import duration, local_iso, moment, money

Scalar = str | int | float | bool | None
_MOST_FACTS_TEXT = 200
_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # no zone moves these out of the calendar
_VARIANTS = ("ask", "free", "bounds", "most", "state", "status", "vehicle", "reservation", "proposal", "mode", "field")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What to tell whoever asked. `model_step` is the next step in a tool-using model's terms.

    `facts` are JSON values, times ISO 8601 with the city's offset when a city is given.
    """

    code: str
    message: str
    next_step: str
    model_step: str
    facts: Mapping[str, object]


def explain(error: DomainError, city: City | None = None, language: str = "en") -> Refusal:
    """The words for an expected refusal; an unknown code is said in general terms."""
    facts = {name: _plain(value, city) for name, value in error.facts.items()}
    said = _said(error.facts, city, language)
    base = f"refusal.{error.code}" if has(f"refusal.{error.code}.message") else "refusal.refused"
    problem = f"{base}.{_problem(error.facts)}"
    variants = tuple(f"{base}.{name}" for name in _VARIANTS)
    message = say_first(language, (f"{problem}.message", *variants, f"{base}.message"), said)
    next_step = say_first(language, (f"{problem}.next_step", f"{base}.next_step"), said)
    model_step = say_first("en", (f"{problem}.next_step", f"{base}.model_step", f"{base}.next_step"), said)
    return Refusal(
        error.code,
        message or say(language, "refusal.refused.message"),
        next_step or say(language, "refusal.refused.next_step"),
        model_step or say("en", "refusal.refused.next_step"),
        facts,
    )


def _problem(facts: Mapping[str, object]) -> object:
    """What narrows the code down."""
    return "mine" if facts.get("mine") is True else facts.get("reason") or facts.get("because")


def _said(facts: Mapping[str, object], city: City | None, language: str) -> dict[str, object]:
    """The facts as words, with a few made from others: `most_text`, `state_text`, `fee`."""
    said: dict[str, object] = {}
    for name, value in facts.items():
        at = as_time(value)
        in_words = at is not None and city is not None and not name.endswith("_iso")
        said[name] = moment(at, city, language) if at and city and in_words else _plain(value, city)
    for name in ("least", "most", "minutes"):
        value = facts.get(name)
        if isinstance(value, (int, float)):
            said[f"{'wanted' if name == 'minutes' else name}_text"] = duration(int(value), language)
    for name in ("vehicle_type", "mode"):
        if has(f"{name}.{facts.get(name)}"):
            said[name] = say(language, f"{name}.{facts[name]}")
    for name in ("state", "status"):
        if has(f"{name}.{facts.get(name)}"):
            said[f"{name}_text"] = say(language, f"{name}.{facts[name]}")
    fee = facts.get("fee_minor")
    if isinstance(fee, int) and city:
        said["fee"] = money(fee, city.currency, language)
    return said


def as_time(value: object) -> datetime | None:
    """The instant in a fact: an aware datetime, or its ISO text with an offset; None for anything else."""
    if isinstance(value, str) and len(value) >= len("2026-11-23T09:00Z") and value[:4].isdigit():
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime) or value.tzinfo is None:
        return None
    return value.astimezone(UTC) if _FIRST_YEAR <= value.year <= _LAST_YEAR else None


def _plain(value: object, city: City | None) -> object:
    at = as_time(value)
    if at is not None:
        return local_iso(at, city) if city else at.isoformat(timespec="seconds")
    if isinstance(value, str):
        return clean(value, _MOST_FACTS_TEXT)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner, city) for name, inner in value.items()}
    if isinstance(value, Collection):
        return [_plain(inner, city) for inner in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    return clean(str(value), _MOST_FACTS_TEXT)
