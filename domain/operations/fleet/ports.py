"""What the fleet needs from storage."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from nimrod.domain.contracts.events import Event
from nimrod.domain.operations.fleet.model import FleetVehicle


class FleetTables(Protocol):
    """The operations system's tables in one transaction. `get_` raises NotFound."""

    def get_vehicle(self, vehicle_id: str) -> FleetVehicle:
        """While writing, nobody else changes the vehicle until the transaction ends."""

    def list_vehicles(self, city_id: str) -> Sequence[FleetVehicle]: ...
    def save_vehicle(self, vehicle: FleetVehicle) -> None: ...

    def publish(self, event: Event) -> None:
        """Append to the outbox; delivered after commit, at least once."""


class FleetStore(Protocol):
    """Opens transactions. `writing` commits when the block ends well and rolls back when it raises."""

    def reading(self) -> AbstractContextManager[FleetTables]: ...
    def writing(self) -> AbstractContextManager[FleetTables]: ...
