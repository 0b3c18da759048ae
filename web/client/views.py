"""What the API answers, as read-only typed values. Keys this client does not know are ignored."""

from datetime import datetime

from pydantic import AliasChoices, BaseModel, ConfigDict, Field


class View(BaseModel):
    """One answer or a part of it."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Person(View):
    """Who is signed in."""

    id: str = Field(validation_alias=AliasChoices("id", "principal_id", "person_id"))
    name: str = ""
    roles: tuple[str, ...] = ()
    city_id: str = ""
    language: str = "en"


class DemoPerson(View):
    """A seeded person the sign-in page may offer."""

    login: str
    name: str
    role: str = "customer"
    city_id: str = ""


class Demo(View):
    """The seeded people and their common password; empty on a system without demo data."""

    people: tuple[DemoPerson, ...] = ()
    password: str = ""


class Spot(View):
    """A point with a name. WGS 84 degrees."""

    lat: float
    lon: float
    name: str = ""


class PlaceView(Spot):
    """A named place of the city."""

    place_id: str = ""
    kind: str = "place"


class ZoneView(View):
    """An area with a rule: no_parking, no_riding, slow. `ring` is a list of (lat, lon)."""

    zone_id: str
    name: str
    rule: str
    ring: tuple[tuple[float, float], ...]


class TypeView(View):
    """How one vehicle type is reserved. Minutes."""

    mode: str = "hold"
    max_ahead_min: int = 0
    hold_min: int = 0
    min_ride_min: int = 0
    max_ride_min: int = 0


class CityView(View):
    """The person's city."""

    city_id: str
    name: str
    country: str = ""
    currency: str
    time_zone: str
    languages: tuple[str, ...] = ()
    centre: Spot
    support_phone: str = ""
    types: dict[str, TypeView] = Field(default_factory=dict)
    places: tuple[PlaceView, ...] = ()
    zones: tuple[ZoneView, ...] = ()


class VehicleView(View):
    """A vehicle that is free for the time asked."""

    vehicle_id: str
    vehicle_type: str
    model: str = ""
    lat: float
    lon: float
    distance_m: int | None = None
    walk_min: int | None = None
    battery_pct: int = 0
    range_km: float | None = None
    near: str | None = None
    price: str | None = None
    total: str | None = None


class VehiclesView(View):
    """The free vehicles, nearest first; `nothing_because` says why there are none."""

    vehicles: tuple[VehicleView, ...] = ()
    nothing_because: str | None = None


class BayView(Spot):
    """A parking bay."""

    bay_id: str
    charger: bool = False
    vehicle_types: tuple[str, ...] = ()
    capacity: int | None = None
    distance_m: int | None = None


class BaysView(View):
    """The city's bays."""

    bays: tuple[BayView, ...] = ()


class ReservationView(View):
    """One of the person's reservations; times with the city's offset."""

    reservation_id: str
    state: str
    vehicle_id: str
    vehicle_type: str
    model: str = ""
    start: datetime
    end: datetime | None = None
    until: datetime | None = None
    price: str | None = None
    fee: str | None = None
    fee_minor: int | None = None
    near: str | None = None
    lat: float | None = None
    lon: float | None = None


class ReservationsView(View):
    """The person's reservations."""

    reservations: tuple[ReservationView, ...] = ()


class LineView(View):
    """One line of a price."""

    code: str
    text: str
    amount: str
    minor: int = 0


class QuoteView(View):
    """What a ride would cost."""

    vehicle_type: str
    duration_min: int
    lines: tuple[LineView, ...] = ()
    total: str
    total_minor: int
    currency: str


class QuotesView(View):
    """The same ride by every vehicle type, cheapest first."""

    options: tuple[QuoteView, ...] = Field(default=(), validation_alias=AliasChoices("options", "quotes"))


class ProposalView(View):
    """The stored preview of what would happen; only the person's confirmation makes it happen."""

    proposal_id: str
    kind: str
    status: str = "pending"
    title: str = ""
    facts: dict[str, object] = Field(default_factory=dict)
    lines: tuple[LineView, ...] = ()
    total: str | None = None
    total_minor: int | None = None
    currency: str = ""
    loses: tuple[str, ...] = ()
    expires_at: datetime | None = None


class PendingView(View):
    """The person's proposals that wait."""

    pending: tuple[ProposalView, ...] = Field(default=(), validation_alias=AliasChoices("pending", "proposals"))


class OutcomeView(View):
    """What became of a confirmed or declined proposal."""

    proposal_id: str
    kind: str = ""
    status: str
    message: str = ""
    reservation: ReservationView | None = None


class ToolCall(View):
    """A tool the agent used in a turn."""

    name: str
    arguments: dict[str, object] = Field(default_factory=dict)
    result: object = None
    error: object = None


class ConversationView(View):
    """One thread of talk."""

    conversation_id: str = Field(validation_alias=AliasChoices("conversation_id", "conversation", "id"))
    title: str = ""
    updated_at: datetime | None = None


class ConversationsView(View):
    """The person's threads, newest first."""

    conversations: tuple[ConversationView, ...] = ()


class MessageView(View):
    """One line of a history: role user, agent or event."""

    role: str
    text: str
    at: datetime | None = None


class HistoryView(View):
    """A thread: what was said, what waits, whether an answer is being made right now."""

    messages: tuple[MessageView, ...] = ()
    pending: tuple[ProposalView, ...] = ()
    running: bool = False


class Turn(View):
    """The end of one turn of talk."""

    conversation: str
    reply: str = ""
    pending: tuple[ProposalView, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()


class FleetVehicle(View):
    """A vehicle as operations keeps it."""

    vehicle_id: str
    city_id: str = ""
    vehicle_type: str
    model: str = ""
    state: str
    battery_pct: int = 0
    range_km: float | None = None
    lat: float
    lon: float
    note: str = ""


class FleetView(View):
    """The vehicles operations keeps."""

    vehicles: tuple[FleetVehicle, ...] = ()
