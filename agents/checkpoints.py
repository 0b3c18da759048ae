"""Where paused and unfinished conversations are kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver

SQLITE = "sqlite:///"


@asynccontextmanager
async def open_checkpoints(url: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
    """The saver at `sqlite:///<file>` or `postgresql://<server>/<database>`; its tables are made when missing."""
    if url.startswith(SQLITE):
        from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

        file = url.removeprefix(SQLITE)
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        async with AsyncSqliteSaver.from_conn_string(file) as saver:
            yield saver
    else:
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        async with AsyncPostgresSaver.from_conn_string(plain) as shared:
            await shared.setup()
            yield shared
