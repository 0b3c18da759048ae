"""The people of a world as the platform system knows them."""

from datetime import datetime
from functools import cache

from argon2 import PasswordHasher

from nimrod.evals.form.world import Person as PersonHere
from nimrod.evals.form.world import World
from nimrod.platform.accounts.model import Person
from nimrod.platform.accounts.ports import PlatformStore

PASSWORD = "said-on-stage"  # noqa: S105  (a password of people who live for one case)


def principal_id(login: str) -> str:
    """`per_mia` for mia."""
    return f"per_{login}"


def login_of(person: str) -> str:
    """`mia` for per_mia."""
    return person.removeprefix("per_")


@cache
def _hash() -> str:
    """Cheap on purpose: the parameters are read back from the hash, and signing in is not what a case measures."""
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


def settle_people(world: World, store: PlatformStore, *, at: datetime) -> None:
    """Give everyone of the world an account."""
    with store.writing() as tables:
        for person in world.people:
            tables.save_person(_person(person, world, at))


def _person(person: PersonHere, world: World, at: datetime) -> Person:
    return Person(
        principal_id=principal_id(person.login),
        login=person.login,
        email=f"{person.login}@example.org",
        name=person.name or person.login.capitalize(),
        roles=frozenset(person.roles),
        city_id=person.city or world.city,
        language=person.language,
        password_hash=_hash(),
        created_at=at,
    )
