"""What a ride costs, line by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nimrod.domain.shared.city import VehicleType


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line that explains part of an amount: a stable `code`, minor units, the facts behind it."""

    code: str
    minor: int
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of riding `vehicle_type` for `minutes` from `start_at`; the lines sum to `total_minor`."""

    vehicle_type: VehicleType
    start_at: datetime
    minutes: int
    currency: str
    lines: tuple[PriceLine, ...]
    total_minor: int
