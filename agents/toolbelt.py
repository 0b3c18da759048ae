"""The tools of one agent in one turn, as Pydantic AI wants them: allowed ones only, guarded, recorded."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_ai import RunContext, ToolDefinition
from pydantic_ai.exceptions import ApprovalRequired
from pydantic_ai.toolsets import AbstractToolset, ToolsetTool
from pydantic_core import SchemaValidator, core_schema

from nimrod.agents.doors import UNREACHABLE, Answer, DoorClosed, ToolDoor
from nimrod.agents.guards import Recorder
from nimrod.tools.toolset import Toolset

_ANY_OBJECT = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), core_schema.any_schema()))
READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class Belt:
    """How to reach the tools in this turn: the door, the person's narrowed tokens by server, and the request meta."""

    door: ToolDoor
    toolset: Toolset
    tokens: Mapping[str, str]
    meta: Mapping[str, str]
    turn_id: str
    recorder: Recorder

    def key(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Idempotency key: the same call of the same turn, made again after a crash, is the same call."""
        body = json.dumps([self.turn_id, name, arguments], sort_keys=True, default=str)
        return hashlib.sha256(body.encode()).hexdigest()[:32]


@dataclass
class Tools(AbstractToolset[Belt]):
    """Offers what the agent's toolset allows. A tool that waits for a person is deferred, never called here."""

    belt: Belt

    @property
    def id(self) -> str | None:
        return "tools"

    async def get_tools(self, ctx: RunContext[Belt]) -> dict[str, ToolsetTool[Belt]]:
        found: dict[str, ToolsetTool[Belt]] = {}
        for server in self.belt.toolset.servers:
            for tool in await self.belt.door.list_tools(server, self.belt.tokens[server]):
                if tool.name not in self.belt.toolset.allow:
                    continue
                hints = tool.annotations
                definition = ToolDefinition(
                    name=tool.name,
                    description=tool.description,
                    parameters_json_schema=tool.input_schema,
                    metadata={"server": server, READ_ONLY: bool(hints and hints.read_only_hint)},
                )
                found[tool.name] = ToolsetTool(
                    toolset=self, tool_def=definition, max_retries=2, args_validator=_ANY_OBJECT
                )
        return found

    async def call_tool(
        self, name: str, tool_args: dict[str, Any], ctx: RunContext[Belt], tool: ToolsetTool[Belt]
    ) -> Any:
        if name in self.belt.toolset.confirm:
            raise ApprovalRequired
        belt = self.belt
        call = belt.recorder.start(ctx.tool_call_id or name, name, tool_args)
        meta = dict(belt.meta)
        if not (tool.tool_def.metadata or {}).get(READ_ONLY):
            meta["key"] = belt.key(name, tool_args)
        server = (tool.tool_def.metadata or {})["server"]
        try:
            answer = await belt.door.call(server, name, tool_args, token=belt.tokens[server], meta=meta)
        except DoorClosed:
            answer = Answer(dict(UNREACHABLE), refused=True)
        belt.recorder.finish(call, answer.body, refused=answer.refused)
        return answer.body
