"""The local model's HTTP face: OpenAI's chat completions, streamed or not, and the list of models."""

import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from nimrod.agents.local_model import wire
from nimrod.agents.local_model.dialogue.history import read_history
from nimrod.agents.local_model.dialogue.playing import answer

MOST_BYTES = 8_000_000


def build_app() -> Starlette:
    """An ASGI app with `/v1/chat/completions` and `/v1/models`; it keeps nothing between calls."""
    return Starlette(
        routes=[
            Route("/v1/chat/completions", _completions, methods=["POST"]),
            Route("/v1/models", _models),
            Route("/v1/models/{model_id:path}", _model),
        ],
        exception_handlers={404: _unknown, 405: _unknown},
    )


def warm_up(languages: tuple[str, ...] = ("en",)) -> None:
    """Load vectors and train the classifiers now instead of at the first message."""
    from nimrod.agents.local_model.understanding.reading import read

    for language in languages:
        read("hello", language, ())


async def _completions(request: Request) -> Response:
    body = await request.body()
    try:
        asked = wire.parse(body if len(body) <= MOST_BYTES else b"")
    except wire.BadRequest as bad:
        return _error(400, str(bad), bad.param)
    history = read_history(asked.messages)
    completion = wire.Completion.of(asked, wire.fitted(answer(history, asked.tool_names), asked))
    if asked.stream:
        return StreamingResponse(
            _events(completion), media_type="text/event-stream", headers={"cache-control": "no-cache"}
        )
    return JSONResponse(completion.whole())


async def _events(completion: wire.Completion) -> AsyncIterator[str]:
    for chunk in completion.chunks():
        yield f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


async def _models(_: Request) -> Response:
    return JSONResponse({"object": "list", "data": [wire.MODEL]})


async def _model(request: Request) -> Response:
    if request.path_params["model_id"] == wire.MODEL["id"]:
        return JSONResponse(wire.MODEL)
    return _error(404, f"There is no model {request.path_params['model_id'][:80]!r} here.", "model", "model_not_found")


async def _unknown(_: Request, __: Exception) -> Response:
    return _error(404, "Unknown address or method. There are POST /v1/chat/completions and GET /v1/models.", None)


def _error(status: int, message: str, param: str | None, code: str | None = None) -> JSONResponse:
    body: dict[str, Any] = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return JSONResponse({"error": body}, status_code=status)
