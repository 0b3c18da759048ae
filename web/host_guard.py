"""Requests under a host name that is not ours are refused, so that a foreign page cannot borrow our address."""

from collections.abc import Collection

from nimrod.domain.shared.errors import DomainError
from nimrod.web.body_guard import App, Receive, Scope, Send

ANY = "*"
POLICY_VIOLATION = 1008  # RFC 6455
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not listened on


class WrongHost(DomainError):
    """The Host header names somebody else."""

    code = "wrong_host"


class HostGuard:
    """Lets through what carries one of `hosts`; everything when we listen everywhere and no name was set."""

    def __init__(self, app: App, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._open = ANY in self._hosts or bool(self._hosts & _EVERYWHERE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not self._open:
            named = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
            host = named.rsplit(":", maxsplit=1)[0] if not named.endswith("]") else named
            if host.lower().strip("[]") not in self._hosts:
                if scope["type"] == "http":
                    raise WrongHost(host=host)
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
                return
        await self._app(scope, receive, send)
