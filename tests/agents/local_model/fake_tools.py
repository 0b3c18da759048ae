"""The tools behind the fake: what the servers would answer, in small."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 18, 14, 10, tzinfo=ZONE)  # a Wednesday
PLACES = [
    "Central Station",
    "Market Square",
    "West Harbour",
    "Kamppi",
    "Pasila",
    "Kallio",
    "Otaniemi",
    "Olympic Stadium",
]
HOLDS = {"scooter", "bike"}
TYPES = ("scooter", "bike", "car", "van")
NO_TOTAL = {"total": None, "total_minor": None, "currency": "EUR"}


class Refused(Exception):
    """A tool's refusal."""

    def __init__(self, code: str, message: str, **facts: object) -> None:
        super().__init__(message)
        self.body = {"error": {"code": code, "message": message, "next_step": "", "facts": facts}}


class Tools:
    """The tools, with the little world they know."""

    def __init__(self) -> None:
        self.now = NOW
        self.position: dict[str, float] | None = None
        self.reservations: list[dict[str, Any]] = []
        self.proposals: dict[str, dict[str, Any]] = {}
        self.taken: set[str] = set()
        self.note = ""

    def _time(self, text: str | None) -> datetime | None:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None

    def _check(self, kind: str, start: datetime | None, end: datetime | None) -> None:
        if start and start < self.now - timedelta(minutes=2):
            raise Refused("in_the_past", "That time has passed.")
        latest = self.now + (timedelta(minutes=30) if kind in HOLDS else timedelta(days=7))
        if start and start > latest:
            opens = start - (latest - self.now)
            raise Refused(
                "too_far_ahead",
                "Too far ahead.",
                wanted=start.isoformat(),
                latest_start=latest.isoformat(),
                ask_from=opens.isoformat(),
            )
        if start and end and not timedelta(minutes=30) <= end - start <= timedelta(days=3) and kind not in HOLDS:
            raise Refused("bad_duration", "That length is not possible: it can be 30 min to 3 d.")

    def find_vehicles(
        self,
        near: str = "",
        vehicle_type: str | None = None,
        start: str | None = None,
        end: str | None = None,
        duration_min: int | None = None,
        min_range_km: float | None = None,
        limit: int = 5,
    ) -> dict[str, Any]:
        at, until = self._time(start), self._time(end)
        self._check(vehicle_type or "car", at, until)
        known = {"harbour": "West Harbour", **{p.lower(): p for p in PLACES}}
        if near and near.lower() not in known:
            return {
                "place": None,
                "place_assumed": False,
                "did_you_mean": ["Kamppi", "Kallio"],
                "vehicles": [],
                "nothing_because": "place_unknown",
            }
        name = known.get(near.lower(), "where you are" if self.position else "city centre")
        rows = []
        for number in range(1, 13):
            kind = TYPES[number % 4]
            vehicle_id = f"hel-{kind[0]}{number:03}"
            if (
                vehicle_id in self.taken
                or (vehicle_type and kind != vehicle_type)
                or 60 - number * 4 < (min_range_km or 0)
            ):
                continue
            rows.append(self._row(vehicle_id, kind, number, name, is_timed=bool(at and until)))
        return {
            "place": {"name": name, "lat": 60.17, "lon": 24.94},
            "place_assumed": not near,
            "did_you_mean": [],
            "start": start,
            "end": end,
            "vehicles": rows[:limit],
            "nothing_because": None if rows else "none_free",
        }

    def _row(self, vehicle_id: str, kind: str, number: int, near: str, *, is_timed: bool) -> dict[str, Any]:
        return {
            "vehicle_id": vehicle_id,
            "vehicle_type": kind,
            "model": f"Model {kind}",
            "distance_m": 70 * number,
            "walk_min": number,
            "battery_pct": 96 - number,
            "range_km": 60 - number * 4,
            "near": near,
            "price": "€1.00 to unlock + €0.25/min",
            "unlock_minor": 100,
            "minute_minor": 25,
            "currency": "EUR",
            "note": self.note,
            "lat": 60.17,
            "lon": 24.94,
            "total": "€19.50" if is_timed else None,
            "total_minor": 1950 if is_timed else None,
        }

    def find_bays(self, near: str = "", vehicle_type: str | None = None, limit: int = 5) -> dict[str, Any]:
        bays = [
            {
                "bay_id": f"hel-b0{n}",
                "name": f"Bay {name}",
                "distance_m": 100 * n,
                "walk_min": n,
                "charger": True,
                "vehicle_types": list(TYPES),
            }
            for n, name in enumerate(["North", "South", "East"], 1)
        ]
        return {
            "place": {"name": near or "city centre"},
            "place_assumed": not near,
            "did_you_mean": [],
            "bays": bays[:limit],
        }

    def list_my_reservations(self, include_past: bool = False) -> dict[str, Any]:
        return {
            "reservations": [r for r in self.reservations if include_past or r["state"] in {"held", "booked", "active"}]
        }

    def _propose(
        self, kind: str, title: str, facts: dict[str, Any], replaces: str | None = None, **view: Any
    ) -> dict[str, Any]:
        if replaces:
            self.proposals[replaces]["status"] = "withdrawn"
        proposal_id = f"prp_{len(self.proposals) + 1}"
        self.proposals[proposal_id] = {
            "proposal_id": proposal_id,
            "kind": kind,
            "status": "pending",
            "title": title,
            "facts": facts,
            "lines": [],
            "loses": [],
            **NO_TOTAL,
            **view,
        }
        return self.proposals[proposal_id]

    def propose_hold(self, vehicle_id: str, pick_up: str | None = None, replaces: str | None = None) -> dict[str, Any]:
        at = self._time(pick_up) or self.now
        self._check("scooter", at, None)
        kind = {"s": "scooter", "b": "bike"}[vehicle_id[4]]
        facts = {
            "vehicle_id": vehicle_id,
            "vehicle_type": kind,
            "start_at": at.isoformat(),
            "until_at": (at + timedelta(minutes=15)).isoformat(),
        }
        return self._propose(
            "hold",
            f"Hold {kind} {vehicle_id}",
            facts,
            replaces,
            lines=[{"code": "unlock", "text": "Unlocking", "amount": "€1.00", "minor": 100}],
        )

    def propose_booking(self, vehicle_id: str, start: str, end: str, replaces: str | None = None) -> dict[str, Any]:
        at, until = self._time(start), self._time(end)
        assert at
        assert until
        kind = {"c": "car", "v": "van"}[vehicle_id[4]]
        self._check(kind, at, until)
        minutes = int((until - at).total_seconds() / 60)
        facts = {
            "vehicle_id": vehicle_id,
            "vehicle_type": kind,
            "start_at": at.isoformat(),
            "end_at": until.isoformat(),
        }
        return self._propose(
            "booking",
            f"Book {kind} {vehicle_id}",
            facts,
            replaces,
            total=f"€{minutes / 10:.2f}",
            total_minor=minutes * 10,
            lines=[
                {"code": "minutes", "text": f"{minutes} min", "amount": f"€{minutes / 10:.2f}", "minor": minutes * 10}
            ],
        )

    def _mine(self, reservation_id: str) -> dict[str, Any]:
        row = next((r for r in self.reservations if r["reservation_id"] == reservation_id), None)
        if row is None:
            raise Refused("not_found", "There is nothing of yours with that number.")
        return row

    def propose_change(
        self,
        reservation_id: str,
        start: str | None = None,
        end: str | None = None,
        vehicle_id: str | None = None,
        replaces: str | None = None,
    ) -> dict[str, Any]:
        row = self._mine(reservation_id)
        if not (start or end or vehicle_id):
            raise Refused("nothing_to_change", "That is how it is already.")
        at, until = self._time(start) or self._iso(row["start"]), self._time(end) or self._iso(row["end"])
        self._check(row["vehicle_type"], at if start else None, until)
        facts = {
            "reservation_id": reservation_id,
            "vehicle_id": vehicle_id or row["vehicle_id"],
            "vehicle_type": row["vehicle_type"],
            "start_at": at and at.isoformat(),
            "end_at": until and until.isoformat(),
            "old_vehicle_id": row["vehicle_id"],
        }
        return self._propose("change", "Change it", facts, replaces, total="€25.00", total_minor=2500)

    def _iso(self, text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    def propose_cancellation(self, reservation_id: str, replaces: str | None = None) -> dict[str, Any]:
        row = self._mine(reservation_id)
        fee = 500 if row.get("late") else 0
        lines = [{"code": "cancel_fee", "text": "Cancellation fee", "amount": "€5.00", "minor": 500}] if fee else []
        return self._propose(
            "cancellation",
            f"Cancel {reservation_id}",
            {"reservation_id": reservation_id, "fee_minor": fee},
            replaces,
            lines=lines,
        )

    def propose_handover(self, summary: str) -> dict[str, Any]:
        return self._propose("handover", "Ask our staff", {"summary": summary})

    def withdraw_proposal(self, proposal_id: str) -> dict[str, Any]:
        self.proposals[proposal_id]["status"] = "withdrawn"
        return self.proposals[proposal_id]

    def quote_ride(self, vehicle_type: str, duration_min: int, start: str | None = None) -> dict[str, Any]:
        return {
            "vehicle_type": vehicle_type,
            "duration_min": duration_min,
            "total": f"€{duration_min / 4:.2f}",
            "total_minor": duration_min * 25,
            "lines": [],
        }

    def compare_prices(self, duration_min: int, start: str | None = None) -> dict[str, Any]:
        options = [
            {"vehicle_type": t, "total": f"€{duration_min / 10 * n:.2f}"}
            for n, t in enumerate(("bike", "scooter", "car", "van"), 1)
        ]
        return {"duration_min": duration_min, "options": options, "cheapest": "bike"}

    def list_tariffs(self) -> dict[str, Any]:
        return {"tariffs": [{"vehicle_type": t, "price": "€1.00 to unlock + €0.25/min"} for t in TYPES]}

    def search_knowledge(self, question: str) -> dict[str, Any]:
        if "zebra" in question:
            return {"sections": []}
        return {
            "sections": [
                {
                    "section_id": "parking#1",
                    "title": "Parking",
                    "text": "Park in a bay. Never block the pavement.",
                    "source": "parking.md",
                    "score": 0.8,
                }
            ]
        }
