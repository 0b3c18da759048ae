"""YAML without its traps: `9:30` and `2026-11-23` stay text, `no` stays a word."""

import re
from typing import Any

import yaml

_KEPT = {
    "tag:yaml.org,2002:bool": (re.compile(r"^(?:true|false|True|False)$"), "tTfF"),
    "tag:yaml.org,2002:int": (re.compile(r"^[-+]?[0-9]+$"), "-+0123456789"),
    "tag:yaml.org,2002:float": (re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), "-+0123456789"),
    "tag:yaml.org,2002:null": (re.compile(r"^(?:~|null|Null|NULL|)$"), "~nN\0"),
    "tag:yaml.org,2002:merge": (re.compile(r"^(?:<<)$"), "<"),
}


class PlainLoader(yaml.SafeLoader):
    """Reads only the scalars that YAML 1.2 calls other than text."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


for _tag, (_pattern, _first) in _KEPT.items():
    PlainLoader.add_implicit_resolver(_tag, _pattern, [*_first.replace("\0", ""), *([""] if "\0" in _first else [])])


def read(text: str) -> Any:
    """The document as plain values."""
    return yaml.load(text, Loader=PlainLoader)  # noqa: S506  (a SafeLoader with fewer types)


def nodes(text: str) -> yaml.Node | None:
    """The document with the lines it stands on."""
    return yaml.compose(text, Loader=PlainLoader)
