"""The use cases of the fleet: look at vehicles, change one, put one into service."""

from collections.abc import Sequence
from dataclasses import replace

from nimrod.domain.contracts.catalogue import StaffActedV1, VehicleUpdatedV1
from nimrod.domain.contracts.events import Event
from nimrod.domain.operations.fleet import policy
from nimrod.domain.operations.fleet.model import FleetVehicle, VehicleChange
from nimrod.domain.operations.fleet.ports import FleetStore
from nimrod.domain.shared.errors import NotAllowed, NotFound
from nimrod.domain.shared.request import Request


def list_vehicles(*, request: Request, store: FleetStore) -> Sequence[FleetVehicle]:
    """All vehicles of the person's city, by id; raises NotAllowed for anyone but staff."""
    _check_staff(request)
    with store.reading() as tables:
        return tables.list_vehicles(request.city.city_id)


def update_vehicle(vehicle_id: str, change: VehicleChange, *, request: Request, store: FleetStore) -> FleetVehicle:
    """The vehicle after the change, told to everyone; raises NotAllowed, NotFound, BadInput, IllegalVehicleMove."""
    _check_staff(request)
    policy.check_change(change)
    with store.writing() as tables:
        before = tables.get_vehicle(vehicle_id)
        if before.city_id != request.city.city_id:
            raise NotFound(vehicle_id=vehicle_id)
        after = replace(
            before.to(change.state or before.state),
            point=change.point or before.point,
            battery_pct=before.battery_pct if change.battery_pct is None else change.battery_pct,
            note=before.note if change.note is None else change.note,
        )
        if after == before:
            return before
        after = replace(after, updated_at=policy.next_update_at(before, request.now))
        tables.save_vehicle(after)
        tables.publish(told(after, event_id=request.new_id("evt")))
        tables.publish(_noted(after, request=request))
    return after


def told(vehicle: FleetVehicle, *, event_id: str) -> Event:
    """What everyone else hears about this vehicle; the event's time is the vehicle's own."""
    body = VehicleUpdatedV1(
        vehicle_id=vehicle.vehicle_id,
        city_id=vehicle.city_id,
        vehicle_type=vehicle.vehicle_type,
        model=vehicle.model,
        lat=vehicle.point.lat,
        lon=vehicle.point.lon,
        battery_pct=vehicle.battery_pct,
        range_km=policy.range_km(vehicle.vehicle_type, vehicle.battery_pct),
        state=vehicle.state,
        note=vehicle.note,
    )
    return body.event(event_id=event_id, at=vehicle.updated_at)


def _noted(vehicle: FleetVehicle, *, request: Request) -> Event:
    """For the audit log: who changed the vehicle. Source: docs/requirements.md ACC-05."""
    body = StaffActedV1(
        principal_id=request.me.id,
        action="vehicle.updated",
        subject_id=vehicle.vehicle_id,
        city_id=vehicle.city_id,
    )
    return body.event(event_id=request.new_id("evt"), at=request.now)


def _check_staff(request: Request) -> None:
    if not request.me.has(*policy.STAFF):
        raise NotAllowed(needs=list(policy.STAFF))
