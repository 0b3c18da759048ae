"""The language of a conversation: the person's own, until they write in another."""

from nimrod.agents.tongues import language_of
from nimrod.platform.cities import load_city
from nimrod.tests.agents.world import World, says


def test_two_words_tell_the_language_and_one_does_not() -> None:
    city = load_city("prague")
    assert language_of("I need a scooter now", "cs", city) == "en"
    assert language_of("Potřebuji koloběžku hned teď", "en", city) == "cs"
    assert language_of("ok", "cs", city) == "cs"
    assert language_of("Karlovo náměstí", "en", city) == "en"


async def test_a_conversation_stays_in_the_language_it_is_written_in(world: World, talk: str) -> None:
    world.script.then(says("Selvä."), says("Selvä."))
    await world.say(talk, "Tarvitsen potkulaudan nyt heti")
    await world.say(talk, "ok")
    assert all('"language": "fi"' in one for one in world.script.instructions)
    assert "Mitä tarvitset" in (await world.say(talk, " "))["reply"]
