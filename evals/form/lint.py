"""Mistakes a schema cannot see: names of people, vehicles and tools that do not exist, cases that judge nothing."""

from collections.abc import Iterator

from nimrod.domain.shared.errors import NotFound
from nimrod.evals.form.base import moment
from nimrod.evals.form.case import WORDS, Case
from nimrod.evals.form.world import World
from nimrod.evals.stage.furnish import city_with, point_of
from nimrod.platform.cities import CityFileError, load_city
from nimrod.tools.customer import BOOKING

At = tuple[str | int, ...]
TOOLS_OF: dict[str, frozenset[str]] = {"booking": frozenset(BOOKING.allow)}


def mistakes_in(case: Case, world: World) -> Iterator[tuple[At, str]]:
    """Each mistake as (where in the case, what is wrong)."""
    yield from _world(world)
    yield from _people(case, world)
    yield from _tools(case)
    yield from _state(case, world)


def _world(world: World) -> Iterator[tuple[At, str]]:
    yield from _places(world)
    if world.clock is None:
        yield ("world",), "the world has no clock"
    logins = {person.login for person in world.people}
    vehicles = {vehicle.id for vehicle in world.vehicles}
    for i, promise in enumerate(world.reservations):
        if promise.who not in logins:
            yield ("world", "reservations", i, "who"), f"{promise.who!r} is not among the people of the world"
        if promise.vehicle not in vehicles:
            yield ("world", "reservations", i, "vehicle"), f"{promise.vehicle!r} is not among the vehicles of the world"
    for i, block in enumerate(world.blocks):
        if block.vehicle not in vehicles:
            yield ("world", "blocks", i, "vehicle"), f"{block.vehicle!r} is not among the vehicles of the world"


def _places(world: World) -> Iterator[tuple[At, str]]:
    try:
        city = city_with(load_city(world.city), world)
    except (NotFound, CityFileError) as wrong:
        yield ("world", "city"), f"no city {world.city!r}: {wrong}" if world.city else "the world names no city"
        return
    for i, vehicle in enumerate(world.vehicles):
        try:
            point_of(vehicle, city)
        except ValueError as wrong:
            yield ("world", "vehicles", i, "place"), str(wrong)


def _people(case: Case, world: World) -> Iterator[tuple[At, str]]:
    logins = {person.login for person in world.people}
    if case.as_ not in logins:
        yield ("as",), f"{case.as_!r} is not among the people of the world: {', '.join(sorted(logins)) or 'nobody'}"
    for i, turn in enumerate(case.user):
        if turn.as_ is not None and turn.as_ not in logins:
            yield ("user", i, "as"), f"{turn.as_!r} is not among the people of the world"


def _tools(case: Case) -> Iterator[tuple[At, str]]:
    known = TOOLS_OF.get(case.agent)
    if known is None:
        yield ("agent",), f"no agent is named {case.agent!r}; there are: {', '.join(TOOLS_OF)}"
        return
    named = [("calls", call.name) for call in case.expect.calls]
    named += [("never_called", name) for name in case.expect.never_called]
    named += [("called_before", name) for pair in case.expect.called_before for name in pair]
    for key, name in named:
        if name not in known:
            yield ("expect", key), f"the {case.agent} agent has no tool {name!r}; it has: {', '.join(sorted(known))}"
    for i, step in ((i, step) for i, turn in enumerate(case.gold) for step in turn):
        tool = next(iter(step))
        if tool not in known and tool not in WORDS:
            yield ("gold", i), f"the {case.agent} agent has no tool {tool!r}; it has: {', '.join(sorted(known))}"


def _state(case: Case, world: World) -> Iterator[tuple[At, str]]:
    state = case.expect.state
    if state is None:
        return
    known = {promise.id for promise in world.reservations}
    known |= {one.id for turn in case.user if turn.meanwhile for one in turn.meanwhile.reservations}
    for name in state.reservations:
        if name not in known:
            yield ("expect", "state", "reservations", name), f"the world has no reservation {name!r}"
    facts = [*state.reservations.items(), *(("new", one) for one in state.new_reservations)]
    for where, fact in facts:
        for key in ("start", "end", "until"):
            value = getattr(fact, key)
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and not _is_moment(text):
                    yield ("expect", "state"), f"{where}.{key}: not an ISO time: {text!r}"


def _is_moment(text: str) -> bool:
    try:
        moment(text, "UTC")
    except ValueError:
        return False
    return True
