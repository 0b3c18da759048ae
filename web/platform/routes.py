"""The platform system's routes: sessions, narrow tokens, grants, keys, audit. Parse, call, render."""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from fastapi.security import HTTPAuthorizationCredentials

from nimrod.platform.accounts.errors import TokenRefused
from nimrod.platform.accounts.service import Accounts
from nimrod.platform.approvals.service import mint_grant
from nimrod.web.access import BEARER, Anyone, Asking, access, public
from nimrod.web.platform.views import (
    AuditLogOut,
    AuditOut,
    DemoOut,
    DemoPerson,
    ExchangeBody,
    ExchangedOut,
    GrantBody,
    GrantOut,
    PersonOut,
    RefreshBody,
    SessionOut,
    SignInBody,
    SignOutBody,
)

Demo = Callable[[], tuple[Sequence[DemoPerson], str]]
Administrator = Annotated[Asking, access("administrator")]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


def build_router(accounts: Accounts, demo: Demo) -> APIRouter:
    """Everything under `/platform/v1`."""
    router = APIRouter(prefix="/platform/v1")
    router.include_router(_sessions(accounts), tags=["sessions"])
    router.include_router(_tokens(accounts), tags=["tokens"])

    @router.get("/demo", dependencies=[public()], tags=["demo"])
    def list_demo_people() -> DemoOut:
        """The people of the demo world; empty when it was not seeded."""
        people, password = demo()
        return DemoOut(people=list(people), password=password)

    @router.get("/audit", tags=["audit"])
    def list_audit(
        asking: Administrator,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> AuditLogOut:
        """What was done, newest first. Nothing can be changed or removed here."""
        with accounts.store.reading() as tables:
            return AuditLogOut(rows=[AuditOut.of(row) for row in tables.list_audit(limit)])

    return router


def _sessions(accounts: Accounts) -> APIRouter:
    router = APIRouter()

    @router.post("/sessions", dependencies=[public()], status_code=201)
    def sign_in(body: SignInBody, response: Response) -> SessionOut:
        """Sign in with login name or e-mail."""
        response.headers["Cache-Control"] = "no-store"
        return SessionOut.of(accounts.sign_in(body.login, body.password))

    @router.post("/sessions/refresh", dependencies=[public()])
    def refresh(body: RefreshBody, response: Response) -> SessionOut:
        """Fresh tokens; the refresh token given is used up. One used twice closes the session."""
        response.headers["Cache-Control"] = "no-store"
        return SessionOut.of(accounts.refresh(body.refresh_token))

    @router.delete("/sessions", dependencies=[public()], status_code=204)
    def sign_out(bearer: Bearer, body: SignOutBody | None = None) -> None:
        """Close the session the refresh token (or else the access token) belongs to."""
        if body is not None and body.refresh_token:
            accounts.sign_out_by_refresh(body.refresh_token)
        elif bearer is not None:
            accounts.sign_out(bearer.credentials)
        else:
            raise TokenRefused(reason="missing")

    @router.get("/me")
    def get_me(asking: Anyone) -> PersonOut:
        """Who is signed in."""
        return PersonOut.of(accounts.person(asking.me.id))

    return router


def _tokens(accounts: Accounts) -> APIRouter:
    router = APIRouter()

    @router.get("/jwks", dependencies=[public()])
    def get_keys() -> dict[str, object]:
        """The public keys that verify our tokens (RFC 7517)."""
        return accounts.jwks()

    @router.post("/tokens/exchange")
    def exchange(asking: Anyone, body: ExchangeBody) -> ExchangedOut:
        """A 5-minute token for one tool server, naming the agent that acts for the person."""
        token, life_s = accounts.exchange(asking.token, body.audience, body.actor)
        return ExchangedOut(access_token=token, expires_in=life_s)

    @router.post("/grants", status_code=201)
    def confirm(asking: Anyone, body: GrantBody) -> GrantOut:
        """A person's yes to exactly one proposal; only their own session token may ask."""
        grant = mint_grant(asking.token, body.proposal_id, body.digest, body.system, accounts=accounts)
        return GrantOut(grant=grant)

    return router
