"""What reserving can refuse."""

from nimrod.domain.shared.errors import DomainError


class IllegalMove(DomainError):
    """The reservation's state does not allow this."""

    code = "illegal_move"


class AlreadyPromised(DomainError):
    """The vehicle is taken for part of that time.

    Facts: vehicle_id, free_from (the next start for as long, or None), mine (the person has it themselves).
    """

    code = "already_promised"


class VehicleUnusable(DomainError):
    """The vehicle cannot be ridden; facts: vehicle_id, reason (`out_of_service`, `battery_low`)."""

    code = "vehicle_unusable"


class TooFarAhead(DomainError):
    """Start too far off; facts: vehicle_type, wanted, latest_start, ask_from (when `wanted` can be asked for)."""

    code = "too_far_ahead"


class InThePast(DomainError):
    """The time is over; facts: wanted, now."""

    code = "in_the_past"


class BadDuration(DomainError):
    """Too short, too long, or backwards; facts: vehicle_type, minutes, least, most."""

    code = "bad_duration"


class TooManyOpen(DomainError):
    """The customer already has as many open reservations as the city allows; facts: open, most."""

    code = "too_many_open"


class NothingToChange(DomainError):
    """The change asked for leaves everything as it is, or this kind of reservation cannot change so.

    Facts: reservation_id, reason (`same`, `open_ended`, `under_way`).
    """

    code = "nothing_to_change"


class WrongMode(DomainError):
    """This type is taken another way; facts: vehicle_id, vehicle_type, mode (`hold` or `booking`, the right one)."""

    code = "wrong_mode"
