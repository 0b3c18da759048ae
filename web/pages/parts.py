"""Small pieces every page is made of: plain HTML elements with our classes, words set as text, never as HTML."""

from collections.abc import Callable
from typing import Any

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

TYPE_ICONS = {
    "scooter": "electric_scooter",
    "bike": "pedal_bike",
    "car": "directions_car",
    "van": "airport_shuttle",
}


def box(classes: str = "", *, tag: str = "div", **attributes: str | bool) -> Element:
    """An element that holds others; attributes are written with underscores for dashes."""
    return _with(Element(tag), classes, attributes)


def text(words: str, classes: str = "", *, tag: str = "div", **attributes: str | bool) -> TextElement:
    """An element with words in it."""
    element = TextElement(text=words, tag=tag)
    _with(element, classes, attributes)
    return element


def icon(name: str, classes: str = "") -> TextElement:
    """A picture from the icon font, silent for screen readers."""
    return text(name, f"icon {classes}", tag="span", aria_hidden="true")


def button(
    words: str, on_click: Callable[..., Any], classes: str = "btn", *, picture: str = "", **attributes: str | bool
) -> Element:
    """A button with an optional picture before its words."""
    element = box(classes, tag="button", **{"type": "button", **attributes})
    with element:
        if picture:
            icon(picture)
        text(words, "btn-words", tag="span")
    element.on("click", on_click)
    return element


def icon_button(name: str, label: str, on_click: Callable[..., Any], classes: str = "icon-btn") -> Element:
    """A button that is only a picture; the label is read aloud and shown as a tip."""
    element = box(classes, tag="button", type="button", aria_label=label, title=label)
    with element:
        icon(name)
    element.on("click", on_click)
    return element


def battery(percent: int, label: str) -> Element:
    """A battery with its level, said in words too."""
    level = "low" if percent < 20 else "mid" if percent < 50 else "high"
    with box(f"battery battery-{level}", tag="span", role="img", aria_label=label, title=label) as element:
        with box("battery-shell", tag="span"):
            box("battery-fill", tag="span").style(f"width:{max(6, min(100, percent))}%")
        text(f"{percent}%", "battery-number", tag="span", aria_hidden="true")
    return element


def set_attributes(element: Element, **attributes: str | bool | None) -> None:
    """Change attributes of an element that is on the page; None takes one away."""
    for name, value in attributes.items():
        key = name.replace("_", "-")
        if value is None:
            element._props.pop(key, None)
        else:
            element._props[key] = value
    element.update()


def _with(element: Element, classes: str, attributes: dict[str, str | bool]) -> Element:
    element.classes(classes)
    for name, value in attributes.items():
        element._props[name.replace("_", "-")] = value
    return element
