"""The operations system's tables."""

from datetime import datetime

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from nimrod.platform.storage.columns import UtcTime
from nimrod.platform.storage.mail_rows import InboxColumns, OutboxColumns


class OperationsRow(SQLModel, registry=registry()):
    """Base of the operations system's tables."""

    metadata = MetaData()


class FleetVehicleRow(OperationsRow, table=True):
    """The vehicles themselves; others know them by `vehicle.updated`."""

    __tablename__ = "vehicles"
    vehicle_id: str = Field(primary_key=True)
    city_id: str = Field(index=True)
    vehicle_type: str
    model: str
    lat: float
    lon: float
    battery_pct: int
    state: str
    note: str
    updated_at: datetime = Field(sa_type=UtcTime)


class OutboxRow(OperationsRow, OutboxColumns, table=True):
    __tablename__ = "outbox"


class InboxRow(OperationsRow, InboxColumns, table=True):
    __tablename__ = "inbox"
