"""Markdown articles as sections: `## Title {#id}`, other ways to ask in a comment, `$name` for the city's numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from nimrod.domain.shared.city import City
from nimrod.platform.knowledge.fills import ENGLISH, fills_of

_TITLE = re.compile(r"^# (?P<title>.+)$", re.MULTILINE)
_SECTION = re.compile(r"^## (?P<title>.+?) \{#(?P<slug>[a-z0-9-]+)\}$", re.MULTILINE)
_ASKED = re.compile(r"<!-- asked: (?P<asked>.+?) -->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Section:
    """One passage. `section_id` is `<article>.<slug>`; `asked` are other ways to ask, for finding only."""

    section_id: str
    title: str
    text: str
    source: str
    asked: tuple[str, ...] = ()
    language: str = ENGLISH


def read_sections(city: City) -> tuple[Section, ...]:
    """The common articles and those of this city, numbers filled in; raises ValueError for a malformed article."""
    fills = fills_of(city)
    root = files("nimrod.prompts") / "knowledge"
    folders = [root / "common", root / city.city_id]
    found = [section for folder in folders for file in _articles(folder) for section in _sections(file, fills)]
    twice = {one.section_id for one in found if sum(one.section_id == other.section_id for other in found) > 1}
    if twice:
        raise ValueError(f"section ids must be unique: {sorted(twice)}")
    return tuple(found)


def read_translations(city: City, language: str) -> Mapping[str, Section]:
    """The sections that are written in this language too (`parking.fi.md`), by id; none for English."""
    fills = fills_of(city, language)
    root = files("nimrod.prompts") / "knowledge"
    found = [
        replace(section, language=language)
        for folder in (root / "common", root / city.city_id)
        for file in _articles(folder, language)
        for section in _sections(file, fills)
    ]
    return {section.section_id: section for section in found}


def _articles(folder: Traversable, language: str = ENGLISH) -> list[Traversable]:
    """The article files in this language: `parking.md` is English, `parking.fi.md` Finnish."""
    if not folder.is_dir():
        return []
    dots, ending = (1, ".md") if language == ENGLISH else (2, f".{language}.md")
    named = (file for file in folder.iterdir() if file.name.endswith(ending) and file.name.count(".") == dots)
    return sorted(named, key=lambda file: file.name)


def _sections(file: Traversable, fills: Mapping[str, str]) -> list[Section]:
    text = file.read_text(encoding="utf-8")
    article, heading = file.name.partition(".")[0], _TITLE.search(text)
    starts = list(_SECTION.finditer(text))
    if heading is None or not starts or text.count("\n## ") != len(starts):
        raise ValueError(f"{file.name}: expected one '# Title' and sections '## Title {{#id}}'")
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return [
        _section(article, heading["title"], start, text[start.end() : end], fills)
        for start, end in zip(starts, ends, strict=True)
    ]


def _section(article: str, source: str, heading: re.Match[str], body: str, fills: Mapping[str, str]) -> Section:
    section_id = f"{article}.{heading['slug']}"
    asked = [" ".join(part.split()) for found in _ASKED.finditer(body) for part in found["asked"].split("|")]
    try:
        filled = Template(_ASKED.sub("", body)).substitute(fills)
    except (KeyError, ValueError) as wrong:
        raise ValueError(f"{section_id}: no such fill: {wrong}") from None
    return Section(section_id, heading["title"], " ".join(filled.split()), source, tuple(asked))
