"""A person's access to the tool servers through an agent: narrowed tokens, pending proposals, decisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nimrod.agents.doors import UNREACHABLE, Answer, DoorClosed, ToolDoor
from nimrod.agents.guards import Recorder
from nimrod.agents.ports import Authority
from nimrod.agents.process import Scene
from nimrod.agents.toolbelt import Belt
from nimrod.tools.toolset import Toolset

PENDING = "list_pending_proposals"


@dataclass(frozen=True, slots=True)
class ToolAccess:
    """For one agent."""

    agent: str
    toolset: Toolset
    door: ToolDoor
    authority: Authority

    @property
    def home(self) -> str:
        """The server that keeps the proposals."""
        return self.toolset.servers[0]

    async def belt(self, scene: Scene, recorder: Recorder, inbox: Mapping[str, Any]) -> Belt:
        """The tools for one turn."""
        tokens = {server: await self._token(scene, server) for server in self.toolset.servers}
        meta = {"conversation": scene.conversation.conversation_id, "language": scene.language}
        if position := inbox.get("position"):
            meta["position"] = f"{position[0]},{position[1]}"
        return Belt(self.door, self.toolset, tokens, meta, inbox["turn_id"], recorder)

    async def pending(self, scene: Scene) -> list[dict[str, Any]]:
        """The person's proposals of this conversation that wait, as the server knows them; none while it is down."""
        try:
            answer = await self._call(scene, PENDING, {}, {})
        except DoorClosed:
            return []
        return [] if answer.refused else list(answer.body["pending"])

    async def decide(self, scene: Scene, name: str, proposal_id: str, meta: Mapping[str, str]) -> Answer:
        """Carry out (with the grant in `meta`) or decline."""
        try:
            return await self._call(scene, name, {"proposal_id": proposal_id}, meta)
        except DoorClosed:
            return Answer(dict(UNREACHABLE), refused=True)

    async def _call(self, scene: Scene, name: str, arguments: dict[str, Any], meta: Mapping[str, str]) -> Answer:
        token = await self._token(scene, self.home)
        meta = {"conversation": scene.conversation.conversation_id, "language": scene.language, **meta}
        return await self.door.call(self.home, name, arguments, token=token, meta=meta)

    async def _token(self, scene: Scene, server: str) -> str:
        return await self.authority.exchange(scene.token, f"mcp:{server}", self.agent)
