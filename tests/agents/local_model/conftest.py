"""A person who talks to the model through its HTTP face, with a small fake of the tool servers behind."""

import importlib.util
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from nimrod.agents.local_model import build_app

_spec = importlib.util.spec_from_file_location("fake_tools", Path(__file__).with_name("fake_tools.py"))
assert _spec
assert _spec.loader
fake = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fake)

TOOLS = {
    "find_vehicles": "near vehicle_type start end duration_min min_range_km limit",
    "find_bays": "near vehicle_type limit",
    "list_my_reservations": "include_past",
    "propose_hold": "vehicle_id pick_up replaces",
    "propose_booking": "vehicle_id start end replaces",
    "propose_change": "reservation_id start end vehicle_id replaces",
    "propose_cancellation": "reservation_id replaces",
    "propose_handover": "summary",
    "withdraw_proposal": "proposal_id",
    "carry_out": "proposal_id",
    "quote_ride": "vehicle_type duration_min start",
    "compare_prices": "duration_min start",
    "list_tariffs": "",
    "search_knowledge": "question",
}


class Person(fake.Tools):  # type: ignore[name-defined,misc]
    """Talks to the model; plays the runtime and the tools. `calls`: all made; `last`: those of the last turn."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        super().__init__()
        self.client = client
        self.language = "en"
        self.messages: list[dict[str, Any]] = []
        self.missing: set[str] = set()
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.last: list[tuple[str, dict[str, Any]]] = []
        self.armed: tuple[str, str] | None = None
        self.reply = ""

    # -- the runtime
    async def say(self, text: str) -> str:
        """One message; returns what the model finally says."""
        if self.armed:
            self._result(self.armed[0], {"status": "waiting_for_person"})
            self.armed = None
        self.messages.append({"role": "user", "content": text})
        return await self._turn()

    async def press(self, button: str = "confirm", proposal_id: str | None = None) -> str:
        """Confirm or decline the card with a button."""
        proposal_id = proposal_id or self.pending[-1]["proposal_id"]
        card = self.proposals[proposal_id]
        result = (
            self._carried(card)
            if button == "confirm"
            else {"proposal_id": proposal_id, "kind": card["kind"], "status": "declined"}
        )
        if button != "confirm":
            card["status"] = "declined"
        if self.armed and self.armed[1] == proposal_id:
            call_id = self.armed[0]
        else:
            if self.armed:
                self._result(self.armed[0], {"status": "waiting_for_person"})
            call_id = f"button_{len(self.messages)}"
            self._assistant("", [(call_id, "carry_out", {"proposal_id": proposal_id})])
        self.armed = None
        self._result(call_id, result)
        return await self._turn()

    @property
    def pending(self) -> list[dict[str, Any]]:
        return [p for p in self.proposals.values() if p["status"] == "pending"]

    @property
    def last_names(self) -> list[str]:
        return [name for name, _ in self.last]

    def arguments(self, name: str) -> dict[str, Any]:
        """The arguments of the last call of this tool in the last turn."""
        return next(arguments for n, arguments in reversed(self.last) if n == name)

    async def _turn(self) -> str:
        self.last = []
        for _ in range(12):
            message = await self.complete()
            calls = [
                (c["id"], c["function"]["name"], json.loads(c["function"]["arguments"]))
                for c in message.get("tool_calls") or []
            ]
            self._assistant(message["content"] or "", calls)
            if not calls:
                self.reply = message["content"] or ""
                return self.reply
            for call_id, name, arguments in calls:
                if name == "carry_out":
                    self.armed = (call_id, arguments["proposal_id"])
                    self.reply = message["content"] or ""
                    return self.reply
                self.calls.append((name, arguments))
                self.last.append((name, arguments))
                try:
                    result = getattr(self, name)(**arguments)
                except fake.Refused as no:
                    result = no.body
                self._result(call_id, result)
        raise AssertionError("the model never comes to an end")

    async def complete(self) -> dict[str, Any]:
        response = await self.client.post("/v1/chat/completions", json=self.request())
        assert response.status_code == 200, response.text
        message: dict[str, Any] = response.json()["choices"][0]["message"]
        return message

    def request(self) -> dict[str, Any]:
        context = {
            "now": self.now.isoformat(),
            "weekday": f"{self.now:%A}",
            "city": "Helsinki",
            "time_zone": "Europe/Helsinki",
            "currency": "EUR",
            "language": self.language,
            "name": "Mia",
            "position": self.position,
            "pending": [{k: p[k] for k in ("proposal_id", "kind", "title", "facts")} for p in self.pending],
            "places": fake.PLACES,
        }
        tools = [
            {
                "type": "function",
                "function": {
                    "name": name,
                    "parameters": {"type": "object", "properties": {a: {} for a in arguments.split()}},
                },
            }
            for name, arguments in TOOLS.items()
            if name not in self.missing
        ]
        system = {"role": "system", "content": f"You book rides.\n<context>{json.dumps(context)}</context>"}
        return {"model": "nimrod-local", "messages": [system, *self.messages], "tools": tools}

    def _assistant(self, text: str, calls: list[tuple[str, str, dict[str, Any]]]) -> None:
        made = [{"id": i, "type": "function", "function": {"name": n, "arguments": json.dumps(a)}} for i, n, a in calls]
        self.messages.append({"role": "assistant", "content": text or None, **({"tool_calls": made} if made else {})})

    def _result(self, call_id: str, result: object) -> None:
        self.messages.append({"role": "tool", "tool_call_id": call_id, "content": json.dumps(result)})

    def _carried(self, card: dict[str, Any]) -> dict[str, Any]:
        facts, kind = card["facts"], card["kind"]
        if facts.get("vehicle_id") in self.taken:
            card["status"] = "refused"
            return {
                "error": {
                    "code": "world_changed",
                    "message": "Someone else took the vehicle in the meantime, so nothing was done.",
                    "facts": {},
                }
            }
        card["status"] = "carried_out"
        done = {
            "proposal_id": card["proposal_id"],
            "kind": kind,
            "status": "carried_out",
            "message": "Done.",
            "reservation": None,
        }
        if kind in {"hold", "booking"}:
            row = self.has(facts["vehicle_type"], facts["start_at"], facts.get("end_at"), facts["vehicle_id"])
        elif kind in {"change", "cancellation"}:
            row = self._mine(facts["reservation_id"])
            row.update(
                {"state": "cancelled"}
                if kind == "cancellation"
                else {"start": facts["start_at"], "end": facts["end_at"], "vehicle_id": facts["vehicle_id"]}
            )
        else:
            return done
        return {**done, "reservation": dict(row)}

    def has(
        self, kind: str, start: str, end: str | None = None, vehicle_id: str = "", *, late: bool = False
    ) -> dict[str, Any]:
        """Give the person a reservation."""
        until = (datetime.fromisoformat(start) + timedelta(minutes=15)).isoformat()
        row = {
            "reservation_id": f"rsv_{len(self.reservations) + 1}",
            "state": "held" if kind in fake.HOLDS else "booked",
            "vehicle_id": vehicle_id or f"hel-{kind[0]}099",
            "vehicle_type": kind,
            "model": "M",
            "start": start,
            "end": end,
            "until": until,
            "price": "€18.00" if end else None,
            "price_minor": 1800,
            "fee": None,
            "fee_minor": 0,
            "currency": "EUR",
            "near": "Kamppi",
            "late": late,
        }
        self.reservations.append(row)
        return row


@pytest.fixture
async def mia() -> Any:
    """Mia, on a Wednesday at ten past two."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=build_app()), base_url="http://local") as client:
        yield Person(client)
