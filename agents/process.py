"""The process around turns: hear, turn, speak, wait for a person, act. One graph for every agent that confirms.

    START -> hear -> turn -> speak -> (something pending? approve : END)
    approve -> hear -> (a decision? act -> turn : turn)

The state holds plain JSON values only, and is on disk before each next node starts: a killed run goes on where it was.
No node that asks a model sits where a resume would repeat it after its result was kept.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import interrupt

from nimrod.agents import history
from nimrod.agents.guards import Emit
from nimrod.domain.shared.city import City
from nimrod.domain.shared.conversations import Conversation
from nimrod.domain.shared.principal import Principal


class State(TypedDict, total=False):
    """What survives a restart: `inbox` came in last, `armed` calls wait for a person, `calls` are this answer's."""

    inbox: dict[str, Any]
    messages: str
    armed: list[dict[str, Any]]
    pending: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    reply: str
    rounds: int
    again: bool
    began_at: str
    facts: dict[str, Any]
    language: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The run context, never kept: who speaks (with their session token), where, in which language, and who listens."""

    me: Principal
    token: str
    conversation: Conversation
    city: City
    emit: Emit
    language: str = "en"
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    now: Callable[[], datetime] = field(default=datetime.now)


class Node(Protocol):
    """One step of the process."""

    async def __call__(self, state: State, runtime: Runtime[Scene]) -> State: ...


WAITING = "waiting_for_person"


@dataclass(frozen=True, slots=True)
class Steps:
    """What the nodes do; given by the runtime."""

    hear: Node
    act: Node
    turn: Node
    speak: Node


Graph = StateGraph[State, Scene, State, State]
Flow = Callable[[Steps], Graph]


def talk(steps: Steps) -> Graph:
    """The flow of an agent that proposes, waits for a person, and carries out."""
    graph = StateGraph(State, context_schema=Scene)
    for name, node in (("hear", steps.hear), ("act", steps.act), ("turn", steps.turn), ("speak", steps.speak)):
        graph.add_node(name, node)
    graph.add_node("approve", approve)
    graph.add_edge(START, "hear")
    graph.add_conditional_edges("hear", _after_hearing, ["act", "turn", "speak"])
    graph.add_edge("act", "turn")
    graph.add_conditional_edges("turn", lambda state: "turn" if state.get("again") else "speak", ["turn", "speak"])
    graph.add_conditional_edges("speak", lambda state: "approve" if state.get("pending") else END, ["approve", END])
    graph.add_edge("approve", "hear")
    return graph


def approve(state: State) -> State:
    """Wait, for days if need be, for a decision or the next message."""
    inbox = interrupt({"pending": [card["proposal_id"] for card in state.get("pending", [])]})
    return {"inbox": inbox}


def decision_of(inbox: Mapping[str, Any]) -> tuple[str, str] | None:
    """("confirm" or "decline", proposal id), if that is what came in."""
    for kind in ("confirm", "decline"):
        if inbox.get(kind):
            return kind, str(inbox[kind])
    return None


def close_armed(state: State, except_for: str | None = None) -> tuple[str, list[dict[str, Any]]]:
    """Messages and armed calls after telling the model that its calls still wait (all but the one for a proposal)."""
    armed = state.get("armed", [])
    left = [one for one in armed if except_for and one["arguments"].get("proposal_id") == except_for][:1]
    waiting = {
        one["call_id"]: (one["name"], {"status": WAITING, **one["arguments"]}) for one in armed if one not in left
    }
    return history.dump(history.with_results(history.load(state.get("messages")), waiting)), left


def _after_hearing(state: State) -> str:
    if decision_of(state["inbox"]):
        return "act"
    return "speak" if state.get("reply") else "turn"
