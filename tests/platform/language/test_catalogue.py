"""One catalogue: English knows every key, other languages use the same facts, what they lack is said in English."""

from pathlib import Path

import pytest
import yaml

from nimrod.domain.shared import errors
from nimrod.platform.language import LANGUAGES, has, known, say
from nimrod.platform.language import __file__ as package_file
from nimrod.platform.language.catalogue import placeholders, words

FOLDER = Path(package_file).parent / "words"
CHEAP_TO_TRANSLATE = ("title", "status", "state", "done", "line", "vehicle_type", "pattern", "unit")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_has_the_facts_of_its_english_twin(language: str) -> None:
    english = words("en")
    assert set(words(language)) <= set(english)
    for key, text in words(language).items():
        assert placeholders(text) == placeholders(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_customer_sees_first_is_there_in_every_language(language: str) -> None:
    first = {key for key in words("en") if key.split(".")[0] in CHEAP_TO_TRANSLATE and not key.startswith("loses")}
    assert {key for key in first if key not in words(language)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_defined_in_two_files(language: str) -> None:
    seen: dict[str, str] = {}
    for file in sorted(FOLDER.glob(f"**/{language}.yaml")):
        for key in _keys(yaml.safe_load(file.read_text(encoding="utf-8")) or {}):
            assert seen.setdefault(key, str(file)) == str(file), key


def _keys(node: dict[str, object], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in node.items():
        found += _keys(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]
    return found


def test_a_missing_entry_is_said_in_english_and_an_unknown_language_is_english() -> None:
    assert say("fi", "refusal.internal.model_step") == say("en", "refusal.internal.model_step")
    assert say("xx-YY", "state.held") == "held"
    assert known("fi-FI") == "fi"
    assert known("") == "en"


def test_an_unknown_key_or_a_missing_fact_is_a_bug() -> None:
    with pytest.raises(KeyError):
        say("en", "no.such.key")
    with pytest.raises(KeyError):
        say("en", "title.booking", type="car")


def _codes(kind: type[errors.DomainError]) -> set[str]:
    return {kind.code}.union(*(_codes(child) for child in kind.__subclasses__()), set())


def test_every_refusal_of_the_domain_has_words_and_a_next_step() -> None:
    import nimrod.domain.customer.reservations.errors
    import nimrod.domain.shared.proposals
    import nimrod.mcp_servers.errors  # noqa: F401

    kinds = [kind for kind in errors.DomainError.__subclasses__() if kind.__module__.startswith("nimrod.")]
    codes = {code for kind in kinds for code in _codes(kind)}
    assert {code for code in codes if not has(f"refusal.{code}.message")} == set()
    assert {code for code in codes if not has(f"refusal.{code}.next_step")} == set()
