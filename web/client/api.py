"""The calls. Each method is one route; refusals are ApiProblem, a stale access token is renewed once."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2

from nimrod.web.client import views
from nimrod.web.client.calls import Caller, System
from nimrod.web.client.inprocess import AsgiApp, StreamingTransport
from nimrod.web.client.problems import ApiProblem
from nimrod.web.client.session import SESSIONS, Tokens
from nimrod.web.client.stream import TurnEvent

SYSTEMS: tuple[System, ...] = ("platform", "customer", "operations", "data")
ANSWER_S = 20.0
_CONVERSATIONS = "/customer/v1/conversations"
_PROPOSALS = "/customer/v1/proposals"


class ApiClient(Caller):
    """Typed calls to the four systems as one person. Close it, or use it as an async context."""

    @classmethod
    def in_process(cls, app: AsgiApp, **session: Any) -> "ApiClient":
        """A client of an application in this process; bodies stream."""
        door = httpx2.AsyncClient(transport=StreamingTransport(app), base_url="http://nimrod", timeout=ANSWER_S)
        return cls(dict.fromkeys(SYSTEMS, door), **session)

    @classmethod
    def over_network(cls, url: str, *, urls: Mapping[System, str] | None = None, **session: Any) -> "ApiClient":
        """A client of a server at `url`; `urls` names the systems that live elsewhere."""
        where = {system: (urls or {}).get(system) or url for system in SYSTEMS}
        doors = {at: httpx2.AsyncClient(base_url=at, timeout=ANSWER_S) for at in set(where.values())}
        return cls({system: doors[at] for system, at in where.items()}, **session)

    async def __aenter__(self) -> "ApiClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def demo(self) -> views.Demo:
        """The seeded people to sign in as; empty where there are none."""
        try:
            return await self.get("platform", "/platform/v1/demo", views.Demo)
        except ApiProblem as problem:
            if problem.status in (401, 404):
                return views.Demo()
            raise

    async def sign_in(self, login: str, password: str) -> views.Person:
        """Sign in and keep the tokens; raises ApiProblem for a wrong name or password."""
        body = await self.call("platform", "POST", SESSIONS, json={"login": login, "password": password}, renew=False)
        self.session.set(Tokens(str(body["access_token"]), str(body.get("refresh_token", ""))))
        return views.Person.model_validate(body["person"])

    async def sign_out(self) -> None:
        """End the session at the platform and forget the tokens, also when the platform does not answer."""
        tokens = self.session.tokens
        try:
            if tokens is not None:
                body = {"refresh_token": tokens.refresh}
                await self.call("platform", "DELETE", SESSIONS, json=body, renew=False)
        except ApiProblem as problem:
            if problem.status not in (0, 401) and problem.status < 500:
                raise
        finally:
            self.session.set(None)

    async def me(self) -> views.Person:
        """Who is signed in."""
        return await self.get("platform", "/platform/v1/me", views.Person)

    async def city(self) -> views.CityView:
        """The person's city: centre, places, zones, rules."""
        return await self.get("customer", "/customer/v1/city", views.CityView)

    async def vehicles(self, **asked: str | float | None) -> views.VehiclesView:
        """Vehicles free for a time: near or lat and lon, vehicle_type, start, end, limit."""
        return await self.get("customer", "/customer/v1/vehicles", views.VehiclesView, **asked)

    async def bays(self, **asked: str | float | None) -> views.BaysView:
        """Parking bays: near or lat and lon, vehicle_type, limit."""
        return await self.get("customer", "/customer/v1/bays", views.BaysView, **asked)

    async def reservations(self, *, include_past: bool = False) -> views.ReservationsView:
        """The person's reservations."""
        asked = "true" if include_past else "false"
        return await self.get("customer", "/customer/v1/reservations", views.ReservationsView, include_past=asked)

    async def quotes(self, minutes: int, *, start: str | None = None) -> views.QuotesView:
        """What a ride of so many minutes costs by each type, cheapest first."""
        return await self.get("customer", "/customer/v1/quotes", views.QuotesView, minutes=minutes, start=start)

    async def propose(self, kind: str, **arguments: str | None) -> views.ProposalView:
        """Store a proposal without chat: kind hold, booking, change, cancellation or handover."""
        given = {name: value for name, value in arguments.items() if value is not None}
        body = await self.call("customer", "POST", _PROPOSALS, json={"kind": kind, "arguments": given})
        return views.ProposalView.model_validate(body)

    async def pending(self) -> views.PendingView:
        """The person's proposals that wait."""
        return await self.get("customer", _PROPOSALS, views.PendingView)

    async def confirm(self, proposal_id: str) -> views.OutcomeView:
        """Say yes to exactly the stored preview; it is carried out."""
        return await self.post("customer", f"{_PROPOSALS}/{proposal_id}/confirm", views.OutcomeView)

    async def decline(self, proposal_id: str) -> views.OutcomeView:
        """Say no; nothing happens."""
        return await self.post("customer", f"{_PROPOSALS}/{proposal_id}/decline", views.OutcomeView)

    async def open_conversation(self, agent: str = "booking") -> views.ConversationView:
        """Start a new thread with an agent."""
        return await self.post("customer", _CONVERSATIONS, views.ConversationView, json={"agent": agent})

    async def conversations(self) -> views.ConversationsView:
        """The person's threads, newest first."""
        return await self.get("customer", _CONVERSATIONS, views.ConversationsView)

    async def history(self, conversation_id: str) -> views.HistoryView:
        """What was said in a thread, and what waits."""
        return await self.get("customer", f"{_CONVERSATIONS}/{conversation_id}", views.HistoryView)

    async def cancel_turn(self, conversation_id: str) -> None:
        """Stop the answer that is being made."""
        await self.call("customer", "POST", f"{_CONVERSATIONS}/{conversation_id}/cancel")

    async def say(self, conversation_id: str, text: str, *, position: str | None = None) -> AsyncIterator[TurnEvent]:
        """Send a message and follow the turn; `position` is "lat,lon". Raises ApiProblem also in mid-stream."""
        body = {"text": text} | ({"position": position} if position else {})
        async for event in self.turn(f"{_CONVERSATIONS}/{conversation_id}/messages", body):
            yield event

    async def answer(self, conversation_id: str, proposal_id: str, yes: bool) -> AsyncIterator[TurnEvent]:
        """Confirm or decline a proposal inside its thread and follow the turn that tells the result."""
        verb = "confirm" if yes else "decline"
        async for event in self.turn(f"{_CONVERSATIONS}/{conversation_id}/proposals/{proposal_id}/{verb}", {}):
            yield event

    async def fleet(self, **asked: str | float | None) -> views.FleetView:
        """The vehicles as operations keeps them; staff only."""
        return await self.get("operations", "/operations/v1/vehicles", views.FleetView, **asked)

    async def event_summary(self) -> dict[str, Any]:
        """What the data system heard, counted; analysts only."""
        return await self.call("data", "GET", "/data/v1/events/summary")
