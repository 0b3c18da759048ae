"""The starting state of a case: a city, an hour, people, vehicles, promises, faults."""

from typing import Annotated, Literal, Self, TypeVar

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from nimrod.domain.customer.reservations.model import State
from nimrod.domain.shared.city import VehicleType
from nimrod.domain.shared.principal import Role
from nimrod.evals.form.base import Id, Login, Strict, When, also_called, listed

FaultKind = Literal[
    "error", "timeout", "hang", "429", "500", "half_stream", "broken_json", "empty",
    "unknown_tool", "wrong_types", "endless_calls", "carries_out_unasked", "invents_price", "invents_ids",
]  # fmt: skip
One = TypeVar("One", bound=Strict)
TOOL_FAULTS: frozenset[FaultKind] = frozenset({"error", "timeout", "500", "429", "broken_json"})


class Person(Strict):
    """Someone who can sign in."""

    model_config = also_called({"role": "roles"})

    login: Login
    roles: Annotated[list[Role], BeforeValidator(listed, json_schema_input_type=Role | list[Role])] = Field(
        default=["customer"], validation_alias=AliasChoices("roles", "role")
    )
    name: str = Field(default="", description="Shown name; the login with a capital letter when empty.")
    language: str = "en"
    city: str = Field(default="", description="Home city; the world's city when empty.")


def _login(value: object) -> object:
    return {"login": value} if isinstance(value, str) else value


PersonHere = Annotated[Person, BeforeValidator(_login, json_schema_input_type=str | Person)]  # a login, or more


class VehicleHere(Strict):
    """A vehicle and where it stands: at a named place (plus an offset in metres) or at coordinates."""

    id: Id
    type: VehicleType
    model: str = ""
    place: str = Field(default="", description="Name or id of a place of the city, e.g. Kamppi.")
    offset_m: tuple[float, float] = Field(default=(0, 0), description="Metres north and east of the place.")
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    battery_pct: int = Field(default=80, ge=0, le=100)
    range_km: float | None = Field(default=None, ge=0, description="From the battery when left out.")
    state: str = Field(default="available", description="MDS 2 vehicle state, e.g. available, non_operational.")
    note: str = Field(default="", description="Free text by staff; untrusted, agents must not obey it.")

    @model_validator(mode="after")
    def _stands_somewhere(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise ValueError("give both lat and lon")
        if bool(self.place) == (self.lat is not None):
            raise ValueError("give either place, or lat and lon")
        return self


class Promise(Strict):
    """A reservation that exists when the case begins. The price is computed when left out."""

    id: Id
    who: Login
    vehicle: Id
    state: State = "booked"
    start: When
    end: When | None = None
    until: When | None = Field(
        default=None, description="When an unused promise lapses; from the city's rules when left out."
    )
    price_minor: int | None = None
    fee_minor: int = 0


class Block(Strict):
    """A vehicle kept away from customers (workshop, fleet job)."""

    id: Id = "block_1"
    vehicle: Id
    start: When
    end: When


class NamedPlace(Strict):
    """A place added to the city, or replacing the one with the same id."""

    id: Id
    names: dict[str, str] = Field(min_length=1, description="Language to name.")
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    kind: str = "place"
    aliases: list[str] = []


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) else value


class Fault(Strict):
    """Something that goes wrong: with the model endpoint, or with one tool of the agent."""

    model: bool = Field(default=False, description="true: the model endpoint misbehaves.")
    tool: str | None = Field(default=None, description="Name of the tool that misbehaves.")
    kind: Annotated[FaultKind, BeforeValidator(_as_text, json_schema_input_type=FaultKind | Literal[429, 500])]
    times: int = Field(default=1, ge=1, le=1000, description="How often, then it behaves again.")
    after: int = Field(default=0, ge=0, description="How many calls go well first.")

    @model_validator(mode="after")
    def _one_culprit(self) -> Self:
        if self.model == (self.tool is not None):
            raise ValueError("give either model: true or tool: NAME")
        if self.tool is not None and self.kind not in TOOL_FAULTS:
            raise ValueError(f"a tool cannot fail by {self.kind!r}; choose one of {', '.join(sorted(TOOL_FAULTS))}")
        return self


class World(Strict):
    """A starting state. `extends` names another world; lists are joined, entries with the same id replaced."""

    model_config = also_called({"bookings": "reservations"})

    about: str = ""
    extends: str | None = None
    city: str = ""
    clock: When | None = None
    people: list[PersonHere] = []
    vehicles: list[VehicleHere] = []
    reservations: list[Promise] = Field(default=[], validation_alias=AliasChoices("reservations", "bookings"))
    blocks: list[Block] = []
    places: list[NamedPlace] = []
    faults: list[Fault] = []

    def with_someone(self, login: str) -> "World":
        """This world; when it names nobody, the person who speaks is its only customer."""
        return self if self.people else self.model_copy(update={"people": [Person(login=login)]})

    def over(self, base: "World") -> "World":
        """This world laid over `base`."""
        return World(
            about=self.about or base.about,
            city=self.city or base.city,
            clock=self.clock or base.clock,
            people=_joined(base.people, self.people, "login"),
            vehicles=_joined(base.vehicles, self.vehicles, "id"),
            reservations=_joined(base.reservations, self.reservations, "id"),
            blocks=_joined(base.blocks, self.blocks, "id"),
            places=_joined(base.places, self.places, "id"),
            faults=[*base.faults, *self.faults],
        )


def _joined(first: list[One], second: list[One], key: str) -> list[One]:
    by_key = {getattr(one, key): one for one in [*first, *second]}
    return list(by_key.values())


def _named(value: object) -> object:
    return {"extends": value} if isinstance(value, str) else value


WorldHere = Annotated[
    World, BeforeValidator(_named, json_schema_input_type=str | World)
]  # a world's name, or one inline
