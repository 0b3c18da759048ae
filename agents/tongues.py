"""Which language a conversation is in: the person's own, until they write in another."""

from nimrod.agents.local_model.understanding.language import language_of as tongue_of
from nimrod.domain.shared.city import City

FEWEST_WORDS = 2  # a single "ok" or a street name says nothing about a language


def language_of(text: str, usual: str, city: City) -> str:
    """The language of the words, or `usual` when they do not tell."""
    if len(text.split()) < FEWEST_WORDS:
        return usual
    names = tuple(name for place in city.places for name in place.names.values())
    return tongue_of(text[:400], usual, names).speaks
