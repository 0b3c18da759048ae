"""The platform system put together: accounts, approvals, prices as a tool server."""

from nimrod.mcp_servers import payments
from nimrod.platform.accounts.service import Accounts
from nimrod.web.parts import Parts
from nimrod.web.platform.routes import Demo, build_router
from nimrod.web.system import System


def platform_system(parts: Parts, accounts: Accounts, demo: Demo) -> System:
    """Ready to be served."""
    servers = [
        payments.build_server(
            cities=parts.cities, clock=parts.clock, new_id=parts.new_id, admission=parts.verifier("mcp:payments")
        )
    ]
    return System(
        name="platform",
        routers=[build_router(accounts, demo)],
        admission=parts.admission,
        cities=parts.cities,
        mounts=parts.mounts(servers),
        background=parts.sessions(servers),
        checks={"database": lambda: bool(accounts.jwks()["keys"])},
        most_body_bytes=parts.most_body_bytes,
    )
