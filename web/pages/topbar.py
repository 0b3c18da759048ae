"""The bar above every signed-in page."""

from nicegui import ui

from nimrod.web.pages import theme
from nimrod.web.pages.parts import box, icon_button, text
from nimrod.web.pages.session import Visit


def topbar(visit: Visit, place: str, greeting: str) -> None:
    """The mark, where we are, who is here, the way out."""
    person = visit.person
    assert person is not None
    with box("topbar", tag="header"):
        with box("wordmark"):
            ui.html(theme.mark(), sanitize=False)
            text("Nimrod", "wordmark-name", tag="span")
        if place:
            text(place, "city-name")
        box("grow")
        with box("person"):
            text(greeting, "person-words")
            text(person.name[:1], "avatar", aria_hidden="true")
        icon_button("logout", visit.words("bar.sign_out"), visit.leave)
