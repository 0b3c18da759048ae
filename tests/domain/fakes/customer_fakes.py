"""The customer store in memory, and a small world around it: people, vehicles, a clock that stands still."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from nimrod.domain.contracts.events import Event
from nimrod.domain.customer.reservations import service
from nimrod.domain.customer.reservations.errors import AlreadyPromised
from nimrod.domain.customer.reservations.model import Entry, Reservation, State, Vehicle
from nimrod.domain.customer.reservations.policy import overlaps
from nimrod.domain.customer.support.model import Handover
from nimrod.domain.shared.city import Bay, City, Place, RateBand, Tariff, TypeRules, VehicleType
from nimrod.domain.shared.errors import KeyReused, NotFound
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.principal import Principal, Role
from nimrod.domain.shared.proposals import Grant, GrantRefused, Proposal
from nimrod.domain.shared.request import Request

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 14:00 in Helsinki, a Monday
CENTRE = Point(60.1699, 24.9384)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

HOLD = TypeRules("hold", max_ahead_min=30, hold_min=15, max_ride_min=720)
BOOKING = TypeRules(
    "booking", max_ahead_min=7 * 1440, hold_min=30, max_ride_min=3 * 1440, min_ride_min=30,
    free_cancel_min=60, cancel_fee_minor=500, no_show_fee_minor=1500,
)  # fmt: skip
CITY = City(
    city_id="helsinki", names={"en": "Helsinki"}, country="FI", currency="EUR", time_zone="Europe/Helsinki",
    languages=("en", "fi"), centre=CENTRE, max_open_reservations=3,
    rules={"scooter": HOLD, "bike": HOLD, "car": BOOKING, "van": BOOKING},
    tariffs={
        "scooter": Tariff(100, 25), "bike": Tariff(80, 15),
        "car": Tariff(200, 42, 5900, (RateBand(0, 360, 21), RateBand(1320, 1440, 21))), "van": Tariff(300, 55, 7900),
    },
    places=(Place("centre", {"en": "Centre", "fi": "Keskusta"}, CENTRE),),
    bays=(Bay("bay_1", "Centre", CENTRE, 20, frozenset({"scooter", "bike"}), 10),),
    zones=(),
)  # fmt: skip


@dataclass
class Shelf:
    """Everything the store holds; a transaction works on a copy."""

    vehicles: dict[str, Vehicle] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    handovers: dict[str, Handover] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[str, Mapping[str, object]]] = field(default_factory=dict)

    def copy(self) -> "Shelf":
        return Shelf(**{name: type(value)(value) for name, value in vars(self).items()})


class MemoryTables:
    """The `Tables` port over one shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def get_vehicle(self, vehicle_id: str, *, city_id: str) -> Vehicle:
        vehicle = self.shelf.vehicles.get(vehicle_id)
        if vehicle is None or vehicle.city_id != city_id:
            raise NotFound(vehicle_id=vehicle_id)
        return vehicle

    def list_vehicles(self, city_id: str, types: Collection[VehicleType] | None = None) -> Sequence[Vehicle]:
        here = [vehicle for vehicle in self.shelf.vehicles.values() if vehicle.city_id == city_id]
        return [vehicle for vehicle in here if types is None or vehicle.vehicle_type in types]

    def get_reservation(self, reservation_id: str, *, customer_id: str) -> Reservation:
        reservation = self.shelf.reservations.get(reservation_id)
        if reservation is None or reservation.customer_id != customer_id:
            raise NotFound(reservation_id=reservation_id)
        return reservation

    def list_reservations(self, customer_id: str, states: Collection[State] | None = None) -> Sequence[Reservation]:
        own = [one for one in self.shelf.reservations.values() if one.customer_id == customer_id]
        return [one for one in own if states is None or one.state in states]

    def list_lapsed(self, now: datetime) -> Sequence[Reservation]:
        waiting = [one for one in self.shelf.reservations.values() if one.state in {"held", "booked"}]
        return [one for one in waiting if one.until_at <= now]

    def save_reservation(self, reservation: Reservation) -> None:
        self.shelf.reservations[reservation.reservation_id] = reservation

    def list_entries(self, vehicle_ids: Collection[str], start_at: datetime, end_at: datetime) -> Sequence[Entry]:
        entries = [entry for entry in self.shelf.entries.values() if entry.vehicle_id in vehicle_ids]
        return [entry for entry in entries if overlaps(entry, start_at, end_at)]

    def put_entry(self, entry: Entry) -> None:
        for other in self.list_entries([entry.vehicle_id], entry.start_at, entry.end_at):
            if other.owner_id != entry.owner_id:
                raise AlreadyPromised(vehicle_id=entry.vehicle_id)
        self.shelf.entries[entry.owner_id] = entry

    def remove_entry(self, owner_id: str) -> None:
        self.shelf.entries.pop(owner_id, None)

    def add_proposal(self, proposal: Proposal) -> None:
        self.shelf.proposals[proposal.proposal_id] = proposal

    def get_proposal(self, proposal_id: str, *, principal_id: str) -> Proposal:
        proposal = self.shelf.proposals.get(proposal_id)
        if proposal is None or proposal.principal_id != principal_id:
            raise NotFound(proposal_id=proposal_id)
        return proposal

    def list_pending(self, principal_id: str, conversation_id: str | None = None) -> Sequence[Proposal]:
        own = [one for one in self.shelf.proposals.values() if one.principal_id == principal_id]
        here = [one for one in own if conversation_id is None or one.conversation_id == conversation_id]
        return [one for one in here if one.status == "pending"]

    save_proposal = add_proposal

    def use_grant(self, grant_id: str, *, proposal_id: str, now: datetime) -> None:
        if grant_id in self.shelf.used:
            raise GrantRefused(proposal_id=proposal_id, reasons=["used"])
        self.shelf.used[grant_id] = proposal_id

    def add_handover(self, handover: Handover) -> None:
        self.shelf.handovers[handover.handover_id] = handover

    def list_handovers(self, city_id: str) -> Sequence[Handover]:
        return [handover for handover in self.shelf.handovers.values() if handover.city_id == city_id]

    def publish(self, event: Event) -> None:
        self.shelf.events.append(event)

    def find_answer(self, principal_id: str, key: str, digest: str) -> Mapping[str, object] | None:
        kept = self.shelf.answers.get((principal_id, key))
        if kept and kept[0] != digest:
            raise KeyReused(key=key)
        return kept[1] if kept else None

    def keep_answer(self, principal_id: str, key: str, digest: str, answer: Mapping[str, object]) -> None:
        self.shelf.answers[principal_id, key] = (digest, answer)


