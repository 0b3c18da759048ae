"""What a customer has reserved."""

from collections.abc import Sequence

from nimrod.domain.customer.reservations import policy
from nimrod.domain.customer.reservations.model import OPEN, Reservation
from nimrod.domain.customer.reservations.planning import get_current
from nimrod.domain.customer.reservations.ports import CustomerStore
from nimrod.domain.shared.request import Request


def list_reservations(*, include_past: bool = False, request: Request, store: CustomerStore) -> Sequence[Reservation]:
    """The person's reservations in this city as they stand now: open ones by start, then past ones, latest first."""
    with store.reading() as tables:
        kept = tables.list_reservations(request.me.id, None if include_past else OPEN)
    own = [policy.as_of(one, now=request.now, city=request.city) for one in kept if one.city_id == request.city.city_id]
    open_ones = sorted((one for one in own if one.state in OPEN), key=lambda one: (one.start_at, one.reservation_id))
    past = sorted((one for one in own if one.state not in OPEN), key=lambda one: one.start_at, reverse=True)
    return open_ones + (past if include_past else [])


def get_reservation(reservation_id: str, *, request: Request, store: CustomerStore) -> Reservation:
    """The person's reservation as it stands now; raises NotFound, also for another person's."""
    with store.reading() as tables:
        return get_current(reservation_id, request=request, tables=tables)
