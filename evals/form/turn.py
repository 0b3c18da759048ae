"""What happens in a case, step by step: the person speaks, presses a button, waits; the world moves on."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from nimrod.evals.form.base import Id, Login, Span, Strict, When
from nimrod.evals.form.world import Block, Fault, Promise, VehicleHere

Which = Literal["last", "first", "all"] | int | str
ACTIONS = ("say", "confirm", "decline", "advance", "until", "as_", "restart", "meanwhile", "faults")


class Meanwhile(Strict):
    """What others did in the meantime."""

    reservations: list[Promise] = Field(
        default=[], description="Reservations that came to be (the vehicle is promised away)."
    )
    blocks: list[Block] = []
    vehicles: list[VehicleHere] = Field(
        default=[], description="Vehicles that moved or changed state; the id must exist."
    )
    cancelled: list[Id] = Field(default=[], description="Reservations that ended by someone else's hand.")


class Turn(Strict):
    """One step. Exactly one action; a bare string is something said."""

    say: str | None = Field(default=None, description="The person writes this.")
    position: tuple[float, float] | None = Field(
        default=None, description="Where the person is: lat, lon. Only with say."
    )
    confirm: Which | None = Field(
        default=None, description="Press Confirm on a card: last, first, all, a number (0 is the first) or an id."
    )
    decline: Which | None = Field(default=None, description="Press Decline on a card; chosen as with confirm.")
    times: int = Field(default=1, ge=1, le=50, description="Press the button this often. Only with confirm or decline.")
    together: bool = Field(default=False, description="All presses at the same time instead of one after another.")
    advance: Span | None = Field(default=None, description="Let this much time pass, e.g. 30m.")
    until: When | None = Field(default=None, description="Let time pass until then.")
    as_: Login | None = Field(
        default=None, alias="as", description="Another person takes over, in a conversation of their own."
    )
    same_conversation: bool = Field(
        default=False, description="With as: the other person tries to use the conversation at hand."
    )
    restart: bool | None = Field(
        default=None, description="true: the service stops and starts again on the same databases."
    )
    meanwhile: Meanwhile | None = None
    faults: list[Fault] | None = Field(default=None, description="From here on these go wrong.")

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        used = [name.rstrip("_") for name in ACTIONS if getattr(self, name) is not None]
        if len(used) != 1:
            wanted = ", ".join(name.rstrip("_") for name in ACTIONS)
            raise ValueError(f"exactly one of {wanted} is needed, found {', '.join(used) or 'none'}")
        if self.position is not None and self.say is None:
            raise ValueError("position goes only with say")
        if (self.times > 1 or self.together) and self.confirm is None and self.decline is None:
            raise ValueError("times and together go only with confirm or decline")
        if self.same_conversation and self.as_ is None:
            raise ValueError("same_conversation goes only with as")
        return self

    @property
    def action(self) -> str:
        """The one action of this step, e.g. `say`."""
        return next(name.rstrip("_") for name in ACTIONS if getattr(self, name) is not None)


def _spoken(value: object) -> object:
    return {"say": value} if isinstance(value, str) else value


TurnHere = Annotated[Turn, BeforeValidator(_spoken, json_schema_input_type=str | Turn)]
