"""`docs/settings.md`, made from the settings themselves."""

from typing import get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from nimrod.platform.settings.load import PREFIX
from nimrod.platform.settings.model import Settings

HEAD = """# Settings
Every setting is an environment variable, or a line in a file named `.env` in the working folder; the environment wins.
A wrong value, or a name that does not exist, stops the start with the name and the reason. This page is written by
`nimrod settings`; a test compares the two.

| Name | Default | Meaning |
|---|---|---|
"""


def as_markdown() -> str:
    """The whole page."""
    return HEAD + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def _row(name: str, field: FieldInfo) -> str:
    default = "" if isinstance(field.default, SecretStr) else str(field.default)
    words = field.description or ""
    if get_origin(field.annotation) is not None and all(isinstance(one, str) for one in get_args(field.annotation)):
        words += " One of: " + ", ".join(f"`{one}`" for one in get_args(field.annotation)) + "."
    return f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if default else ''} | {words} |\n"
