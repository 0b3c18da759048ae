"""Who asks a customer route, in which language, under which idempotency key."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from nimrod.domain.shared.principal import Principal
from nimrod.web import access
from nimrod.web.customer.counter import language_of

LONGEST_KEY = 100


@dataclass(frozen=True, slots=True)
class CustomerAsking:
    """A customer at a route; `token` is their own session's, `key` the caller's idempotency key."""

    me: Principal
    token: str
    language: str
    key: str | None


def _asking(
    asking: access.Customer,
    accept_language: Annotated[str, Header(max_length=200)] = "",
    idempotency_key: Annotated[str | None, Header(max_length=LONGEST_KEY)] = None,
) -> CustomerAsking:
    return CustomerAsking(asking.me, asking.token, language_of(asking.me, accept_language), idempotency_key)


Customer = Annotated[CustomerAsking, Depends(_asking)]
