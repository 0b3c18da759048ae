"""Promises that nobody used lapse by themselves and free the vehicle."""

from collections.abc import Callable, Mapping
from datetime import datetime

from nimrod.domain.customer.reservations import policy
from nimrod.domain.customer.reservations.facts import body_of
from nimrod.domain.customer.reservations.model import Reservation
from nimrod.domain.customer.reservations.ports import CustomerStore
from nimrod.domain.shared.city import City


def expire_due(
    now: datetime, *, cities: Mapping[str, City], store: CustomerStore, new_id: Callable[[str], str]
) -> list[Reservation]:
    """Expire unused holds and mark unused bookings as no-shows with their fee; the ones that lapsed are returned.

    Safe to run again and beside itself: what has lapsed is not due any more. Source: RES-05, RES-06.
    """
    lapsed = []
    with store.writing() as tables:
        for reservation in tables.list_lapsed(now):
            city = cities.get(reservation.city_id)
            after = policy.as_of(reservation, now=now, city=city) if city else reservation
            if after is reservation:
                continue
            tables.remove_entry(reservation.reservation_id)
            tables.save_reservation(after)
            tables.publish(body_of(after, before=reservation).event(event_id=new_id("evt"), at=now))
            lapsed.append(after)
    return lapsed
