"""Tokens: bound to one audience, refused when anything about them is not ours."""

import base64
import json

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from nimrod.domain.shared.errors import BadInput, NotAllowed
from nimrod.platform.accounts.errors import TokenRefused
from nimrod.platform.accounts.keys import key_set, make_key
from nimrod.platform.accounts.policy import API_AUDIENCE, MCP_AUDIENCES
from nimrod.platform.accounts.service import Accounts, OwnKeys
from nimrod.platform.accounts.tokens import Verifier


def _verifier(accounts: Accounts, audience: str = API_AUDIENCE) -> Verifier:
    return Verifier(audience, OwnKeys(accounts), accounts.clock)


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("audience", sorted(MCP_AUDIENCES))
def test_an_exchanged_token_names_the_agent_and_serves_one_audience_only(accounts: Accounts, audience: str) -> None:
    session = accounts.sign_in("mia", "right").access_token
    token, life_s = accounts.exchange(session, audience, "booking")
    assert life_s <= 5 * 60
    assert _verifier(accounts, audience).verify(token).actor == "booking"
    for other in {*MCP_AUDIENCES, API_AUDIENCE} - {audience}:
        with pytest.raises(TokenRefused, match="another_audience"):
            _verifier(accounts, other).verify(token)


def test_a_session_token_is_no_tool_token(accounts: Accounts) -> None:
    session = accounts.sign_in("mia", "right").access_token
    with pytest.raises(TokenRefused, match="another_audience"):
        _verifier(accounts, "mcp:reservations").verify(session)


def test_an_agents_token_cannot_be_exchanged_again(accounts: Accounts) -> None:
    token, _ = accounts.exchange(accounts.sign_in("mia", "right").access_token, "mcp:payments", "booking")
    with pytest.raises(TokenRefused):
        accounts.exchange(token, "mcp:reservations", "booking")


@pytest.mark.parametrize(
    ("audience", "actor"), [("grant:customer", "booking"), ("mcp:x", "booking"), ("mcp:payments", " ")]
)
def test_only_known_audiences_and_named_agents_are_served(accounts: Accounts, audience: str, actor: str) -> None:
    with pytest.raises(BadInput):
        accounts.exchange(accounts.sign_in("mia", "right").access_token, audience, actor)


def test_a_token_that_says_an_agent_acts_is_not_the_persons_own(accounts: Accounts) -> None:
    claims = {**_verifier(accounts).claims(accounts.sign_in("mia", "right").access_token), "act": {"sub": "booking"}}
    with pytest.raises(NotAllowed):
        accounts.session_claims(accounts.sign(claims, API_AUDIENCE, 60))


def test_forged_and_mangled_tokens_are_refused(accounts: Accounts) -> None:
    good = accounts.sign_in("mia", "right").access_token
    header, body, signature = good.split(".")
    claims = _verifier(accounts).claims(good)
    stranger = OKPKey.generate_key("Ed25519", {"kid": accounts.key.kid})
    public = json.dumps(accounts.key.as_dict(private=False))
    forged = [
        "", "x", "a.b.c", "é.é.é", good + "A" * 9_000,
        f"{header}.{_part({**claims, 'sub': 'per_otto'})}.{signature}",
        f"{_part({'alg': 'none'})}.{body}.",
        jwt.encode({"alg": "Ed25519", "kid": stranger.kid}, claims, stranger, algorithms=["Ed25519"]),
        jwt.encode({"alg": "HS256", "kid": stranger.kid}, claims, OctKey.import_key(public), algorithms=["HS256"]),
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(TokenRefused):
            _verifier(accounts).verify(token)


class _Ring:
    """Keys that come late."""

    def __init__(self, jwks: dict[str, object]) -> None:
        self.keys = None
        self.fetched = 0
        self._jwks = jwks

    async def refresh(self) -> None:
        self.fetched += 1
        self.keys = key_set(self._jwks)


async def test_an_unknown_key_is_fetched_once_before_a_token_is_refused(accounts: Accounts) -> None:
    ring = _Ring(accounts.jwks())
    verifier = Verifier(API_AUDIENCE, ring, accounts.clock)
    assert (await verifier.admit(accounts.sign_in("mia", "right").access_token)).id == "per_mia"
    with pytest.raises(TokenRefused):
        await verifier.admit("a.b.c")
    assert ring.fetched == 1


def test_published_keys_hold_no_private_half(accounts: Accounts) -> None:
    keys = accounts.jwks()["keys"]
    assert isinstance(keys, list)
    assert keys
    assert all("d" not in key for key in keys)


def test_two_processes_starting_at_once_use_one_key(accounts: Accounts) -> None:
    other = Accounts(accounts.store, accounts.clock, accounts.new_id)
    assert accounts.key.kid == other.key.kid
    assert make_key("key_x", accounts.clock()).key_id == "key_x"
