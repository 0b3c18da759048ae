"""The customer system's databases read past every rule of the service: what a case is judged by."""

from typing import Any

from sqlalchemy import select

from nimrod.evals.play.episode import Snapshot
from nimrod.evals.stage.people import login_of
from nimrod.platform.storage.customer_rows import (
    CalendarRow,
    HandoverRow,
    ProposalRow,
    ReservationRow,
    UsedGrantRow,
)
from nimrod.platform.storage.database import Database, table_of


def take_snapshot(database: Database) -> Snapshot:
    """All reservations, calendar entries, proposals, used grants and hand-overs of everyone."""
    with database.reading() as connection:

        def rows(row: Any) -> list[dict[str, Any]]:
            return [dict(one) for one in connection.execute(select(table_of(row))).mappings()]

        return Snapshot(
            reservations={row["reservation_id"]: _reservation(row) for row in rows(ReservationRow)},
            entries=tuple(_entry(row) for row in rows(CalendarRow)),
            proposals={row["proposal_id"]: _proposal(row) for row in rows(ProposalRow)},
            grants={row["grant_id"]: row["proposal_id"] for row in rows(UsedGrantRow)},
            handovers={
                row["handover_id"]: {"customer": login_of(row["customer_id"]), "summary": row["summary"]}
                for row in rows(HandoverRow)
            },
        )


def _reservation(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "customer": login_of(row["customer_id"]),
        "vehicle": row["vehicle_id"],
        "vehicle_type": row["vehicle_type"],
        "city": row["city_id"],
        "state": row["state"],
        "start": row["start_at"],
        "end": row["end_at"],
        "until": row["until_at"],
        "price_minor": row["price_minor"],
        "fee_minor": row["fee_minor"],
    }


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    return {"vehicle": row["vehicle_id"], "owner": row["owner_id"], "start": row["start_at"], "end": row["end_at"]}


def _proposal(row: dict[str, Any]) -> dict[str, Any]:
    preview = row["preview"] or {}
    return {
        "customer": login_of(row["principal_id"]),
        "kind": row["kind"],
        "status": row["status"],
        "arguments": row["arguments"] or {},
        "facts": preview.get("facts", {}),
        "total_minor": preview.get("total_minor"),
        "result": row["result"],
    }
