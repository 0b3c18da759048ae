"""The platform system as its neighbours see it: over HTTP, the same code in one process and across machines."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from nimrod.domain.shared.errors import BadInput, NotAllowed
from nimrod.platform.accounts.errors import AccountsUnreachable, TokenRefused
from nimrod.platform.accounts.keys import key_set

WAIT_S = 5.0
EARLY_S = 60  # a kept token is replaced this long before it expires
MOST_KEPT = 1_000


class HttpAuthority:
    """Exchanges tokens and mints grants at the platform (the `Authority` of agents/ports.py)."""

    def __init__(self, http: httpx2.AsyncClient, *, clock: Callable[[], datetime]) -> None:
        self._http = http
        self._clock = clock
        self._kept: dict[tuple[str, str, str], tuple[str, datetime]] = {}

    async def exchange(self, session_token: str, audience: str, actor: str) -> str:
        """A short token for one MCP server; one that is still good for a minute is used again."""
        asked, now = (session_token, audience, actor), self._clock()
        token, until = self._kept.get(asked, ("", now))
        if until > now:
            return token
        body = await self._post("/platform/v1/tokens/exchange", session_token, {"audience": audience, "actor": actor})
        if len(self._kept) >= MOST_KEPT:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[1] > now}
        self._kept[asked] = (body["access_token"], now + timedelta(seconds=body["expires_in"] - EARLY_S))
        return str(body["access_token"])

    async def mint_grant(self, session_token: str, proposal_id: str, digest: str, system: str) -> str:
        """The person's confirmation of exactly this proposal, signed."""
        asked = {"proposal_id": proposal_id, "digest": digest, "system": system}
        return str((await self._post("/platform/v1/grants", session_token, asked))["grant"])

    async def _post(self, path: str, token: str, body: Mapping[str, str]) -> dict[str, Any]:
        try:
            answer = await self._http.post(
                path, json=dict(body), headers={"Authorization": f"Bearer {token}"}, timeout=WAIT_S
            )
        except httpx2.TransportError as error:
            raise AccountsUnreachable(because=type(error).__name__) from error
        if answer.is_success:
            return dict(answer.json())
        raise _refusal(answer)


class RemoteKeys:
    """The platform's public keys: fetched, kept in memory and in a file, so that tokens verify while it is down."""

    def __init__(self, http: httpx2.AsyncClient, *, kept_in: Path | None = None) -> None:
        self._http = http
        self._kept_in = kept_in
        self._keys: KeySet | None = None
        if kept_in is not None and kept_in.exists():
            self._keys = _read(kept_in.read_text())

    @property
    def keys(self) -> KeySet | None:
        """The keys known now."""
        return self._keys

    async def refresh(self) -> None:
        """Fetch the keys; when the platform does not answer properly the known ones stay."""
        try:
            answer = await self._http.get("/platform/v1/jwks", timeout=WAIT_S)
        except httpx2.TransportError:
            return
        fetched = _read(answer.text) if answer.is_success else None
        if fetched is not None:
            self._keys = fetched
            if self._kept_in is not None:
                self._kept_in.write_text(answer.text)


def _read(text: str) -> KeySet | None:
    try:
        return key_set(json.loads(text))
    except (ValueError, KeyError, TypeError, JoseError):
        return None


def _refusal(answer: httpx2.Response) -> Exception:
    try:
        told = answer.json()
    except ValueError:
        told = {}
    facts = told.get("facts", {}) if isinstance(told, dict) else {}
    if answer.status_code == 401:
        return TokenRefused(reason=facts.get("reason", "refused"))
    if answer.status_code == 403:
        return NotAllowed(**facts)
    if answer.status_code == 422:
        return BadInput(**facts)
    return AccountsUnreachable(because=f"status {answer.status_code}")
