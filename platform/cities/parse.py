"""Plain data to a City, checked: a city that parses is one that every rule can work with."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nimrod.domain.shared.city import (
    VEHICLE_TYPES,
    Bay,
    City,
    Place,
    RateBand,
    Tariff,
    TypeRules,
    VehicleType,
    Zone,
)
from nimrod.domain.shared.geo import Point, distance_m
from nimrod.platform.cities.reader import Node

LARGEST_CITY_M = 50_000
T = TypeVar("T")


def parse_city(raw: object, *, file: str) -> City:
    """The city that this plain data describes; raises CityFileError naming `file`, field and reason."""
    node = Node(raw, file).only(
        "city_id", "names", "country", "currency", "time_zone", "languages", "centre", "support_phone",
        "max_open_reservations", "rules", "tariffs", "places", "bays", "zones",
    )  # fmt: skip
    centre = node.need("centre").point()
    rules = _by_type(node.need("rules"), _rules)
    tariffs = _by_type(node.need("tariffs"), _tariff)
    if set(rules) != set(tariffs):
        odd = sorted(set(rules) ^ set(tariffs))
        node.need("tariffs").refuse(f"must name the same vehicle types as rules; only one has {', '.join(odd)}")
    phone = node.find("support_phone")
    return City(
        city_id=_slug(node.need("city_id")),
        names=_names(node.need("names")),
        country=_code(node.need("country"), 2),
        currency=_code(node.need("currency"), 3),
        time_zone=_time_zone(node.need("time_zone")),
        languages=tuple(row.text() for row in node.need("languages").rows(least=1)),
        centre=centre,
        max_open_reservations=node.need("max_open_reservations").whole(1),
        rules=rules,
        tariffs=tariffs,
        places=_each(node.need("places").rows(least=1), lambda row: _place(row, centre), lambda place: place.place_id),
        bays=_each(node.need("bays").rows(), lambda row: _bay(row, centre), lambda bay: bay.bay_id),
        zones=_each(node.need("zones").rows(), lambda row: _zone(row, centre), lambda zone: zone.zone_id),
        support_phone=phone.text() if phone else "",
    )


def _each(rows: Iterable[Node], parse: Callable[[Node], T], id_of: Callable[[T], str]) -> tuple[T, ...]:
    found: dict[str, T] = {}
    for row in rows:
        item = parse(row)
        if id_of(item) in found:
            row.need("id").refuse(f"{id_of(item)!r} is there twice")
        found[id_of(item)] = item
    return tuple(found.values())


def _by_type(node: Node, parse: Callable[[Node], T]) -> Mapping[VehicleType, T]:
    found: dict[VehicleType, T] = {}
    for key, child in node.only(*VEHICLE_TYPES).entries():
        found[cast(VehicleType, key)] = parse(child)
    return found


def _rules(node: Node) -> TypeRules:
    node.only(
        "mode", "max_ahead_min", "hold_min", "min_ride_min", "max_ride_min", "free_cancel_min", "cancel_fee_minor",
        "no_show_fee_minor",
    )  # fmt: skip
    mode = node.need("mode").one_of("hold", "booking")
    least, most = _whole(node, "min_ride_min"), node.need("max_ride_min").whole(1)
    if least > most:
        node.need("min_ride_min").refuse(f"must not exceed max_ride_min ({most}), is {least}")
    return TypeRules(
        mode="hold" if mode == "hold" else "booking",
        max_ahead_min=node.need("max_ahead_min").whole(),
        hold_min=node.need("hold_min").whole(1),
        max_ride_min=most,
        min_ride_min=least,
        free_cancel_min=_whole(node, "free_cancel_min"),
        cancel_fee_minor=_whole(node, "cancel_fee_minor"),
        no_show_fee_minor=_whole(node, "no_show_fee_minor"),
    )


def _tariff(node: Node) -> Tariff:
    node.only("unlock_minor", "minute_minor", "day_cap_minor", "bands")
    cap, bands = node.find("day_cap_minor"), node.find("bands")
    return Tariff(
        unlock_minor=node.need("unlock_minor").whole(),
        minute_minor=node.need("minute_minor").whole(),
        day_cap_minor=cap.whole(1) if cap else None,
        bands=_bands(bands) if bands else (),
    )


def _bands(node: Node) -> tuple[RateBand, ...]:
    bands: list[RateBand] = []
    for row in node.rows():
        row.only("from", "to", "minute_minor")
        band = RateBand(row.need("from").time_of_day(), row.need("to").time_of_day(), row.need("minute_minor").whole())
        if band.from_min >= band.to_min:
            row.refuse("must end later than it begins; split a band at midnight")
        if bands and band.from_min < bands[-1].to_min:
            row.refuse("must begin where the band before it has ended, or later")
        bands.append(band)
    return tuple(bands)


def _place(node: Node, centre: Point) -> Place:
    node.only("id", "names", "at", "kind", "aliases")
    kind, aliases = node.find("kind"), node.find("aliases")
    return Place(
        place_id=_slug(node.need("id")),
        names=_names(node.need("names")),
        point=_near(node.need("at"), centre),
        kind=kind.text() if kind else "place",
        aliases=tuple(row.text() for row in aliases.rows()) if aliases else (),
    )


def _bay(node: Node, centre: Point) -> Bay:
    node.only("id", "name", "at", "radius_m", "types", "capacity", "charger")
    types = [row.one_of(*VEHICLE_TYPES) for row in node.need("types").rows(least=1)]
    charger = node.find("charger")
    return Bay(
        bay_id=_slug(node.need("id")),
        name=node.need("name").text(),
        point=_near(node.need("at"), centre),
        radius_m=node.need("radius_m").whole(1),
        vehicle_types=frozenset(kind for kind in VEHICLE_TYPES if kind in types),
        capacity=node.need("capacity").whole(1),
        charger=charger.flag() if charger else False,
    )


def _zone(node: Node, centre: Point) -> Zone:
    node.only("id", "name", "rule", "ring")
    rule = node.need("rule").one_of("no_parking", "no_riding", "slow")
    return Zone(
        zone_id=_slug(node.need("id")),
        name=node.need("name").text(),
        rule="no_parking" if rule == "no_parking" else "no_riding" if rule == "no_riding" else "slow",
        ring=tuple(_near(row, centre) for row in node.need("ring").rows(least=3)),
    )


def _whole(node: Node, key: str) -> int:
    found = node.find(key)
    return found.whole() if found else 0


def _names(node: Node) -> Mapping[str, str]:
    return {language: child.text() for language, child in node.entries()}


def _near(node: Node, centre: Point) -> Point:
    point = node.point()
    if distance_m(point, centre) > LARGEST_CITY_M:
        node.refuse(f"is more than {LARGEST_CITY_M // 1000} km from the centre; latitude comes first")
    return point


def _slug(node: Node) -> str:
    word = node.text()
    if not all(char.isascii() and (char.isalnum() or char in "-_") for char in word):
        node.refuse(f"may hold only letters, digits, - and _, is {word!r}")
    return word


def _code(node: Node, length: int) -> str:
    code = node.text()
    if len(code) != length or not (code.isascii() and code.isalpha() and code.isupper()):
        node.refuse(f"must be {length} capital letters, is {code!r}")
    return code


def _time_zone(node: Node) -> str:
    name = node.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        node.refuse(f"is no IANA time zone: {name!r}")
    return name
