"""Who answers when the person writes: the agent under test, or a stand-in that proves the case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from nimrod.evals.form.turn import Turn
from nimrod.evals.play.episode import Exchange, Row, ToolCall
from nimrod.evals.stage.stage import Stage

Json = dict[str, Any]


class Actor(Protocol):
    """Answers one turn of a person by filling in the exchange; knows nothing of what is expected."""

    name: str

    async def say(self, turn: Turn, exchange: Exchange) -> None: ...

    async def press(self, proposal_id: str, button: str, exchange: Exchange) -> None:
        """The person presses `confirm` or `decline` on a card."""

    async def cards(self, who: str) -> list[Row]:
        """What waits for this person now."""

    def hand_over(self, *, same_conversation: bool) -> None:
        """Another person takes the keyboard."""


@dataclass
class AgentActor:
    """The agent under test, over its HTTP interface, as a page or a program uses it."""

    stage: Stage
    agent: str = "booking"
    name: str = "agent"
    _talks: dict[str, str] = field(default_factory=dict)  # login -> conversation
    _taken: str = ""  # someone else's conversation that is being tried

    async def say(self, turn: Turn, exchange: Exchange) -> None:
        body: Json = {"text": turn.say}
        if turn.position is not None:
            body["position"] = {"lat": turn.position[0], "lon": turn.position[1]}
        await self._post(exchange, "messages", body)

    async def press(self, proposal_id: str, button: str, exchange: Exchange) -> None:
        await self._post(exchange, f"proposals/{proposal_id}/{button}", None)

    async def cards(self, who: str) -> list[Row]:
        if who not in self._talks:
            return []
        answer = await self.stage.call(who, "GET", f"/customer/v1/conversations/{self._talks[who]}")
        return list(answer.json().get("pending", [])) if answer.is_success else []

    def hand_over(self, *, same_conversation: bool) -> None:
        self._taken = next(reversed(self._talks.values()), "") if same_conversation else ""

    async def _post(self, exchange: Exchange, what: str, body: Json | None) -> None:
        talk = await self._talk(exchange)
        if not talk:
            return
        answer = await self.stage.call(exchange.who, "POST", f"/customer/v1/conversations/{talk}/{what}", body)
        took(answer.status_code, answer.json(), exchange)

    async def _talk(self, exchange: Exchange) -> str:
        if self._taken:
            return self._taken
        if exchange.who not in self._talks:
            answer = await self.stage.call(exchange.who, "POST", "/customer/v1/conversations", {"agent": self.agent})
            if not answer.is_success:
                took(answer.status_code, answer.json(), exchange)
                return ""
            made = answer.json()
            self._talks[exchange.who] = str(made.get("conversation_id") or made["conversation"])
        return self._talks[exchange.who]


def took(status: int, body: Mapping[str, Any], exchange: Exchange) -> None:
    """Fill the exchange from an answer of the service; a problem is told to the person in its own words."""
    if status >= 400:
        exchange.refused = str(body.get("code") or status)
        words = [str(body.get(key) or "") for key in ("detail", "title", "next_step")]
        exchange.reply = "\n".join(dict.fromkeys(word for word in words if word))
        return
    exchange.reply = str(body.get("reply") or "")
    exchange.cards = list(body.get("pending") or [])
    exchange.calls += [
        ToolCall(str(one["name"]), one.get("arguments") or {}, _mapping(one.get("result")), _error(one.get("error")))
        for one in body.get("tool_calls") or []
    ]


def _mapping(result: object) -> Mapping[str, Any] | None:
    return result if isinstance(result, Mapping) else None if result is None else {"text": result}


def _error(error: object) -> str | None:
    return None if error in (None, "", {}) else str(error)


@dataclass
class Idle:
    """Does nothing and says the same thing always (its own words, or the person's back)."""

    words: str | None = ""  # None: repeats what the person wrote
    name: str = "does nothing"

    async def say(self, turn: Turn, exchange: Exchange) -> None:
        exchange.reply = str(turn.say) if self.words is None else self.words

    async def press(self, proposal_id: str, button: str, exchange: Exchange) -> None:
        exchange.refused = "not_found"

    async def cards(self, who: str) -> list[Row]:
        return []

    def hand_over(self, *, same_conversation: bool) -> None:
        """Nobody is known here anyway."""


IDLERS = (
    Idle("", "does nothing"),
    Idle("Sorry, I cannot help with that.", "refuses everything"),
    Idle("Done! Is there anything else I can do for you?", "says it is done"),
    Idle(None, "repeats the person"),
)
