"""What every customer route works with: the person, their city, the store, and how a confirmation becomes a grant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from nimrod.domain.customer.reservations.ports import CustomerStore
from nimrod.domain.shared.city import City
from nimrod.domain.shared.errors import BadInput, NotFound
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.request import Request
from nimrod.mcp_servers.customer.desk import GrantReader
from nimrod.platform.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class CustomerCounter:
    """The customer system's routes are built from this; the same parts its tool servers get."""

    cities: Mapping[str, City]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    store: CustomerStore
    grants: GrantReader

    def request(self, me: Principal, *, key: str | None = None) -> Request:
        """One asking by this person; raises NotFound for a city we do not serve."""
        city = self.cities.get(me.city_id)
        if city is None:
            raise NotFound(city_id=me.city_id)
        return Request(me=me, city=city, now=self.clock().astimezone(UTC), new_id=self.new_id, key=key)


def language_of(me: Principal, accept: str) -> str:
    """The first language of an Accept-Language header that has a catalogue, else the person's own."""
    for part in accept.split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in LANGUAGES:
            return code
    return me.language


def point_of(lat: float | None, lon: float | None) -> Point | None:
    """The position a query gives; raises BadInput when half of it is missing."""
    if (lat is None) != (lon is None):
        raise BadInput(field="lat" if lat is None else "lon", reason="empty")
    return None if lat is None or lon is None else Point(lat, lon)
