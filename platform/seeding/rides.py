"""What happened in the months before, and what others have booked for the days to come."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from nimrod.domain.customer.pricing.policy import no_show_fee_minor, quote
from nimrod.domain.customer.reservations.model import Entry, Reservation
from nimrod.domain.customer.reservations.policy import entry_of, until
from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.domain.shared.city import City, VehicleType
from nimrod.platform.seeding.scale import Scale

# Rides by local hour: two peaks on working days, one long afternoon at weekends.
WORKING_DAY = (1, 1, 0, 0, 0, 1, 3, 8, 10, 6, 4, 5, 6, 5, 5, 7, 10, 11, 8, 6, 4, 3, 2, 2)
WEEKEND = (3, 3, 2, 1, 0, 0, 1, 2, 3, 5, 7, 8, 9, 9, 9, 9, 8, 8, 7, 6, 5, 4, 4, 3)
WEEKEND_SHARE = 0.7
RIDE_MIN: dict[VehicleType, tuple[int, int]] = {
    "scooter": (4, 32), "bike": (7, 55), "car": (35, 420), "van": (45, 360),
}  # fmt: skip
TYPE_WEIGHTS: dict[VehicleType, int] = {"scooter": 46, "bike": 38, "car": 11, "van": 5}
ENDED_SHARE, CANCELLED_SHARE = 0.89, 0.07
BUSY_SHARE = 0.25  # of cars and vans that someone has booked in the coming days
PICKS = 6
ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Rides:
    """Makes the reservations of one city. The same `rng` state, fleet and `now` give the same ones."""

    def __init__(self, city: City, fleet: Sequence[FleetVehicle], customers: Sequence[str], *, rng: Random) -> None:
        self._city, self._customers, self._rng = city, customers, rng
        self._zone = ZoneInfo(city.time_zone)
        self._fleet: dict[VehicleType, list[FleetVehicle]] = {}
        for vehicle in fleet:
            self._fleet.setdefault(vehicle.vehicle_type, []).append(vehicle)
        self._free_at: dict[str, datetime] = {}

    def past(self, scale: Scale, *, now: datetime) -> Sequence[Reservation]:
        """Over and done: ended, cancelled, expired, no-shows; one vehicle is never in two rides at a time."""
        today = now.astimezone(self._zone).date()
        made = []
        for days_ago in range(scale.days, 0, -1):
            day = today - timedelta(days=days_ago)
            weekend = day.weekday() >= 5
            count = round(scale.rides_a_day * (WEEKEND_SHARE if weekend else 1.0))
            hours = sorted(self._rng.choices(range(24), WEEKEND if weekend else WORKING_DAY, k=count))
            for hour in hours:
                local = datetime.combine(day, time(hour, self._rng.randrange(60)), self._zone)
                if made_one := self._past_one(local.astimezone(UTC), latest_end=now - timedelta(hours=1)):
                    made.append(made_one)
        return made

    def coming(self, *, now: datetime) -> Sequence[tuple[Reservation, Entry]]:
        """Bookings of cars and vans for the next three days, by people of whom one has at most two."""
        made = []
        people = list(self._customers) * 2
        self._rng.shuffle(people)
        first_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
        for vehicle in (*self._fleet.get("car", ()), *self._fleet.get("van", ())):
            if vehicle.state != "available" or not people or self._rng.random() >= BUSY_SHARE:
                continue
            start_at = first_hour + timedelta(hours=self._rng.randrange(70))
            minutes = self._rng.choice((60, 90, 120, 180, 240))
            created_at = now - timedelta(minutes=self._rng.randrange(30, 1500))
            reservation = self._reservation(vehicle, people.pop(), start_at, minutes, created_at=created_at)
            made.append((reservation, entry_of(reservation, now=now)))
        return made

    def _past_one(self, start_at: datetime, *, latest_end: datetime) -> Reservation | None:
        types = [one for one in TYPE_WEIGHTS if self._fleet.get(one)]
        vehicle_type = self._rng.choices(types, [TYPE_WEIGHTS[one] for one in types])[0]
        minutes = self._rng.randint(*RIDE_MIN[vehicle_type])
        end_at = start_at + timedelta(minutes=minutes)
        vehicle = self._pick(vehicle_type, start_at)
        if vehicle is None or end_at > latest_end:
            return None
        self._free_at[vehicle.vehicle_id] = end_at + timedelta(minutes=30)
        books = self._city.rules[vehicle_type].mode == "booking"
        ahead = timedelta(minutes=self._rng.randrange(60, 3000) if books else self._rng.randrange(1, 20))
        promised = self._reservation(
            vehicle, self._rng.choice(self._customers), start_at, minutes, created_at=start_at - ahead
        )
        return self._over(promised, end_at, minutes)

    def _pick(self, vehicle_type: VehicleType, start_at: datetime) -> FleetVehicle | None:
        for _pick in range(PICKS):
            vehicle = self._rng.choice(self._fleet[vehicle_type])
            if self._free_at.get(vehicle.vehicle_id, start_at) <= start_at:
                return vehicle
        return None

    def _reservation(
        self, vehicle: FleetVehicle, customer_id: str, start_at: datetime, minutes: int, *, created_at: datetime
    ) -> Reservation:
        rules = self._city.rules[vehicle.vehicle_type]
        books = rules.mode == "booking"
        end_at = start_at + timedelta(minutes=minutes) if books else None
        price = quote(vehicle.vehicle_type, start_at, minutes, city=self._city).total_minor if books else None
        return Reservation(
            reservation_id="rsv_" + "".join(self._rng.choices(ID_LETTERS, k=8)),
            customer_id=customer_id,
            city_id=self._city.city_id,
            vehicle_id=vehicle.vehicle_id,
            vehicle_type=vehicle.vehicle_type,
            state="booked" if books else "held",
            created_at=created_at,
            start_at=start_at,
            end_at=end_at,
            until_at=until(start_at, end_at, rules=rules),
            price_minor=price,
            currency=self._city.currency,
        )

    def _over(self, promised: Reservation, end_at: datetime, minutes: int) -> Reservation:
        luck = self._rng.random()
        if luck < ENDED_SHARE:
            price = quote(promised.vehicle_type, promised.start_at, minutes, city=self._city).total_minor
            return promised.to("active").to("ended", end_at=end_at, price_minor=price)
        if luck < ENDED_SHARE + CANCELLED_SHARE:
            return promised.to("cancelled")
        if promised.state == "held":
            return promised.to("expired")
        return promised.to("no_show", fee_minor=no_show_fee_minor(promised, city=self._city))
