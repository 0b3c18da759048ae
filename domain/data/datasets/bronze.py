"""Bronze: every event as received. What it holds is counted; nobody is named."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nimrod.domain.shared.errors import NotAllowed
from nimrod.domain.shared.principal import Principal, Role

READERS: tuple[Role, ...] = ("analyst", "engineer", "administrator")


@dataclass(frozen=True, slots=True)
class EventCount:
    """How many events of one type and version were heard, and between which event times (aware UTC)."""

    type: str
    version: int
    source: str
    count: int
    first_at: datetime
    last_at: datetime


class BronzeTables(Protocol):
    """The data system's tables in one transaction."""

    def count_events(self) -> Sequence[EventCount]: ...


class BronzeStore(Protocol):
    """Opens transactions on the data system's database."""

    def reading(self) -> AbstractContextManager[BronzeTables]: ...


def summarise_events(me: Principal, store: BronzeStore) -> Sequence[EventCount]:
    """What was heard, by type and version; raises NotAllowed for anyone but the data people. Source: DAT-01, DAT-07."""
    if not me.has(*READERS):
        raise NotAllowed(needs=list(READERS))
    with store.reading() as tables:
        return tables.count_events()
