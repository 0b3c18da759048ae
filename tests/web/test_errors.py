"""Every error is one documented shape with a next step."""

import inspect
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import APIRouter

from nimrod.app import Nimrod
from nimrod.domain.shared.errors import DomainError
from nimrod.platform.language import explain
from nimrod.web import errors
from nimrod.web.access import public
from nimrod.web.host_guard import HostGuard
from nimrod.web.system import System, system_app

ROOT = Path(__file__).parents[2]
SHAPE = {"type", "title", "status", "detail", "code", "facts", "next_step", "request_id"}
JSON = {"Content-Type": "application/json"}


def _is_problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"], body["status"]) == (status, code, status)
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) == SHAPE
    assert body["detail"] and body["next_step"]  # noqa: PT018 - one thought
    assert body["request_id"] == answer.headers["x-request-id"]
    return body


@pytest.mark.parametrize(
    ("method", "path", "content", "headers", "status", "code"),
    [
        ("GET", "/", None, {}, 404, "no_such_route"),
        ("GET", "/platform/v1/nothing", None, {}, 404, "no_such_route"),
        ("GET", "/customer/v2/city", None, {}, 404, "no_such_route"),
        ("PUT", "/platform/v1/sessions", None, {}, 405, "method_not_allowed"),
        ("POST", "/platform/v1/sessions", "{", JSON, 400, "malformed_json"),
        ("POST", "/platform/v1/sessions", '{"login": NaN', JSON, 400, "malformed_json"),
        ("POST", "/platform/v1/sessions", "", JSON, 422, "bad_input"),
        ("POST", "/platform/v1/sessions", "[]", JSON, 422, "bad_input"),
        ("POST", "/platform/v1/sessions", "null", JSON, 422, "bad_input"),
        ("POST", "/platform/v1/sessions", '{"login": 5, "password": "x"}', JSON, 422, "bad_input"),
        (
            "POST",
            "/platform/v1/sessions",
            '{"login": "a", "password": "x", "role": "administrator"}',
            JSON,
            422,
            "bad_input",
        ),
        ("POST", "/platform/v1/sessions", '{"login": "\\ud800", "password": "x"}', JSON, 422, "bad_input"),
        ("POST", "/platform/v1/sessions", '{"login": "a\\u0000", "password": "x"}', JSON, 400, "malformed_request"),
        ("POST", "/platform/v1/sessions", "login=a", {}, 415, "wrong_content_type"),
        ("POST", "/platform/v1/sessions", "{}", {"Content-Type": "text/plain"}, 415, "wrong_content_type"),
        ("POST", "/platform/v1/sessions", '{"login": "a", "password": "x"}', JSON, 401, "sign_in_refused"),
        ("POST", "/platform/v1/sessions", "x" * 300_000, JSON, 413, "body_too_large"),
        ("GET", "/platform/v1/demo%00", None, {}, 400, "malformed_request"),
        ("GET", "/platform/v1/me", None, {"Authorization": "Bearer nonsense"}, 401, "token_refused"),
        ("GET", "/platform/v1/me", None, {"Authorization": "Basic bWlhOnJpZ2h0"}, 401, "token_refused"),
    ],
)
async def test_bad_requests_get_a_problem_that_helps(
    nimrod: Nimrod, method: str, path: str, content: str | None, headers: dict[str, str], status: int, code: str
) -> None:
    async with nimrod.http() as http:
        _is_problem(await http.request(method, path, content=content, headers=headers), status, code)


