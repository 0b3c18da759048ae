"""Talking with an agent: POST a message, read the answer as JSON or follow it as server-sent events."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import ValidationError

from nimrod.agents.runtime import Conversations
from nimrod.agents.talking import Caller, TurnEvent
from nimrod.domain.shared.errors import BadInput, DomainError
from nimrod.web.access import Asking, Customer
from nimrod.web.bodies import Id
from nimrod.web.customer.conversation_views import (
    Cancelled,
    ConversationList,
    ConversationView,
    History,
    MessageView,
    NewConversation,
    NewMessage,
    TraceList,
    TraceView,
    TurnDone,
)
from nimrod.web.errors import problem_body

STREAM = "text/event-stream"
_TURN: dict[int | str, dict[str, Any]] = {
    200: {"model": TurnDone, "content": {STREAM: {"schema": {"type": "string"}}}, "description": "The whole answer"}
}


def build_router(conversations: Conversations) -> APIRouter:
    """The routes under /conversations."""
    router = APIRouter(prefix="/conversations", tags=["conversations"])
    _add_reading(router, conversations)
    _add_talking(router, conversations)
    return router


def _add_reading(router: APIRouter, conversations: Conversations) -> None:
    @router.post("", status_code=201, summary="Start a conversation with an agent")
    async def create(asking: Customer, body: NewConversation) -> ConversationView:
        return ConversationView.of(conversations.create(body.agent, _caller(asking)))

    @router.get("", summary="My conversations, latest first")
    async def list_own(asking: Customer) -> ConversationList:
        own = conversations.list_own(_caller(asking))
        return ConversationList(conversations=[ConversationView.of(one) for one in own])

    @router.get("/{conversation_id}", summary="What was said, and what waits for me")
    async def read(asking: Customer, conversation_id: Id) -> History:
        conversation, messages, pending = await conversations.read(conversation_id, _caller(asking))
        return History(
            conversation=ConversationView.of(conversation),
            messages=[MessageView.of(one) for one in messages],
            pending=pending,
            running=conversations.is_running(conversation_id),
        )

    @router.get("/{conversation_id}/traces", summary="What each turn did: prompt, model, calls, cost, time")
    async def traces(asking: Customer, conversation_id: Id) -> TraceList:
        found = conversations.traces(conversation_id, _caller(asking))
        return TraceList(traces=[TraceView.of(one) for one in found])


def _add_talking(router: APIRouter, conversations: Conversations) -> None:
    @router.post("/{conversation_id}/messages", responses=_TURN, summary="Say something")
    async def send(asking: Customer, conversation_id: Id, body: NewMessage, request: Request) -> Response:
        try:
            point = body.point()
        except ValidationError as wrong:
            raise BadInput(field="position", problem="not_on_earth") from wrong
        return await _answer(request, conversations.send(conversation_id, body.text, _caller(asking), point))

    @router.post("/{conversation_id}/proposals/{proposal_id}/confirm", responses=_TURN, summary="Say yes to a card")
    async def confirm(asking: Customer, conversation_id: Id, proposal_id: Id, request: Request) -> Response:
        return await _answer(request, conversations.confirm(conversation_id, proposal_id, _caller(asking)))

    @router.post("/{conversation_id}/proposals/{proposal_id}/decline", responses=_TURN, summary="Say no to a card")
    async def decline(asking: Customer, conversation_id: Id, proposal_id: Id, request: Request) -> Response:
        return await _answer(request, conversations.decline(conversation_id, proposal_id, _caller(asking)))

    @router.post("/{conversation_id}/cancel", summary="Stop the answer that is being made")
    async def cancel(asking: Customer, conversation_id: Id) -> Cancelled:
        return Cancelled(cancelled=conversations.cancel(conversation_id, _caller(asking)))


def _caller(asking: Asking) -> Caller:
    return Caller(asking.me, asking.token)


async def _answer(request: Request, events: AsyncIterator[TurnEvent]) -> Response:
    """The turn as the client accepts it."""
    if STREAM in request.headers.get("accept", ""):
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(_stream(request, events), media_type=STREAM, headers=headers)
    done: Mapping[str, Any] = {}
    async for event in events:
        if event.kind == "done":
            done = event.data
    return JSONResponse(dict(done))


async def _stream(request: Request, events: AsyncIterator[TurnEvent]) -> AsyncIterator[str]:
    try:
        async for event in events:
            yield _event(event.kind, event.data)
    except DomainError as refused:
        me = request.state.me
        body = problem_body(
            refused,
            request_id=getattr(request.state, "request_id", ""),
            city=getattr(request.app.state, "cities", {}).get(me.city_id),
            language=me.language,
        )
        yield _event("problem", body)


def _event(kind: str, data: Mapping[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
