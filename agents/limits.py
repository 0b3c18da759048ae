"""Budgets of an agent's turn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Budgets of one message and its answer; what is over ends in a plain answer.

    `same_call`: the how-manieth identical tool call ends the turn; `rounds`: how often one message may go back to the
    model (a confirmation refused by the server); `history_chars` bounds the older messages the model is shown.
    """

    model_calls: int = 12
    tool_calls: int = 16
    tokens: int = 120_000
    same_call: int = 3
    rounds: int = 4
    text_chars: int = 4_000
    history_chars: int = 30_000


USUAL = Limits()
