"""The HTTP edge: every error as `application/problem+json` (RFC 9457), a DomainError's code as a status."""

import logging
import re
import secrets
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path

from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import DomainError
from nimrod.platform.language import LANGUAGES, explain
from nimrod.web.body_guard import App, Message, Receive, Scope, Send

log = logging.getLogger("nimrod.web")
MEDIA_TYPE = "application/problem+json"
OTHERWISE = 409
STATUSES: Mapping[str, int] = {
    "malformed_request": 400, "malformed_json": 400,
    "sign_in_refused": 401, "token_refused": 401, "not_signed_in": 401,
    "not_allowed": 403, "not_confirmed": 403, "grant_refused": 403,
    "not_found": 404, "no_such_route": 404, "method_not_allowed": 405,
    "body_too_large": 413, "wrong_content_type": 415, "wrong_host": 421,
    "bad_input": 422, "too_far_ahead": 422, "in_the_past": 422, "bad_duration": 422, "nothing_to_change": 422,
    "wrong_mode": 422,
    "locked_out": 429,
    "internal": 500, "accounts_unreachable": 503, "busy": 503,
}  # fmt: skip
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MOST_FIELDS = 20


class NoSuchRoute(DomainError):
    """Nothing answers at this path."""

    code = "no_such_route"


class MethodNotAllowed(DomainError):
    """The path exists, the method does not."""

    code = "method_not_allowed"


class MalformedJson(DomainError):
    """The body is not JSON; facts: position."""

    code = "malformed_json"


class InvalidInput(DomainError):
    """Fields that cannot be meant; facts: fields, each with where and what."""

    code = "bad_input"


class Internal(DomainError):
    """A fault of ours; nothing about it is told but the request id."""

    code = "internal"


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return STATUSES.get(error.code, OTHERWISE)


def problem_body(
    error: DomainError, *, request_id: str = "", city: City | None = None, language: str = "en"
) -> dict[str, object]:
    """The documented shape of an error (docs/errors.md), also sent as the `problem` event of a stream."""
    told = explain(error, city, language)
    return {
        "type": f"urn:nimrod:problem:{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": status_of(error),
        "detail": told.message,
        "code": error.code,
        "facts": dict(told.facts),
        "next_step": told.next_step,
        "request_id": request_id,
    }


def answer(error: DomainError, request: HTTPConnection) -> Response:
    """The response to an error, in the person's language and the city's time where they are known."""
    me = getattr(request.state, "me", None)
    cities: Mapping[str, City] = getattr(request.app.state, "cities", {}) if "app" in request.scope else {}
    body = problem_body(
        error,
        request_id=getattr(request.state, "request_id", ""),
        city=cities.get(me.city_id) if me else None,
        language=me.language if me else _language(request.headers.get("accept-language", "")),
    )
    return JSONResponse(body, status_of(error), media_type=MEDIA_TYPE, headers=_headers(error))


def install(app: FastAPI) -> None:
    """Give the app the handlers for everything it expects; what it does not expect is the Edge's."""
    app.add_exception_handler(DomainError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)


class Edge:
    """Outermost ASGI layer: names the request, answers refusals of inner layers, turns a crash into a plain 500."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        request = HTTPConnection(scope)
        inner = hasattr(request.state, "request_id")  # an outer edge has named the request and tells the name
        if not inner:
            wanted = request.headers.get("x-request-id", "")
            request.state.request_id = wanted if _REQUEST_ID.fullmatch(wanted) else f"req_{secrets.token_hex(8)}"

        async def named(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                if not inner:
                    name = (b"x-request-id", request.state.request_id.encode())
                    message["headers"] = [*message.get("headers", []), name]
            await send(message)

        try:
            await self._app(scope, receive, named)
        except DomainError as error:
            if started:
                raise
            await answer(error, request)(scope, receive, named)
        except Exception:
            log.exception("%s %s failed (%s)", scope["method"], scope["path"], request.state.request_id)
            if started:
                raise
            await answer(Internal(), request)(scope, receive, named)


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return answer(error, request)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = error.errors()
    if wrong and wrong[0]["type"] == "json_invalid":
        return answer(MalformedJson(position=wrong[0]["loc"][-1]), request)
    fields = [
        {"field": ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0]), "problem": one["msg"]}
        for one in wrong[:_MOST_FIELDS]
    ]
    first = fields[0]
    return answer(InvalidInput(reason="wrong_field", **first, fields=fields), request)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 404:
        return answer(NoSuchRoute(path=path), request)
    if error.status_code == 405:
        allowed = ", ".join(_methods_at(path, request.app))
        told = answer(MethodNotAllowed(method=request.method, path=path, allowed=allowed), request)
        told.headers["Allow"] = allowed
        return told
    return answer(MalformedJson(position=0) if error.status_code == 400 else Internal(), request)


def _methods_at(path: str, app: FastAPI) -> list[str]:
    found: set[str] = set()
    for route in iter_route_contexts(app.routes):
        if route.path and route.methods and compile_path(route.path)[0].match(path):
            found |= route.methods
    return sorted(found)


def _headers(error: DomainError) -> dict[str, str]:
    if status_of(error) == 401:
        return {"WWW-Authenticate": 'Bearer realm="nimrod"'}
    wait_s = error.facts.get("wait_s")
    if isinstance(wait_s, int):
        return {"Retry-After": str(wait_s)}
    return {"Retry-After": "1"} if status_of(error) == 503 else {}


def _language(accepted: str) -> str:
    wishes = [wish.split(";")[0].strip()[:2].lower() for wish in accepted.split(",")]
    return next((wish for wish in wishes if wish in LANGUAGES), "en")
