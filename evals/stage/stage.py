"""One world, built and running: people can sign in, the clock can move, others can act, the service can restart."""

import gc
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import httpx2

from nimrod.domain.shared.city import City
from nimrod.evals.form.base import moment, span_of
from nimrod.evals.form.turn import Meanwhile
from nimrod.evals.form.world import Fault, VehicleHere, World
from nimrod.evals.play.episode import Snapshot
from nimrod.evals.stage import furnish
from nimrod.evals.stage.clock import Clock, Ids
from nimrod.evals.stage.model_faults import Faults, ModelTransport
from nimrod.evals.stage.people import PASSWORD, settle_people
from nimrod.evals.stage.service import Builder, Service
from nimrod.evals.stage.snapshot import take_snapshot
from nimrod.evals.stage.tool_faults import with_faults
from nimrod.platform.cities import load_cities, load_city
from nimrod.platform.settings import Settings
from nimrod.platform.storage.database import Database
from nimrod.platform.storage.migrate import SYSTEMS, fresh_sqlite
from nimrod.platform.storage.stores import open_customer_store, open_platform_store

HOST = "http://127.0.0.1:8000"
FAULTY_URL = "http://faulty-model.test/v1"
PLAYING = ("customer", "platform")  # the systems a customer's agent needs; the others are not built
KEEP_TOKEN = timedelta(minutes=10)  # a session token lives 15


@dataclass(frozen=True, slots=True)
class Model:
    """The model endpoint to test with; none: the local model."""

    url: str = ""
    key: str = ""
    name: str = ""


LOCAL = Model()


def sweep_up() -> None:
    """Forget a case that is over: what the web framework keeps of every built service is not looked through again."""
    gc.collect()
    gc.freeze()


@dataclass
class Stage:
    """Use as `async with Stage(world, folder, build, seed=case_id) as stage`."""

    world: World
    folder: Path
    build: Builder
    seed: str = ""
    model: Model = LOCAL
    through_faults: bool = False  # the model is reached over a transport where faults can be put
    faultless: bool = False  # nothing goes wrong, whatever the world says
    faults: Faults = field(default_factory=Faults)

    async def __aenter__(self) -> Self:
        assert self.world.clock is not None
        self.city: City = furnish.city_with(load_city(self.world.city), self.world)
        self.clock = Clock(moment(self.world.clock, self.city.time_zone))
        self.new_id = Ids(self.seed)
        self.break_down(self.world.faults)
        self._tokens: dict[str, tuple[str, Any]] = {}
        urls = {system: fresh_sqlite(self.folder / f"{system}.db", system) for system in SYSTEMS}
        self._fill(urls["customer"], urls["platform"])
        self._database = Database(urls["customer"])
        self._settings = self._settings_for(urls)
        self._service: Service | None = None
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._close()
        self._database.close()

    async def restart(self) -> None:
        """Stop the service; it starts again on what is on disk when it is next needed."""
        await self._close()

    async def advance(self, by: str) -> None:
        """Let time pass, e.g. 30m."""
        self.clock.advance(span_of(by))
        await (await self.service()).settle()

    async def wait_until(self, when: str) -> None:
        """Let time pass until a local moment; nothing happens when it is past."""
        self.clock.advance(moment(when, self.city.time_zone) - self.clock.now)
        await (await self.service()).settle()

    async def meanwhile(self, others: Meanwhile) -> None:
        """What other people did, put straight into the databases."""
        vehicles: dict[str, VehicleHere] = {one.id: one for one in [*self.world.vehicles, *others.vehicles]}
        store = open_customer_store(str(self._settings.database("customer")))
        with store.writing() as tables:
            for reservation_id in others.cancelled:
                tables.remove_entry(reservation_id)
            furnish.move(others.vehicles, self.city, tables, now=self.clock.now)
            furnish.promise(others.reservations, vehicles, self.city, tables, now=self.clock.now)
            furnish.block(others.blocks, self.city, tables)
        store.close()

    def break_down(self, faults: list[Fault]) -> None:
        """From here on these go wrong."""
        if not self.faultless:
            self.faults.add(faults)

    def snapshot(self) -> Snapshot:
        """The databases as they are now."""
        return take_snapshot(self._database)

    async def call(self, login: str, method: str, path: str, body: object = None) -> httpx2.Response:
        """One request to the service as this person."""
        headers = {"authorization": f"Bearer {await self.token(login)}", "accept": "application/json"}
        async with self._client(headers) as http:
            return await http.request(method, path, json=body)

    async def token(self, login: str) -> str:
        """The person's own session token, fresh."""
        token, at = self._tokens.get(login, ("", None))
        if at is None or self.clock.now - at > KEEP_TOKEN:
            await self.service()
            async with self._client({}) as http:
                answer = await http.post("/platform/v1/sessions", json={"login": login, "password": PASSWORD})
            answer.raise_for_status()
            token = str(answer.json()["access_token"])
            self._tokens[login] = (token, self.clock.now)
        return token

    def http_for(self, token: str) -> httpx2.AsyncClient:
        """A client of the service that carries this token; the caller closes it."""
        return self._client({"authorization": f"Bearer {token}"})

    def _client(self, headers: dict[str, str]) -> httpx2.AsyncClient:
        assert self._service is not None, "the service starts with the first token"
        transport = httpx2.ASGITransport(app=self._service.asgi)
        return httpx2.AsyncClient(transport=transport, base_url=HOST, headers=headers, timeout=60)

    def _fill(self, customer: str, platform: str) -> None:
        people = open_platform_store(platform)
        settle_people(self.world, people, at=self.clock.now - timedelta(days=30))
        people.close()
        store = open_customer_store(customer)
        with store.writing() as tables:
            furnish.furnish(self.world, self.city, tables, now=self.clock.now)
        store.close()

    def _settings_for(self, urls: dict[Any, str]) -> Settings:
        values: dict[str, Any] = {f"{system}_db": url for system, url in urls.items()}
        values |= {"data_dir": self.folder, "default_city": self.world.city, "seed_scale": "none"}
        values |= {"model_url": self.model.url, "model_key": self.model.key, "model": self.model.name}
        if self.through_faults and not self.model.url:
            values |= {"model_url": FAULTY_URL, "model_key": "none", "model": "nimrod-local"}
        values |= {"model_timeout_s": 2, "turn_timeout_s": 20} if self.through_faults else {}
        return Settings(**values)

    async def service(self) -> Service:
        """The running service, started when it is first needed."""
        if self._service is None:
            self._service = self._built()
            await self._service.start()
        return self._service

    def _built(self) -> Service:
        others: dict[str, Any] = {"wrap_mcp": lambda name, app: with_faults(app, self.faults), "systems": PLAYING}
        if self.through_faults:
            others["model_transport"] = ModelTransport(self._model_transport(), self.faults)
        if self.world.places:
            others["cities"] = {**load_cities(), self.city.city_id: self.city}
        return self.build(self._settings, clock=self.clock, new_id=self.new_id, **others)

    def _model_transport(self) -> httpx2.AsyncBaseTransport:
        if self.model.url:
            return httpx2.AsyncHTTPTransport()
        from nimrod.agents.local_model import build_app

        return httpx2.ASGITransport(app=build_app())

    async def _close(self) -> None:
        if self._service is not None:
            await self._service.stop()
        self._service = None
        self._tokens.clear()
