"""The articles carry the city's numbers, none typed by hand."""

import re
from pathlib import Path

import pytest

from nimrod.domain.shared.city import City
from nimrod.platform.cities import load_cities, load_city
from nimrod.platform.knowledge import read_sections
from nimrod.platform.knowledge.articles import read_translations
from nimrod.platform.knowledge.fills import fills_of
from nimrod.prompts import __file__ as prompts_file

FOLDER = Path(prompts_file).parent / "knowledge"
FACTS_OF_THE_WORLD = {"18", "112"}  # full age and the European emergency number: no setting of ours


@pytest.mark.parametrize("city_id", sorted(load_cities()))
def test_every_article_renders_for_every_city(city_id: str) -> None:
    sections = read_sections(load_city(city_id))
    assert 25 <= len(sections) <= 60
    assert all("$" not in section.text and "{" not in section.text for section in sections)
    assert all(40 <= len(section.text) <= 1200 for section in sections)


@pytest.mark.parametrize("city_id", sorted(load_cities()))
@pytest.mark.parametrize("language", ["cs", "fi", "sv"])
def test_every_translation_is_of_a_section_and_has_its_numbers(language: str, city_id: str) -> None:
    city = load_city(city_id)
    english = {section.section_id: section for section in read_sections(city)}
    translated = read_translations(city, language)
    assert {"parking.scooter-bike", "howto.unlock", "howto.cancel", "howto.no-show", "prices.how"} <= set(translated)
    for section_id, section in translated.items():
        assert section.text != english[section_id].text
        assert "$" not in section.text
        assert _wanted(section_id, f".{language}") <= _wanted(section_id, ""), section_id


def _wanted(section_id: str, ending: str) -> set[str]:
    article, _, slug = section_id.partition(".")
    text = (FOLDER / "common" / f"{article}{ending}.md").read_text(encoding="utf-8")
    return set(re.findall(r"\$(\w+)", text.partition(f"{{#{slug}}}")[2].partition("\n## ")[0]))


def test_no_article_has_a_number_typed_by_hand() -> None:
    for file in FOLDER.glob("*/*.md"):
        shown = re.sub(r"<!--.*?-->", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert set(re.findall(r"\d+", shown)) <= FACTS_OF_THE_WORLD, file.name


@pytest.mark.parametrize("city_id", sorted(load_cities()))
def test_the_numbers_said_are_those_of_the_city(city_id: str) -> None:
    city: City = load_city(city_id)
    texts = {section.section_id: section.text for section in read_sections(city)}
    fills = fills_of(city)
    assert fills["car_cancel_fee"] in texts["howto.cancel"]
    assert fills["van_no_show"] in texts["howto.no-show"]
    assert fills["scooter_unlock"] in texts["prices.how"]
    assert city.support_phone in texts["help.contact"]
