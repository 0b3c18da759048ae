"""What must hold at the end: the databases first, then the trace, then what was said."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from nimrod.evals.form.base import Id, Strict, listed
from nimrod.evals.form.said import SaidHere

Scalar = str | int | float | bool | None


class ReservationFacts(Strict):
    """Fields a reservation must have; a list means one of these. Times are local ISO; people are logins."""

    customer: Scalar | list[Scalar] = None
    vehicle: Scalar | list[Scalar] = None
    vehicle_type: Scalar | list[Scalar] = None
    city: Scalar | list[Scalar] = None
    state: Scalar | list[Scalar] = None
    start: Scalar | list[Scalar] = None
    end: Scalar | list[Scalar] = None
    until: Scalar | list[Scalar] = None
    price_minor: Scalar | list[Scalar] = None
    fee_minor: Scalar | list[Scalar] = None


class ProposalFacts(Strict):
    """Fields a proposal made in this case must have; `facts` and `arguments` are looked into key by key."""

    customer: Scalar | list[Scalar] = None
    kind: Scalar | list[Scalar] = None
    status: Scalar | list[Scalar] = None
    total_minor: Scalar | list[Scalar] = None
    facts: dict[str, Scalar | list[Scalar]] = {}
    arguments: dict[str, Scalar | list[Scalar]] = {}


class HandoverFacts(Strict):
    """A matter given to the staff; `summary` is a regular expression."""

    customer: Scalar | list[Scalar] = None
    summary: str = ""


class StateExpected(Strict):
    """The end state. What is not mentioned must be as it was: no reservation more, none changed."""

    reservations: dict[Id, ReservationFacts] = Field(
        default={}, description="Reservations of the world by id, and what became of them."
    )
    new_reservations: list[ReservationFacts] = Field(default=[], description="Exactly these are new, in any order.")
    proposals: list[ProposalFacts] | None = Field(
        default=None, description="Among the proposals made, these (left out: not looked at)."
    )
    handovers: list[HandoverFacts] | None = Field(
        default=None, description="Exactly these hand-overs (left out: not looked at)."
    )


class CallExpected(Strict):
    """A tool call the agent must have made; arguments not named do not count. Times compare as instants."""

    name: str
    arguments: dict[str, Scalar | list[Scalar]] = {}
    fails: bool | None = Field(
        default=None, description="true: the tool refused; false: it answered; left out: either."
    )


def _named(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Call = Annotated[CallExpected, BeforeValidator(_named, json_schema_input_type=str | CallExpected)]
Calls = Annotated[list[Call], BeforeValidator(listed, json_schema_input_type=Call | list[Call])]
Names = Annotated[list[str], BeforeValidator(listed, json_schema_input_type=str | list[str])]
Counts = Annotated[list[int] | None, BeforeValidator(listed, json_schema_input_type=int | list[int])]
Facts = Annotated[list[SaidHere], BeforeValidator(listed, json_schema_input_type=SaidHere | list[SaidHere])]


class Expect(Strict):
    """What must hold. At least one expectation is needed."""

    state: StateExpected | None = Field(default=None, description="{} means: nothing changed.")
    pending: Counts = Field(
        default=None, description="How many cards wait for the person at the end; a list means one of these."
    )
    calls: Calls = []
    never_called: Names = []
    called_before: list[tuple[str, str]] = Field(
        default=[], description="Pairs: if the second was called, the first came before it."
    )
    says: Facts = Field(default=[], description="Facts that must be in the agent's words.")
    shows: Facts = Field(default=[], description="Facts that must be in the agent's words or on a card.")
    never_says: Facts = Field(default=[], description="What must never be in the agent's words.")
    within_s: float | None = Field(default=None, gt=0, description="The whole talk took at most so long, real seconds.")

    @model_validator(mode="after")
    def _expects_something(self) -> Self:
        lists = (self.calls, self.never_called, self.called_before, self.says, self.shows, self.never_says)
        if self.state is None and self.pending is None and not any(lists):
            raise ValueError("no expectation at all: say what must hold (state, pending, calls, says, ...)")
        return self
