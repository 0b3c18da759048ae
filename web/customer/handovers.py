"""What customers handed to a person: read by the staff of the city."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from nimrod.domain.customer.support.service import list_handovers
from nimrod.platform.language import clean
from nimrod.web.access import STAFF, Asking, access
from nimrod.web.customer.counter import CustomerCounter

_MOST_SUMMARY = 2000
Staff = Annotated[Asking, access(*STAFF)]


class HandoverOut(BaseModel):
    """One matter; `summary` is the customer's text, to be shown as text only."""

    handover_id: str
    customer_id: str
    conversation_id: str | None
    summary: str
    created_at: datetime


class HandoversOut(BaseModel):
    """The matters of the city."""

    handovers: list[HandoverOut]


def build_router(counter: CustomerCounter) -> APIRouter:
    """GET /handovers."""
    router = APIRouter()

    @router.get("/handovers", summary="Matters customers handed to the staff")
    def read_handovers(asking: Staff) -> HandoversOut:
        found = list_handovers(counter.request(asking.me), counter.store)
        return HandoversOut(
            handovers=[
                HandoverOut(
                    handover_id=one.handover_id,
                    customer_id=one.customer_id,
                    conversation_id=one.conversation_id,
                    summary=clean(one.summary, _MOST_SUMMARY),
                    created_at=one.created_at.astimezone(UTC),
                )
                for one in found
            ]
        )

    return router
