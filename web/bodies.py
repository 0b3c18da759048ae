"""What request bodies and queries have in common: a field nobody knows is refused, not ignored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Time = Annotated[str, StringConstraints(max_length=40)]
"""`2026-11-23T09:00` in the city, or with an offset."""


class Body(BaseModel):
    """The base of every request body and query."""

    model_config = ConfigDict(extra="forbid")
