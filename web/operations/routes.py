"""The operations system's routes: the fleet as staff see and change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from nimrod.domain.operations.fleet import policy, service
from nimrod.domain.operations.fleet.model import FleetVehicle, VehicleChange, VehicleState
from nimrod.domain.operations.fleet.ports import FleetStore
from nimrod.domain.shared.city import City, VehicleType
from nimrod.domain.shared.errors import BadInput, NotFound
from nimrod.domain.shared.geo import Point
from nimrod.domain.shared.principal import Principal
from nimrod.domain.shared.request import Request
from nimrod.platform.language import clean
from nimrod.web.access import STAFF, Asking, access

_MOST_ID = 64
Staff = Annotated[Asking, access(*STAFF)]


@dataclass(frozen=True, slots=True)
class FleetDesk:
    """What the operations routes are built from."""

    cities: Mapping[str, City]
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    store: FleetStore

    def request(self, me: Principal) -> Request:
        """One asking by this person; raises NotFound for a city we do not serve."""
        if me.city_id not in self.cities:
            raise NotFound(city_id=me.city_id)
        return Request(me=me, city=self.cities[me.city_id], now=self.clock().astimezone(UTC), new_id=self.new_id)


class VehicleOut(BaseModel):
    """A vehicle as operations keeps it; `state` in MDS 2 words, `note` free text by staff."""

    vehicle_id: str
    city_id: str
    vehicle_type: str
    model: str
    state: str
    battery_pct: int
    range_km: float
    lat: float
    lon: float
    note: str
    updated_at: datetime


class VehiclesOut(BaseModel):
    """The vehicles of the city; `total` counts all that match, `vehicles` holds one page."""

    total: int
    vehicles: list[VehicleOut]


class VehicleIn(BaseModel):
    """What to set; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    state: VehicleState | None = None
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    battery_pct: int | None = Field(None, ge=0, le=100)
    note: str | None = Field(None, max_length=policy.MAX_NOTE_CHARS)


def build_router(desk: FleetDesk) -> APIRouter:
    """GET /vehicles, PATCH /vehicles/{id}."""
    router = APIRouter()

    @router.get("/vehicles", summary="The fleet of my city")
    def list_vehicles(
        asking: Staff,
        vehicle_type: VehicleType | None = None,
        state: VehicleState | None = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
    ) -> VehiclesOut:
        fleet = service.list_vehicles(request=desk.request(asking.me), store=desk.store)
        fitting = [one for one in fleet if vehicle_type in (None, one.vehicle_type) and state in (None, one.state)]
        return VehiclesOut(total=len(fitting), vehicles=[vehicle_out(one) for one in fitting[offset : offset + limit]])

    @router.patch("/vehicles/{vehicle_id}", summary="Change a vehicle; everyone who needs it is told")
    def change_vehicle(asking: Staff, vehicle_id: str, body: VehicleIn) -> VehicleOut:
        if len(vehicle_id) > _MOST_ID:
            raise NotFound(vehicle_id=vehicle_id[:_MOST_ID])
        if (body.lat is None) != (body.lon is None):
            raise BadInput(field="lat" if body.lat is None else "lon", reason="empty")
        point = None if body.lat is None or body.lon is None else Point(body.lat, body.lon)
        change = VehicleChange(state=body.state, point=point, battery_pct=body.battery_pct, note=body.note)
        return vehicle_out(
            service.update_vehicle(vehicle_id, change, request=desk.request(asking.me), store=desk.store)
        )

    return router


def vehicle_out(vehicle: FleetVehicle) -> VehicleOut:
    """The vehicle as shown."""
    return VehicleOut(
        vehicle_id=vehicle.vehicle_id,
        city_id=vehicle.city_id,
        vehicle_type=vehicle.vehicle_type,
        model=vehicle.model,
        state=vehicle.state,
        battery_pct=vehicle.battery_pct,
        range_km=policy.range_km(vehicle.vehicle_type, vehicle.battery_pct),
        lat=vehicle.point.lat,
        lon=vehicle.point.lon,
        note=clean(vehicle.note, policy.MAX_NOTE_CHARS),
        updated_at=vehicle.updated_at,
    )
