"""The shape of a city without tiles."""

from nimrod.domain.shared.geo import Point, inside
from nimrod.web.pages.ride.outline import MARGIN_DEG, outline


def test_every_point_lies_well_inside_the_outline() -> None:
    points = [(60.17, 24.94), (60.20, 24.93), (60.15, 24.92), (60.18, 24.83)]
    ring = [Point(lat, lon) for lat, lon in outline(points)]
    for lat, lon in points:
        assert inside(Point(lat, lon), ring)
        assert inside(Point(lat + MARGIN_DEG * 0.8, lon), ring)


def test_one_point_has_land_around_it_and_none_has_no_land() -> None:
    assert inside(Point(50.08, 14.43), [Point(*corner) for corner in outline([(50.08, 14.43)])])
    assert outline([]) == []
