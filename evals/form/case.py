"""A case: who says what in which world, what must hold at the end, and one right way to get there."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from nimrod.evals.form.base import Login, Strict, listed
from nimrod.evals.form.expect import Expect
from nimrod.evals.form.turn import Turn, TurnHere
from nimrod.evals.form.world import WorldHere

WORDS = ("say", "confirm", "decline")  # gold steps that are no tool calls
Step = dict[str, object]


def _per_turn(value: object) -> object:
    """A flat list of steps is the answer to the only (or the first) thing said."""
    return [value] if isinstance(value, list) and value and all(isinstance(one, dict) for one in value) else value


Gold = Annotated[list[list[Step]], BeforeValidator(_per_turn, json_schema_input_type=list[Step] | list[list[Step]])]


class Case(Strict):
    """One case of an agent."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,79}$")] = Field(
        description="Unique over all files read together."
    )
    source: Annotated[list[str], BeforeValidator(listed, json_schema_input_type=str | list[str])] = Field(
        min_length=1, description="Requirement ids, e.g. RES-06."
    )
    split: Literal["dev", "held_out"] = Field(default="dev", description="Nobody tunes anything on held_out.")
    harm: Literal["low", "medium", "high"] = Field(
        default="low", description="What a wrong answer costs; every high case must pass."
    )
    tags: Annotated[list[str], BeforeValidator(listed, json_schema_input_type=str | list[str])] = []
    agent: str = "booking"
    world: WorldHere
    as_: Login = Field("mia", alias="as", description="Whose session it is.")
    user: Annotated[list[TurnHere], BeforeValidator(listed, json_schema_input_type=TurnHere | list[TurnHere])] = Field(
        min_length=1, description="What is said and done, step by step."
    )
    expect: Expect
    gold: Gold = Field(default=[], description="Per thing said: the tool calls of a right answer, and what it says.")

    @field_validator("gold")
    @classmethod
    def _one_key_a_step(cls, value: list[list[Step]]) -> list[list[Step]]:
        for step in (step for turn in value for step in turn):
            if len(step) != 1:
                raise ValueError(f"a gold step has one key (a tool, or {', '.join(WORDS)}), found {sorted(step)}")
        return value

    @model_validator(mode="after")
    def _gold_fits(self) -> Self:
        said = len(self.said)
        if len(self.gold) > said:
            raise ValueError(f"gold answers {len(self.gold)} turns, but {said} are said")
        late = [
            f.turn
            for f in [*self.expect.says, *self.expect.shows, *self.expect.never_says]
            if (f.turn or 0) > len(self.user)
        ]
        if late:
            raise ValueError(f"turn {late[0]} does not exist, user has {len(self.user)} turns")
        return self

    @property
    def said(self) -> list[Turn]:
        """The turns in which the person writes."""
        return [turn for turn in self.user if turn.say is not None]

    @property
    def breaks_the_model(self) -> bool:
        """Whether the model endpoint is made to misbehave."""
        faults = [*self.world.faults, *(fault for turn in self.user for fault in turn.faults or [])]
        return any(fault.model for fault in faults)
