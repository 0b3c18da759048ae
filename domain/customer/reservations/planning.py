"""What a proposal would do in the world as it is: the same reckoning when proposing and again when carrying out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from nimrod.domain.customer.pricing.model import PriceLine, Quote
from nimrod.domain.customer.pricing.policy import cancel_fee_minor, free_until, minute_rate_minor, quote
from nimrod.domain.customer.reservations import policy
from nimrod.domain.customer.reservations.errors import IllegalMove, NothingToChange
from nimrod.domain.customer.reservations.facts import iso, shown_facts
from nimrod.domain.customer.reservations.model import OPEN, Reservation, Vehicle
from nimrod.domain.customer.reservations.ports import Tables
from nimrod.domain.shared.errors import NotFound
from nimrod.domain.shared.proposals import Preview
from nimrod.domain.shared.request import Request

Arguments = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """The reservation as it would be (id empty when new), as it was, what the person is shown, and the world seen."""

    preview: Preview
    world: str
    after: Reservation
    before: Reservation | None = None


def plan_hold(arguments: Arguments, *, asked_at: datetime, request: Request, tables: Tables) -> Plan:
    """A scooter or bike kept from now until `hold_min` after the pick-up time. Source: RES-02, RES-05."""
    city = request.city
    vehicle = tables.get_vehicle(str(arguments["vehicle_id"]), city_id=city.city_id)
    rules = policy.check_mode(vehicle, "hold", city=city)
    pick_up_at = moment_of(arguments, "start_at")
    policy.check_start(pick_up_at, vehicle_type=vehicle.vehicle_type, rules=rules, now=asked_at)
    policy.check_vehicle(vehicle, rules=rules)
    policy.check_open(_open(request, tables), city=city, now=request.now)
    lapse = policy.until(pick_up_at, None, rules=rules)
    after = Reservation("", request.me.id, city.city_id, vehicle.vehicle_id, vehicle.vehicle_type, "held", request.now,
                        pick_up_at, None, lapse, None, city.currency)  # fmt: skip
    _check_calendar(after, request=request, tables=tables)
    return Plan(_hold_preview(after, vehicle, request), _world(vehicle), after)


def plan_booking(arguments: Arguments, *, asked_at: datetime, request: Request, tables: Tables) -> Plan:
    """A car or van promised from start to end at a known price. Source: RES-03, PAY-01."""
    city = request.city
    vehicle = tables.get_vehicle(str(arguments["vehicle_id"]), city_id=city.city_id)
    rules = policy.check_mode(vehicle, "booking", city=city)
    start_at, end_at = moment_of(arguments, "start_at"), moment_of(arguments, "end_at")
    policy.check_start(start_at, vehicle_type=vehicle.vehicle_type, rules=rules, now=asked_at)
    minutes = policy.check_duration(start_at, end_at, vehicle_type=vehicle.vehicle_type, rules=rules)
    policy.check_vehicle(vehicle, rules=rules)
    policy.check_open(_open(request, tables), city=city, now=request.now)
    price = quote(vehicle.vehicle_type, start_at, minutes, city=city)
    after = Reservation("", request.me.id, city.city_id, vehicle.vehicle_id, vehicle.vehicle_type, "booked",
                        request.now, start_at, end_at, policy.until(start_at, end_at, rules=rules),
                        price.total_minor, city.currency)  # fmt: skip
    _check_calendar(after, request=request, tables=tables)
    preview = Preview(shown_facts(after, model=vehicle.model), city.currency, lines_of(price), price.total_minor)
    return Plan(preview, _world(vehicle), after)


def plan_change(arguments: Arguments, *, asked_at: datetime, request: Request, tables: Tables) -> Plan:
    """An open reservation with another time, length or vehicle, and what that costs more or less. Source: RES-06."""
    city = request.city
    before = get_current(str(arguments["reservation_id"]), request=request, tables=tables)
    if before.state not in OPEN:
        raise IllegalMove(reservation_id=before.reservation_id, state=before.state, wanted="changed")
    _check_changeable(before, arguments)
    mode = "hold" if before.end_at is None else "booking"
    vehicle_id = str(arguments.get("vehicle_id") or before.vehicle_id)
    vehicle = tables.get_vehicle(vehicle_id, city_id=city.city_id)
    rules = policy.check_mode(vehicle, mode, city=city)
    start_at = find_moment(arguments, "start_at") or before.start_at
    end_at = find_moment(arguments, "end_at") or before.end_at
    if (vehicle_id, start_at, end_at) == (before.vehicle_id, before.start_at, before.end_at):
        raise NothingToChange(reservation_id=before.reservation_id, reason="same")
    if start_at != before.start_at:
        policy.check_start(start_at, vehicle_type=vehicle.vehicle_type, rules=rules, now=asked_at)
        policy.check_pick_up_moved(start_at, held=before, rules=rules)
    if vehicle_id != before.vehicle_id:
        policy.check_vehicle(vehicle, rules=rules)
    price = None
    if end_at is not None:
        minutes = policy.check_duration(start_at, end_at, vehicle_type=vehicle.vehicle_type, rules=rules)
        policy.check_not_over(end_at, now=asked_at)
        price = quote(vehicle.vehicle_type, start_at, minutes, city=city)
    after = policy.changed(
        before,
        vehicle_id=vehicle_id,
        vehicle_type=vehicle.vehicle_type,
        start_at=start_at,
        end_at=end_at,
        until_at=policy.until(start_at, end_at, rules=rules),
        price_minor=price.total_minor if price else None,
    )
    _check_calendar(after, request=request, tables=tables)
    return Plan(_change_preview(before, after, vehicle, price, request), _world(vehicle, before), after, before)


def plan_cancellation(arguments: Arguments, *, asked_at: datetime, request: Request, tables: Tables) -> Plan:
    """An open reservation given up, with the fee this costs now. Source: RES-06."""
    del asked_at  # the fee counts from the moment it is carried out
    before = get_current(str(arguments["reservation_id"]), request=request, tables=tables)
    fee_minor = cancel_fee_minor(before, now=request.now, city=request.city)
    after = before.to("cancelled", fee_minor=fee_minor)
    facts = shown_facts(before, model=_model_of(before, tables)) | {
        "reservation_id": before.reservation_id,
        "fee_minor": fee_minor,
        "free_until": iso(free_until(before, city=request.city)),
    }
    lines = (PriceLine("cancel_fee", fee_minor, {}),) if fee_minor else ()
    loses = ("cancel_fee",) if fee_minor else ()
    preview = Preview(facts, before.currency, lines_of(lines), fee_minor, loses)
    return Plan(preview, _version(before), after, before)


Planner = Callable[..., Plan]
PLANNERS: Mapping[str, Planner] = {
    "hold": plan_hold,
    "booking": plan_booking,
    "change": plan_change,
    "cancellation": plan_cancellation,
}


def get_current(reservation_id: str, *, request: Request, tables: Tables) -> Reservation:
    """The person's reservation in this city as it stands now; raises NotFound."""
    reservation = tables.get_reservation(reservation_id, customer_id=request.me.id)
    if reservation.city_id != request.city.city_id:
        raise NotFound(reservation_id=reservation_id, city_id=request.city.city_id)
    return policy.as_of(reservation, now=request.now, city=request.city)


