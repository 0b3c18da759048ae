"""What request bodies and queries have in common: a field nobody knows is refused, not ignored."""

from typing import Annotated

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, StringConstraints

from nimrod.domain.shared.errors import BadInput

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$")]
Time = Annotated[str, StringConstraints(max_length=40)]
"""`2026-11-23T09:00` in the city, or with an offset."""


class Body(BaseModel):
    """The base of every request body and query."""

    model_config = ConfigDict(extra="forbid")


def known_query(request: Request) -> None:
    """Raises BadInput for a query parameter the route does not have; a misspelt filter must not look like an answer."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = _query_names(route.dependant)
    strange = next((name for name in request.query_params if name not in known), None)
    if strange is not None:
        raise BadInput(field=strange, reason="unknown_query", allowed=", ".join(sorted(known)) or "none")


def _query_names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_query_names(inner) for inner in dependant.dependencies))
