"""Signing in, staying signed in, signing out, and narrowing a token to one audience."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from joserfc.jwk import KeySet, OKPKey

from nimrod.domain.shared.errors import BadInput, NotAllowed, NotFound
from nimrod.platform.accounts import policy
from nimrod.platform.accounts.errors import LockedOut, SignInRefused, TokenRefused
from nimrod.platform.accounts.keys import key_set, public_keys, signing_key
from nimrod.platform.accounts.model import AuditRow, Person, RefreshToken, Session, SignInTries
from nimrod.platform.accounts.passwords import is_password
from nimrod.platform.accounts.ports import PlatformStore, PlatformTables
from nimrod.platform.accounts.tokens import person_claims, read_claims, sign


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a sign-in hands out; the refresh token is shown this once and kept only as a hash."""

    access_token: str
    expires_in: int
    refresh_token: str
    person: Person


@dataclass(frozen=True)
class Accounts:
    """The accounts of one platform database."""

    store: PlatformStore
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]

    def __post_init__(self) -> None:
        assert self.key  # made now, not inside somebody's transaction

    @cached_property
    def key(self) -> OKPKey:
        """The key that signs."""
        return signing_key(self.store, now=self.clock(), new_id=self.new_id)

    @cached_property
    def keys(self) -> KeySet:
        """The public keys, for verifying our own tokens."""
        return key_set(self.jwks())

    def jwks(self) -> dict[str, object]:
        """The public keys as others fetch them."""
        return public_keys(self.store)

    def sign_in(self, login: str, password: str) -> SignedIn:
        """A new session for the right password; raises SignInRefused, LockedOut. Unknown logins take the same time."""
        now, name = self.clock(), login.strip().lower()
        self._count_try(name, now)
        with self.store.reading() as tables:
            person = tables.find_person(name)
        if person is not None and person.closed_at is not None:
            person = None
        if not is_password(password, person.password_hash if person else None) or person is None:
            raise SignInRefused()
        with self.store.writing() as tables:
            tables.save_tries(SignInTries(name))
            session = Session(self.new_id("ses"), person.principal_id, now, now + timedelta(days=policy.SESSION_DAYS))
            tables.save_session(session)
            return self._hand_out(tables, session, person)

    def refresh(self, refresh_token: str) -> SignedIn:
        """Fresh tokens for an unused refresh token; a used one closes the whole session. Raises TokenRefused."""
        now, reused = self.clock(), False
        with self.store.writing() as tables:
            token = tables.find_refresh_token(_hashed(refresh_token))
            session = tables.get_session(token.session_id) if token else None
            if token is None or session is None or session.closed_at is not None or session.expires_at <= now:
                raise TokenRefused(reason="session_over")
            reused = token.used_at is not None
            if reused:
                tables.save_session(replace(session, closed_at=now))
                self.audit(tables, session.principal_id, "session.closed_on_reuse", session.session_id)
            else:
                tables.save_refresh_token(replace(token, used_at=now))
                return self._hand_out(tables, session, tables.get_person(session.principal_id))
        raise TokenRefused(reason="used_before")

    def sign_out(self, session_token: str) -> None:
        """Close the session this access token belongs to; closing twice is fine. Raises TokenRefused."""
        self._close(self.session_claims(session_token, also_closed=True)["sid"])

    def sign_out_by_refresh(self, refresh_token: str) -> None:
        """The same by the refresh token, for a page whose access token has run out; unknown ones change nothing."""
        with self.store.reading() as tables:
            token = tables.find_refresh_token(_hashed(refresh_token))
        if token is not None:
            self._close(token.session_id)

    def exchange(self, session_token: str, audience: str, actor: str) -> tuple[str, int]:
        """A short token for one MCP server that names the agent acting, and its life in seconds."""
        if audience not in policy.MCP_AUDIENCES:
            raise BadInput(field="audience", problem="unknown", allowed=sorted(policy.MCP_AUDIENCES))
        if not actor.strip():
            raise BadInput(field="actor", problem="empty")
        claims = self.session_claims(session_token)
        who = replace(self.person(claims["sub"]).principal(), actor=actor)
        body = person_claims(who, session_id=claims["sid"], token_id=self.new_id("tok"))
        return self.sign(body, audience, policy.EXCHANGED_S), policy.EXCHANGED_S

    def token_for(self, login: str) -> str:
        """An access token without a password, for a local operator (tests, evals, `--as`).

        Safe because it needs this object, that is the platform's database with its private key: whoever can open that
        file can already sign anything. No route leads here. The session is a real one and is audited.
        """
        with self.store.writing() as tables:
            person = tables.find_person(login.strip().lower())
            if person is None or person.closed_at is not None:
                raise NotFound(login=login)
            now = self.clock()
            session = Session(self.new_id("ses"), person.principal_id, now, now + timedelta(seconds=policy.ACCESS_S))
            tables.save_session(session)
            self.audit(tables, person.principal_id, "session.opened_by_operator", session.session_id)
            return self._access(session, person)

    def person(self, principal_id: str) -> Person:
        """The open account; raises TokenRefused when it was closed."""
        with self.store.reading() as tables:
            person = tables.get_person(principal_id)
        if person.closed_at is not None:
            raise TokenRefused(reason="account_closed")
        return person

    def session_claims(self, session_token: str, *, also_closed: bool = False) -> dict[str, Any]:
        """The claims of a person's own token whose session is still open; raises TokenRefused, NotAllowed."""
        claims = read_claims(session_token, audience=policy.API_AUDIENCE, keys=self.keys, now=self.clock())
        if "act" in claims:
            raise NotAllowed(reason="only_the_person")
        with self.store.reading() as tables:
            session = tables.get_session(claims["sid"])
        if session.closed_at is not None and not also_closed:
            raise TokenRefused(reason="session_over")
        return claims

    def sign(self, claims: dict[str, Any], audience: str, life_s: int) -> str:
        """A token of ours."""
        return sign(claims, audience=audience, now=self.clock(), life_s=life_s, key=self.key)

    def audit(self, tables: PlatformTables, principal_id: str, action: str, subject: str, **facts: str) -> None:
        """Append an audit row in the running transaction."""
        row = AuditRow(self.new_id("aud"), self.clock(), principal_id, None, action, subject, facts)
        tables.add_audit(row)

    def _close(self, session_id: str) -> None:
        with self.store.writing() as tables:
            session = tables.get_session(session_id)
            if session.closed_at is None:
                tables.save_session(replace(session, closed_at=self.clock()))

    def _count_try(self, login: str, now: datetime) -> None:
        # Counted before the password is looked at, so that tries at the same moment cannot slip under the limit.
        with self.store.writing() as tables:
            tries = tables.find_tries(login) or SignInTries(login)
            wait = policy.wait_s(tries, now)
            if wait:
                raise LockedOut(wait_s=wait)
            tables.save_tries(policy.one_more_try(tries, now))

    def _hand_out(self, tables: PlatformTables, session: Session, person: Person) -> SignedIn:
        refresh_token = secrets.token_urlsafe(32)
        tables.save_refresh_token(RefreshToken(_hashed(refresh_token), session.session_id, self.clock()))
        return SignedIn(self._access(session, person), policy.ACCESS_S, refresh_token, person)

    def _access(self, session: Session, person: Person) -> str:
        claims = person_claims(person.principal(), session_id=session.session_id, token_id=self.new_id("tok"))
        return self.sign(claims, policy.API_AUDIENCE, policy.ACCESS_S)


@dataclass(frozen=True)
class OwnKeys:
    """The public keys as the platform system itself has them (a KeyRing)."""

    accounts: Accounts

    @property
    def keys(self) -> KeySet:
        """The keys in the database."""
        return self.accounts.keys

    async def refresh(self) -> None:
        """Nothing to fetch: they are ours."""


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
