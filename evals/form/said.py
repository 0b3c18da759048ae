"""A fact that must (or must never) reach the person, in whatever words."""

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from nimrod.domain.shared.city import VehicleType
from nimrod.evals.form.base import Strict, When

MATCHERS = ("text", "any", "all", "regex", "amount", "time", "date", "quote")


class QuoteOf(Strict):
    """The price of a ride, worked out by the city's tariff."""

    vehicle_type: VehicleType
    minutes: int = Field(ge=1)
    start: When | None = Field(default=None, description="The world's clock when left out.")


class Said(Strict):
    """One fact. Exactly one matcher; case, spacing and Markdown marks do not count."""

    text: str = Field(default="", description="These words, anywhere in the reply.")
    any: list["SaidHere"] = Field(default=[], description="One of these is enough.")
    all: list["SaidHere"] = Field(default=[], description="All of these.")
    regex: str = Field(default="", description="Python regular expression, searched without regard to case.")
    amount: int | None = Field(
        default=None, description="Money in minor units of the city's currency: 1250 is 12.50, 12,50, € 12.50."
    )
    time: str = Field(
        default="", pattern=r"^(\d\d:\d\d)?$", description="Time of day: 13:00 is also 1 pm, 1:00 p.m., klo 13.00."
    )
    date: str = Field(
        default="",
        pattern=r"^(\d{4}-\d\d-\d\d)?$",
        description="Day: also its weekday or 'tomorrow' when that is meant.",
    )
    quote: QuoteOf | None = None
    turn: int | None = Field(
        default=None, ge=1, description="Only in the reply to this turn of `user` (1 is the first)."
    )

    @model_validator(mode="after")
    def _one_matcher(self) -> Self:
        used = [name for name in MATCHERS if getattr(self, name) not in ("", [], None)]
        if len(used) != 1:
            raise ValueError(f"exactly one of {', '.join(MATCHERS)} is needed, found {', '.join(used) or 'none'}")
        if self.regex:
            _compiles(self.regex)
        return self


def _compiles(pattern: str) -> None:
    import re

    try:
        re.compile(pattern)
    except re.error as wrong:
        raise ValueError(f"bad regular expression: {wrong}") from wrong


def _short(value: object) -> object:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return {"text": str(value)}
    if isinstance(value, list):
        return {"any": value}
    return value


SaidHere = Annotated[Said, BeforeValidator(_short, json_schema_input_type=str | list[str] | Said)]
Said.model_rebuild()
