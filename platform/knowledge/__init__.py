"""Our articles, found by meaning and by words, with the city's own numbers in them."""

from nimrod.platform.knowledge.articles import Section, read_sections
from nimrod.platform.knowledge.library import Hit, Library

__all__ = ["Hit", "Library", "Section", "read_sections"]
