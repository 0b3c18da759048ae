"""The steps of the process: each loads what it needs from the state, does one thing, and returns what changed."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langgraph.runtime import Runtime

from nimrod.agents import history, plain
from nimrod.agents.access import ToolAccess
from nimrod.agents.guards import Call, Recorder
from nimrod.agents.ports import ConversationStore
from nimrod.agents.process import Scene, State, Steps, close_armed, decision_of
from nimrod.agents.prompting import context_block, load_prompt, local_now, render
from nimrod.agents.spec import AgentSpec
from nimrod.agents.tracing import trace_body
from nimrod.agents.turn import Outcome, Turn
from nimrod.agents.verify import Evidence, doubts
from nimrod.domain.shared.conversations import Message, Trace
from nimrod.platform.model_client import Models
from nimrod.platform.observability import turn_span

TITLE_CHARS = 60
CARRY_OUT, DECLINE = "carry_out", "decline_proposal"
Passed = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Nodes:
    """One agent's steps. `passed` is told each named point between the steps (tests stop the process there)."""

    spec: AgentSpec
    access: ToolAccess
    store: ConversationStore
    models: Models
    wall_s: float
    passed: Passed

    def steps(self) -> Steps:
        """The nodes for the flow."""
        return Steps(hear=self.hear, act=self.act, turn=self.turn, speak=self.speak)

    async def hear(self, state: State, runtime: Runtime[Scene]) -> State:
        """Keep what came in; close calls that go on waiting."""
        self.passed("hear.before")
        inbox, scene = state["inbox"], runtime.context
        decision = decision_of(inbox)
        turn_id, conversation_id = inbox["turn_id"], scene.conversation.conversation_id
        if text := inbox.get("message"):
            self.store.add_message(Message(f"{turn_id}.you", conversation_id, "user", text, scene.now()))
        if decision:
            body = {"decision": decision[0], "proposal_id": decision[1]}
            event = Message(f"{turn_id}.decided", conversation_id, "event", decision[0], scene.now(), body)
            self.store.add_message(event)
        fresh = State(language=scene.language, calls=[], reply=inbox.get("plain", ""), rounds=0, again=False, facts={})
        fresh["began_at"] = scene.now().isoformat()
        if decision:
            return fresh
        messages, _ = close_armed(state)
        spoken = [*history.load(messages), history.said(str(text))]
        if fresh["reply"]:
            spoken.append(history.answered(fresh["reply"]))
        return State(**{**fresh, "messages": history.dump(spoken), "armed": []})

    async def act(self, state: State, runtime: Runtime[Scene]) -> State:
        """Carry out or decline, once however often this step runs; the result goes to the model's waiting call."""
        scene, inbox = runtime.context, state["inbox"]
        kind, proposal_id = decision_of(inbox) or ("decline", "")
        name = CARRY_OUT if kind == "confirm" else DECLINE
        call = Call(f"{inbox['turn_id']}.act", name, {"proposal_id": proposal_id})
        meta = {"key": f"{inbox['turn_id']}.act"} | ({"grant": inbox["grant"]} if kind == "confirm" else {})
        scene.emit("tool", {"call_id": call.call_id, "name": name, "state": "started", "ok": None})
        self.passed("act.before")
        answer = await self.access.decide(scene, name, proposal_id, meta)
        self.passed("act.after")
        recorder = Recorder(self.spec.limits, scene.emit)
        recorder.finish(call, answer.body, refused=answer.refused)
        messages, left = close_armed(state, except_for=proposal_id)
        told = history.load(messages)
        if left:
            told = history.with_results(told, {left[0]["call_id"]: (left[0]["name"], answer.body)})
        else:
            told += history.call_and_result(call.call_id, CARRY_OUT, call.arguments, answer.body)
        return State(messages=history.dump(told), armed=[], calls=[_kept(call)])

    async def turn(self, state: State, runtime: Runtime[Scene]) -> State:
        """Let the model answer; then look which proposals really wait for the person."""
        scene, inbox = runtime.context, state["inbox"]
        self.passed("turn.before")
        started = time.monotonic()
        recorder = Recorder(self.spec.limits, scene.emit)
        with turn_span(self.spec.name, scene.conversation.conversation_id, inbox["turn_id"]):
            before = await self.access.pending(scene)
            instructions = self._instructions(scene, before, inbox.get("position"))
            belt = await self.access.belt(scene, recorder, inbox)
            turn = Turn(
                self.spec.name, self.models.main, self.models.backup, belt, instructions,
                self.spec.limits, lambda text, seen: self._check(text, seen, instructions, scene),
            )  # fmt: skip
            outcome = await turn.take(history.load(state.get("messages")), scene.stop, self.wall_s)
            answered = await self._settle(outcome, scene, recorder)
        pending = await self.access.pending(scene)
        calls = [*state.get("calls", []), *(_kept(one) for one in recorder.calls)]
        again = answered and outcome.reason is None and state.get("rounds", 0) + 1 < self.spec.limits.rounds
        reply = "" if again else self._reply(outcome, calls, pending, before, scene)
        if not again and not outcome.armed and reply != history.last_text(outcome.messages):
            outcome.messages.append(history.answered(reply))
        kept = history.trim(outcome.messages, 4 * self.spec.limits.history_chars)
        self.passed("turn.after")
        armed = [{"call_id": a.call_id, "name": a.name, "arguments": a.arguments} for a in outcome.armed]
        facts = trace_body(
            state.get("facts", {}), load_prompt(self.spec.prompt), self.spec.prompt, outcome,
            instructions=instructions, taken_s=time.monotonic() - started,
        )  # fmt: skip
        return State(
            messages=history.dump(kept), armed=armed, pending=pending, calls=calls, reply=reply,
            rounds=state.get("rounds", 0) + 1, again=again, facts=facts,
        )  # fmt: skip

    async def speak(self, state: State, runtime: Runtime[Scene]) -> State:
        """Keep the reply and the trace, then let the person have it."""
        scene, inbox = runtime.context, state["inbox"]
        pending = state.get("pending", []) if not inbox.get("plain") else await self.access.pending(scene)
        self.passed("speak.before")
        turn_id, conversation_id, now = inbox["turn_id"], scene.conversation.conversation_id, scene.now()
        body = {
            "turn_id": turn_id,
            "tool_calls": state.get("calls", []),
            "pending": [c["proposal_id"] for c in pending],
        }
        self.store.add_message(Message(f"{turn_id}.me", conversation_id, "agent", state["reply"], now, body))
        self.store.add_trace(Trace(turn_id, conversation_id, now, self._trace(state, now)))
        title = None if scene.conversation.title else str(inbox.get("message", ""))[:TITLE_CHARS].strip() or None
        self.store.touch(conversation_id, at=now, title=title)
        self.passed("speak.after")
        return State(pending=pending)

    async def _settle(self, outcome: Outcome, scene: Scene, recorder: Recorder) -> bool:
        """Answer waiting calls whose proposal does not wait for this person (forged, closed): the server says why."""
        if not outcome.armed:
            return False
        waiting = {card["proposal_id"] for card in await self.access.pending(scene)}
        dead = [one for one in outcome.armed if one.arguments.get("proposal_id") not in waiting]
        if not dead:
            return False
        results: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for one in outcome.armed:
            body: Mapping[str, Any] = {"status": "waiting_for_person", **one.arguments}
            if one in dead:
                call = recorder.admit(one.call_id, one.name, one.arguments)
                answer = await self.access.decide(scene, one.name, str(one.arguments.get("proposal_id", "")), {})
                recorder.finish(call, answer.body, refused=answer.refused)
                body = answer.body
            results[one.call_id] = (one.name, body)
        outcome.messages = history.with_results(outcome.messages, results)
        outcome.armed = []
        return True

    def _reply(
        self, outcome: Outcome, calls: list[dict[str, Any]], pending: list[dict[str, Any]],
        before: list[dict[str, Any]], scene: Scene,
    ) -> str:  # fmt: skip
        if outcome.text:
            return outcome.text
        language = scene.language
        made = [Call("", one["name"], one["arguments"], one["result"], one["error"]) for one in calls]
        acted = plain.tool_text(language, [one for one in made if one.name in (CARRY_OUT, DECLINE)])
        known = {card["proposal_id"] for card in before}
        fresh = [card for card in pending if card["proposal_id"] not in known]
        card = plain.card_text(language, fresh)
        why = plain.reason_text(language, outcome.reason) if outcome.reason else ""
        found = "" if why else plain.tool_text(language, made)
        return " ".join(part for part in (acted, card or why or found) if part) or plain.reason_text(
            language, "trouble"
        )

    def _instructions(self, scene: Scene, pending: list[dict[str, Any]], position: list[float] | None) -> str:
        point = (position[0], position[1]) if position else None
        block = context_block(
            scene.me, scene.city, language=scene.language, now=scene.now(), position=point, pending=pending
        )
        return f"{render(self.spec, scene.city)}\n\n{block}"

    def _check(self, text: str, seen: Any, instructions: str, scene: Scene) -> list[str]:
        results, words = history.tool_results(seen), history.own_words(seen)
        today = local_now(scene.now(), scene.city).date()
        return doubts(text, Evidence(results, words, instructions, today, scene.city))

    def _trace(self, state: State, now: datetime) -> dict[str, Any]:
        inbox = {key: value for key, value in state["inbox"].items() if key != "grant"}
        return {
            **state.get("facts", {}),
            "agent": self.spec.name,
            "inbox": inbox,
            "confirmed": inbox.get("confirm"),
            "declined": inbox.get("decline"),
            "tool_calls": state.get("calls", []),
            "pending": [card["proposal_id"] for card in state.get("pending", [])],
            "reply": state.get("reply", ""),
            "rounds": state.get("rounds", 0),
            "began_at": state.get("began_at"),
            "ended_at": now.isoformat(),
        }


def _kept(call: Call) -> dict[str, Any]:
    return call.as_json()
