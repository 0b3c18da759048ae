"""Every route of every system says who may use it, and means it."""

from typing import Annotated

import pytest
from fastapi import FastAPI
from fastapi.routing import RouteContext

from nimrod.app import Nimrod
from nimrod.domain.shared.principal import ROLES
from nimrod.web.access import Asking, Open, access, declared, routes_of, undeclared

PUBLIC = {
    "GET /platform/v1/jwks", "GET /platform/v1/demo", "POST /platform/v1/sessions",
    "POST /platform/v1/sessions/refresh", "DELETE /platform/v1/sessions",
}  # fmt: skip


def _all(nimrod: Nimrod) -> list[tuple[str, str, RouteContext]]:
    return [
        (method, route.path or "", route)
        for app in nimrod.systems.values()
        for route in routes_of(app)
        for method in sorted(route.methods or ())
    ]


async def test_every_route_declares_who_may_use_it(nimrod: Nimrod) -> None:
    assert [line for app in (*nimrod.systems.values(), nimrod.asgi) for line in undeclared(app)] == []


async def test_the_walk_sees_the_routes_of_every_system(nimrod: Nimrod) -> None:
    seen = {path for _, path, _ in _all(nimrod)}
    for path in (
        "/platform/v1/grants", "/customer/v1/proposals/{proposal_id}/confirm", "/operations/v1/vehicles",
        "/data/v1/events/summary", "/customer/v1/conversations/{conversation_id}/messages",
    ):  # fmt: skip
        assert path in seen


def test_a_route_without_a_declaration_is_found() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/open")
    def forgotten() -> None: ...

    @app.get("/closed")
    def thought_of(asking: Annotated[Asking, access("analyst")]) -> None: ...

    assert undeclared(app) == ["GET /open"]


def test_a_declaration_without_roles_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="name the roles"):
        access()


async def test_only_what_must_be_is_public(nimrod: Nimrod) -> None:
    public = {f"{method} {path}" for method, path, route in _all(nimrod) if isinstance(declared(route), Open)}
    assert {line for line in public if not line.endswith(("/healthz", "/readyz"))} == PUBLIC


async def test_anonymous_callers_get_401_everywhere_else(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        for method, path, route in _all(nimrod):
            if not isinstance(declared(route), Open):
                answer = await http.request(method, path.replace("{", "").replace("}", ""))
                assert (answer.status_code, answer.json()["code"]) == (401, "token_refused"), (method, path)
                assert "bearer" in answer.headers["www-authenticate"].lower()


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_that_was_not_named_gets_403(nimrod: Nimrod, role: str) -> None:
    async with nimrod.http(role) as http:
        for method, path, route in _all(nimrod):
            declaration = declared(route)
            assert declaration is not None
            if isinstance(declaration, Open) or declaration.roles is None or role in declaration.roles:
                continue
            answer = await http.request(method, path.replace("{", "").replace("}", ""))
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), (role, method, path)


async def test_tokens_for_other_audiences_open_no_route(nimrod: Nimrod) -> None:
    assert nimrod.accounts is not None
    token, _ = nimrod.accounts.exchange(nimrod.token_for("customer"), "mcp:reservations", "booking")
    async with nimrod.http() as http:
        for method, path, route in _all(nimrod):
            if not isinstance(declared(route), Open):
                answer = await http.request(
                    method, path.replace("{", "").replace("}", ""), headers={"Authorization": f"Bearer {token}"}
                )
                assert answer.status_code == 401, (method, path)


async def test_a_tool_server_refuses_a_token_made_for_another(nimrod: Nimrod) -> None:
    assert nimrod.accounts is not None
    session = nimrod.token_for("customer")
    wrong = [session] + [
        nimrod.accounts.exchange(session, audience, "booking")[0] for audience in ("mcp:payments", "mcp:knowledge")
    ]
    right, _ = nimrod.accounts.exchange(session, "mcp:reservations", "booking")
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    async with nimrod.http() as http:
        for token in [*wrong, right]:
            answer = await http.post(
                "/mcp/reservations/",
                json=call,
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json, text/event-stream"},
            )
            assert (answer.status_code == 401) is (token != right)
