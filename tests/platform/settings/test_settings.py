"""Settings: read from the environment, refused by name, documented in one place."""

from pathlib import Path

import pytest

from nimrod.platform.settings import Settings, SettingsRefused, load_settings
from nimrod.platform.settings.document import as_markdown

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of the developer


def test_nothing_set_gives_the_embedded_default() -> None:
    settings = load_settings({})
    assert settings.database("customer").startswith("sqlite:///")
    assert settings.database("customer") != settings.database("platform")
    assert (settings.model_url, settings.events_url) == ("", "")


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("NIMROD_PORT=9001\nNIMROD_HOST=0.0.0.0\n")
    monkeypatch.setenv("NIMROD_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.host) == (9002, "0.0.0.0")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("NIMROD_PORT", "abc", "integer"),
        ("NIMROD_PORT", "70000", "65535"),
        ("NIMROD_MODEL_URL", "ftp://model", "http"),
        ("NIMROD_CUSTOMER_DB", "mysql://x", "postgresql"),
        ("NIMROD_EVENTS_URL", "http://bus", "nats"),
        ("NIMROD_SEED_SCALE", "huge", "metro"),
        ("NIMROD_TURN_TIMEOUT_S", "-1", "greater"),
    ],
)
def test_a_wrong_value_is_refused_with_name_and_reason(
    name: str, value: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused) as refused:
        load_settings()
    assert name in str(refused.value)
    assert reason in str(refused.value)


def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(SettingsRefused, match="did you mean NIMROD_MODEL_URL"):
        load_settings({"NIMROD_MODEL_ULR": "http://x"})


def test_a_misspelt_line_in_the_env_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("NIMROD_PROT=9001\n")
    with pytest.raises(SettingsRefused, match="NIMROD_PROT"):
        load_settings({})


def test_a_remote_model_needs_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIMROD_MODEL_URL", "http://model/v1")
    with pytest.raises(SettingsRefused, match="NIMROD_MODEL: needed"):
        load_settings()


def test_a_secret_does_not_show_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIMROD_MODEL_KEY", "sk-very-secret")
    assert "very-secret" not in repr(load_settings())


def test_the_page_about_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == as_markdown(), "run: nimrod settings > docs/settings.md"


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
