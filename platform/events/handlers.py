"""What each system does with what it hears."""

from nimrod.domain.contracts.catalogue import StaffActedV1, VehicleUpdatedV1
from nimrod.domain.contracts.events import Event
from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.shared.city import VEHICLE_TYPES
from nimrod.domain.shared.errors import BadInput
from nimrod.domain.shared.geo import Point
from nimrod.platform.accounts.model import AuditRow
from nimrod.platform.storage.accounts import SqlPlatformTables
from nimrod.platform.storage.customer import CustomerTables


def vehicle_of(event: Event) -> Vehicle:
    """The vehicle as the customer side knows it after this `vehicle.updated`; raises BadInput."""
    body = VehicleUpdatedV1.of(event.body)
    if body.vehicle_type not in VEHICLE_TYPES:
        raise BadInput(field="vehicle_type", reason="unknown", event=event.type)
    return Vehicle(
        vehicle_id=body.vehicle_id,
        city_id=body.city_id,
        vehicle_type=body.vehicle_type,
        model=body.model,
        point=Point(body.lat, body.lon),
        battery_pct=body.battery_pct,
        range_km=body.range_km,
        state=body.state,
        note=body.note,
    )


def project_vehicle(tables: CustomerTables, event: Event) -> None:
    """Customer: keep the vehicle as operations last told; what is older than what is known changes nothing."""
    tables.put_vehicle(vehicle_of(event), told_at=event.at)


def note_staff_action(tables: SqlPlatformTables, event: Event) -> None:
    """Platform: what staff did goes to the audit log that cannot be edited."""
    body = StaffActedV1.of(event.body)
    row = AuditRow(
        audit_id=f"aud_{event.event_id}",
        at=event.at,
        principal_id=body.principal_id,
        actor=None,
        action=body.action,
        subject=body.subject_id,
        facts={"city_id": body.city_id, "source": event.source},
    )
    tables.add_audit(row)


PLATFORM = {(StaffActedV1.TYPE, StaffActedV1.VERSION): note_staff_action}
CUSTOMER = {(VehicleUpdatedV1.TYPE, VehicleUpdatedV1.VERSION): project_vehicle}