class MemoryStore:
    """The `CustomerStore` port: a block that raises leaves nothing behind."""

    def __init__(self) -> None:
        self.shelf = Shelf()

    @contextmanager
    def reading(self) -> Iterator[MemoryTables]:
        yield MemoryTables(self.shelf.copy())

    @contextmanager
    def writing(self) -> Iterator[MemoryTables]:
        draft = self.shelf.copy()
        yield MemoryTables(draft)
        self.shelf = draft


class World:
    """A city at noon: one vehicle of each type in the centre, Mia and Noah as customers, Otto of the staff."""

    def __init__(self, city: City = CITY) -> None:
        self.city, self.now, self.store, self.count = city, NOON, MemoryStore(), 0
        for vehicle_type in city.rules:
            self.add_vehicle(f"{vehicle_type}_1", vehicle_type)

    @property
    def shelf(self) -> Shelf:
        return self.store.shelf

    def new_id(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}_{self.count}"

    def add_vehicle(self, vehicle_id: str, vehicle_type: VehicleType, *, north_m: float = 0, **more: object) -> Vehicle:
        point = Point(self.city.centre.lat + north_m / 111_195, self.city.centre.lon)
        vehicle = Vehicle(vehicle_id, self.city.city_id, vehicle_type, f"{vehicle_type} model", point, 80, 30.0)
        self.shelf.vehicles[vehicle_id] = replace(vehicle, **more)
        return self.shelf.vehicles[vehicle_id]

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def at(self, **delta: float) -> datetime:
        return self.now + timedelta(**delta)

    def request(self, who: str = "mia", *, role: Role = "customer", **more: object) -> Request:
        me = Principal(f"per_{who}", frozenset({role}), self.city.city_id)
        return replace(Request(me, self.city, self.now, self.new_id), **more)

    def grant(self, proposal: Proposal, **changes: object) -> Grant:
        grant = Grant(
            self.new_id("grt"), proposal.proposal_id, proposal.digest, proposal.principal_id, self.at(minutes=5)
        )
        return replace(grant, **changes)

    def confirm(self, proposal: Proposal, who: str = "mia") -> Proposal:
        return service.carry_out(
            proposal.proposal_id, grant=self.grant(proposal), request=self.request(who), store=self.store
        )

    def hold(self, vehicle_id: str = "scooter_1", who: str = "mia", pick_up_at: datetime | None = None) -> Reservation:
        proposal = service.propose_hold(vehicle_id, pick_up_at=pick_up_at, request=self.request(who), store=self.store)
        return self.reservation(self.confirm(proposal, who))

    def book(self, vehicle_id: str = "car_1", who: str = "mia", hours: tuple[float, float] = (2, 4)) -> Reservation:
        return self.reservation(self.confirm(self.propose_book(vehicle_id, who, hours), who))

    def propose_book(
        self, vehicle_id: str = "car_1", who: str = "mia", hours: tuple[float, float] = (2, 4), **more: object
    ) -> Proposal:
        start_at, end_at = (self.at(hours=hour) for hour in hours)
        request = self.request(who, **more)
        return service.propose_booking(vehicle_id, start_at=start_at, end_at=end_at, request=request, store=self.store)

    def reservation(self, done: Proposal) -> Reservation:
        return self.shelf.reservations[str((done.result or {})["reservation_id"])]

    def set_active(self, reservation: Reservation) -> Reservation:
        active = reservation.to("active")
        self.shelf.reservations[active.reservation_id] = active
        return active

    def event_types(self) -> list[str]:
        return [event.type for event in self.shelf.events]
