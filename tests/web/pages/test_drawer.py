"""A browser's drawer: one person at a time, all tabs together."""

from typing import Any

from nimrod.web.client import Tokens
from nimrod.web.client.views import Person
from nimrod.web.pages.drawer import Drawer

MIA = Person(id="per_mia", name="Mia", roles=("customer",))
NOAH = Person(id="per_noah", name="Noah", roles=("customer",))
HERS, HIS = Tokens("a-mia", "r-mia"), Tokens("a-noah", "r-noah")


def _sign_in(storage: dict[str, Any], person: Person, tokens: Tokens) -> Drawer:
    drawer = Drawer(storage, "browser")
    drawer.keep(tokens)
    drawer.enter(person)
    return drawer


def test_tabs_of_one_browser_share_tokens_and_lock() -> None:
    storage: dict[str, Any] = {}
    first = _sign_in(storage, MIA, HERS)
    second = Drawer(storage, "browser")
    second.keep(Tokens("a2", "r2"))
    assert first.tokens == Tokens("a2", "r2")
    assert first.lock is second.lock
    assert first.lock is not Drawer({}, "another browser").lock


def test_signing_out_in_one_tab_empties_the_others() -> None:
    storage: dict[str, Any] = {}
    first = _sign_in(storage, MIA, HERS)
    Drawer(storage, "browser").keep(None)
    assert first.tokens is None
    assert Drawer(storage, "browser").person is None


def test_a_page_of_one_person_never_acts_as_the_next() -> None:
    storage: dict[str, Any] = {}
    hers = _sign_in(storage, MIA, HERS)
    hers.keep(None)
    his = _sign_in(storage, NOAH, HIS)
    assert hers.tokens is None
    hers.keep(HERS)
    hers.keep(None)
    assert his.tokens == HIS
    assert Drawer(storage, "browser").person == NOAH


def test_a_front_door_left_open_signs_in_whoever_comes_through_it() -> None:
    storage: dict[str, Any] = {}
    door = Drawer(storage, "browser")
    _sign_in(storage, MIA, HERS)
    assert door.tokens is None
    door.keep(None)
    assert Drawer(storage, "browser").tokens == HERS
    door.keep(HIS)
    door.enter(NOAH)
    assert door.tokens == HIS


def test_a_note_is_read_once() -> None:
    drawer = Drawer({}, "browser")
    drawer.leave_note("session_ended")
    assert (drawer.take_note(), drawer.take_note()) == ("session_ended", None)
