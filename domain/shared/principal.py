"""Who is asking. Comes from a verified token, never from an argument."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["customer", "field_operator", "fleet_manager", "analyst", "engineer", "administrator"]
ROLES: tuple[Role, ...] = ("customer", "field_operator", "fleet_manager", "analyst", "engineer", "administrator")


@dataclass(frozen=True, slots=True)
class Principal:
    """A signed-in person: stable id, roles, home city and language.

    `actor` names the agent that acts for the person (its token is narrowed); None when the person acts.
    """

    id: str
    roles: frozenset[Role]
    city_id: str
    language: str = "en"
    name: str = ""
    actor: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the person holds any of these roles."""
        return not self.roles.isdisjoint(roles)
