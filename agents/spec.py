"""What an agent is: a prompt, a toolset, a flow and limits. The runtime knows no agent by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nimrod.agents.limits import USUAL, Limits
from nimrod.agents.process import Flow, talk
from nimrod.domain.shared.city import City
from nimrod.domain.shared.principal import Role
from nimrod.tools.toolset import Toolset

Fills = Callable[[City], Mapping[str, str | int]]


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """One agent. `prompt` is a path under `prompts/`; `system` owns what it changes (its grants are for it).

    `fills` gives the numbers the prompt names, from the domain; `roles` may talk to it; `flow` joins the steps.
    """

    name: str
    prompt: str
    toolset: Toolset
    system: str
    roles: frozenset[Role]
    fills: Fills
    limits: Limits = USUAL
    flow: Flow = talk
