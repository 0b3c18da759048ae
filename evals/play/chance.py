"""An actor that calls tools at random, with whatever it can find, and talks at random: it must fail every case."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from nimrod.agents.doors import DoorClosed
from nimrod.evals.form.turn import Turn
from nimrod.evals.play.episode import Exchange
from nimrod.evals.play.tools import Hands
from nimrod.tools.customer import BOOKING

WORDS = (
    "All done, enjoy your ride!",
    "Your vehicle is waiting for you at the usual place.",
    "That will be 12.34 in all.",
    "Sorry, something went wrong on our side.",
    "Could you tell me more?",
)


@dataclass
class ChanceActor(Hands):
    """Seeded; up to three calls for each thing said."""

    seed: str = "0"
    name: str = "random actor"
    _random: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    async def say(self, turn: Turn, exchange: Exchange) -> None:
        pick = self._random
        tools = sorted(BOOKING.allow - BOOKING.confirm)
        for _ in range(pick.randint(1, 3)):
            tool = pick.choice(tools)
            try:
                await self.use(tool, self._arguments(tool), exchange)
            except DoorClosed:
                continue
        exchange.reply = pick.choice(WORDS)

    def _arguments(self, tool: str) -> dict[str, Any]:
        pick, world = self._random, self.stage.world
        vehicles = [vehicle.id for vehicle in world.vehicles] or ["nothing"]
        reservations = [one.id for one in world.reservations] or ["rsv_none"]
        start = self.stage.clock.now + timedelta(minutes=15 * pick.randint(0, 200))
        end = start + timedelta(minutes=15 * pick.randint(1, 40))
        times = {"start": start.isoformat(), "end": end.isoformat()}
        place = pick.choice(self.stage.city.places)
        kind = pick.choice(["scooter", "bike", "car", "van"])
        choices: dict[str, dict[str, Any]] = {
            "find_vehicles": {"near": place.names["en"], "vehicle_type": kind},
            "find_bays": {"near": place.names["en"]},
            "list_my_reservations": {},
            "propose_hold": {"vehicle_id": pick.choice(vehicles)},
            "propose_booking": {"vehicle_id": pick.choice(vehicles), **times},
            "propose_change": {"reservation_id": pick.choice(reservations), **times},
            "propose_cancellation": {"reservation_id": pick.choice(reservations)},
            "propose_handover": {"summary": pick.choice(WORDS)},
            "withdraw_proposal": {"proposal_id": "prop_none"},
            "quote_ride": {"vehicle_type": kind, "duration_min": pick.randint(1, 600)},
            "compare_prices": {"duration_min": pick.randint(1, 600)},
            "search_knowledge": {"question": pick.choice(WORDS)},
        }
        return choices.get(tool, {})
