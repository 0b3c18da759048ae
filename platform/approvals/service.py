"""Grants: a person's signed yes to exactly one proposal (architecture section 4)."""

from datetime import UTC, datetime
from typing import Any

from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.proposals import Grant, GrantRefused
from nimrod.platform.accounts import policy
from nimrod.platform.accounts.errors import TokenRefused
from nimrod.platform.accounts.service import Accounts
from nimrod.platform.accounts.tokens import Verifier


def mint_grant(session_token: str, proposal_id: str, digest: str, system: str, *, accounts: Accounts) -> str:
    """The person's confirmation for the system that acts; raises TokenRefused, NotAllowed for any but their own token.

    Who confirms comes from the token. Nothing is checked about the proposal here: the system that holds it compares
    digest, person and expiry when it carries out.
    """
    audience = policy.GRANT_AUDIENCES.get(system)
    if audience is None:
        raise BadInput(field="system", problem="unknown", allowed=sorted(policy.GRANT_AUDIENCES))
    claims = accounts.session_claims(session_token)
    person = accounts.person(claims["sub"])
    grant_id = accounts.new_id("gra")
    body = {"sub": person.principal_id, "jti": grant_id, "proposal": proposal_id, "digest": digest}
    with accounts.store.writing() as tables:
        accounts.audit(
            tables, person.principal_id, "grant.minted", proposal_id, grant_id=grant_id, digest=digest, system=system
        )
    return accounts.sign({**body, "roles": sorted(person.roles)}, audience, policy.GRANT_S)


class GrantVerifier:
    """Turns a signed grant into the domain's value."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def verify(self, token: str) -> Grant:
        """The grant this token carries; raises GrantRefused when it is not ours, for another system, or too late."""
        try:
            return _grant(self._verifier.claims(token))
        except TokenRefused as refused:
            raise GrantRefused(reasons=[refused.facts["reason"]]) from None


def _grant(claims: dict[str, Any]) -> Grant:
    return Grant(
        grant_id=claims["jti"],
        proposal_id=claims["proposal"],
        digest=claims["digest"],
        principal_id=claims["sub"],
        expires_at=datetime.fromtimestamp(claims["exp"], UTC),
    )
