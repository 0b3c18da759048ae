"""A reply as HTML that can do nothing but look: bold words, lists, line breaks; no links, images or markup of others.

An image in a model's reply would be a request to another host with whatever the model put into its address.
"""

import re
from html import escape

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+(.*)$")


def as_html(reply: str) -> str:
    """The reply, escaped, with its paragraphs, list items and bold words."""
    parts: list[str] = []
    items: list[str] = []
    for line in [*reply.strip().splitlines(), ""]:
        item = _ITEM.match(line)
        if item:
            items.append(f"<li>{_bold(item[1])}</li>")
            continue
        if items:
            parts.append(f"<ul>{''.join(items)}</ul>")
            items = []
        if line.strip():
            parts.append(f"<p>{_bold(line.strip())}</p>")
    return "".join(parts)


def _bold(line: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(line))
