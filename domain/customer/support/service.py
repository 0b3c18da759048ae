"""What staff see of customers who asked for a person."""

from collections.abc import Sequence

from nimrod.domain.customer.reservations.ports import CustomerStore
from nimrod.domain.customer.support.model import Handover
from nimrod.domain.customer.support.policy import check_staff
from nimrod.domain.shared.request import Request


def list_handovers(request: Request, store: CustomerStore) -> Sequence[Handover]:
    """The city's handovers, oldest first; raises NotAllowed for anyone but staff."""
    check_staff(request.me)
    with store.reading() as tables:
        return tables.list_handovers(request.city.city_id)
