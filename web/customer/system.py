"""The customer system put together: routes, tool servers, agents, the local model."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter
from starlette.types import ASGIApp

from nimrod.agents.ports import Authority
from nimrod.agents.runtime import Conversations
from nimrod.domain.customer.reservations.ports import CustomerStore
from nimrod.mcp_servers.customer import knowledge, reservations
from nimrod.mcp_servers.server import ToolServer
from nimrod.platform.accounts.policy import GRANT_AUDIENCES
from nimrod.platform.approvals.service import GrantVerifier
from nimrod.platform.knowledge import Library
from nimrod.web.customer import city, conversations, handovers, looking, proposals
from nimrod.web.customer.counter import CustomerCounter
from nimrod.web.parts import Parts
from nimrod.web.system import System


def customer_system(
    parts: Parts,
    store: CustomerStore,
    *,
    authority: Authority,
    talks: Conversations,
    local_model: ASGIApp,
    knowledge_folder: Path,
) -> System:
    """Ready to be served."""
    grants = GrantVerifier(parts.verifier(GRANT_AUDIENCES["customer"]))
    counter = CustomerCounter(parts.cities, parts.clock, parts.new_id, store, grants)
    servers = _tool_servers(parts, store, grants, knowledge_folder)
    router = APIRouter(prefix="/customer/v1")
    for part, tag in (
        (city.build_router(counter), "city"),
        (looking.build_router(counter), "looking"),
        (proposals.build_router(counter, authority), "proposals"),
        (handovers.build_router(counter), "support"),
        (conversations.build_router(talks), "conversations"),
    ):
        router.include_router(part, tags=[tag])

    @asynccontextmanager
    async def talking() -> AsyncIterator[None]:
        async with talks:
            yield

    return System(
        name="customer",
        routers=[router],
        admission=parts.admission,
        cities=parts.cities,
        doors={"/v1": local_model},
        mounts=parts.mounts(servers),
        background=[parts.fetching_keys(), *parts.sessions(servers), talking],
        checks={"keys": lambda: parts.ring.keys is not None, "database": _reads(store)},
        most_body_bytes=parts.most_body_bytes,
    )


def _tool_servers(parts: Parts, store: CustomerStore, grants: GrantVerifier, folder: Path) -> list[ToolServer]:
    return [
        reservations.build_server(
            store,
            cities=parts.cities,
            clock=parts.clock,
            new_id=parts.new_id,
            grants=grants,
            admission=parts.verifier("mcp:reservations"),
        ),
        knowledge.build_server(
            Library(folder),
            cities=parts.cities,
            clock=parts.clock,
            new_id=parts.new_id,
            admission=parts.verifier("mcp:knowledge"),
        ),
    ]


def _reads(store: CustomerStore) -> Callable[[], bool]:
    def check() -> bool:
        with store.reading() as tables:
            tables.list_pending("nobody")
        return True

    return check
