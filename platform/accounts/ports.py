"""What accounts and approvals need from storage."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from nimrod.platform.accounts.model import AuditRow, Person, RefreshToken, Session, SigningKey, SignInTries


class PlatformTables(Protocol):
    """The platform system's tables inside one transaction. `get_` raises NotFound; `find_` may return None."""

    def find_person(self, login_or_email: str) -> Person | None:
        """By login name or e-mail, both compared in lower case."""

    def get_person(self, principal_id: str) -> Person: ...
    def list_people(self) -> Sequence[Person]: ...
    def save_person(self, person: Person) -> None:
        """Insert or replace by `principal_id`."""

    def get_session(self, session_id: str) -> Session: ...
    def save_session(self, session: Session) -> None: ...
    def find_refresh_token(self, token_hash: str) -> RefreshToken | None: ...
    def save_refresh_token(self, token: RefreshToken) -> None: ...

    def list_keys(self) -> Sequence[SigningKey]:
        """Newest first, retired ones included."""

    def add_key(self, key: SigningKey) -> None: ...

    def find_tries(self, login: str) -> SignInTries | None: ...
    def save_tries(self, tries: SignInTries) -> None: ...

    def add_audit(self, row: AuditRow) -> None:
        """Append; there is no way to change or remove a row."""

    def list_audit(self, limit: int) -> Sequence[AuditRow]:
        """Newest first."""


class PlatformStore(Protocol):
    """Opens transactions. `writing` commits when the block ends well and rolls back when it raises."""

    def reading(self) -> AbstractContextManager[PlatformTables]: ...
    def writing(self) -> AbstractContextManager[PlatformTables]: ...
