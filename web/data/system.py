"""The data system put together."""

from fastapi import APIRouter

from nimrod.domain.data.datasets.bronze import BronzeStore
from nimrod.web.data.routes import build_router
from nimrod.web.parts import Parts
from nimrod.web.system import System


def data_system(parts: Parts, store: BronzeStore) -> System:
    """Ready to be served."""
    router = APIRouter(prefix="/data/v1")
    router.include_router(build_router(store), tags=["events"])
    return System(
        name="data",
        routers=[router],
        admission=parts.admission,
        cities=parts.cities,
        background=[parts.fetching_keys()],
        checks={"keys": lambda: parts.ring.keys is not None},
        most_body_bytes=parts.most_body_bytes,
    )
