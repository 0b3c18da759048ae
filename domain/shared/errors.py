"""Refusals: the domain gives facts, each edge puts them into words once."""


class DomainError(Exception):
    """An expected refusal: a stable `code` and plain `facts`."""

    code = "refused"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(f"{self.code}: {facts}")


class NotFound(DomainError):
    """Nothing with this id that the asking person may see."""

    code = "not_found"


class NotAllowed(DomainError):
    """The person is known, but this is not theirs to do."""

    code = "not_allowed"


class BadInput(DomainError):
    """A value that cannot be meant; `facts` name the field and what is wrong."""

    code = "bad_input"


class KeyReused(DomainError):
    """An idempotency key came back with another request behind it."""

    code = "key_reused"


class Busy(DomainError):
    """Others were writing the same rows; nothing was written and the same request may be sent again."""

    code = "busy"
