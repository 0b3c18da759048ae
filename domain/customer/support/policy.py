"""Rules of asking for a person."""

from nimrod.domain.shared.errors import BadInput, NotAllowed
from nimrod.domain.shared.principal import Principal, Role

LONGEST_SUMMARY = 2000
STAFF: tuple[Role, ...] = ("field_operator", "fleet_manager", "administrator")


def clean_summary(summary: str) -> str:
    """The summary without outer blanks and control characters; raises BadInput when empty or too long."""
    kept = "".join(char for char in summary if char.isprintable() or char == "\n").strip()
    if not kept:
        raise BadInput(field="summary", reason="empty")
    if len(kept) > LONGEST_SUMMARY:
        raise BadInput(field="summary", reason="too_long", length=len(kept), most=LONGEST_SUMMARY)
    return kept


def check_staff(me: Principal) -> None:
    """Raises NotAllowed unless the person may read handovers."""
    if not me.has(*STAFF):
        raise NotAllowed(needs=list(STAFF), roles=sorted(me.roles))