def lines_of(price: Quote | tuple[PriceLine, ...]) -> tuple[Mapping[str, object], ...]:
    """Price lines as a preview holds them."""
    lines = price.lines if isinstance(price, Quote) else price
    return tuple({"code": line.code, "minor": line.minor, "facts": dict(line.facts)} for line in lines)


def moment_of(arguments: Arguments, name: str) -> datetime:
    """A stored time argument."""
    return datetime.fromisoformat(str(arguments[name]))


def find_moment(arguments: Arguments, name: str) -> datetime | None:
    """A stored time argument, None when it was left out."""
    return moment_of(arguments, name) if arguments.get(name) else None


def _check_changeable(before: Reservation, arguments: Arguments) -> None:
    """An open-ended ride has no end to move; a ride under way keeps its vehicle and start."""
    if before.end_at is None and (arguments.get("end_at") or before.state == "active"):
        raise NothingToChange(reservation_id=before.reservation_id, reason="open_ended")
    if before.state == "active" and (arguments.get("start_at") or arguments.get("vehicle_id")):
        raise NothingToChange(reservation_id=before.reservation_id, reason="under_way")


def _check_calendar(after: Reservation, *, request: Request, tables: Tables) -> None:
    """The promise must not have lapsed before it is made, and the vehicle must be free for it."""
    if after.state != "active":
        policy.check_not_over(after.until_at, now=request.now)
    wanted = policy.entry_of(after, now=request.now)
    horizon = max(wanted.end_at, request.now) + policy.CALENDAR_LOOK_AHEAD
    entries = tables.list_entries([after.vehicle_id], wanted.start_at, horizon)
    policy.check_free(wanted, entries, mine=[own.reservation_id for own in _open(request, tables)])


def _open(request: Request, tables: Tables) -> list[Reservation]:
    return list(tables.list_reservations(request.me.id, OPEN))


def _hold_preview(after: Reservation, vehicle: Vehicle, request: Request) -> Preview:
    """An open-ended ride has no total yet: the unlock fee and the price of a minute are shown."""
    tariff = request.city.tariffs[vehicle.vehicle_type]
    rate_minor = minute_rate_minor(vehicle.vehicle_type, after.start_at, city=request.city)
    lines = (PriceLine("unlock", tariff.unlock_minor, {}), PriceLine("minute_rate", rate_minor, {}))
    return Preview(shown_facts(after, model=vehicle.model), request.city.currency, lines_of(lines))


def _change_preview(
    before: Reservation, after: Reservation, vehicle: Vehicle, price: Quote | None, request: Request
) -> Preview:
    facts = shown_facts(after, model=vehicle.model) | {
        "reservation_id": before.reservation_id,
        "old_vehicle_id": before.vehicle_id,
        "old_start_at": before.start_at.isoformat(),
        "old_end_at": iso(before.end_at),
        "old_total_minor": before.price_minor,
        "difference_minor": None,
    }
    if price is None:
        hold = _hold_preview(after, vehicle, request)
        return replace(hold, facts=facts)
    old_minor = before.price_minor or 0
    facts["difference_minor"] = price.total_minor - old_minor
    memo = (PriceLine("old_price", old_minor, {}), PriceLine("difference", price.total_minor - old_minor, {}))
    return Preview(facts, before.currency, lines_of(price) + lines_of(memo), price.total_minor)


def _model_of(reservation: Reservation, tables: Tables) -> str:
    """The vehicle's model; empty when the vehicle is gone: giving up a promise must not depend on it."""
    try:
        return tables.get_vehicle(reservation.vehicle_id, city_id=reservation.city_id).model
    except NotFound:
        return ""


def _world(vehicle: Vehicle, before: Reservation | None = None) -> str:
    seen = f"{vehicle.vehicle_id}:{vehicle.vehicle_type}:{vehicle.model}"
    return f"{seen}|{_version(before)}" if before else seen


def _version(reservation: Reservation) -> str:
    return f"{reservation.reservation_id}@{reservation.version}"
