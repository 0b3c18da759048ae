"""What reserving can refuse."""

from nimrod.domain.shared.errors import DomainError


class IllegalMove(DomainError):
    """The reservation's state does not allow this."""

    code = "illegal_move"


class AlreadyPromised(DomainError):
    """The vehicle is someone else's for part of that time."""

    code = "already_promised"


class VehicleUnusable(DomainError):
    """The vehicle is out of service."""

    code = "vehicle_unusable"


class TooFarAhead(DomainError):
    """Start beyond the horizon; facts: wanted, latest, earliest_ask (when it can be asked for)."""

    code = "too_far_ahead"


class InThePast(DomainError):
    """Start before now."""

    code = "in_the_past"


class BadDuration(DomainError):
    """Too short, too long, or backwards; facts: minutes, least, most."""

    code = "bad_duration"


class TooManyOpen(DomainError):
    """The customer already has as many open reservations as the city allows."""

    code = "too_many_open"


class NothingToChange(DomainError):
    """The change asked for leaves everything as it is, or this kind of reservation cannot change so."""

    code = "nothing_to_change"
