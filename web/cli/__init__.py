"""The `nimrod` command. Each module here adds its own by `register(commands, build)`; imports stay inside commands."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import typer

PARTS = ("serve", "seed", "mcp", "settings", "chat", "evals")


Builder = Callable[..., Any]
"""`nimrod.app.build`, handed down so that commands need not import the composition root."""


def commands(build: Builder) -> typer.Typer:
    """The whole command."""
    root = typer.Typer(
        name="nimrod", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        help="Nimrod: a shared-mobility platform run by people and agents.",
    )  # fmt: skip
    for part in PARTS:
        name = f"{__name__}.{part}"
        if find_spec(name) is not None:
            import_module(name).register(root, build)
    return root
