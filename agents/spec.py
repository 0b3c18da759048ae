"""What an agent is: a prompt, a toolset, a flow and limits. The runtime knows no agent by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nimrod.domain.shared.city import City
from nimrod.domain.shared.principal import Role
from nimrod.tools.toolset import Toolset

Fills = Callable[[City], Mapping[str, str | int]]


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one message and its answer; what is over ends in a plain answer.

    `same_call`: the how-manieth identical tool call ends the turn; `rounds`: how often one message may go back to the
    model (a confirmation refused by the server); `history_chars` bounds the older messages the model is shown.
    """

    model_calls: int = 12
    tool_calls: int = 16
    tokens: int = 120_000
    same_call: int = 3
    rounds: int = 4
    text_chars: int = 4_000
    history_chars: int = 30_000


@dataclass(frozen=True, slots=True)
class AgentSpec:
    """One agent. `prompt` is a path under `prompts/`; `system` owns what it changes (its grants are for it).

    `fills` gives the numbers the prompt names, from the domain; `roles` may talk to it.
    """

    name: str
    prompt: str
    toolset: Toolset
    system: str
    roles: frozenset[Role]
    fills: Fills
    limits: Limits = Limits()
