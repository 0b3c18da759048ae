"""Reservations as JSON scalars: for previews, results and events."""

from datetime import datetime

from nimrod.domain.contracts.catalogue import (
    Body,
    ReservationBookedV1,
    ReservationCancelledV1,
    ReservationChangedV1,
    ReservationExpiredV1,
    ReservationHeldV1,
    ReservationNoShowV1,
    Scalar,
)
from nimrod.domain.customer.reservations.model import Reservation

ENDINGS: dict[str, type[Body]] = {
    "held": ReservationHeldV1,
    "booked": ReservationBookedV1,
    "cancelled": ReservationCancelledV1,
    "expired": ReservationExpiredV1,
    "no_show": ReservationNoShowV1,
}


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 text of a moment, None stays None."""
    return None if moment is None else moment.isoformat()


def facts_of(reservation: Reservation) -> dict[str, Scalar]:
    """The reservation, field by field, times as ISO 8601 UTC."""
    return {
        "reservation_id": reservation.reservation_id,
        "customer_id": reservation.customer_id,
        "city_id": reservation.city_id,
        "vehicle_id": reservation.vehicle_id,
        "vehicle_type": reservation.vehicle_type,
        "state": reservation.state,
        "start_at": reservation.start_at.isoformat(),
        "end_at": iso(reservation.end_at),
        "until_at": reservation.until_at.isoformat(),
        "price_minor": reservation.price_minor,
        "fee_minor": reservation.fee_minor,
        "currency": reservation.currency,
        "reservation_version": reservation.version,
    }


def shown_facts(reservation: Reservation, *, model: str) -> dict[str, Scalar]:
    """What a preview says of the reservation as it would be."""
    return {
        "vehicle_id": reservation.vehicle_id,
        "vehicle_type": reservation.vehicle_type,
        "model": model,
        "start_at": reservation.start_at.isoformat(),
        "end_at": iso(reservation.end_at),
        "until_at": reservation.until_at.isoformat(),
    }


def body_of(reservation: Reservation, *, before: Reservation | None = None) -> Body:
    """The event body for a reservation that has just come to its state, or, with `before`, changed its terms."""
    facts = facts_of(reservation)
    if before is None or reservation.state != before.state:
        return ENDINGS[reservation.state].of(facts)
    return ReservationChangedV1.of(
        {
            **facts,
            "old_vehicle_id": before.vehicle_id,
            "old_start_at": before.start_at.isoformat(),
            "old_end_at": iso(before.end_at),
            "old_price_minor": before.price_minor,
        }
    )
