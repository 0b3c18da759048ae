"""What a page may load, and that its sheets and mark are there."""

from nimrod.web.pages.theme import SHEETS, STATIC, content_policy, mark


def test_without_tiles_no_other_host_is_allowed() -> None:
    policy = content_policy("")
    assert "http" not in policy
    assert "default-src 'self'" in policy


def test_tiles_open_the_policy_for_their_host_and_for_images_only() -> None:
    policy = content_policy("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    assert "img-src 'self' data: https://*.tiles.example.org;" in policy
    assert policy.count("tiles.example.org") == 1


def test_no_sheet_and_no_script_of_ours_names_another_host() -> None:
    ours = [*STATIC.glob("*.css"), *STATIC.parent.rglob("*.js")]
    assert {sheet.name for sheet in ours} >= set(SHEETS)
    assert [path.name for path in ours if "://" in path.read_text()] == []
    assert mark().startswith("<svg")
