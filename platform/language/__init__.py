"""Words, money and times as people read them: one catalogue for tools, pages and chat cards."""

from nimrod.platform.language.cards import LineView, ProposalView, proposal_view, said_facts
from nimrod.platform.language.catalogue import LANGUAGES, has, known, say, say_first
from nimrod.platform.language.cleaning import clean
from nimrod.platform.language.formats import clock_time, day, distance, duration, local_iso, moment, money, span
from nimrod.platform.language.refusals import Refusal, explain

__all__ = [
    "LANGUAGES",
    "LineView",
    "ProposalView",
    "Refusal",
    "clean",
    "clock_time",
    "day",
    "distance",
    "duration",
    "explain",
    "has",
    "known",
    "local_iso",
    "moment",
    "money",
    "proposal_view",
    "said_facts",
    "say",
    "say_first",
    "span",
]
