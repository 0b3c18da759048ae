"""One system's ear: each event is noted in the inbox and used in the same transaction, exactly once."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from nimrod.domain.contracts.events import Event
from nimrod.domain.shared.errors import BadInput


class Inbox(Protocol):
    """The tables of a system that can hear."""

    def hear(self, event: Event, *, at: datetime) -> bool: ...
    def note_problem(self, event: Event, problem: str) -> None: ...


Tables = TypeVar("Tables", bound=Inbox)
Tables_co = TypeVar("Tables_co", bound=Inbox, covariant=True)


class Opens(Protocol[Tables_co]):
    """A store whose writing transactions hand out these tables."""

    def writing(self) -> AbstractContextManager[Tables_co]: ...


Handler = Callable[[Tables, Event], None]


class Consumer(Generic[Tables]):
    """Handles the events it has a handler for, by type and version; `keeps_all` notes every other one too."""

    def __init__(
        self,
        name: str,
        store: Opens[Tables],
        handlers: Mapping[tuple[str, int], Handler[Tables]],
        *,
        clock: Callable[[], datetime],
        keeps_all: bool = False,
    ) -> None:
        self.name = name
        self._store, self._handlers, self._clock, self._keeps_all = store, handlers, clock, keeps_all

    def take(self, event: Event) -> bool:
        """Use the event unless it was used before; a body that makes no sense is noted and not sent again."""
        handler = self._handlers.get((event.type, event.version))
        if handler is None and not self._keeps_all:
            return False
        with self._store.writing() as tables:
            if not tables.hear(event, at=self._clock()):
                return False
            if handler is not None:
                try:
                    handler(tables, event)
                except BadInput as refused:
                    tables.note_problem(event, str(refused))
        return True