async def test_a_wrong_method_is_told_all_the_right_ones(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        answer = await http.get("/platform/v1/sessions")
    assert _is_problem(answer, 405, "method_not_allowed")["facts"]["allowed"] == "DELETE, POST"
    assert answer.headers["allow"] == "DELETE, POST"


async def test_an_unknown_field_is_named(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        answer = await http.post("/platform/v1/sessions", json={"login": "a", "password": "b", "admin": True})
        assert _is_problem(answer, 422, "bad_input")["facts"]["fields"][0]["field"] == "admin"


async def test_an_unknown_query_parameter_is_refused_not_ignored(nimrod: Nimrod) -> None:
    async with nimrod.http("customer") as http:
        body = _is_problem(await http.get("/customer/v1/vehicles?vehicletype=car"), 422, "bad_input")
        assert body["facts"]["field"] == "vehicletype"


async def test_a_body_without_a_length_is_still_limited(nimrod: Nimrod) -> None:
    async def pieces() -> Any:
        for _ in range(40):
            yield b"x" * 10_000

    async with nimrod.http() as http:
        _is_problem(await http.post("/platform/v1/sessions", content=pieces(), headers=JSON), 413, "body_too_large")


async def test_a_refusal_is_told_in_the_callers_language(nimrod: Nimrod) -> None:
    wrong = {"login": "a", "password": "b"}
    async with nimrod.http() as http:
        finnish = await http.post("/platform/v1/sessions", json=wrong, headers={"Accept-Language": "fi-FI,fi;q=0.9"})
        english = await http.post("/platform/v1/sessions", json=wrong, headers={"Accept-Language": "xx"})
    assert "salasana" in finnish.json()["detail"]
    assert "password" in english.json()["detail"]


async def test_a_lock_says_how_long_to_wait(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        for _ in range(6):
            answer = await http.post("/platform/v1/sessions", json={"login": "customer", "password": "wrong"})
    body = _is_problem(answer, 429, "locked_out")
    assert int(answer.headers["retry-after"]) == body["facts"]["wait_s"] > 0


async def test_the_callers_request_id_is_kept_when_it_is_one(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        kept = await http.get("/nothing", headers={"X-Request-ID": "trace-42"})
        replaced = await http.get("/nothing", headers={"X-Request-ID": "x y\tz"})
    assert kept.json()["request_id"] == "trace-42"
    assert replaced.json()["request_id"].startswith("req_")


async def test_a_crash_tells_nothing_but_its_id(caplog: pytest.LogCaptureFixture) -> None:
    router = APIRouter()

    @router.get("/boom", dependencies=[public()])
    def boom() -> None:
        raise RuntimeError("the secret is swordfish")

    app = system_app(System("data", [router], admission=None, cities={}))  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://data") as http:
        answer = await http.get("/boom")
    body = _is_problem(answer, 500, "internal")
    assert "swordfish" not in answer.text
    assert body["request_id"] in caplog.text


async def test_a_foreign_host_name_is_refused(nimrod: Nimrod) -> None:
    async with nimrod.http() as http:
        _is_problem(await http.get("/healthz", headers={"Host": "evil.example"}), 421, "wrong_host")


async def test_a_socket_under_a_foreign_host_name_is_closed() -> None:
    sent: list[Any] = []

    async def never(*_: object) -> Any:
        raise AssertionError("nothing behind the guard may see it")

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "websocket", "headers": [(b"host", b"evil.example")]}
    await HostGuard(never, ["localhost"])(scope, never, send)
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LOCALHOST", "[::1]:8000", "[::1]"])
async def test_our_own_names_are_let_through_with_and_without_a_port(host: str) -> None:
    passed: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["type"])

    scope = {"type": "http", "headers": [(b"host", host.encode())]}
    await HostGuard(app, ["localhost", "::1"])(scope, app, app)  # type: ignore[arg-type]
    assert passed == ["http"]


def _codes() -> set[str]:
    def below(kind: type[DomainError]) -> set[type[DomainError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    return {one.code for one in below(DomainError) if one.__module__.startswith("nimrod.")}


async def test_every_code_has_words_and_a_line_in_the_docs(nimrod: Nimrod) -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    missing = {code for code in _codes() if code not in listed}
    assert missing == set(), "add them to docs/errors.md"
    for code, status in errors.STATUSES.items():
        assert f"| `{code}` | {status} |" in page


def test_every_mapped_status_is_an_error() -> None:
    assert all(400 <= status < 600 for status in errors.STATUSES.values())
    assert inspect.isfunction(explain)
