"""The rules of reserving: how far ahead, how long, who may, when a promise lapses. Pure; times are aware UTC."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nimrod.domain.customer.pricing.policy import check_minutes, no_show_fee_minor, started_minutes
from nimrod.domain.customer.reservations.errors import (
    AlreadyPromised,
    InThePast,
    TooFarAhead,
    TooManyOpen,
    VehicleUnusable,
    WrongMode,
)
from nimrod.domain.customer.reservations.model import OPEN, Entry, Reservation, Vehicle
from nimrod.domain.shared.city import City, TypeRules, VehicleType
from nimrod.domain.shared.errors import BadInput, NotAllowed
from nimrod.domain.shared.principal import Principal

PROPOSAL_TTL_MIN = 10
PAST_GRACE_S = 120  # "now" may have become a moment ago while a sentence was typed
LEAST_BATTERY_PCT = 5  # below it a scooter or bike is not handed out
OUT_OF_SERVICE = frozenset({"non_operational", "removed", "missing", "elsewhere", "unknown"})  # MDS 2 vehicle states
CALENDAR_LOOK_AHEAD = timedelta(days=7)


def check_customer(me: Principal) -> None:
    """Raises NotAllowed unless the person may reserve. Source: ACC-03."""
    if not me.has("customer"):
        raise NotAllowed(needs=["customer"], roles=sorted(me.roles))


def as_utc(moment: datetime, *, field: str) -> datetime:
    """The same moment in UTC; raises BadInput when it names no zone or lies outside the calendar."""
    if moment.utcoffset() is None:
        raise BadInput(field=field, reason="no_time_zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise BadInput(field=field, reason="out_of_range") from error


def this_minute(now: datetime) -> datetime:
    """The start of the running minute: what "now" means for a booking."""
    return now.replace(second=0, microsecond=0)


def check_mode(vehicle: Vehicle, mode: str, *, city: City) -> TypeRules:
    """The rules of the vehicle's type; raises WrongMode when it is held but asked to be booked, or the reverse."""
    rules = city.rules.get(vehicle.vehicle_type)
    if rules is None:
        raise VehicleUnusable(vehicle_id=vehicle.vehicle_id, reason="out_of_service")
    if rules.mode != mode:
        raise WrongMode(vehicle_id=vehicle.vehicle_id, vehicle_type=vehicle.vehicle_type, mode=rules.mode)
    return rules


def check_start(start_at: datetime, *, vehicle_type: VehicleType, rules: TypeRules, now: datetime) -> None:
    """Raises InThePast, TooFarAhead unless a ride may be promised for this start; both ends are still allowed.

    Source: docs/requirements.md RES-02, RES-03.
    """
    if start_at < now - timedelta(seconds=PAST_GRACE_S):
        raise InThePast(wanted=start_at, now=now)
    ahead = timedelta(minutes=rules.max_ahead_min)
    if start_at > now + ahead:
        raise TooFarAhead(
            vehicle_type=vehicle_type, wanted=start_at, latest_start=this_minute(now + ahead), ask_from=start_at - ahead
        )


def check_pick_up_moved(start_at: datetime, *, held: Reservation, rules: TypeRules) -> None:
    """Raises TooFarAhead when moving a hold's pick-up again and again would keep the vehicle longer than one hold may.

    Source: docs/requirements.md RES-02.
    """
    latest = held.created_at + timedelta(minutes=rules.max_ahead_min)
    if held.state == "held" and start_at > latest:
        raise TooFarAhead(
            vehicle_type=held.vehicle_type, wanted=start_at, latest_start=this_minute(latest), ask_from=held.until_at
        )


def check_not_over(end_at: datetime, *, now: datetime) -> None:
    """Raises InThePast when this end, of a ride or of a promise, has come already."""
    if end_at <= now:
        raise InThePast(wanted=end_at, now=now)


def check_duration(start_at: datetime, end_at: datetime, *, vehicle_type: VehicleType, rules: TypeRules) -> int:
    """Started minutes of the ride; raises BadDuration. Source: RES-02, RES-03."""
    minutes = started_minutes(start_at, end_at)
    check_minutes(minutes, vehicle_type=vehicle_type, rules=rules)
    return minutes


