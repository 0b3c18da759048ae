"""The same servers over standard input and output."""

import sys
from pathlib import Path

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

SERVER = """
import sys
from datetime import UTC, datetime
from nimrod.domain.shared.principal import Principal
from nimrod.mcp_servers import payments
from nimrod.mcp_servers.identity import acting_as
from nimrod.platform.cities import load_cities

server = payments.build_server(cities=load_cities(), clock=lambda: datetime.now(UTC), new_id=lambda prefix: prefix)
with acting_as(Principal("per_mia", frozenset({"customer"}), sys.argv[1])):
    server.run("stdio")
"""


async def test_a_server_speaks_over_stdio_for_the_one_signed_in(tmp_path: Path) -> None:
    script = tmp_path / "serve_prices.py"
    script.write_text(SERVER, encoding="utf-8")
    process = StdioServerParameters(command=sys.executable, args=[str(script), "prague"])
    async with Client(stdio_client(process)) as client:
        answer = await client.call_tool("quote_ride", {"vehicle_type": "bike", "duration_min": 30})
    assert answer.structured_content is not None
    assert answer.structured_content["currency"] == "CZK"
