"""What every customer tool works with: the request as the edge knows it, the stores, the grant that came along."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Protocol

from mcp.server.mcpserver import Context, Resolve

from nimrod.domain.customer.reservations.ports import CustomerStore
from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.geo import Point, distance_m
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.proposals import Grant
from nimrod.domain.shared.request import Request
from nimrod.mcp_servers.errors import told_to_the_model
from nimrod.mcp_servers.identity import asking
from nimrod.mcp_servers.server import backing_of

_LONGEST_META = 8_192  # a grant is near 700 characters
_CITY_RADIUS_M = 100_000  # a position farther away says nothing about where to look


class GrantReader(Protocol):
    """Reads a person's signed confirmation."""

    def verify(self, token: str) -> Grant:
        """The grant the token carries; raises GrantRefused."""


@dataclass(frozen=True, slots=True)
class House:
    """What the tool servers of the customer system are built from. `new_id("rsv")` names new things."""

    cities: Mapping[str, City]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class ReservationHouse(House):
    """The same, with the store and the reader of grants."""

    store: CustomerStore
    grants: GrantReader


@dataclass(frozen=True, slots=True)
class Counter:
    """One call: who asks, where, when, in which language."""

    request: Request
    language: str
    position: Point | None

    @property
    def city(self) -> City:
        """The city of the request."""
        return self.request.city

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Refusals inside become tool errors in the person's language and the city's time."""
        with told_to_the_model(self.city, self.language):
            yield


@dataclass(frozen=True, slots=True)
class Desk(Counter):
    """One call that may touch the store."""

    store: CustomerStore
    grants: GrantReader
    grant_token: str | None


async def _at_counter(ctx: Context) -> Counter:
    return _counter(backing_of(ctx, House), ctx)


async def _at_desk(ctx: Context) -> Desk:
    house = backing_of(ctx, ReservationHouse)
    counter = _counter(house, ctx)
    token = _meta(ctx, "grant")
    return Desk(counter.request, counter.language, counter.position, house.store, house.grants, token)


AtCounter = Annotated[Counter, Resolve(_at_counter)]
AtDesk = Annotated[Desk, Resolve(_at_desk)]


def _counter(house: House, ctx: Context) -> Counter:
    me = asking()
    city = _city_of(me, house.cities)
    request = Request(
        me=me,
        city=city,
        now=house.clock().astimezone(UTC),
        new_id=house.new_id,
        conversation_id=_meta(ctx, "conversation"),
        key=_meta(ctx, "key"),
    )
    return Counter(request, _meta(ctx, "language") or me.language, _position(_meta(ctx, "position"), city))


def _city_of(me: Principal, cities: Mapping[str, City]) -> City:
    if me.city_id not in cities:
        with told_to_the_model():
            raise NotFound(city_id=me.city_id)
    return cities[me.city_id]


def _meta(ctx: Context, name: str) -> str | None:
    """What the runtime (never the model) sent beside the arguments as `_meta["nimrod/<name>"]`."""
    meta: Mapping[str, Any] = ctx.request_context.meta or {}
    value = meta.get(f"nimrod/{name}")
    return value if isinstance(value, str) and 0 < len(value) <= _LONGEST_META else None


def _position(text: str | None, city: City) -> Point | None:
    """The person's position from `lat,lon`; None when it makes no sense for the city."""
    try:
        lat, lon = (float(part) for part in (text or "").split(","))
    except ValueError:
        return None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    point = Point(lat, lon)
    return point if distance_m(point, city.centre) <= _CITY_RADIUS_M else None
