"""How a call is made: the right system's door, the person's token, one renewal, errors as ApiProblem."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal, TypeVar

import httpx2

from nimrod.web.client import views
from nimrod.web.client.problems import ApiProblem, SessionEnded
from nimrod.web.client.session import Pocket, Session, Tokens
from nimrod.web.client.stream import TurnEvent, read_turn

System = Literal["platform", "customer", "operations", "data"]
STREAM_S = 180.0
V = TypeVar("V", bound=views.View)


class Caller:
    """Calls to the four systems as one person. `doors` holds one connection pool a system."""

    def __init__(
        self,
        doors: Mapping[System, httpx2.AsyncClient],
        *,
        tokens: Tokens | None = None,
        on_tokens: Callable[[Tokens | None], None] = lambda _tokens: None,
    ) -> None:
        self._doors = doors
        self.session = Session(doors["platform"], Pocket(tokens, on_tokens))

    async def aclose(self) -> None:
        """Close the connections."""
        for door in set(self._doors.values()):
            await door.aclose()

    async def get(self, system: System, path: str, view: type[V], **asked: str | float | None) -> V:
        """The answer of a GET as `view`; empty arguments are left out."""
        query = {name: str(value) for name, value in asked.items() if value not in (None, "")}
        return view.model_validate(await self.call(system, "GET", path, params=query))

    async def post(self, system: System, path: str, view: type[V], json: object = None) -> V:
        """The answer of a POST as `view`."""
        return view.model_validate(await self.call(system, "POST", path, json=json if json is not None else {}))

    async def call(self, system: System, method: str, path: str, *, renew: bool = True, **send: Any) -> dict[str, Any]:
        """The JSON object a request answers; empty for no content."""
        async with self._open(system, method, path, renew=renew, **send) as response:
            if response.status_code == 204 or not response.content:
                return {}
            try:
                body = response.json()
            except ValueError as error:
                raise ApiProblem("unexpected", status=response.status_code, detail="the answer is not JSON") from error
            return body if isinstance(body, dict) else {"items": body}

    async def turn(self, path: str, body: object) -> AsyncIterator[TurnEvent]:
        """The events of one streamed turn."""
        accept = {"Accept": "text/event-stream"}
        async with self._open(
            "customer", "POST", path, streamed=True, headers=accept, json=body, timeout=STREAM_S
        ) as response:
            async for event in read_turn(response.aiter_lines()):
                yield event

    @asynccontextmanager
    async def _open(
        self, system: System, method: str, path: str, *, renew: bool = True, streamed: bool = False,
        headers: Mapping[str, str] | None = None, **send: Any,
    ) -> AsyncIterator[httpx2.Response]:  # fmt: skip
        """The answer of one request, after at most one renewal of the tokens; raises ApiProblem for errors."""
        door = self._doors[system]
        try:
            for last in (not (renew and self.session.tokens), True):
                tokens = self.session.tokens
                request = door.build_request(
                    method, path, headers={**(headers or {}), **self.session.headers()}, **send
                )
                response = await door.send(request, stream=True)
                if response.status_code != 401 or last:
                    break
                await response.aclose()
                await self.session.renew(tokens)
            try:
                if not streamed or response.is_error:
                    await response.aread()
                if response.is_error:
                    raise self._refusal(response, renew)
                yield response
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            raise ApiProblem.unreachable(error) from error

    def _refusal(self, response: httpx2.Response, renew: bool) -> ApiProblem:
        told = ApiProblem.of_response(response)
        if response.status_code == 401 and renew:
            self.session.set(None)
            return SessionEnded(detail=told.detail, next_step=told.next_step)
        return told
