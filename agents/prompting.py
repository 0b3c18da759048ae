"""Prompts: Markdown with a header; numbers come from the domain when rendered."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Template
from zoneinfo import ZoneInfo

import yaml

from nimrod.agents.spec import AgentSpec
from nimrod.domain.shared.city import City
from nimrod.domain.shared.principal import Principal

PLACES_SHOWN = 60
ALIASES_EACH = 12
ALIASES_CHARS = 5000
ALIAS = re.compile(r"[^\W\d_][\w .'’-]{1,38}")  # anything else in a place file is not shown as a name
ALIAS_WORDS = 4


class PromptBroken(ValueError):
    """A prompt file and its agent disagree; a bug in the repository, found by a test."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as written: `digest` are 12 hex digits of its SHA-256, for traces."""

    agent: str
    version: int
    fills: frozenset[str]
    text: str
    digest: str


@cache
def load_prompt(path: str) -> Prompt:
    """The prompt at `prompts/<path>`; raises PromptBroken, FileNotFoundError."""
    raw = files("nimrod").joinpath("prompts", *path.split("/")).read_text(encoding="utf-8")
    _, head, text = raw.split("---\n", 2)
    header = yaml.safe_load(head)
    prompt = Prompt(
        agent=str(header["agent"]),
        version=int(header["version"]),
        fills=frozenset(header["fills"]),
        text=text.strip(),
        digest=hashlib.sha256(raw.encode()).hexdigest()[:12],
    )
    named = set(Template(prompt.text).get_identifiers())
    if named != prompt.fills:
        raise PromptBroken(f"{path}: header and text disagree about {sorted(named ^ prompt.fills)}")
    return prompt


def render(spec: AgentSpec, city: City) -> str:
    """The agent's instructions for this city; raises PromptBroken when the domain gives other fills than named."""
    prompt = load_prompt(spec.prompt)
    fills = spec.fills(city)
    if prompt.agent != spec.name or set(fills) != prompt.fills:
        raise PromptBroken(f"{spec.prompt}: not written for agent {spec.name} and {sorted(fills)}")
    return Template(prompt.text).substitute(fills)


def local_now(now: datetime, city: City) -> datetime:
    """The moment on the city's clocks."""
    return now.astimezone(ZoneInfo(city.time_zone))


def context_block(
    me: Principal,
    city: City,
    *,
    language: str,
    now: datetime,
    position: tuple[float, float] | None,
    pending: Sequence[Mapping[str, object]],
) -> str:
    """The last line of the instructions: what is so at this moment, as JSON for any reader."""
    local = local_now(now, city)
    body = {
        "now": local.isoformat(timespec="seconds"),
        "weekday": local.strftime("%A"),
        "city": _name(city.names, language),
        "time_zone": city.time_zone,
        "currency": city.currency,
        "language": language,
        "name": me.name,
        "position": {"lat": position[0], "lon": position[1]} if position else None,
        "pending": [{key: card.get(key) for key in ("proposal_id", "kind", "title", "facts")} for card in pending],
        "places": [_name(place.names, language) for place in city.places[:PLACES_SHOWN]],
        "aliases": _aliases(city, language),
    }
    return f"<context>{json.dumps(body, ensure_ascii=False)}</context>"


def _aliases(city: City, language: str) -> dict[str, list[str]]:
    """What else people call the places: names in other languages and nicknames, as many as fit."""
    shown: dict[str, list[str]] = {}
    left = ALIASES_CHARS
    for place in city.places[:PLACES_SHOWN]:
        name = _name(place.names, language)
        said = dict.fromkeys(a.removeprefix("the ") for a in (*place.aliases, *place.names.values()))
        others = [a for a in said if name.casefold() not in a.casefold() and _is_plain(a)][:ALIASES_EACH]
        left -= len(name) + sum(len(a) for a in others)
        if left < 0:
            break
        if others:
            shown[name] = others
    return shown


def _is_plain(alias: str) -> bool:
    """Whether it reads like a name: letters, few words."""
    return ALIAS.fullmatch(alias) is not None and alias.count(" ") < ALIAS_WORDS


def _name(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()))
