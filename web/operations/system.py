"""The operations system put together."""

from fastapi import APIRouter

from nimrod.domain.operations.fleet.ports import FleetStore
from nimrod.web.operations.routes import FleetDesk, build_router
from nimrod.web.parts import Parts
from nimrod.web.system import System


def operations_system(parts: Parts, store: FleetStore) -> System:
    """Ready to be served."""
    router = APIRouter(prefix="/operations/v1")
    router.include_router(build_router(FleetDesk(parts.cities, parts.clock, parts.new_id, store)), tags=["fleet"])
    return System(
        name="operations",
        routers=[router],
        admission=parts.admission,
        cities=parts.cities,
        background=[parts.fetching_keys()],
        checks={"keys": lambda: parts.ring.keys is not None},
        most_body_bytes=parts.most_body_bytes,
    )
