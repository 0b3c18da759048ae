"""The catalogue as JSON Schema, and which differences break a reader of the older form."""

import json
from collections.abc import Mapping
from dataclasses import fields
from types import NoneType
from typing import Any, get_args, get_type_hints

from nimrod.domain.contracts.catalogue import CATALOGUE, Body

DIALECT = "https://json-schema.org/draft/2020-12/schema"
JSON_TYPES: Mapping[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}

Schema = Mapping[str, Any]


def schema_of(body: type[Body]) -> dict[str, Any]:
    """The JSON Schema of one event body. Readers ignore fields they do not know."""
    hints = get_type_hints(body)
    names = [field.name for field in fields(body)]
    return {
        "$schema": DIALECT,
        "title": f"{body.TYPE} v{body.VERSION}",
        "description": " ".join((body.__doc__ or "").split()),
        "x-source": body.SOURCE,
        "x-subject": body.SUBJECT,
        "type": "object",
        "properties": {name: {"type": _json_type(hints[name])} for name in names},
        "required": names,
    }


def render_all() -> dict[str, str]:
    """File name (`reservation.held.v1.json`) to text, for every event of the catalogue."""
    return {
        f"{body.TYPE}.v{body.VERSION}.json": json.dumps(schema_of(body), indent=2, ensure_ascii=False) + "\n"
        for body in CATALOGUE
    }


def list_breaks(old: Schema, new: Schema) -> list[str]:
    """What a reader of `old` would stumble over in `new`; empty when the change is safe within the version.

    Safe: a new field, a narrower type. Breaking: a field gone or no longer certain, another or wider type,
    another source or subject.
    """
    breaks = [f"{key} is another" for key in ("title", "x-source", "x-subject") if old.get(key) != new.get(key)]
    for name, was in old["properties"].items():
        now = new["properties"].get(name)
        if now is None:
            breaks.append(f"{name} is gone")
        elif extra := _types(now) - _types(was):
            breaks.append(f"{name} may now be {', '.join(sorted(extra))}")
        elif name in old["required"] and name not in new["required"]:
            breaks.append(f"{name} may now be missing")
    return breaks


def _json_type(hint: object) -> str | list[str]:
    parts = get_args(hint) or (hint,)
    names = [JSON_TYPES[part] for part in parts]
    return names[0] if len(names) == 1 else names


def _types(field: Schema) -> set[str]:
    kinds = field["type"]
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | {"integer"} if "number" in found else found
