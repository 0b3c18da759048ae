"""A soft outline around points: the shape of a city when no map tiles are at hand."""

from collections.abc import Sequence
from math import cos, radians, sin, tau

LatLon = tuple[float, float]
MARGIN_DEG = 0.008  # about 900 m of land beyond the outermost point
_CORNERS = 12


def outline(points: Sequence[LatLon], *, margin_deg: float = MARGIN_DEG) -> list[LatLon]:
    """The rounded convex outline of the points, `margin_deg` of latitude away from them; empty for no points."""
    if not points:
        return []
    stretch = 1 / max(0.1, cos(radians(points[0][0])))
    around = [
        (lat + margin_deg * sin(tau * corner / _CORNERS), lon + stretch * margin_deg * cos(tau * corner / _CORNERS))
        for lat, lon in points
        for corner in range(_CORNERS)
    ]
    return _hull(around)


def _hull(points: Sequence[LatLon]) -> list[LatLon]:
    """Convex hull, counter-clockwise. Source: A. M. Andrew's monotone chain."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered

    def chain(line: Sequence[LatLon]) -> list[LatLon]:
        kept: list[LatLon] = []
        for point in line:
            while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
                kept.pop()
            kept.append(point)
        return kept[:-1]

    return chain(ordered) + chain(ordered[::-1])


def _turn(a: LatLon, b: LatLon, c: LatLon) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
