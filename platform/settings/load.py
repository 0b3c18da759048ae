"""Reading the settings, and saying plainly which one is wrong."""

import os
from collections.abc import Mapping
from difflib import get_close_matches

from dotenv import dotenv_values
from pydantic import ValidationError

from nimrod.platform.settings.model import Settings

PREFIX = "NIMROD_"
OTHERS = ("NIMROD_TOKEN",)  # read by commands, not by the systems
FREE = ("NIMROD_TEST_", "NIMROD_BENCH_")  # for test and benchmark runs


class SettingsRefused(Exception):
    """The text names every wrong setting and the reason, one a line."""


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from `.env` and the environment (which wins); raises SettingsRefused."""
    wrong = _unknown({**dotenv_values(".env"), **(os.environ if environ is None else environ)})
    try:
        settings = Settings()
    except ValidationError as refused:
        wrong += [_in_words(tuple(e["loc"]), str(e["msg"])) for e in refused.errors(include_input=False)]
    if wrong:
        raise SettingsRefused("\n".join(wrong))
    return settings


def _unknown(environ: Mapping[str, str | None]) -> list[str]:
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    lines = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in known or name in OTHERS or name.startswith(FREE):
            continue
        near = get_close_matches(name, known, n=1)
        lines.append(f"{name}: there is no such setting" + (f"; did you mean {near[0]}?" if near else ""))
    return lines


def _in_words(where: tuple[int | str, ...], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(where[0]).upper()}: {reason}" if where else reason
