"""Passwords: argon2id, and the same work whether or not the person exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Source: OWASP password storage cheat sheet, argon2id with 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; with None (nobody there) the same work is done and the answer is no."""
    try:
        fits = _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return fits and password_hash is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
