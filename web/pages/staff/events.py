"""What the data system heard: how many events of which kind."""

from collections.abc import Mapping
from typing import Any

from nimrod.web.pages.parts import box, text
from nimrod.web.pages.session import Visit
from nimrod.web.pages.staff.fleet import tile

_LISTS = ("events", "types", "kinds", "by_type", "items")


async def show_events(visit: Visit) -> None:
    """Fetch the summary and show it; raises ApiProblem."""
    words = visit.words
    rows = event_rows(await visit.client.event_summary())
    total, most = sum(count for _, count, _ in rows), max((count for _, count, _ in rows), default=1)
    text(words("staff.events"), tag="h1")
    text(words("staff.events_lead"), "muted", tag="p")
    with box("tiles"):
        tile(f"{total:,}".replace(",", " "), words("staff.heard"))
        tile(str(len(rows)), words("staff.kinds"))
    with box("table-wrap"), box("table", tag="table"):
        with box(tag="thead"), box(tag="tr"):
            for column in ("event", "count", "last"):
                text(words(f"staff.{column}"), "right" if column == "count" else "", tag="th", scope="col")
            box(tag="th", aria_hidden="true")
        with box(tag="tbody"):
            for name, count, last in rows:
                with box(tag="tr"):
                    text(name, tag="td").style("font-weight:600")
                    text(str(count), "right number", tag="td")
                    text(last, "muted number", tag="td")
                    with box(tag="td", aria_hidden="true").style("width:35%"):
                        box("bar").style(f"width:{100 * count / most:.1f}%")


def event_rows(summary: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """(kind of event, how many, last heard) from the summary, most frequent first."""
    found: Any = next((summary[name] for name in _LISTS if name in summary), [])
    if isinstance(found, Mapping):
        found = [{"type": name, "count": count} for name, count in found.items()]
    rows = [
        (
            str(row.get("type") or row.get("name") or row.get("event_type") or ""),
            int(row.get("count", 0)),
            _utc(str(row.get("last_at") or row.get("last") or "")),
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: -row[1])


def _utc(at: str) -> str:
    return f"{at[:16].replace('T', ' ')} UTC" if at else ""
