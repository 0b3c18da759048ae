"""The people of the demo world."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from nimrod.domain.shared.city import City
from nimrod.domain.shared.principal import Role
from nimrod.platform.accounts.demo import DEMO_PASSWORD
from nimrod.platform.accounts.model import Person
from nimrod.platform.accounts.passwords import hash_password

NO_PASSWORD = "!"  # noqa: S105 - no argon2 hash: nobody can sign in with it
DEMO: Sequence[tuple[str, Role, str, str]] = (
    ("mia", "customer", "helsinki", "en"),
    ("noah", "customer", "helsinki", "en"),
    ("aino", "customer", "helsinki", "fi"),
    ("elias", "customer", "helsinki", "sv"),
    ("jana", "customer", "prague", "cs"),
    ("petr", "customer", "prague", "en"),
    ("otto", "field_operator", "helsinki", "en"),
    ("fiona", "fleet_manager", "helsinki", "en"),
    ("ada", "analyst", "helsinki", "en"),
    ("egon", "engineer", "helsinki", "en"),
    ("alva", "administrator", "helsinki", "en"),
)
FIRST_NAMES = (
    "Alma", "Bruno", "Clara", "Daniel", "Ella", "Felix", "Greta", "Hugo", "Ida", "Jonas", "Karin", "Leo",
    "Maja", "Nils", "Olivia", "Pavel", "Rosa", "Simon", "Tereza", "Ursula", "Viktor", "Wanda", "Yrsa", "Zora",
)  # fmt: skip


def demo_people(now: datetime) -> Sequence[Person]:
    """Those who can sign in, all with the demo password, hashed once."""
    password_hash = hash_password(DEMO_PASSWORD)
    return [
        Person(
            principal_id=f"per_{login}",
            login=login,
            email=f"{login}@example.org",
            name=login.capitalize(),
            roles=frozenset({role}),
            city_id=city_id,
            language=language,
            password_hash=password_hash,
            created_at=now,
        )
        for login, role, city_id, language in DEMO
    ]


def other_customers(city: City, count: int, *, rng: Random, now: datetime) -> Sequence[Person]:
    """Customers who ride but cannot sign in."""
    return [
        Person(
            principal_id=f"per_{city.city_id}_{number:04d}",
            login=f"{city.city_id}-{number:04d}",
            email=f"{city.city_id}-{number:04d}@example.org",
            name=rng.choice(FIRST_NAMES),
            roles=frozenset({"customer"}),
            city_id=city.city_id,
            language=rng.choice(city.languages),
            password_hash=NO_PASSWORD,
            created_at=now,
        )
        for number in range(1, count + 1)
    ]
