"""The look: one style sheet family and the mark, all from this package."""

from pathlib import Path

from nicegui import ui

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/pages-static"
SHEETS = ("tokens.css", "base.css", "chat.css", "ride.css", "map.css", "entry.css")


def dress() -> None:
    """Link the style sheets and set what every page has in its head."""
    version = max(int((STATIC / sheet).stat().st_mtime) for sheet in SHEETS)
    for sheet in SHEETS:
        ui.add_head_html(f'<link rel="stylesheet" href="{STATIC_URL}/{sheet}?v={version}">')
    ui.add_head_html('<meta name="theme-color" content="#0b5d4e"><meta name="referrer" content="no-referrer">')


def mark() -> str:
    """The Nimrod mark, an arrow leaving a bow, as SVG text of this package."""
    return (STATIC / "mark.svg").read_text(encoding="utf-8")
