"""Prices through the MCP client."""

from typing import Any

import pytest


async def test_a_quote_explains_itself_line_by_line(world: Any) -> None:
    quote = await world.call(
        "quote_ride", {"vehicle_type": "scooter", "duration_min": 40, "start": "2026-11-23T12:00"}, on="payments"
    )
    assert [(line["code"], line["minor"]) for line in quote["lines"]] == [("unlock", 100), ("minutes", 1000)]
    assert quote["lines"][1]["text"] == "Riding, 40 min at €0.25 a minute"
    assert (quote["total"], quote["total_minor"], quote["currency"]) == ("€11.00", 1100, "EUR")
    assert quote["start"] == "2026-11-23T12:00:00+02:00"


async def test_the_cheapest_comes_first(world: Any) -> None:
    compared = await world.call("compare_prices", {"duration_min": 40, "start": "2026-11-23T12:00"}, on="payments")
    totals = [option["total_minor"] for option in compared["options"]]
    assert totals == sorted(totals)
    assert compared["cheapest"] == compared["options"][0]["vehicle_type"] == "bike"


async def test_the_price_list_is_the_citys(world: Any, people: Any) -> None:
    here = await world.call("list_tariffs", on="payments")
    there = await world.call("list_tariffs", on="payments", me=people["jana"])
    assert (here["currency"], there["currency"]) == ("EUR", "CZK")
    assert {one["vehicle_type"] for one in here["tariffs"]} == {"scooter", "bike", "car", "van"}
    assert next(one for one in here["tariffs"] if one["vehicle_type"] == "car")["day_cap"] == "€59.00"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"vehicle_type": "car", "duration_min": 5}, "bad_duration"),
        ({"vehicle_type": "scooter", "duration_min": -1}, "bad_input"),
        ({"vehicle_type": "any", "duration_min": 40}, "bad_input"),
        ({"vehicle_type": "bike"}, "bad_input"),
        ({"vehicle_type": "bike", "duration_min": 10, "start": "2027-03-28T03:30"}, "bad_input"),
    ],
)
async def test_what_cannot_be_priced_is_refused(world: Any, arguments: dict[str, Any], code: str) -> None:
    assert (await world.call("quote_ride", arguments, on="payments"))["error"]["code"] == code
