"""Toolsets of the customer's agents."""

from nimrod.tools.toolset import Toolset

BOOKING = Toolset(
    servers=("reservations", "payments", "knowledge"),
    allow=frozenset(
        {
            "find_vehicles",
            "find_bays",
            "list_my_reservations",
            "propose_hold",
            "propose_booking",
            "propose_change",
            "propose_cancellation",
            "propose_handover",
            "withdraw_proposal",
            "carry_out",
            "quote_ride",
            "compare_prices",
            "list_tariffs",
            "search_knowledge",
        }
    ),
    confirm=frozenset({"carry_out"}),
)
