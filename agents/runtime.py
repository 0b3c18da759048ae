"""Conversations with agents: the service behind every face (HTTP, page, terminal, evals).

Owner first: nothing of a conversation is read, resumed or cancelled before its owner was checked.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command

from nimrod.agents.access import ToolAccess
from nimrod.agents.checkpoints import open_checkpoints
from nimrod.agents.desk import Desk
from nimrod.agents.doors import ToolDoor
from nimrod.agents.guards import Emit
from nimrod.agents.ports import Authority, ConversationStore
from nimrod.agents.process import Scene, State
from nimrod.agents.spec import AgentSpec
from nimrod.agents.steps import Nodes
from nimrod.agents.talking import Caller, ConversationBusy, TurnEvent
from nimrod.agents.tongues import language_of
from nimrod.domain.shared.city import City
from nimrod.domain.shared.conversations import Conversation, Message, Trace
from nimrod.domain.shared.errors import BadInput, NotAllowed, NotFound
from nimrod.platform.language import has, say
from nimrod.platform.model_client import Models

_LOG = logging.getLogger("nimrod.agents")
HARD_TEXT_CHARS = 50_000
Graph = CompiledStateGraph[State, Scene, State, State]


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[None]
    stop: asyncio.Event


@dataclass
class Conversations:
    """Every agent, by name. Use as `async with`: it opens the checkpoints and ends what runs when it closes.

    `checkpoints` is a database address (SQLite file or PostgreSQL); `passed` hears the named points of the process.
    """

    agents: Mapping[str, AgentSpec]
    store: ConversationStore
    door: ToolDoor
    authority: Authority
    models: Models
    cities: Mapping[str, City]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    checkpoints: str
    turn_timeout_s: float = 60.0
    messages_per_day: int = 500
    passed: Callable[[str], None] = lambda point: None
    _graphs: dict[str, Graph] = field(default_factory=dict)
    _access: dict[str, ToolAccess] = field(default_factory=dict)
    _desks: dict[str, Desk] = field(default_factory=dict)
    _running: dict[str, _Running] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _tried: set[str] = field(default_factory=set)

    async def __aenter__(self) -> "Conversations":
        saver = await self._stack.enter_async_context(open_checkpoints(self.checkpoints))
        for name, spec in self.agents.items():
            access = ToolAccess(name, spec.toolset, self.door, self.authority)
            nodes = Nodes(spec, access, self.store, self.models, self.turn_timeout_s, self.passed)
            self._access[name] = access
            self._desks[name] = Desk(spec, access, self.store, self.authority, self.clock, self.messages_per_day)
            self._graphs[name] = spec.flow(nodes.steps()).compile(checkpointer=saver)
        return self

    async def __aexit__(self, *failed: object) -> None:
        tasks = [one.task for one in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stack.aclose()

    def create(self, agent: str, caller: Caller) -> Conversation:
        """A new conversation; raises NotFound, NotAllowed."""
        spec = self.agents.get(agent)
        if spec is None:
            raise NotFound(agent=agent)
        if not caller.me.has(*spec.roles):
            raise NotAllowed(agent=agent)
        now = self.clock()
        conversation = Conversation(self.new_id("cnv"), caller.me.id, agent, caller.me.city_id, "", now, now)
        self.store.create(conversation)
        return conversation

    def list_own(self, caller: Caller, agent: str | None = None) -> Sequence[Conversation]:
        """The person's own, latest first."""
        return self.store.list(caller.me.id, agent=agent)

    async def read(self, conversation_id: str, caller: Caller) -> tuple[Conversation, Sequence[Message], list[Any]]:
        """History and what waits for the person; finishes first what a stopped process left undone."""
        conversation = self.store.get(conversation_id, principal_id=caller.me.id)
        if conversation_id not in self._running:
            async for _ in self._run(conversation, caller, None):
                pass
        scene = await self._spoken(self._scene(conversation, caller, lambda kind, data: None), None)
        pending = await self._access[conversation.agent].pending(scene)
        return conversation, self.store.list_messages(conversation_id), pending

    def traces(self, conversation_id: str, caller: Caller) -> Sequence[Trace]:
        """What each turn did."""
        self.store.get(conversation_id, principal_id=caller.me.id)
        return self.store.list_traces(conversation_id)

    def cancel(self, conversation_id: str, caller: Caller) -> bool:
        """Stop the running turn; False when none runs. What was carried out stays carried out."""
        self.store.get(conversation_id, principal_id=caller.me.id)
        running = self._running.get(conversation_id)
        if running:
            running.stop.set()
        return running is not None

    def is_running(self, conversation_id: str) -> bool:
        """Whether an answer is being made."""
        return conversation_id in self._running

    async def settled(self, conversation_id: str) -> None:
        """Wait until no answer is being made."""
        while running := self._running.get(conversation_id):
            await asyncio.wait({running.task})

    def send(
        self, conversation_id: str, text: str, caller: Caller, position: tuple[float, float] | None = None
    ) -> AsyncIterator[TurnEvent]:
        """Say something; the events end with `done`. A plain yes or no decides the one open card.

        Raises NotFound, ConversationBusy, BadInput.
        """
        conversation = self._mine_and_free(conversation_id, caller)
        if len(text) > HARD_TEXT_CHARS:
            raise BadInput(field="text", most_chars=HARD_TEXT_CHARS)
        inbox: dict[str, Any] = {"message": text}
        if position:
            inbox["position"] = [position[0], position[1]]
        return self._run(conversation, caller, inbox)

    def confirm(self, conversation_id: str, proposal_id: str, caller: Caller) -> AsyncIterator[TurnEvent]:
        """The person's yes to one proposal; again gives what it came to. Raises NotFound, ProposalClosed."""
        conversation = self._mine_and_free(conversation_id, caller)
        return self._run(conversation, caller, {"confirm": proposal_id})

    def decline(self, conversation_id: str, proposal_id: str, caller: Caller) -> AsyncIterator[TurnEvent]:
        """The person's no to one proposal. Raises NotFound, ProposalClosed."""
        conversation = self._mine_and_free(conversation_id, caller)
        return self._run(conversation, caller, {"decline": proposal_id})

    def _mine_and_free(self, conversation_id: str, caller: Caller) -> Conversation:
        conversation = self.store.get(conversation_id, principal_id=caller.me.id)
        if conversation_id in self._running:
            raise ConversationBusy(conversation_id=conversation_id)
        return conversation

    async def _run(
        self, conversation: Conversation, caller: Caller, inbox: dict[str, Any] | None
    ) -> AsyncIterator[TurnEvent]:
        """Run in a task of its own: a listener that goes away does not stop the work."""
        if conversation.conversation_id in self._running:
            raise ConversationBusy(conversation_id=conversation.conversation_id)
        events: asyncio.Queue[TurnEvent | None] = asyncio.Queue()

        def emit(kind: str, data: Mapping[str, Any]) -> None:
            if kind == "tool":
                data = {**data, "words": _words(caller.me.language, str(data["name"]))}
            events.put_nowait(TurnEvent(kind, data))

        scene = self._scene(conversation, caller, emit)
        task = asyncio.create_task(self._work(scene, inbox))
        self._running[conversation.conversation_id] = _Running(task, scene.stop)
        task.add_done_callback(lambda done: self._ended(conversation.conversation_id, events))
        done: list[
            TurnEvent
        ] = []  # told when the conversation is free again, so that the next message may come at once
        while (event := await events.get()) is not None:
            if event.kind == "done":
                done.append(event)
            else:
                yield event
        await task
        for event in done:
            yield event

    def _ended(self, conversation_id: str, events: "asyncio.Queue[TurnEvent | None]") -> None:
        running = self._running.pop(conversation_id)
        if not running.task.cancelled() and (failed := running.task.exception()):
            _LOG.debug("turn in %s ended with %r", conversation_id, failed)
        events.put_nowait(None)

    async def _work(self, scene: Scene, inbox: dict[str, Any] | None) -> None:
        graph, config = self._graphs[scene.conversation.agent], _thread(scene.conversation)
        scene = await self._spoken(scene, inbox)
        await self._finish(graph, config, scene)
        if inbox is None:
            return
        inbox = {**inbox, "turn_id": self.new_id("trn")}
        inbox = await self._desks[scene.conversation.agent].judged(inbox, scene)
        if "again" in inbox:
            self._tell(scene, inbox["again"], [], await self._access[scene.conversation.agent].pending(scene))
            return
        self.passed("graph.before")
        snapshot = await graph.aget_state(config)
        start: Command[str] | State = Command(resume=inbox) if snapshot.interrupts else State(inbox=inbox)
        await graph.ainvoke(start, config, context=scene, durability="sync")
        state = (await graph.aget_state(config)).values
        self._tell(scene, state["reply"], state["calls"], state["pending"])

    async def _finish(self, graph: Graph, config: RunnableConfig, scene: Scene) -> None:
        """Go on with a run that a stopped process left; one that fails a second time is given up with an apology."""
        snapshot = await graph.aget_state(config)
        if not snapshot.next or snapshot.interrupts:
            return
        mark = str(snapshot.config["configurable"].get("checkpoint_id"))
        if mark in self._tried and snapshot.next != ("approve",):
            reply = say(scene.language, "agent.trouble")
            await graph.aupdate_state(config, {"reply": reply, "armed": [], "calls": []}, as_node="hear")
        self._tried.add(mark)
        await graph.ainvoke(None, config, context=scene, durability="sync")

    async def _spoken(self, scene: Scene, inbox: Mapping[str, Any] | None) -> Scene:
        """The scene in the language of the words that came in, or of the conversation so far, or of the person."""
        state = (await self._graphs[scene.conversation.agent].aget_state(_thread(scene.conversation))).values
        usual = state.get("language") or scene.me.language
        return replace(scene, language=language_of((inbox or {}).get("message", ""), usual, scene.city))

    def _tell(self, scene: Scene, reply: str, calls: Sequence[Any], pending: Sequence[Any]) -> None:
        for piece in re.findall(r"\S+\s*|^\s+", reply):
            scene.emit("token", {"text": piece})
        scene.emit("pending", {"pending": list(pending)})
        body = {"conversation": scene.conversation.conversation_id, "reply": reply, "pending": list(pending)}
        scene.emit("done", {**body, "tool_calls": list(calls)})

    def _scene(self, conversation: Conversation, caller: Caller, emit: Emit) -> Scene:
        city = self.cities[conversation.city_id]
        return Scene(caller.me, caller.token, conversation, city, emit, now=self.clock)


def _thread(conversation: Conversation) -> RunnableConfig:
    return RunnableConfig(configurable={"thread_id": conversation.conversation_id})


def _words(language: str, tool: str) -> str:
    key = f"tool.{tool}"
    return say(language, key) if has(key) else tool.replace("_", " ")
