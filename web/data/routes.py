"""The data system's routes: what arrived."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from nimrod.domain.data.datasets.bronze import READERS, BronzeStore, summarise_events
from nimrod.web.access import Asking, access

Reader = Annotated[Asking, access(*READERS)]


class EventCountOut(BaseModel):
    """Events of one type and version; times are the events' own."""

    type: str
    version: int
    source: str
    count: int
    first_at: datetime
    last_at: datetime


class EventSummaryOut(BaseModel):
    """Everything the data system has heard, counted."""

    total: int
    events: list[EventCountOut]


def build_router(store: BronzeStore) -> APIRouter:
    """GET /events/summary."""
    router = APIRouter()

    @router.get("/events/summary", summary="Events heard, by type")
    def summarise(asking: Reader) -> EventSummaryOut:
        counts = summarise_events(asking.me, store)
        rows = [
            EventCountOut(
                type=one.type,
                version=one.version,
                source=one.source,
                count=one.count,
                first_at=one.first_at,
                last_at=one.last_at,
            )
            for one in counts
        ]
        return EventSummaryOut(total=sum(row.count for row in rows), events=rows)

    return router
