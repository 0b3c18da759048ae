"""Signing in, staying signed in, signing out."""

from dataclasses import replace
from typing import Any

import pytest

from nimrod.platform.accounts import passwords
from nimrod.platform.accounts.errors import LockedOut, SignInRefused, TokenRefused
from nimrod.platform.accounts.policy import ACCESS_S, API_AUDIENCE, FREE_TRIES
from nimrod.platform.accounts.service import Accounts, OwnKeys
from nimrod.platform.accounts.tokens import Verifier


def _verifier(accounts: Accounts) -> Verifier:
    return Verifier(API_AUDIENCE, OwnKeys(accounts), accounts.clock)


@pytest.mark.parametrize("login", ["mia", "MIA", " mia ", "Mia@Example.org"])
def test_a_person_signs_in_with_login_name_or_email(accounts: Accounts, login: str) -> None:
    signed_in = accounts.sign_in(login, "right")
    me = _verifier(accounts).verify(signed_in.access_token)
    assert (me.id, me.roles, me.city_id, me.actor) == ("per_mia", frozenset({"customer"}), "helsinki", None)


@pytest.mark.parametrize(("login", "password"), [("mia", "wrong"), ("nobody", "right"), ("mia", "")])
def test_a_wrong_password_and_an_unknown_login_are_refused_alike(accounts: Accounts, login: str, password: str) -> None:
    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(login, password)
    assert refused.value.facts == {}


def test_an_unknown_login_costs_the_same_hashing_as_a_known_one(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords.is_password("warm up", None)
    verified: list[str] = []

    class Counting:
        def verify(self, password_hash: str, password: str) -> bool:
            verified.append(password_hash)
            return False

        def hash(self, password: str) -> str:
            raise AssertionError("hashing anew would take a different time")

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for login in ("mia", "nobody"):
        with pytest.raises(SignInRefused):
            accounts.sign_in(login, "wrong")
    assert len(verified) == 2


def test_a_closed_account_cannot_sign_in(accounts: Accounts, clock: Any) -> None:
    with accounts.store.writing() as tables:
        tables.save_person(replace(tables.get_person("per_mia"), closed_at=clock()))
    with pytest.raises(SignInRefused):
        accounts.sign_in("mia", "right")


@pytest.mark.parametrize("login", ["mia", "nobody"])
def test_repeated_wrong_passwords_lock_the_login_for_a_while(accounts: Accounts, clock: Any, login: str) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInRefused):
            accounts.sign_in(login, "wrong")
    with pytest.raises(LockedOut) as locked:
        accounts.sign_in(login, "right")
    clock.advance(seconds=float(str(locked.value.facts["wait_s"])))
    with pytest.raises(SignInRefused):
        accounts.sign_in(login, "wrong")
    with pytest.raises(LockedOut) as longer:
        accounts.sign_in(login, "wrong")
    assert int(str(longer.value.facts["wait_s"])) > int(str(locked.value.facts["wait_s"]))


def test_the_right_password_after_the_wait_forgets_the_wrong_ones(accounts: Accounts, clock: Any) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInRefused):
            accounts.sign_in("mia", "wrong")
    clock.advance(minutes=1)
    accounts.sign_in("mia", "right")
    for _ in range(FREE_TRIES):
        with pytest.raises(SignInRefused):
            accounts.sign_in("mia", "wrong")


def test_a_refresh_token_is_good_for_one_use_and_gives_a_new_one(accounts: Accounts) -> None:
    first = accounts.sign_in("mia", "right")
    second = accounts.refresh(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert accounts.refresh(second.refresh_token).person.login == "mia"


def test_reusing_a_refresh_token_closes_the_whole_session(accounts: Accounts) -> None:
    first = accounts.sign_in("mia", "right")
    second = accounts.refresh(first.refresh_token)
    with pytest.raises(TokenRefused, match="used_before"):
        accounts.refresh(first.refresh_token)
    with pytest.raises(TokenRefused, match="session_over"):
        accounts.refresh(second.refresh_token)
    with pytest.raises(TokenRefused, match="session_over"):
        accounts.exchange(second.access_token, "mcp:payments", "booking")
    with accounts.store.reading() as tables:
        assert [row.action for row in tables.list_audit(10)] == ["session.closed_on_reuse"]


def test_another_device_stays_signed_in_when_one_session_is_closed(accounts: Accounts) -> None:
    phone, desk = accounts.sign_in("mia", "right"), accounts.sign_in("mia", "right")
    accounts.sign_out(phone.access_token)
    accounts.sign_out(phone.access_token)
    with pytest.raises(TokenRefused):
        accounts.refresh(phone.refresh_token)
    assert accounts.refresh(desk.refresh_token).access_token


def test_a_session_can_be_closed_by_its_refresh_token_alone(accounts: Accounts) -> None:
    signed_in = accounts.sign_in("mia", "right")
    accounts.sign_out_by_refresh(signed_in.refresh_token)
    accounts.sign_out_by_refresh("never seen")
    with pytest.raises(TokenRefused):
        accounts.refresh(signed_in.refresh_token)


def test_a_session_ends_after_its_days(accounts: Accounts, clock: Any) -> None:
    signed_in = accounts.sign_in("mia", "right")
    clock.advance(days=30)
    with pytest.raises(TokenRefused, match="session_over"):
        accounts.refresh(signed_in.refresh_token)


def test_an_access_token_ends_after_a_quarter_of_an_hour(accounts: Accounts, clock: Any) -> None:
    token = accounts.sign_in("mia", "right").access_token
    clock.advance(seconds=ACCESS_S - 1)
    assert _verifier(accounts).verify(token).id == "per_mia"
    clock.advance(seconds=1)
    with pytest.raises(TokenRefused, match="expired"):
        _verifier(accounts).verify(token)


def test_an_operator_token_is_a_real_audited_session(accounts: Accounts) -> None:
    assert _verifier(accounts).verify(accounts.token_for("otto")).id == "per_otto"
    with accounts.store.reading() as tables:
        assert [row.action for row in tables.list_audit(10)] == ["session.opened_by_operator"]
