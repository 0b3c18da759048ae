"""Sessions, exchange and grants through the routes."""

import logging

import pytest

from nimrod.app import Nimrod

SIGN_IN = {"login": "customer@example.org", "password": "right"}
DIGEST = "0f" * 32


async def test_sign_in_refresh_sign_out(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        signed_in = await http.post("/platform/v1/sessions", json=SIGN_IN)
        tokens = signed_in.json()
        assert signed_in.status_code == 201
        assert signed_in.headers["cache-control"] == "no-store"
        assert tokens["person"]["roles"] == ["customer"]
        renewed = (
            await http.post("/platform/v1/sessions/refresh", json={"refresh_token": tokens["refresh_token"]})
        ).json()
        mine = {"Authorization": f"Bearer {renewed['access_token']}"}
        assert (await http.get("/platform/v1/me", headers=mine)).json()["id"] == "per_customer"
        assert (await http.delete("/platform/v1/sessions", headers=mine)).status_code == 204
        again = await http.post("/platform/v1/sessions/refresh", json={"refresh_token": renewed["refresh_token"]})
        assert (again.status_code, again.json()["facts"]["reason"]) == (401, "session_over")


async def test_signing_out_needs_some_token(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        assert (await http.delete("/platform/v1/sessions")).status_code == 401


async def test_a_grant_comes_from_a_person_and_never_from_an_agent(nimrod: Nimrod) -> None:
    wanted = {"proposal_id": "prp_1", "digest": DIGEST, "system": "customer"}
    async with nimrod.http("customer") as http:
        assert (await http.post("/platform/v1/grants", json=wanted)).status_code == 201
        exchanged = await http.post(
            "/platform/v1/tokens/exchange", json={"audience": "mcp:reservations", "actor": "booking"}
        )
        agent = {"Authorization": f"Bearer {exchanged.json()['access_token']}"}
        assert (await http.post("/platform/v1/grants", json=wanted, headers=agent)).status_code == 401


async def test_administrators_read_the_audit_log(nimrod: Nimrod) -> None:
    async with nimrod.http("customer") as http:
        await http.post("/platform/v1/grants", json={"proposal_id": "prp_1", "digest": DIGEST, "system": "customer"})
    async with nimrod.http("administrator") as http:
        rows = (await http.get("/platform/v1/audit")).json()["rows"]
    assert [row["principal_id"] for row in rows if row["action"] == "grant.minted"] == ["per_customer"]


async def test_no_token_or_password_reaches_the_log(nimrod: Nimrod, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with nimrod.http() as http:
        tokens = (await http.post("/platform/v1/sessions", json=SIGN_IN)).json()
        mine = {"Authorization": f"Bearer {tokens['access_token']}"}
        await http.get("/customer/v1/reservations", headers=mine)
        conversation = (await http.post("/customer/v1/conversations", json={"agent": "booking"}, headers=mine)).json()
        await http.get(f"/customer/v1/conversations/{conversation['conversation_id']}", headers=mine)
        await http.post("/platform/v1/sessions/refresh", json={"refresh_token": tokens["refresh_token"]})
    for secret in (tokens["access_token"], tokens["refresh_token"]):
        assert secret not in caplog.text
