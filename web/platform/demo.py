"""The people of the demo world, for one-tap sign-in; nobody where the demo seeder did not run."""

from collections.abc import Sequence

from nimrod.platform.accounts.passwords import is_password
from nimrod.platform.accounts.ports import PlatformStore
from nimrod.web.platform.views import DemoPerson


class DemoPeople:
    """Looks once, and only offers people whose password still is the demo password."""

    def __init__(self, store: PlatformStore, *, logins: Sequence[str], password: str) -> None:
        self._store = store
        self._logins = logins
        self._password = password
        self._found: list[DemoPerson] = []

    def __call__(self) -> tuple[Sequence[DemoPerson], str]:
        """The people and their password; both empty when there are none."""
        if not self._found:
            self._found = self._look()
        return self._found, self._password if self._found else ""

    def _look(self) -> list[DemoPerson]:
        with self._store.reading() as tables:
            known = [person for login in self._logins if (person := tables.find_person(login))]
        hashes = {person.password_hash for person in known}
        open_to_all = {one for one in hashes if is_password(self._password, one)}
        return [
            DemoPerson(login=one.login, name=one.name, role=min(one.roles, default=""), city_id=one.city_id)
            for one in known
            if one.password_hash in open_to_all
        ]
