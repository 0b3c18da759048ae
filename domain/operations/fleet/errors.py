"""What the fleet can refuse."""

from nimrod.domain.shared.errors import DomainError


class IllegalVehicleMove(DomainError):
    """The vehicle's state does not allow this; facts: vehicle_id, state, wanted, allowed."""

    code = "illegal_vehicle_move"
