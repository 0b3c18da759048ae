"""Where staff land: the fleet for operations, the events for analysts, an honest word for the rest."""

from nicegui import ui

from nimrod.web.pages.parts import box, text
from nimrod.web.pages.session import Visit
from nimrod.web.pages.staff.events import show_events
from nimrod.web.pages.staff.fleet import show_fleet
from nimrod.web.pages.topbar import topbar

FLEET_ROLES = frozenset({"field_operator", "fleet_manager", "administrator"})
EVENT_ROLES = frozenset({"analyst", "engineer", "administrator"})


async def staff_page(visit: Visit) -> None:
    """The page for a signed-in member of staff; others go to the front door."""
    person = visit.person
    if person is None:
        ui.navigate.to("/")
        return
    ui.page_title(visit.words("staff.tab"))
    roles = frozenset(person.roles)
    with box("staff"):
        topbar(visit, ", ".join(visit.words(f"role.{role}") for role in person.roles), person.name)
        with box("staff-body"):
            async with visit.caring():
                if roles & FLEET_ROLES:
                    await show_fleet(visit)
                if roles & EVENT_ROLES:
                    await show_events(visit)
            if not roles & (FLEET_ROLES | EVENT_ROLES):
                text(visit.words("staff.nothing"), "muted", tag="p")
