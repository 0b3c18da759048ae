"""The composition: four systems in one process or alone, with a neighbour away, with a clock that stands still."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from nimrod.app import Nimrod, build
from nimrod.domain.customer.reservations.model import Vehicle
from nimrod.domain.operations.fleet.model import FleetVehicle
from nimrod.platform.accounts.client import HttpAuthority, RemoteKeys
from nimrod.platform.accounts.errors import AccountsUnreachable
from nimrod.platform.accounts.model import Person
from nimrod.platform.accounts.passwords import hash_password
from nimrod.platform.cities import load_cities
from nimrod.platform.settings import SYSTEMS, Settings, SettingsRefused
from nimrod.platform.storage.migrate import fresh_sqlite
from nimrod.web.background import repeating

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ELSEWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    urls: dict[str, Any] = {f"{name}_db": fresh_sqlite(tmp_path / f"{name}.db", name) for name in SYSTEMS}
    return Settings(_env_file=None, data_dir=tmp_path, seed_scale="none", sweep_s=0.01, **urls)  # type: ignore[call-arg]


def _furnish(nimrod: Nimrod) -> None:
    assert nimrod.stores.platform is not None
    assert nimrod.stores.customer is not None
    people = (("mia", "customer"), ("fiona", "fleet_manager"), ("ada", "analyst"))
    with nimrod.stores.platform.writing() as tables:
        for login, role in people:
            hashed = hash_password("right")
            tables.save_person(
                Person(
                    f"per_{login}",
                    login,
                    f"{login}@example.org",
                    login,
                    frozenset({role}),
                    "helsinki",
                    "en",
                    hashed,
                    NOON,
                )
            )
    with nimrod.stores.customer.writing() as stock:
        centre = load_cities()["helsinki"].centre
        stock.put_vehicle(Vehicle("hel-1", "helsinki", "scooter", "Model", centre, 90, 40.0), told_at=NOON)


async def _hold(http: httpx2.AsyncClient) -> httpx2.Response:
    wanted = {"kind": "hold", "arguments": {"vehicle_id": "hel-1"}}
    proposal = (await http.post("/customer/v1/proposals", json=wanted)).json()
    return await http.post(f"/customer/v1/proposals/{proposal['proposal_id']}/confirm")


async def test_a_customer_holds_a_scooter_and_the_data_system_hears_of_it(settings: Settings, clock: Clock) -> None:
    nimrod = build(settings, clock=clock)
    _furnish(nimrod)
    async with nimrod.running():
        async with nimrod.http("mia") as http:
            held = await _hold(http)
            assert held.json()["status"] == "carried_out"
        await nimrod.settle()
        async with nimrod.http("ada") as http:
            events = (await http.get("/data/v1/events/summary")).json()["events"]
    assert [event["type"] for event in events] == ["reservation.held"]


async def test_a_hold_lapses_when_the_time_has_come_and_not_before(settings: Settings, clock: Clock) -> None:
    nimrod = build(settings, clock=clock)
    _furnish(nimrod)
    async with nimrod.running(), nimrod.http("mia") as http:
        await _hold(http)
        for minutes, states in ((14, ["held"]), (1, [])):
            clock.now += timedelta(minutes=minutes)
            await nimrod.settle()
            http.headers["Authorization"] = f"Bearer {nimrod.token_for('mia')}"
            mine = (await http.get("/customer/v1/reservations")).json()["reservations"]
            assert [one["state"] for one in mine] == states


async def test_what_staff_did_reaches_the_audit_log_of_the_platform(settings: Settings, clock: Clock) -> None:
    nimrod = build(settings, clock=clock)
    _furnish(nimrod)
    assert nimrod.stores.operations is not None
    assert nimrod.stores.platform is not None
    with nimrod.stores.operations.writing() as fleet:
        centre = load_cities()["helsinki"].centre
        fleet.save_vehicle(
            FleetVehicle("hel-1", "helsinki", "scooter", "Model", centre, 90, "available", "", NOON - timedelta(days=1))
        )
    async with nimrod.running():
        async with nimrod.http("fiona") as http:
            changed = await http.patch("/operations/v1/vehicles/hel-1", json={"note": "brake checked"})
            assert changed.status_code == 200
        await nimrod.settle()
        await nimrod.settle()
    with build(settings, clock=clock).stores.platform.reading() as tables:  # type: ignore[union-attr]
        acted = [row for row in tables.list_audit(10) if row.action == "vehicle.updated"]
    assert [(row.principal_id, row.subject) for row in acted] == [("per_fiona", "hel-1")]


async def test_with_the_real_clock_the_sweeper_and_the_relay_run_by_themselves(settings: Settings) -> None:
    nimrod = build(settings)
    _furnish(nimrod)
    assert nimrod.stores.customer is not None
    async with nimrod.running():
        names = {task.get_name() for task in asyncio.all_tasks()}
    assert "sweeper" in names
    assert any(name.startswith("relay-") for name in names)
    assert "sweeper" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_the_service_goes_on_after_a_restart_with_the_same_keys(settings: Settings, clock: Clock) -> None:
    first = build(settings, clock=clock)
    _furnish(first)
    async with first.running():
        token = first.token_for("mia")
    second = build(settings, clock=clock)
    async with second.running(), second.http() as http:
        answer = await http.get("/platform/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["id"] == "per_mia"


@pytest.mark.parametrize("system", SYSTEMS)
async def test_each_system_is_an_app_of_its_own(settings: Settings, clock: Clock, system: Any) -> None:
    nimrod = build(settings.model_copy(update={"platform_url": ELSEWHERE}), clock=clock, systems=(system,))
    async with nimrod.running(), nimrod.http() as http:
        assert (await http.get("/healthz")).json()["systems"] == [system]
        assert (await http.get(f"/{system}/healthz")).json() == {"system": system, "status": "alive"}
        described = (await http.get(f"/{system}/openapi.json")).json()
        assert all(path.startswith(f"/{system}/") for path in described["paths"])
        other = next(name for name in SYSTEMS if name != system)
        assert (await http.get(f"/{other}/healthz")).status_code == 404
    stores = {name for name in SYSTEMS if getattr(nimrod.stores, name) is not None}
    assert stores == {system}


def test_a_system_alone_must_know_where_the_platform_is(settings: Settings) -> None:
    with pytest.raises(SettingsRefused, match="NIMROD_PLATFORM_URL"):
        build(settings, systems=("customer",))


async def test_without_the_platform_known_people_still_read_but_cannot_confirm(
    settings: Settings, clock: Clock
) -> None:
    together = build(settings, clock=clock)
    _furnish(together)
    async with together.running():
        token = together.token_for("mia")
    alone = build(settings.model_copy(update={"platform_url": ELSEWHERE}), clock=clock, systems=("customer",))
    async with alone.running(), alone.http() as http:
        http.headers["Authorization"] = f"Bearer {token}"
        found = await http.get("/customer/v1/vehicles")
        assert [one["vehicle_id"] for one in found.json()["vehicles"]] == ["hel-1"]
        refused = await _hold(http)
        assert (refused.status_code, refused.json()["code"]) == (503, "accounts_unreachable")
        waiting = (await http.get("/customer/v1/proposals")).json()["pending"]
        assert len(waiting) == 1
    assert alone.stores.customer is not None


async def test_events_wait_in_the_outbox_while_a_system_runs_alone(settings: Settings, clock: Clock) -> None:
    together = build(settings, clock=clock)
    _furnish(together)
    async with together.running(), together.http("mia") as http:
        await _hold(http)
    alone = build(settings.model_copy(update={"platform_url": ELSEWHERE}), clock=clock, systems=("customer",))
    async with alone.running():
        await alone.settle()
    again = build(settings, clock=clock)
    async with again.running():
        await again.settle()
        async with again.http("ada") as http:
            assert (await http.get("/data/v1/events/summary")).json()["total"] == 1


async def test_a_token_with_an_unknown_key_is_refused_while_the_platform_is_away(
    settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    elsewhere = settings.model_copy(update={"platform_url": ELSEWHERE, "data_dir": tmp_path / "fresh"})
    alone = build(elsewhere, clock=clock, systems=("operations",))
    async with alone.running(), alone.http() as http:
        answer = await http.get("/operations/v1/vehicles", headers={"Authorization": "Bearer a.b.c"})
        assert answer.status_code == 401
        assert (await http.get("/readyz")).status_code == 503


async def test_what_is_built_is_reached_over_the_network_by_the_same_calls(settings: Settings, clock: Clock) -> None:
    nimrod = build(settings, clock=clock)
    _furnish(nimrod)
    async with nimrod.running(), nimrod.http() as http:
        authority = HttpAuthority(http, clock=clock)
        session = nimrod.token_for("mia")
        token = await authority.exchange(session, "mcp:payments", "booking")
        assert await authority.exchange(session, "mcp:payments", "booking") == token, "kept while it is good"
        clock.now += timedelta(minutes=4, seconds=30)
        assert await authority.exchange(session, "mcp:payments", "booking") != token
        keys = RemoteKeys(http, kept_in=settings.data_dir / "kept.json")
        await keys.refresh()
        assert RemoteKeys(http, kept_in=settings.data_dir / "kept.json").keys is not None
    async with httpx2.AsyncClient(base_url=ELSEWHERE) as nobody:
        with pytest.raises(AccountsUnreachable):
            await HttpAuthority(nobody, clock=clock).exchange(session, "mcp:payments", "booking")


async def test_background_work_goes_on_after_a_neighbour_was_away(caplog: pytest.LogCaptureFixture) -> None:
    rounds: list[int] = []
    twice = asyncio.Event()

    async def work() -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise OSError("the database is away")
        twice.set()

    async with repeating("trial", work, 0.001):
        await asyncio.wait_for(twice.wait(), 5)
    assert "the database is away" in caplog.text


@pytest.fixture
def command(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "nimrod.app", *words],
            cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "NIMROD_DATA_DIR": str(tmp_path / "var"), **environ},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    return run


def test_a_wrong_setting_stops_the_command_with_its_name(command: Callable[..., Any]) -> None:
    done = command("serve", NIMROD_PORT="abc")
    assert done.returncode == 2
    assert "NIMROD_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said_at_once(command: Callable[..., Any], tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = command("serve", NIMROD_PORT=str(port))
    assert done.returncode == 2
    assert f"127.0.0.1:{port}" in done.stderr
    assert not (tmp_path / "var").exists()


def test_seeding_fills_once_and_refuses_to_pour_over(command: Callable[..., Any]) -> None:
    assert "Filled in" in command("seed").stdout
    again = command("seed")
    assert again.returncode == 2
    assert "holds a world already" in again.stderr


def test_a_tool_server_over_stdio_asks_who_acts(command: Callable[..., Any]) -> None:
    done = command("mcp", "reservations")
    assert done.returncode == 2
    assert "--as LOGIN" in done.stderr
