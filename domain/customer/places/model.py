"""What asking for a place gives."""

from dataclasses import dataclass

from nimrod.domain.shared.city import Place


@dataclass(frozen=True, slots=True)
class Match:
    """The place a text means, or None; `candidates` are other places it may mean, best first."""

    place: Place | None
    candidates: tuple[Place, ...] = ()
