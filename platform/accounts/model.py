"""The nouns of accounts: people, sessions, keys, what is remembered about sign-in tries, the audit row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nimrod.domain.shared.principal import Principal, Role


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may sign in. `login` and `email` are kept in lower case; `password_hash` is argon2id."""

    principal_id: str
    login: str
    email: str
    name: str
    roles: frozenset[Role]
    city_id: str
    language: str
    password_hash: str
    created_at: datetime
    closed_at: datetime | None = None

    def principal(self, actor: str | None = None) -> Principal:
        """What tokens say about this person; never the password or the e-mail."""
        return Principal(self.principal_id, self.roles, self.city_id, self.language, self.name, actor)


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in device: a family of refresh tokens that is closed as a whole."""

    session_id: str
    principal_id: str
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One member of a session's family, known by the SHA-256 of the token; good for one use."""

    token_hash: str
    session_id: str
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key; `private_jwk` is the JSON of the whole JWK and never leaves the platform system."""

    key_id: str
    private_jwk: str
    created_at: datetime
    retired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SignInTries:
    """Wrong passwords in a row for one login name (known or not)."""

    login: str
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What someone did, append-only: `action` such as `grant.minted`, `subject` the id it was done to, no secrets."""

    audit_id: str
    at: datetime
    principal_id: str
    actor: str | None
    action: str
    subject: str
    facts: Mapping[str, str | int | float | bool | None]
