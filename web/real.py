"""Time and names as they really are; tests and evals bring their own."""

import secrets
from datetime import UTC, datetime

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # none that is mistaken for another when read aloud
ID_LETTERS = 10


def utc_now() -> datetime:
    """The present, aware UTC."""
    return datetime.now(UTC)


def random_id(prefix: str) -> str:
    """A fresh id such as `rsv_7k2m9qx4rt`; 30^10 of each kind, not to be guessed."""
    return f"{prefix}_{''.join(secrets.choice(LETTERS) for _ in range(ID_LETTERS))}"
