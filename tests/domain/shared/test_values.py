"""Points, areas and money."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimrod.domain.shared.geo import Point, distance_m, inside
from nimrod.domain.shared.money import Money

POINTS = st.builds(Point, st.floats(-89, 89), st.floats(-179, 179))
SQUARE = (Point(60.0, 24.0), Point(60.0, 25.0), Point(61.0, 25.0), Point(61.0, 24.0))


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert distance_m(Point(60, 25), Point(61, 25)) == pytest.approx(111_195, abs=1)


@given(POINTS, POINTS)
def test_there_is_as_far_as_back(one: Point, other: Point) -> None:
    assert distance_m(one, other) == pytest.approx(distance_m(other, one))
    assert distance_m(one, one) == 0


@given(st.floats(59.5, 61.5), st.floats(23.5, 25.5))
def test_a_point_is_inside_a_square_exactly_when_both_coordinates_are(lat: float, lon: float) -> None:
    if {lat, lon} & {60.0, 61.0, 24.0, 25.0}:
        return
    assert inside(Point(lat, lon), SQUARE) == (60 < lat < 61 and 24 < lon < 25)


def test_money_adds_only_in_its_own_currency() -> None:
    assert Money(450, "EUR") - Money(500, "EUR") + Money(10, "EUR") == Money(-40, "EUR")
    with pytest.raises(ValueError, match="cannot join EUR with CZK"):
        Money(1, "EUR") + Money(1, "CZK")
