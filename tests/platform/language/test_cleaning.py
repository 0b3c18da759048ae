"""Text from the world is made safe to show."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimrod.platform.language import clean


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("  two \n\t lines ", "two lines"),
        ("nul\x00l", "null"),
        ("zero\u200bwidth\u2060", "zerowidth"),
        ("\u202eright to left\u202c", "right to left"),
        ("tag\U000e0041\U000e0042", "tag"),
        ("select\ufe0f\U000e0101", "select"),
        ("filler\u3164\u115f", "filler"),
        ("cafe\u0301", "café"),
        ("za\u0335\u0336\u0337\u0338lgo", "za\u0335\u0336lgo"),
        ("Länsisatama 🚲", "Länsisatama 🚲"),
        ("\ud800", ""),
    ],
)
def test_only_what_a_reader_can_see_is_left(raw: str, shown: str) -> None:
    assert clean(raw, 50) == shown


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert clean("x" * 100_000, 10) == "x" * 9 + "…"


@given(st.text(max_size=400), st.integers(min_value=1, max_value=80))
def test_the_result_is_short_and_visible_and_stays_as_it_is(raw: str, limit: int) -> None:
    shown = clean(raw, limit)
    assert len(shown) <= limit
    assert all(unicodedata.category(character)[0] != "C" for character in shown)
    assert clean(shown, limit) == shown
