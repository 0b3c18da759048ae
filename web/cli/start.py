"""What every command does first: read the settings, say plainly what is wrong with them."""

import sys

import typer

from nimrod.platform.settings import Settings, SettingsRefused, load_settings


def settings_or_exit() -> Settings:
    """The settings; a wrong one ends the command with its name and the reason."""
    try:
        return load_settings()
    except SettingsRefused as refused:
        stop(str(refused))
        raise


def stop(reason: str) -> None:
    """End the command with a reason and status 2."""
    typer.echo(f"nimrod: {reason}", file=sys.stderr)
    raise typer.Exit(2)
