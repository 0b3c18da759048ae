"""Articles through the MCP client."""

from typing import Any


async def test_an_answer_names_its_section(world: Any) -> None:
    found = await world.call("search_knowledge", {"question": "what if I cancel the van too late?"}, on="knowledge")
    assert found["sections"][0]["section_id"] == "howto.cancel"
    assert "€8.00" in found["sections"][0]["text"]
    assert found["sections"][0]["source"] == "How to"


async def test_what_the_articles_do_not_cover_gives_nothing(world: Any) -> None:
    found = await world.call("search_knowledge", {"question": "who won the football world cup"}, on="knowledge")
    assert found["sections"] == []


async def test_the_numbers_are_those_of_the_persons_city(world: Any, people: Any) -> None:
    asked = {"question": "how is the price of a ride calculated"}
    found = await world.call("search_knowledge", asked, on="knowledge", me=people["jana"])
    assert "Kč" in found["sections"][0]["text"]


async def test_a_translated_section_comes_in_the_persons_language_and_any_other_in_english(
    world: Any, people: Any
) -> None:
    helmet = await world.call("search_knowledge", {"question": "musím mít helmu"}, on="knowledge", me=people["jana"])
    assert (helmet["sections"][0]["title"], helmet["sections"][0]["language"]) == ("Helma", "cs")
    data = await world.call("search_knowledge", {"question": "GDPR"}, on="knowledge", me=people["jana"])
    assert (data["sections"][0]["title"], data["sections"][0]["language"]) == ("Your personal data", "en")


async def test_an_empty_question_is_refused(world: Any) -> None:
    refused = await world.call("search_knowledge", {"question": " \u200b "}, on="knowledge")
    assert refused["error"]["code"] == "bad_input"
