"""What accounts can refuse."""

from nimrod.domain.shared.errors import DomainError


class SignInRefused(DomainError):
    """Unknown login or wrong password; which of the two is not said."""

    code = "sign_in_refused"


class LockedOut(DomainError):
    """Too many wrong passwords in a row; facts: wait_s."""

    code = "locked_out"


class TokenRefused(DomainError):
    """Not a token of ours, not for this audience, or too late; facts: reason."""

    code = "token_refused"


class AccountsUnreachable(DomainError):
    """The platform system does not answer; what needs it must wait."""

    code = "accounts_unreachable"
