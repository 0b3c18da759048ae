"""The library: an index per city in Chroma, built at first use and again whenever an article or a number changes."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from nimrod.domain.shared.city import City
from nimrod.platform.knowledge.articles import Section, read_sections, read_translations
from nimrod.platform.knowledge.embedding import embed, embedder_name
from nimrod.platform.knowledge.wording import WordIndex
from nimrod.platform.language import known

logger = logging.getLogger(__name__)

MEANING_SHARE = 0.6  # of the score; the rest is words
MEANING_ALONE = 0.5  # how far likeness is trusted for a section that shares no word with the question
LEAST_SCORE = 0.3  # below it the best section does not answer the question
BEST_WAY_SHARE = 0.7  # of a section's likeness: its closest way to ask; the rest its next two
NEAR_BEST = 0.6  # further sections must reach this share of the best score
MOST_HITS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that answers, with its score from 0 to 1."""

    section: Section
    score: float


@dataclass(frozen=True)
class _Shelf:
    sections: tuple[Section, ...]
    words: WordIndex
    translations: dict[str, Mapping[str, Section]]  # by language, read when first wanted
    vectors: Any  # a Chroma collection: one entry for each way to ask, and one for the text


@dataclass
class Library:
    """Finds sections for questions. The index lies in `folder`, or in memory when there is none."""

    folder: Path | None = None
    _shelves: dict[str, _Shelf] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _client: Any = None

    def warm_up(self, cities: Iterable[City]) -> None:
        """Open the index of each city now, so that the first question need not wait (seconds; run it in a thread)."""
        for city in cities:
            self.rank("", city=city)

    def search(self, question: str, *, city: City, limit: int = MOST_HITS) -> tuple[Hit, ...]:
        """Sections that answer the question, best first; none when our articles say nothing about it."""
        hits = self.rank(question, city=city)
        if not hits or hits[0].score < LEAST_SCORE:
            return ()
        least = hits[0].score * NEAR_BEST
        return tuple(hit for hit in hits[:limit] if hit.score >= least)

    def in_language(self, section: Section, language: str, *, city: City) -> Section:
        """The section in this language where somebody has translated it, else as it is."""
        translations, tag = self._shelf(city).translations, known(language)
        if tag == section.language:
            return section
        if tag not in translations:
            translations[tag] = read_translations(city, tag)
        return translations[tag].get(section.section_id, section)

    def rank(self, question: str, *, city: City) -> list[Hit]:
        """All sections with their scores, best first."""
        shelf = self._shelf(city)
        by_words = shelf.words.scores(question)
        by_meaning = self._meanings(question, shelf)
        hits = [
            Hit(section, _score(by_meaning.get(section.section_id, 0.0), words))
            for section, words in zip(shelf.sections, by_words, strict=True)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.section.section_id))

    def _meanings(self, question: str, shelf: _Shelf) -> dict[str, float]:
        found = shelf.vectors.query(
            query_embeddings=embed([question]), n_results=shelf.vectors.count(), include=["metadatas", "distances"]
        )
        ways: dict[str, list[float]] = {}
        for meta, distance in zip(found["metadatas"][0], found["distances"][0], strict=True):
            ways.setdefault(meta["section_id"], []).append(1.0 - float(distance))
        return {section_id: _likeness(sorted(each, reverse=True)) for section_id, each in ways.items()}

    def _shelf(self, city: City) -> _Shelf:
        with self._lock:
            if city.city_id not in self._shelves:
                self._shelves[city.city_id] = self._build(city)
            return self._shelves[city.city_id]

    def _build(self, city: City) -> _Shelf:
        from chromadb.errors import ChromaError  # slow to import, so only when something is looked up

        sections = read_sections(city)
        words = WordIndex.over([" ".join((one.title, *one.asked, one.text)) for one in sections])
        try:
            return self._shelve(city, sections, words)
        except (ChromaError, OSError):
            if self.folder is None:
                raise
            logger.warning("the article index in %s cannot be used; it is kept in memory instead", self.folder)
            self.folder, self._client = None, None
            return self._shelve(city, sections, words)

    def _shelve(self, city: City, sections: tuple[Section, ...], words: WordIndex) -> _Shelf:
        client = self._open()
        vectors = _filled(client, city, sections)
        if self.folder is not None:  # in memory other libraries of this process may use what looks old
            _tidy(client, city, vectors.name)
        return _Shelf(sections, words, {}, vectors)

    def _open(self) -> Any:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings

            quiet = Settings(anonymized_telemetry=False)
            if self.folder is None:
                self._client = chromadb.EphemeralClient(settings=quiet)
            else:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._client = chromadb.PersistentClient(str(self.folder), settings=quiet)
        return self._client


def _filled(client: Any, city: City, sections: tuple[Section, ...]) -> Any:
    """The collection of exactly these articles, filled."""
    name = f"articles-{city.city_id}-{_fingerprint(sections)}"
    shelf = client.get_or_create_collection(name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}})
    entries = [(f"{one.section_id}#{i}", one.section_id, text) for one in sections for i, text in _ways(one)]
    if shelf.count() != len(entries):
        shelf.upsert(
            ids=[entry_id for entry_id, _, _ in entries],
            embeddings=embed([text for _, _, text in entries]),
            metadatas=[{"section_id": section_id} for _, section_id, _ in entries],
        )
    return shelf


def _tidy(client: Any, city: City, kept: str) -> None:
    """Remove what earlier articles of the city left behind."""
    for old in client.list_collections():
        if old.name.startswith(f"articles-{city.city_id}-") and old.name != kept:
            client.delete_collection(old.name)


def _score(meaning: float, words: float) -> float:
    trusted = meaning if words else meaning * MEANING_ALONE
    return MEANING_SHARE * trusted + (1 - MEANING_SHARE) * words


def _likeness(ways: list[float]) -> float:
    best, *others = ways
    next_two = others[:2] or [best]
    return max(0.0, BEST_WAY_SHARE * best + (1 - BEST_WAY_SHARE) * sum(next_two) / len(next_two))


def _ways(section: Section) -> list[tuple[int, str]]:
    texts = [section.title, *section.asked, f"{section.title}. {section.text}"]
    return list(enumerate(texts))


def _fingerprint(sections: tuple[Section, ...]) -> str:
    body = "\n".join([embedder_name(), *(repr(section) for section in sections)])
    return hashlib.sha256(body.encode()).hexdigest()[:16]
