"""`nimrod settings`: every setting with default and meaning, as in docs/settings.md."""

import typer

from nimrod.web.cli import Builder


def register(commands: typer.Typer, _build: Builder) -> None:
    """Add the command."""

    @commands.command("settings")
    def print_settings() -> None:
        """Print every setting: name, default, meaning."""
        from nimrod.platform.settings.document import as_markdown

        typer.echo(as_markdown(), nl=False)
