"""The typed client: sessions renewed once, problems as one exception, turns as typed events."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import httpx2
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from nimrod.web.client import ApiClient, ApiProblem, SessionEnded, Tokens
from nimrod.web.client.session import Pocket
from nimrod.web.client.stream import Pending, Token, ToolStep, read_turn
from nimrod.web.client.views import Turn


class Backend:
    """A small API that counts what it is asked."""

    def __init__(self) -> None:
        self.good = "a1"
        self.refreshes = 0
        self.refuse_refresh = False
        self.seen: list[tuple[str, str]] = []
        self.app = FastAPI()
        self.app.post("/platform/v1/sessions")(self.sign_in)
        self.app.post("/platform/v1/sessions/refresh")(self.refresh)
        self.app.get("/customer/v1/reservations")(self.reservations)
        self.app.get("/customer/v1/city")(self.broken)

    async def sign_in(self, body: dict[str, str]) -> Response:
        if body["password"] != "right":
            return _problem(401, "wrong_login", "Name or password is not right.", "Check both.")
        person = {"id": "per_mia", "name": "Mia", "roles": ["customer"], "city_id": "helsinki", "surprise": 1}
        return JSONResponse({"access_token": "a1", "refresh_token": "r1", "expires_in": 900, "person": person})

    async def refresh(self, body: dict[str, str]) -> Response:
        self.refreshes += 1
        if self.refuse_refresh:
            return _problem(401, "session_over", "This session is over.", "Sign in again.")
        self.good = f"a{self.refreshes + 1}"
        return JSONResponse({"access_token": self.good, "refresh_token": f"r{self.refreshes + 1}"})

    async def reservations(self, request: Request, include_past: bool = False) -> Response:
        self.seen.append((request.headers.get("authorization", ""), str(request.url.query)))
        if request.headers.get("authorization") != f"Bearer {self.good}":
            return _problem(401, "token_refused", "Expired.", "")
        ride = {
            "reservation_id": "rsv_1", "state": "held", "vehicle_id": "sc-1", "vehicle_type": "scooter",
            "start": "2026-11-23T09:00:00+02:00",
        }  # fmt: skip
        return JSONResponse({"reservations": [ride]})

    async def broken(self) -> Response:
        return Response("<html>gateway</html>", status_code=502)


def _problem(status: int, code: str, detail: str, next_step: str) -> JSONResponse:
    body = {"title": code, "status": status, "code": code, "detail": detail, "next_step": next_step, "facts": {"n": 1}}
    return JSONResponse(body, status, media_type="application/problem+json")


@pytest.fixture
def backend() -> Backend:
    return Backend()


async def _lines(*events: tuple[str, str]) -> AsyncIterator[str]:
    for name, data in events:
        for line in (f"event: {name}", ": a comment", f"data: {data}", ""):
            yield line


async def test_signing_in_keeps_the_tokens_and_tells_them(backend: Backend) -> None:
    told: list[Tokens | None] = []
    async with ApiClient.in_process(backend.app, on_tokens=told.append) as client:
        person = await client.sign_in("mia", "right")
    assert (person.id, person.roles) == ("per_mia", ("customer",))
    assert told == [Tokens("a1", "r1")]


async def test_a_wrong_password_is_a_problem_with_a_next_step_and_not_an_ended_session(backend: Backend) -> None:
    async with ApiClient.in_process(backend.app) as client:
        with pytest.raises(ApiProblem) as caught:
            await client.sign_in("mia", "wrong")
    problem = caught.value
    assert not isinstance(problem, SessionEnded)
    assert (problem.code, problem.status, problem.next_step, problem.facts) == (
        "wrong_login",
        401,
        "Check both.",
        {"n": 1},
    )


async def test_a_stale_access_token_is_renewed_and_the_call_repeated(backend: Backend) -> None:
    backend.good = "a0"
    async with ApiClient.in_process(backend.app, tokens=Tokens("a1", "r1")) as client:
        found = await client.reservations(include_past=True)
        assert client.session.tokens == Tokens("a2", "r2")
    assert found.reservations[0].start == datetime.fromisoformat("2026-11-23T09:00:00+02:00")
    assert backend.seen == [("Bearer a1", "include_past=true"), ("Bearer a2", "include_past=true")]


async def test_many_calls_that_find_the_token_stale_renew_it_once(backend: Backend) -> None:
    backend.good = "a0"
    async with ApiClient.in_process(backend.app, tokens=Tokens("a1", "r1")) as client:
        await asyncio.gather(*(client.reservations() for _ in range(8)))
    assert backend.refreshes == 1


async def test_clients_that_share_a_keeper_renew_once_between_them(backend: Backend) -> None:
    backend.good = "a0"
    pocket = Pocket(Tokens("a1", "r1"))
    async with ApiClient.in_process(backend.app) as one, ApiClient.in_process(backend.app) as other:
        for client in (one, other):
            client.session.keep_in(pocket)
        await asyncio.gather(one.reservations(), other.reservations())
    assert backend.refreshes == 1


async def test_a_refused_renewal_ends_the_session_and_forgets_the_tokens(backend: Backend) -> None:
    backend.good, backend.refuse_refresh = "a0", True
    told: list[Tokens | None] = []
    async with ApiClient.in_process(backend.app, tokens=Tokens("a1", "r1"), on_tokens=told.append) as client:
        with pytest.raises(SessionEnded) as caught:
            await client.reservations()
    assert caught.value.next_step == "Sign in again."
    assert told == [None]


async def test_a_call_without_a_session_says_so(backend: Backend) -> None:
    async with ApiClient.in_process(backend.app) as client:
        with pytest.raises(SessionEnded):
            await client.reservations()


async def test_an_error_that_is_not_problem_json_is_still_one_problem(backend: Backend) -> None:
    async with ApiClient.in_process(backend.app, tokens=Tokens("a1", "r1")) as client:
        with pytest.raises(ApiProblem) as caught:
            await client.city()
    assert (caught.value.code, caught.value.status) == ("unexpected", 502)


async def test_no_answer_at_all_is_unreachable() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("nobody home", request=request)

    door = httpx2.AsyncClient(transport=httpx2.MockTransport(refuse), base_url="http://nimrod")
    client = ApiClient(dict.fromkeys(("platform", "customer", "operations", "data"), door))
    async with client:
        with pytest.raises(ApiProblem) as caught:
            await client.sign_in("mia", "right")
    assert (caught.value.code, caught.value.status) == ("unreachable", 0)


async def test_a_stream_passes_in_process_piece_by_piece() -> None:
    app, go_on = FastAPI(), asyncio.Event()

    @app.post("/customer/v1/conversations/cnv_1/messages")
    async def say(body: dict[str, str]) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            yield f'event: token\ndata: {{"text": "{body["text"]}"}}\n\n'
            await go_on.wait()
            yield 'event: done\ndata: {"conversation": "cnv_1", "reply": "hello"}\n\n'

        return StreamingResponse(events(), media_type="text/event-stream")

    async with ApiClient.in_process(app, tokens=Tokens("a", "r")) as client:
        turn = client.say("cnv_1", "hel")
        first = await asyncio.wait_for(anext(turn), 5)
        assert first == Token("hel")
        go_on.set()
        rest = [event async for event in turn]
    assert rest == [Turn(conversation="cnv_1", reply="hello")]


async def test_the_events_of_a_turn_are_typed() -> None:
    lines = _lines(
        ("tool", '{"call_id": "c1", "name": "find_vehicles", "state": "started", "words": "Looking"}'),
        ("tool", '{"call_id": "c1", "name": "find_vehicles", "state": "finished", "ok": false, "words": ""}'),
        ("token", '{"text": "Hello "}'),
        ("something_new", "{}"),
        ("pending", '{"pending": [{"proposal_id": "prp_1", "kind": "hold"}]}'),
        ("done", '{"conversation": "cnv_1", "reply": "Hello"}'),
    )
    events = [event async for event in read_turn(lines)]
    assert events[:3] == [
        ToolStep("c1", "find_vehicles", "started", "Looking"),
        ToolStep("c1", "find_vehicles", "finished", "", ok=False),
        Token("Hello "),
    ]
    assert isinstance(events[3], Pending)
    assert events[3].pending[0].proposal_id == "prp_1"
    assert isinstance(events[4], Turn)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([("token", '{"text": "half"}')], "stream_broken"),
        ([("token", "{not json")], "stream_broken"),
        ([("problem", '{"code": "budget", "status": 429, "detail": "Enough for today."}')], "budget"),
        ([], "stream_broken"),
    ],
)
async def test_a_turn_that_does_not_end_well_is_a_problem(events: list[tuple[str, str]], code: str) -> None:
    with pytest.raises(ApiProblem) as caught:
        _ = [event async for event in read_turn(_lines(*events))]
    assert caught.value.code == code


def _raising() -> None:
    raise LookupError("a bug")


async def _before(scope: object, receive: object, send: object) -> None:
    _raising()


async def _midway(scope: object, receive: object, send: Callable[[dict[str, object]], object]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    _raising()


@pytest.mark.parametrize("app", [_before, _midway])
async def test_a_bug_of_the_application_in_process_is_not_swallowed(app: Callable[..., object]) -> None:
    async with ApiClient.in_process(app, tokens=Tokens("a", "r")) as client:
        with pytest.raises(LookupError, match="a bug"):
            await client.me()
