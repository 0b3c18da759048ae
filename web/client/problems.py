"""What the API says when it says no, as an exception: RFC 9457 problem details."""

from collections.abc import Mapping

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class _Problem(BaseModel):
    """The body of an `application/problem+json` answer."""

    model_config = ConfigDict(extra="ignore")

    code: str = "unexpected"
    title: str = ""
    detail: str = ""
    next_step: str = ""
    facts: dict[str, object] = Field(default_factory=dict)
    request_id: str = ""
    status: int = 500


class ApiProblem(Exception):
    """A refusal or a failure of the API. `code` is stable, `detail` and `next_step` are for people.

    `status` is the HTTP status; 0 when no answer came at all (code `unreachable`).
    """

    def __init__(
        self, code: str, *, status: int, detail: str = "", next_step: str = "",
        facts: Mapping[str, object] | None = None, request_id: str = "",
    ) -> None:  # fmt: skip
        self.code = code
        self.status = status
        self.detail = detail
        self.next_step = next_step
        self.facts = dict(facts or {})
        self.request_id = request_id
        super().__init__(f"{status} {code}: {detail}")

    @classmethod
    def of_body(cls, body: object, *, status: int) -> "ApiProblem":
        """The problem told by a JSON body; a body of another shape gives code `unexpected`."""
        try:
            told = _Problem.model_validate({"status": status, **body} if isinstance(body, dict) else {"status": status})
        except ValidationError:
            told = _Problem(status=status)
        return cls(
            told.code, status=told.status, detail=told.detail or told.title, next_step=told.next_step,
            facts=told.facts, request_id=told.request_id,
        )  # fmt: skip

    @classmethod
    def of_response(cls, response: httpx2.Response) -> "ApiProblem":
        """The problem told by a response whose body was read."""
        try:
            body = response.json()
        except ValueError:
            body = None
        return cls.of_body(body, status=response.status_code)

    @classmethod
    def unreachable(cls, error: httpx2.TransportError) -> "ApiProblem":
        """No answer: the connection failed or took too long."""
        return cls("unreachable", status=0, detail=type(error).__name__)


class SessionEnded(ApiProblem):
    """The person has to sign in again: no tokens, or the refresh token is no longer good."""

    def __init__(self, *, detail: str = "", next_step: str = "") -> None:
        super().__init__("session_ended", status=401, detail=detail, next_step=next_step)
