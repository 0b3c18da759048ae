"""Domain values as the views people and models read; used by the tools and by the HTTP routes alike."""

from collections.abc import Mapping
from datetime import datetime

from nimrod.domain.customer.places.policy import name_of, nearest_place
from nimrod.domain.customer.pricing.model import Quote
from nimrod.domain.customer.pricing.policy import minute_rate_minor
from nimrod.domain.customer.reservations.facts import facts_of
from nimrod.domain.customer.reservations.model import OPEN, Reservation, Vehicle
from nimrod.domain.customer.reservations.search import Offer
from nimrod.domain.shared.city import City, VehicleType
from nimrod.domain.shared.proposals import Proposal
from nimrod.mcp_servers.customer.views import (
    BandView,
    CarriedOut,
    PendingView,
    QuoteView,
    ReservationView,
    TariffView,
    VehicleView,
)
from nimrod.platform.language import clean, local_iso, money, proposal_view, said_facts, say, say_first
from nimrod.platform.language.cards import line_view

MOST_NOTE = 120
MOST_MODEL = 60


def vehicle_view(offer: Offer, *, at: datetime, city: City, language: str) -> VehicleView:
    """A free vehicle; `at` is when the ride would start (its minute price is shown)."""
    vehicle, quote = offer.vehicle, offer.quote
    tariff = city.tariffs[vehicle.vehicle_type]
    return VehicleView(
        vehicle_id=vehicle.vehicle_id,
        vehicle_type=vehicle.vehicle_type,
        model=clean(vehicle.model, MOST_MODEL),
        distance_m=round(offer.distance_m),
        walk_min=offer.walk_min,
        battery_pct=vehicle.battery_pct,
        range_km=round(vehicle.range_km, 1),
        lat=vehicle.point.lat,
        lon=vehicle.point.lon,
        near=near_name(vehicle, city, language),
        price=price_text(vehicle.vehicle_type, at, city, language),
        unlock_minor=tariff.unlock_minor,
        minute_minor=minute_rate_minor(vehicle.vehicle_type, at, city=city),
        total=money(quote.total_minor, quote.currency, language) if quote else None,
        total_minor=quote.total_minor if quote else None,
        currency=city.currency,
        note=clean(vehicle.note, MOST_NOTE),
    )


def near_name(vehicle: Vehicle, city: City, language: str) -> str:
    """The name of the place closest to the vehicle."""
    return clean(name_of(nearest_place(vehicle.point, city), language), MOST_MODEL)


def price_text(vehicle_type: VehicleType, at: datetime, city: City, language: str) -> str:
    """The tariff in words, with the minute price of that moment."""
    unlock = city.tariffs[vehicle_type].unlock_minor
    minute = money(minute_rate_minor(vehicle_type, at, city=city), city.currency, language)
    if not unlock:
        return say(language, "price.minute_only", minute=minute)
    return say(language, "price.with_unlock", unlock=money(unlock, city.currency, language), minute=minute)


def reservation_view(
    reservation: Reservation, vehicle: Vehicle | None, *, city: City, language: str
) -> ReservationView:
    """The reservation; `vehicle` is None when operations took it out of the city."""
    return view_of_facts(facts_of(reservation), vehicle, city=city, language=language)


def view_of_facts(
    facts: Mapping[str, object], vehicle: Vehicle | None, *, city: City, language: str
) -> ReservationView:
    """The same from the facts a carried-out proposal keeps."""
    currency, price, fee = str(facts["currency"]), facts["price_minor"], facts["fee_minor"]
    fee_minor = fee if isinstance(fee, int) else 0
    price_minor = price if isinstance(price, int) else None
    standing = vehicle if facts["state"] in OPEN else None  # where others take it afterwards is nobody's business
    return ReservationView(
        reservation_id=str(facts["reservation_id"]),
        state=str(facts["state"]),
        vehicle_id=str(facts["vehicle_id"]),
        vehicle_type=str(facts["vehicle_type"]),
        model=clean(vehicle.model, MOST_MODEL) if vehicle else "",
        start=_local(facts["start_at"], city),
        end=_local(facts["end_at"], city) if facts["end_at"] else None,
        until=_local(facts["until_at"], city),
        price=None if price_minor is None else money(price_minor, currency, language),
        price_minor=price_minor,
        fee=money(fee_minor, currency, language) if fee_minor else None,
        fee_minor=fee_minor,
        currency=currency,
        near=near_name(standing, city, language) if standing else None,
        lat=standing.point.lat if standing else None,
        lon=standing.point.lon if standing else None,
    )


