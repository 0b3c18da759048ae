"""`nimrod seed`: the demo world into empty databases."""

from typing import Annotated

import typer

from nimrod.web.cli import Builder
from nimrod.web.cli.start import settings_or_exit, stop


def register(commands: typer.Typer, build: Builder) -> None:
    """Add the command."""

    @commands.command("seed")
    def fill(
        scale: Annotated[str, typer.Option(help="small, or metro: 4,400 vehicles a city")] = "small",
    ) -> None:
        """Fill empty databases with people, vehicles and a few months of rides; the same every time."""
        from nimrod.web.cli.filling import fill_when_empty

        if scale not in ("small", "metro"):
            stop(f"--scale {scale}: must be small or metro")
        nimrod = build(settings_or_exit())
        try:
            if not fill_when_empty(nimrod, scale, typer.echo):
                stop(f"{nimrod.settings.data_dir} holds a world already; choose another NIMROD_DATA_DIR to seed afresh")
        finally:
            nimrod.stores.close()
