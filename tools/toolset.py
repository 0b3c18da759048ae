"""The shape of a toolset: data, no behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Toolset:
    """What one agent may use.

    `servers` are MCP servers by name, first the one that holds the tools of `confirm`; `allow` are the tools the model
    sees, everything else is hidden; `confirm` are those that wait for the person's own yes before they are called.
    """

    servers: tuple[str, ...]
    allow: frozenset[str]
    confirm: frozenset[str]

    def __post_init__(self) -> None:
        if not self.servers or len(set(self.servers)) != len(self.servers):
            raise ValueError("a toolset names each of its servers once, and at least one")
        if not self.confirm <= self.allow:
            raise ValueError(f"not allowed, so cannot wait for a person: {sorted(self.confirm - self.allow)}")
