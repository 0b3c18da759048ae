"""Tokens: short-lived, signed, bound to one audience."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OKPKey

from nimrod.domain.shared.principal import ROLES, Principal
from nimrod.platform.accounts.errors import TokenRefused
from nimrod.platform.accounts.keys import ALGORITHM

ISSUER = "nimrod"
LONGEST = 8_192  # characters; ours are near 600


class KeyRing(Protocol):
    """Where verifiers find public keys."""

    @property
    def keys(self) -> KeySet | None:
        """What is known now; None before the first fetch."""

    async def refresh(self) -> None:
        """Ask again for the keys; quiet when the platform does not answer."""


def sign(claims: Mapping[str, Any], *, audience: str, now: datetime, life_s: int, key: OKPKey) -> str:
    """A signed token with issuer, audience, issue and expiry time added to the claims."""
    issued = int(now.timestamp())
    body = {**claims, "iss": ISSUER, "aud": audience, "iat": issued, "exp": issued + life_s}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, body, key, algorithms=[ALGORITHM])


def person_claims(who: Principal, *, session_id: str, token_id: str) -> dict[str, Any]:
    """What a token says about the person; `act` names the agent when one acts (RFC 8693)."""
    claims: dict[str, Any] = {
        "sub": who.id, "jti": token_id, "sid": session_id, "name": who.name,
        "roles": sorted(who.roles), "city": who.city_id, "lang": who.language,
    }  # fmt: skip
    return {**claims, "act": {"sub": who.actor}} if who.actor else claims


def read_claims(token: str, *, audience: str, keys: KeySet | None, now: datetime) -> dict[str, Any]:
    """The claims of a token of ours for this audience, still good now; raises TokenRefused(reason=…)."""
    if keys is None:
        raise TokenRefused(reason="unknown_key")
    if not token or len(token) > LONGEST:
        raise TokenRefused(reason="malformed")
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
    except InvalidKeyIdError:
        raise TokenRefused(reason="unknown_key") from None
    except (JoseError, ValueError):
        raise TokenRefused(reason="malformed") from None
    claims = dict(decoded.claims)
    if claims.get("iss") != ISSUER or claims.get("aud") != audience:
        raise TokenRefused(reason="another_audience")
    if not isinstance(claims.get("exp"), int) or now.timestamp() >= claims["exp"]:
        raise TokenRefused(reason="expired")
    return claims


def principal_of(claims: Mapping[str, Any]) -> Principal:
    """The person the claims speak of."""
    roles = frozenset(role for role in ROLES if role in claims["roles"])
    actor = claims.get("act", {}).get("sub")
    return Principal(claims["sub"], roles, claims["city"], claims["lang"], claims["name"], actor)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks tokens of one audience."""

    audience: str
    ring: KeyRing
    clock: Callable[[], datetime]

    def claims(self, token: str) -> dict[str, Any]:
        """The checked claims; raises TokenRefused."""
        return read_claims(token, audience=self.audience, keys=self.ring.keys, now=self.clock())

    def verify(self, token: str) -> Principal:
        """Who the token speaks for, by the keys known now; raises TokenRefused."""
        return principal_of(self.claims(token))

    async def admit(self, token: str) -> Principal:
        """As `verify`, but an unknown key is asked for once before the token is refused."""
        try:
            return self.verify(token)
        except TokenRefused as refused:
            if refused.facts["reason"] != "unknown_key":
                raise
        await self.ring.refresh()
        return self.verify(token)
