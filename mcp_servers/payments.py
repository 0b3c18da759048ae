"""The payments server: what rides cost. Nothing here moves money."""

from collections.abc import Callable, Mapping
from datetime import datetime

from nimrod.domain.customer.pricing import policy
from nimrod.domain.shared.city import VEHICLE_TYPES, City
from nimrod.mcp_servers.customer.answers import quote_view, tariff_view
from nimrod.mcp_servers.customer.desk import AtCounter, House
from nimrod.mcp_servers.customer.inputs import Minutes, OneType, Start, find_time
from nimrod.mcp_servers.customer.views import PriceComparison, QuoteView, Tariffs
from nimrod.mcp_servers.identity import Admission
from nimrod.mcp_servers.server import ANYONE_SIGNED_IN, READS, Offered, ToolServer

NAME = "payments"
INSTRUCTIONS = (
    "Prices of rides in the signed-in person's city. State a price only as a result says it; never add or convert "
    "amounts yourself. Nothing here charges anyone."
)


def quote_ride(vehicle_type: OneType, duration_min: Minutes, start: Start = None, *, counter: AtCounter) -> QuoteView:
    """The price of one ride of this type and length, line by line. Reserves and charges nothing.

    Use it for "what does a bike for 40 minutes cost"; to see which type is cheapest use compare_prices.
    """
    with counter.refusing():
        start_at = find_time(start, field="start", city=counter.city, now=counter.request.now) or counter.request.now
        quote = policy.quote(vehicle_type, start_at, duration_min, city=counter.city)
    return quote_view(quote, city=counter.city, language=counter.language)


def compare_prices(duration_min: Minutes, start: Start = None, *, counter: AtCounter) -> PriceComparison:
    """The price of the same ride on every type that may be ridden so long, cheapest first.

    Use it for "the cheapest way for 40 minutes". Next, if the person wants one: find_vehicles with that vehicle_type.
    """
    with counter.refusing():
        start_at = find_time(start, field="start", city=counter.city, now=counter.request.now) or counter.request.now
        quotes = policy.compare(start_at, duration_min, city=counter.city)
    options = [quote_view(quote, city=counter.city, language=counter.language) for quote in quotes]
    return PriceComparison(
        duration_min=duration_min, start=options[0].start, options=options, cheapest=options[0].vehicle_type
    )


def list_tariffs(counter: AtCounter) -> Tariffs:
    """The whole price list of the city: unlocking, minute price by time of day, day cap, cancellation, no-show."""
    city, language = counter.city, counter.language
    types = [vehicle_type for vehicle_type in VEHICLE_TYPES if vehicle_type in city.tariffs]
    return Tariffs(
        city=city.names.get(language) or city.names["en"],
        currency=city.currency,
        tariffs=[tariff_view(each, at=counter.request.now, city=city, language=language) for each in types],
    )


OFFERS = (
    Offered(quote_ride, "Price of a ride", READS, ANYONE_SIGNED_IN),
    Offered(compare_prices, "Compare prices", READS, ANYONE_SIGNED_IN),
    Offered(list_tariffs, "Price list", READS, ANYONE_SIGNED_IN),
)


def build_server(
    *,
    cities: Mapping[str, City],
    clock: Callable[[], datetime],
    new_id: Callable[[str], str],
    admission: Admission | None = None,
) -> ToolServer:
    """The server. With `admission` HTTP needs a bearer token it admits; without, `identity.acting_as` says who asks."""
    house = House(cities, clock, new_id)
    return ToolServer(NAME, instructions=INSTRUCTIONS, backing=house, offers=OFFERS, admission=admission)
