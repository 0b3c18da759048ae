"""One person's session: tokens, the header they make, and their renewal."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from nimrod.web.client.problems import ApiProblem, SessionEnded

SESSIONS = "/platform/v1/sessions"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What signing in gave: a short-lived access token and the refresh token that renews it."""

    access: str
    refresh: str


class Session:
    """Holds the tokens and renews them once, however many calls find them stale at the same time.

    `on_change` is told every new value, None after sign-out, so that a page can keep them on its server.
    """

    def __init__(self, platform: httpx2.AsyncClient, tokens: Tokens | None, on_change: Callable[[Tokens | None], None]):
        self._platform = platform
        self._tokens = tokens
        self._on_change = on_change
        self._renewing = asyncio.Lock()

    @property
    def tokens(self) -> Tokens | None:
        """The present tokens; None when nobody is signed in."""
        return self._tokens

    def on_change(self, tell: Callable[[Tokens | None], None]) -> None:
        """Tell every new value to this callable from now on."""
        self._on_change = tell

    def set(self, tokens: Tokens | None) -> None:
        """Keep these tokens from now on."""
        self._tokens = tokens
        self._on_change(tokens)

    def headers(self) -> dict[str, str]:
        """The Authorization header, or nothing when nobody is signed in."""
        return {"Authorization": f"Bearer {self._tokens.access}"} if self._tokens else {}

    async def renew(self, stale: Tokens | None) -> None:
        """Swap the tokens for fresh ones unless another call already did; raises SessionEnded, ApiProblem."""
        async with self._renewing:
            if self._tokens is None or stale is None:
                raise SessionEnded()
            if self._tokens != stale:
                return
            try:
                answer = await self._platform.post(f"{SESSIONS}/refresh", json={"refresh_token": stale.refresh})
            except httpx2.TransportError as error:
                raise ApiProblem.unreachable(error) from error
            if answer.status_code in (400, 401, 403, 422):
                told = ApiProblem.of_response(answer)
                self.set(None)
                raise SessionEnded(detail=told.detail, next_step=told.next_step)
            if answer.is_error:
                raise ApiProblem.of_response(answer)
            body = answer.json()
            self.set(Tokens(body["access_token"], body.get("refresh_token") or stale.refresh))
