"""How long things of accounts last, and when sign-in is locked. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from nimrod.platform.accounts.model import SignInTries

ACCESS_S = 15 * 60
EXCHANGED_S = 5 * 60
GRANT_S = 10 * 60
SESSION_DAYS = 30
FREE_TRIES = 5
FIRST_LOCK_S = 30
LONGEST_LOCK_S = 15 * 60

API_AUDIENCE = "nimrod:api"
MCP_AUDIENCES = frozenset({"mcp:reservations", "mcp:payments", "mcp:knowledge"})
GRANT_AUDIENCES = {"customer": "grant:customer", "operations": "grant:operations"}


def wait_s(tries: SignInTries | None, now: datetime) -> int:
    """Seconds until the next try is allowed; 0 = now."""
    if tries is None or tries.locked_until is None or tries.locked_until <= now:
        return 0
    return ceil((tries.locked_until - now).total_seconds())


def one_more_try(tries: SignInTries, now: datetime) -> SignInTries:
    """The count with one more try on it; from the fifth in a row each one locks for twice as long as the one before."""
    failures = tries.failures + 1
    if failures < FREE_TRIES:
        return replace(tries, failures=failures)
    lock_s = min(LONGEST_LOCK_S, FIRST_LOCK_S * 2 ** min(failures - FREE_TRIES, 10))
    return replace(tries, failures=failures, locked_until=now + timedelta(seconds=lock_s))
