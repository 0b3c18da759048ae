"""The booking agent: finds, holds, books, changes and cancels rides for a customer."""

from collections.abc import Mapping

from nimrod.agents.spec import AgentSpec
from nimrod.domain.shared.city import City
from nimrod.tools.customer import BOOKING

MIN_PER_HOUR, MIN_PER_DAY = 60, 24 * 60


def fills(city: City) -> Mapping[str, str | int]:
    """The numbers the prompt names, as this city has them."""
    scooter, bike, car = city.rules["scooter"], city.rules["bike"], city.rules["car"]
    return {
        "city": city.names.get("en") or next(iter(city.names.values())),
        "currency": city.currency,
        "scooter_ahead_min": scooter.max_ahead_min,
        "scooter_hold_min": scooter.hold_min,
        "bike_ahead_min": bike.max_ahead_min,
        "bike_hold_min": bike.hold_min,
        "max_ride_h": max(scooter.max_ride_min, bike.max_ride_min) // MIN_PER_HOUR,
        "car_ahead_days": car.max_ahead_min // MIN_PER_DAY,
        "car_least_min": car.min_ride_min,
        "car_most_days": car.max_ride_min // MIN_PER_DAY,
        "free_cancel_min": car.free_cancel_min,
        "max_open": city.max_open_reservations,
    }


AGENT = AgentSpec(
    name="booking",
    prompt="customer/booking.md",
    toolset=BOOKING,
    system="customer",
    roles=frozenset({"customer"}),
    fills=fills,
)
