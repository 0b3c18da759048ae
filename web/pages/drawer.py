"""A browser's drawer on the server: whose tokens it holds. All its tabs share it, so signing out closes them all."""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from weakref import WeakValueDictionary

from nimrod.web.client import Tokens
from nimrod.web.client.views import Person

_LOCKS: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
_TOKENS, _PERSON, _NOTE = "tokens", "person", "note"


class Drawer:
    """Keeps the tokens for one page. A page of one person never acts with the tokens of the next."""

    def __init__(self, storage: MutableMapping[str, Any], browser_id: str) -> None:
        self._storage = storage
        self._lock = _LOCKS.setdefault(browser_id, asyncio.Lock())
        self._whose = self._person_id()

    @property
    def lock(self) -> asyncio.Lock:
        """One renewal at a time in all tabs of the browser."""
        return self._lock

    @property
    def person(self) -> Person | None:
        """Who is signed in at this browser."""
        kept = self._storage.get(_PERSON)
        return Person.model_validate(kept) if kept and self._storage.get(_TOKENS) else None

    @property
    def tokens(self) -> Tokens | None:
        """The tokens, if they are still those of the person this page was made for."""
        kept = self._storage.get(_TOKENS)
        if not kept or self._person_id() != self._whose:
            return None
        return Tokens(kept["access"], kept["refresh"])

    def keep(self, tokens: Tokens | None) -> None:
        """Put the tokens in, or empty the drawer; what belongs to another person by now stays as it is."""
        ours = self._person_id() == self._whose
        if tokens is None and ours:
            self._storage.pop(_TOKENS, None)
            self._storage.pop(_PERSON, None)
        if tokens is not None and (ours or self._whose is None):
            self._storage[_TOKENS] = {"access": tokens.access, "refresh": tokens.refresh}

    def enter(self, person: Person) -> None:
        """From now on this browser, and this page, is that person's."""
        self._storage[_PERSON] = person.model_dump(mode="json")
        self._whose = person.id

    def leave_note(self, note: str) -> None:
        """Something the front door should say, once."""
        self._storage[_NOTE] = note

    def take_note(self) -> str | None:
        """What an earlier page left for the front door."""
        note = self._storage.pop(_NOTE, None)
        return str(note) if note else None

    def _person_id(self) -> str | None:
        kept = self._storage.get(_PERSON)
        return str(kept["id"]) if kept else None
