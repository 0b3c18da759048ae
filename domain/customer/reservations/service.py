"""The use cases of reserving, at one door."""

from nimrod.domain.customer.reservations.carrying_out import carry_out
from nimrod.domain.customer.reservations.expiry import expire_due
from nimrod.domain.customer.reservations.proposing import (
    decline_proposal,
    list_pending,
    propose_booking,
    propose_cancellation,
    propose_change,
    propose_handover,
    propose_hold,
    withdraw_proposal,
)
from nimrod.domain.customer.reservations.reading import get_reservation, list_reservations
from nimrod.domain.customer.reservations.search import Offer, Search, find_vehicles

__all__ = [
    "Offer",
    "Search",
    "carry_out",
    "decline_proposal",
    "expire_due",
    "find_vehicles",
    "get_reservation",
    "list_pending",
    "list_reservations",
    "propose_booking",
    "propose_cancellation",
    "propose_change",
    "propose_handover",
    "propose_hold",
    "withdraw_proposal",
]
