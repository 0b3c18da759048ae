"""The look: one style sheet family and the mark, all from this package."""

from pathlib import Path
from urllib.parse import urlsplit

from nicegui import ui

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/pages-static"
SHEETS = ("tokens.css", "base.css", "chat.css", "ride.css", "map.css", "entry.css")


def dress(language: str, tiles_url: str) -> None:
    """Link the style sheets, say the language, and forbid the browser every other host but that of the tiles."""
    policy = content_policy(tiles_url)
    ui.add_head_html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
    ui.add_head_html(f'<script>document.documentElement.lang = "{language}";</script>')
    version = max(int((STATIC / sheet).stat().st_mtime) for sheet in SHEETS)
    for sheet in SHEETS:
        ui.add_head_html(f'<link rel="stylesheet" href="{STATIC_URL}/{sheet}?v={version}">')
    ui.add_head_html('<meta name="theme-color" content="#0b5d4e"><meta name="referrer" content="no-referrer">')


def content_policy(tiles_url: str) -> str:
    """What pages may load. Scripts in the page and `eval` are how NiceGUI starts Vue; hosts are only this one."""
    tiles = urlsplit(tiles_url)
    where = f" {tiles.scheme}://{tiles.netloc.replace('{s}', '*')}" if tiles.netloc else ""
    return (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data:{where}; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; "
        "form-action 'self'"
    )


def mark() -> str:
    """The Nimrod mark, an arrow leaving a bow, as SVG text of this package."""
    return (STATIC / "mark.svg").read_text(encoding="utf-8")