def until(start_at: datetime, end_at: datetime | None, *, rules: TypeRules) -> datetime:
    """When an unused promise lapses: `hold_min` after the pick-up time, a booking never later than its end.

    Source: docs/requirements.md RES-05, RES-06.
    """
    lapse = start_at + timedelta(minutes=rules.hold_min)
    return lapse if end_at is None else min(lapse, end_at)


def check_vehicle(vehicle: Vehicle, *, rules: TypeRules) -> None:
    """Raises VehicleUnusable when it is out of service or, taken right away, nearly flat."""
    if vehicle.state in OUT_OF_SERVICE:
        raise VehicleUnusable(vehicle_id=vehicle.vehicle_id, reason="out_of_service")
    if rules.mode == "hold" and vehicle.battery_pct < LEAST_BATTERY_PCT:
        raise VehicleUnusable(vehicle_id=vehicle.vehicle_id, reason="battery_low")


def entry_of(reservation: Reservation, *, now: datetime) -> Entry:
    """The calendar line of an open reservation: a hold from now until it lapses, a booking from start to end.

    Source: docs/requirements.md RES-04.
    """
    if reservation.end_at is None:
        return Entry(reservation.vehicle_id, reservation.reservation_id, now, reservation.until_at)
    return Entry(reservation.vehicle_id, reservation.reservation_id, reservation.start_at, reservation.end_at)


def overlaps(entry: Entry, start_at: datetime, end_at: datetime) -> bool:
    """Whether the entry takes part of [start_at, end_at); touching is no overlap."""
    return entry.start_at < end_at and start_at < entry.end_at


def check_free(wanted: Entry, entries: Sequence[Entry], *, mine: Iterable[str]) -> None:
    """Raises AlreadyPromised when another owner's entry takes part of the wanted time. Source: RES-04."""
    others = [entry for entry in entries if entry.owner_id != wanted.owner_id]
    in_the_way = [entry for entry in others if overlaps(entry, wanted.start_at, wanted.end_at)]
    if in_the_way:
        own = set(mine)
        raise AlreadyPromised(
            vehicle_id=wanted.vehicle_id,
            free_from=free_from(others, wanted.start_at, wanted.end_at - wanted.start_at),
            mine=any(entry.owner_id in own for entry in in_the_way),
        )


def free_from(entries: Iterable[Entry], start_at: datetime, length: timedelta) -> datetime:
    """The first moment from `start_at` on when the vehicle is free for `length`, as far as these entries tell."""
    moment = start_at
    for entry in sorted(entries, key=lambda entry: entry.start_at):
        if overlaps(entry, moment, moment + length):
            moment = entry.end_at
    return moment


def check_open(reservations: Iterable[Reservation], *, city: City, now: datetime) -> None:
    """Raises TooManyOpen when one more would exceed what the city allows."""
    count = sum(1 for reservation in reservations if as_of(reservation, now=now, city=city).state in OPEN)
    if count >= city.max_open_reservations:
        raise TooManyOpen(open=count, most=city.max_open_reservations)


def as_of(reservation: Reservation, *, now: datetime, city: City) -> Reservation:
    """The reservation as it stands now: an unused hold has expired, an unused booking is a no-show with its fee.

    Source: docs/requirements.md RES-05, RES-06.
    """
    if now < reservation.until_at or reservation.city_id != city.city_id:
        return reservation
    if reservation.state == "held":
        return reservation.to("expired")
    if reservation.state == "booked":
        return reservation.to("no_show", fee_minor=no_show_fee_minor(reservation, city=city))
    return reservation


def changed(reservation: Reservation, **changes: object) -> Reservation:
    """The reservation with other terms in the same state, one version on. Source: RES-06."""
    return replace(reservation, version=reservation.version + 1, **changes)  # type: ignore[arg-type]


def is_about_the_same(kind: str, one: Mapping[str, str | int | None], other: Mapping[str, str | int | None]) -> bool:
    """Whether two proposals of a kind are about one thing: the same reservation, or the same vehicle at the same time.

    Source: docs/requirements.md AGT-02.
    """
    if kind in {"change", "cancellation"}:
        return one["reservation_id"] == other["reservation_id"]
    if kind not in {"hold", "booking"} or one["vehicle_id"] != other["vehicle_id"]:
        return False
    if kind == "hold":
        return True
    starts = [datetime.fromisoformat(str(terms["start_at"])) for terms in (one, other)]
    ends = [datetime.fromisoformat(str(terms["end_at"])) for terms in (one, other)]
    return max(starts) < min(ends)
