"""The catalogue: YAML files per language under `words/`; what a language lacks is said in English."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Formatter

import yaml

ENGLISH = "en"
_FOLDER = files(__package__) / "words"
LANGUAGES: tuple[str, ...] = tuple(
    sorted(entry.name.removesuffix(".yaml") for entry in _FOLDER.iterdir() if entry.name.endswith(".yaml"))
)


def known(language: str) -> str:
    """The catalogue language for a tag such as `fi-FI`; English for one we do not have."""
    tag = language.replace("_", "-").partition("-")[0].lower()
    return tag if tag in LANGUAGES else ENGLISH


@cache
def words(language: str) -> Mapping[str, str]:
    """All entries of one language, keys joined by dots: its own file and `<folder>/<language>.yaml` beside it."""
    folders = sorted((entry for entry in _FOLDER.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
    entries: dict[str, str] = {}
    for file in (_FOLDER / f"{language}.yaml", *(folder / f"{language}.yaml" for folder in folders)):
        if file.is_file():
            entries.update(_flat(yaml.safe_load(file.read_text(encoding="utf-8")) or {}, ""))
    return entries


def _flat(node: Mapping[str, object], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in node.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value).strip()))
    return found


def placeholders(text: str) -> frozenset[str]:
    """The names of the facts an entry wants."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def has(key: str) -> bool:
    """Whether the catalogue knows this key."""
    return key in words(ENGLISH)


def say(language: str, key: str, /, **facts: object) -> str:
    """The entry in this language, or in English; raises KeyError for an unknown key or a missing fact (a bug)."""
    text = words(known(language)).get(key) or words(ENGLISH)[key]
    return text.format_map(facts)


def say_first(language: str, keys: tuple[str, ...], facts: Mapping[str, object]) -> str | None:
    """The first of these entries that exists and whose facts are all at hand, or None."""
    for key in keys:
        if has(key) and placeholders(words(ENGLISH)[key]) <= facts.keys():
            return say(language, key, **facts)
    return None
