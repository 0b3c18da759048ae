"""What the stage needs of the service: how it is built and reached. `app.py` has the one that is tested."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from nimrod.platform.settings import Settings


class Service(Protocol):
    """The whole service in this process."""

    @property
    def asgi(self) -> Any:
        """All systems behind one ASGI application."""

    async def start(self) -> None: ...
    async def stop(self) -> None: ...

    async def settle(self) -> None:
        """What time alone brings about: lapsed promises, waiting events."""


class Builder(Protocol):
    """`nimrod.app.build`. What is not given is as in real life."""

    def __call__(
        self, settings: Settings, *, clock: Callable[[], datetime], new_id: Callable[[str], str], **others: Any
    ) -> Service: ...
