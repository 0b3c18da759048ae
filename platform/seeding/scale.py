"""How big a seeded world is."""

from collections.abc import Mapping
from dataclasses import dataclass

from nimrod.domain.shared.city import VehicleType
from nimrod.domain.shared.errors import BadInput


@dataclass(frozen=True, slots=True)
class Scale:
    """Vehicles by type, other customers and rides a day, all per city; how many days of rides lie behind."""

    vehicles: Mapping[VehicleType, int]
    customers: int
    rides_a_day: int
    days: int


SCALES: Mapping[str, Scale] = {
    "small": Scale({"scooter": 50, "bike": 40, "car": 18, "van": 12}, customers=60, rides_a_day=25, days=90),
    "metro": Scale({"scooter": 2000, "bike": 2000, "car": 200, "van": 200}, customers=2000, rides_a_day=400, days=90),
}


def scale_of(name: str) -> Scale:
    """The scale with this name; raises BadInput."""
    if name not in SCALES:
        raise BadInput(field="scale", reason="unknown", value=name, known=sorted(SCALES))
    return SCALES[name]