def pending_view(proposal: Proposal, city: City, language: str) -> PendingView:
    """The card with its digest."""
    return PendingView(**proposal_view(proposal, city, language).model_dump(), digest=proposal.digest)


def carried_out_view(proposal: Proposal, vehicle: Vehicle | None, *, city: City, language: str) -> CarriedOut:
    """What became of a carried-out proposal, from the result it keeps: a replay reads the same."""
    result = proposal.result or {}
    reservation = None
    if "reservation_id" in result:
        reservation = view_of_facts(result, vehicle, city=city, language=language)
    said = said_facts(result, proposal.preview.currency, city, language)
    return CarriedOut(
        proposal_id=proposal.proposal_id,
        kind=proposal.kind,
        status=proposal.status,
        message=say_first(language, _done_keys(proposal.kind, result), said) or say(language, "done.plain"),
        reservation=reservation,
    )


def _done_keys(kind: str, result: Mapping[str, object]) -> tuple[str, ...]:
    if kind == "cancellation":
        return ("done.cancellation.fee" if result.get("fee_minor") else "done.cancellation.free",)
    return (f"done.{kind}", f"done.{kind}_open")


def quote_view(quote: Quote, *, city: City, language: str) -> QuoteView:
    """The price of a ride, line by line."""
    lines = [{"code": line.code, "minor": line.minor, "facts": line.facts} for line in quote.lines]
    return QuoteView(
        vehicle_type=quote.vehicle_type,
        duration_min=quote.minutes,
        start=local_iso(quote.start_at, city),
        lines=[line_view(line, quote.currency, language) for line in lines],
        total=money(quote.total_minor, quote.currency, language),
        total_minor=quote.total_minor,
        currency=quote.currency,
    )


def tariff_view(vehicle_type: VehicleType, *, at: datetime, city: City, language: str) -> TariffView:
    """Prices and fees of one type."""
    tariff, rules = city.tariffs[vehicle_type], city.rules[vehicle_type]

    def amount(minor: int) -> str:
        return money(minor, city.currency, language)

    return TariffView(
        vehicle_type=vehicle_type,
        price=price_text(vehicle_type, at, city, language),
        unlock=amount(tariff.unlock_minor),
        unlock_minor=tariff.unlock_minor,
        minute=amount(tariff.minute_minor),
        minute_minor=tariff.minute_minor,
        day_cap=None if tariff.day_cap_minor is None else amount(tariff.day_cap_minor),
        day_cap_minor=tariff.day_cap_minor,
        bands=[
            BandView(
                from_time=f"{band.from_min // 60:02d}:{band.from_min % 60:02d}",
                to_time=f"{band.to_min // 60:02d}:{band.to_min % 60:02d}",
                minute=amount(band.minute_minor),
                minute_minor=band.minute_minor,
            )
            for band in tariff.bands
        ],
        cancel_fee=amount(rules.cancel_fee_minor),
        cancel_fee_minor=rules.cancel_fee_minor,
        free_cancel_min=rules.free_cancel_min,
        no_show_fee=amount(rules.no_show_fee_minor),
        no_show_fee_minor=rules.no_show_fee_minor,
    )


def _local(value: object, city: City) -> str:
    return local_iso(datetime.fromisoformat(str(value)), city)
