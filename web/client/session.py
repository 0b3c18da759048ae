"""One person's session: tokens, the header they make, and their renewal."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import httpx2

from nimrod.web.client.problems import ApiProblem, SessionEnded

SESSIONS = "/platform/v1/sessions"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What signing in gave: a short-lived access token and the refresh token that renews it."""

    access: str
    refresh: str


class Keeper(Protocol):
    """Where the tokens lie. Several clients of one person may share a keeper: one renews, all see it.

    A refresh token is good once, so whoever renews holds the `lock`.
    """

    @property
    def tokens(self) -> Tokens | None: ...
    @property
    def lock(self) -> asyncio.Lock: ...
    def keep(self, tokens: Tokens | None) -> None: ...


@dataclass
class Pocket:
    """Keeps the tokens in memory and tells every change."""

    tokens: Tokens | None = None
    on_change: Callable[[Tokens | None], None] = lambda _tokens: None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def keep(self, tokens: Tokens | None) -> None:
        """Keep these from now on; None forgets them."""
        self.tokens = tokens
        self.on_change(tokens)


class Session:
    """Uses the kept tokens and renews them once, however many calls find them stale at the same time."""

    def __init__(self, platform: httpx2.AsyncClient, keeper: Keeper) -> None:
        self._platform = platform
        self._keeper = keeper

    def keep_in(self, keeper: Keeper) -> None:
        """Use this keeper from now on."""
        self._keeper = keeper

    @property
    def tokens(self) -> Tokens | None:
        """The present tokens; None when nobody is signed in."""
        return self._keeper.tokens

    def set(self, tokens: Tokens | None) -> None:
        """Keep these tokens from now on."""
        self._keeper.keep(tokens)

    def headers(self) -> dict[str, str]:
        """The Authorization header, or nothing when nobody is signed in."""
        tokens = self._keeper.tokens
        return {"Authorization": f"Bearer {tokens.access}"} if tokens else {}

    async def renew(self, stale: Tokens | None) -> None:
        """Swap the tokens for fresh ones unless another call already did; raises SessionEnded, ApiProblem."""
        async with self._keeper.lock:
            kept = self._keeper.tokens
            if kept is None or stale is None:
                raise SessionEnded()
            if kept != stale:
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
