"""What the platform's routes take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints

from nimrod.platform.accounts.model import AuditRow, Person
from nimrod.platform.accounts.service import SignedIn
from nimrod.web.bodies import Body, Id, Name

Secret = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class SignInBody(Body):
    """Login name or e-mail, and the password."""

    login: Name
    password: Secret


class RefreshBody(Body):
    """The refresh token of the last answer."""

    refresh_token: Secret


class SignOutBody(Body):
    """The refresh token of the session to close; without it the access token says which."""

    refresh_token: Secret | None = None


class ExchangeBody(Body):
    """`audience` such as `mcp:reservations`; `actor` names the agent that will act."""

    audience: Name
    actor: Name


class GrantBody(Body):
    """The proposal a person says yes to, its digest as shown, and the system that will act."""

    proposal_id: Id
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    system: Name


class PersonOut(BaseModel):
    """Who is signed in."""

    id: str
    login: str
    name: str
    roles: list[str]
    city_id: str
    language: str

    @classmethod
    def of(cls, person: Person) -> "PersonOut":
        """The person as shown to themselves."""
        return cls(
            id=person.principal_id,
            login=person.login,
            name=person.name,
            roles=sorted(person.roles),
            city_id=person.city_id,
            language=person.language,
        )


class SessionOut(BaseModel):
    """Tokens of a session. The access token lasts `expires_in` seconds, the refresh token is good for one use."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name, not a secret
    expires_in: int
    refresh_token: str
    person: PersonOut

    @classmethod
    def of(cls, signed_in: SignedIn) -> "SessionOut":
        """What a sign-in or a refresh answers."""
        return cls(
            access_token=signed_in.access_token,
            expires_in=signed_in.expires_in,
            refresh_token=signed_in.refresh_token,
            person=PersonOut.of(signed_in.person),
        )


class ExchangedOut(BaseModel):
    """A token for one tool server."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - the scheme's name, not a secret
    expires_in: int


class GrantOut(BaseModel):
    """The signed confirmation."""

    grant: str


class DemoPerson(BaseModel):
    """A seeded person to try the system as."""

    login: str
    name: str
    role: str
    city_id: str


class DemoOut(BaseModel):
    """The seeded people and their common password; empty where the demo world was not seeded."""

    people: list[DemoPerson]
    password: str


class AuditOut(BaseModel):
    """One row of the audit log."""

    audit_id: str
    at: datetime
    principal_id: str
    actor: str | None
    action: str
    subject: str
    facts: dict[str, str | int | float | bool | None]

    @classmethod
    def of(cls, row: AuditRow) -> "AuditOut":
        """The row as shown."""
        return cls(
            audit_id=row.audit_id,
            at=row.at,
            principal_id=row.principal_id,
            actor=row.actor,
            action=row.action,
            subject=row.subject,
            facts=dict(row.facts),
        )


class AuditLogOut(BaseModel):
    """The newest rows first."""

    rows: list[AuditOut]
