"""The end state against what was expected: exact, whatever way led there. What is not mentioned must be as it was."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from nimrod.evals.form.base import moment
from nimrod.evals.form.expect import HandoverFacts, StateExpected
from nimrod.evals.play.episode import Episode, Row

TIMES = frozenset({"start", "end", "until"})
KEPT = ("customer", "vehicle", "vehicle_type", "city", "state", "start", "end", "price_minor", "fee_minor")


def state_reasons(expected: StateExpected | None, episode: Episode) -> list[str]:
    """Why the end state is wrong; empty when it is right."""
    wanted = expected or StateExpected()
    reasons = [*_known(wanted, episode), *_new(wanted, episode)]
    if wanted.proposals is not None:
        made = [row for key, row in episode.after.proposals.items() if key not in episode.before.proposals]
        reasons += _among(wanted.proposals, made, episode.zone, "proposal")
    if wanted.handovers is not None:
        reasons += _handovers(wanted.handovers, episode)
    return reasons


def waiting(episode: Episode) -> list[Row]:
    """The proposals of this case that wait for a person at the end."""
    made = (row for key, row in episode.after.proposals.items() if key not in episode.before.proposals)
    return [row for row in made if row["status"] == "pending"]


def _known(wanted: StateExpected, episode: Episode) -> Iterator[str]:
    for key, before in episode.before.reservations.items():
        after = episode.after.reservations.get(key)
        if after is None:
            yield f"reservation {key} is gone"
        elif key in wanted.reservations:
            yield from (
                f"reservation {key}: {why}" for why in differences(wanted.reservations[key], after, episode.zone)
            )
        else:
            yield from (
                f"reservation {key}: {field} was {_shown(before[field])}, became {_shown(after[field])}, unasked"
                for field in KEPT
                if before[field] != after[field]
            )
    for key in wanted.reservations:
        if key not in episode.before.reservations:
            yield f"reservation {key} was never there"


def _new(wanted: StateExpected, episode: Episode) -> Iterator[str]:
    new = [row for key, row in episode.after.reservations.items() if key not in episode.before.reservations]
    facts = wanted.new_reservations
    if len(new) != len(facts):
        shown = "; ".join(_row_shown(row) for row in new) or "none"
        yield f"{len(facts)} new reservations expected, found {len(new)}: {shown}"
        return
    yield from _among(facts, new, episode.zone, "new reservation")


def _among(facts: Sequence[BaseModel], rows: Sequence[Row], zone: str, what: str) -> Iterator[str]:
    """Each fact needs a row of its own."""
    if _matched(facts, rows, zone):
        return
    for number, fact in enumerate(facts, 1):
        if not any(not differences(fact, row, zone) for row in rows):
            nearest = min((differences(fact, row, zone) for row in rows), key=len, default=["there is none"])
            yield f"{what} {number}: {', '.join(nearest)}"
            return
    yield f"the expected {what}s cannot all be found: {'; '.join(map(_row_shown, rows))}"


def _matched(facts: Sequence[BaseModel], rows: Sequence[Row], zone: str) -> bool:
    if not facts:
        return True
    fits = (i for i, row in enumerate(rows) if not differences(facts[0], row, zone))
    return any(_matched(facts[1:], [*rows[:i], *rows[i + 1 :]], zone) for i in fits)


def differences(fact: BaseModel, row: Row, zone: str) -> list[str]:
    """Where the row is not as the fact says; only fields that were written down count."""
    found: list[str] = []
    for field in sorted(fact.model_fields_set):
        wanted, actual = getattr(fact, field), row.get(field)
        if isinstance(wanted, Mapping):
            inside = actual if isinstance(actual, Mapping) else {}
            found += [
                f"{field}.{key} is {_shown(inside.get(key))}, not {_shown(value)}"
                for key, value in wanted.items()
                if not same(value, inside.get(key), zone)
            ]
        elif not same(wanted, actual, zone, is_time=field in TIMES):
            found.append(f"{field} is {_shown(actual)}, not {_shown(wanted)}")
    return found


def same(wanted: Any, actual: Any, zone: str, *, is_time: bool = False) -> bool:
    """Equal, one of a list, or the same instant."""
    if isinstance(wanted, list):
        return any(same(one, actual, zone, is_time=is_time) for one in wanted)
    if isinstance(wanted, str) and (is_time or isinstance(actual, datetime) or _both_times(wanted, actual)):
        at = moment(actual, zone) if isinstance(actual, str) else actual
        return at is not None and moment(wanted, zone) == at
    return bool(wanted == actual)


def _both_times(wanted: str, actual: Any) -> bool:
    shape = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
    return isinstance(actual, str) and bool(shape.match(wanted)) and bool(shape.match(actual))


def _handovers(wanted: Sequence[HandoverFacts], episode: Episode) -> Iterator[str]:
    new = [row for key, row in episode.after.handovers.items() if key not in episode.before.handovers]
    if len(new) != len(wanted):
        yield f"{len(wanted)} hand-overs expected, found {len(new)}"
        return
    for fact in wanted:
        fits = [
            row
            for row in new
            if same(fact.customer or row["customer"], row["customer"], episode.zone)
            and re.search(fact.summary, str(row["summary"]), re.IGNORECASE)
        ]
        if not fits:
            yield f"no hand-over by {fact.customer or 'anyone'} says {fact.summary!r}"


def _shown(value: Any) -> str:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else repr(value)


def _row_shown(row: Row) -> str:
    keys = [key for key in ("customer", "kind", "status", "vehicle", "state", "start", "end") if key in row]
    return ", ".join(f"{key} {_shown(row[key])}" for key in keys)
