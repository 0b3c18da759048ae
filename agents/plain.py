"""Plain answers built by code from what tools returned, for when no model has true words."""

from collections.abc import Mapping, Sequence
from typing import Any

from nimrod.agents.guards import Call, Reason
from nimrod.platform.language import say

SHOWN = 3
KEYS = ("vehicle_id", "reservation_id", "title", "name", "total", "price")
TELLING = (
    "vehicle_type",
    "vehicle_id",
    "reservation_id",
    "title",
    "name",
    "state",
    "model",
    "near",
    "start",
    "price",
    "total",
    "text",
)


def card_text(language: str, cards: Sequence[Mapping[str, Any]]) -> str:
    """Proposals that wait, each with its title and total."""
    lines = []
    for card in cards:
        key = "agent.card_total" if card.get("total") else "agent.card"
        lines.append(say(language, key, title=card.get("title", ""), total=card.get("total")))
    return " ".join(lines)


def tool_text(language: str, calls: Sequence[Call]) -> str:
    """What the last telling call of a turn came to, or an empty text."""
    for call in reversed(calls):
        text = _told(language, call.error or {}) or _told(language, call.result or {})
        if text:
            return text
    return ""


def reason_text(language: str, reason: Reason) -> str:
    """Why a turn ended early."""
    return say(language, f"agent.{reason}")


def _told(language: str, body: Mapping[str, Any]) -> str:
    if isinstance(message := body.get("message"), str) and message:
        return message
    if body.get("status") == "declined":
        return say(language, "agent.declined", title=body.get("title", ""))
    whole = _item(body)
    if whole:
        return say(language, "agent.found", items=whole)
    for value in body.values():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            items = "; ".join(filter(None, (_item(one) for one in value[:SHOWN])))
            return say(language, "agent.found", items=items) if items else ""
    return say(language, "agent.found_nothing") if any(value == [] for value in body.values()) else ""


def _item(body: Mapping[str, Any]) -> str:
    """The telling words of one thing; the texts of cards, prices and places are whole already."""
    if not any(isinstance(body.get(key), str) and body[key] for key in KEYS):
        return ""
    return ", ".join(str(body[key]) for key in TELLING if isinstance(body.get(key), str) and body[key])
