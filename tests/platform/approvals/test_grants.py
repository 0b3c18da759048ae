"""Grants: only the person's own session mints one, for one proposal, one content, one system."""

from typing import Any

import pytest

from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.proposals import GrantRefused
from nimrod.platform.accounts.errors import TokenRefused
from nimrod.platform.accounts.policy import GRANT_S
from nimrod.platform.accounts.service import Accounts, OwnKeys
from nimrod.platform.accounts.tokens import Verifier
from nimrod.platform.approvals.service import GrantVerifier, mint_grant

DIGEST = "ab" * 32


def _grants(accounts: Accounts, system: str = "customer") -> GrantVerifier:
    return GrantVerifier(Verifier(f"grant:{system}", OwnKeys(accounts), accounts.clock))


def test_a_person_confirms_one_proposal_with_its_content(accounts: Accounts) -> None:
    session = accounts.sign_in("mia", "right").access_token
    grant = _grants(accounts).verify(mint_grant(session, "prp_1", DIGEST, "customer", accounts=accounts))
    assert (grant.principal_id, grant.proposal_id, grant.digest) == ("per_mia", "prp_1", DIGEST)
    assert (grant.expires_at - accounts.clock()).total_seconds() == GRANT_S


def test_every_grant_has_its_own_id_and_leaves_an_audit_row(accounts: Accounts) -> None:
    session = accounts.sign_in("mia", "right").access_token
    ids = {_grants(accounts).verify(mint_grant(session, "prp_1", DIGEST, "customer", accounts=accounts)).grant_id
           for _ in range(2)}  # fmt: skip
    with accounts.store.reading() as tables:
        rows = [row for row in tables.list_audit(10) if row.action == "grant.minted"]
    assert {row.facts["grant_id"] for row in rows} == ids
    assert {row.principal_id for row in rows} == {"per_mia"}


def test_an_agents_token_mints_nothing(accounts: Accounts) -> None:
    session = accounts.sign_in("mia", "right").access_token
    for audience in ("mcp:reservations", "mcp:payments", "mcp:knowledge"):
        token, _ = accounts.exchange(session, audience, "booking")
        with pytest.raises(TokenRefused):
            mint_grant(token, "prp_1", DIGEST, "customer", accounts=accounts)


def test_after_signing_out_nothing_can_be_confirmed(accounts: Accounts) -> None:
    session = accounts.sign_in("mia", "right").access_token
    accounts.sign_out(session)
    with pytest.raises(TokenRefused, match="session_over"):
        mint_grant(session, "prp_1", DIGEST, "customer", accounts=accounts)


def test_a_grant_for_another_system_is_refused(accounts: Accounts) -> None:
    grant = mint_grant(accounts.token_for("otto"), "prp_1", DIGEST, "operations", accounts=accounts)
    with pytest.raises(GrantRefused, match="another_audience"):
        _grants(accounts).verify(grant)


def test_a_grant_is_no_session_and_a_session_is_no_grant(accounts: Accounts) -> None:
    session = accounts.sign_in("mia", "right").access_token
    grant = mint_grant(session, "prp_1", DIGEST, "customer", accounts=accounts)
    with pytest.raises(TokenRefused):
        accounts.session_claims(grant)
    with pytest.raises(GrantRefused):
        _grants(accounts).verify(session)


def test_a_grant_lapses(accounts: Accounts, clock: Any) -> None:
    grant = mint_grant(accounts.token_for("mia"), "prp_1", DIGEST, "customer", accounts=accounts)
    clock.advance(seconds=GRANT_S)
    with pytest.raises(GrantRefused, match="expired"):
        _grants(accounts).verify(grant)


def test_an_unknown_system_is_refused(accounts: Accounts) -> None:
    with pytest.raises(BadInput):
        mint_grant(accounts.token_for("mia"), "prp_1", DIGEST, "weather", accounts=accounts)
