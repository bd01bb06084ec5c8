"""Facilities whose coordinates moved between years, or cannot be right: how far, in which years, and which is doubted.

Nothing is corrected here: a person looks and decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from statistics import median
from typing import Final

from goedebuur.core.base.distances import distance
from goedebuur.core.sites.reported import Facility, Report

MOVED: Final = 0.05
"""Positions further apart than this are two. [km] Ours: less than the 100 m that the Dutch datum lies off."""
DATUM_FIT: Final = 0.015
"""How near a difference has to be to that between the datums to be called that. [km] Ours."""
LAND: Final = (50.75, 3.2, 53.7, 7.3)
"""Box around the land of the Netherlands: south, west, north, east. [°]"""
FROM_CITY: Final = 25.0
"""Further than this from the middle of all others with the same place name is doubted. [km] Ours."""
NEIGHBOURS: Final = 3
"""How many others with the same place name it takes to know where that is."""
DOUBTS: Final = ("not_a_number", "swapped", "outside", "far_from_city", "came_back", "datum")


@dataclass(frozen=True, slots=True)
class Position:
    """One place of a facility with the years that report it, within :data:`MOVED` of each other.

    Parameters
    ----------
    latitude, longitude
        As reported in the first of its years. [°]
    years
        Ascending.
    doubts
        Why it is likely wrong, some of :data:`DOUBTS`; empty where nothing says so.
    """

    latitude: str
    longitude: str
    years: tuple[int, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A facility with more than one position, or with one that is doubted.

    Parameters
    ----------
    distance
        Between the two of its positions that lie furthest apart; 0 where there is one. [km]
    """

    facility: str
    positions: tuple[Position, ...]
    distance: float


def moved(facilities: Sequence[Facility]) -> list[Move]:
    """Return the facilities that moved or whose position is doubted, the furthest first."""
    middles = _city_middles(facilities)
    found = [move for one in facilities if (move := _move(one, middles)) is not None]
    return sorted(found, key=lambda move: (-move.distance, move.facility))


def _move(facility: Facility, middles: dict[str, list[tuple[str, float, float]]]) -> Move | None:
    groups = _groups(facility.reports)
    firsts = [group[0] for group in groups]
    known = [one.position for one in firsts if all(map(isfinite, one.position))]
    positions = tuple(
        Position(
            one.latitude,
            one.longitude,
            tuple(sorted({report.year for report in group})),
            _doubts(one, group, groups, middles),
        )
        for one, group in zip(firsts, groups, strict=True)
    )
    if len(positions) < 2 and not any(one.doubts for one in positions):
        return None
    return Move(facility.id, positions, max((distance(*a, *b) for a, b in combinations(known, 2)), default=0.0))


def _groups(reports: Sequence[Report]) -> list[list[Report]]:
    """Return the reports by position: each joins the first group of which any position is near."""
    groups: list[list[Report]] = []
    for report in reports:
        near = [group for group in groups if any(_near(report, other) for other in group)]
        if not near:
            groups.append([report])
            continue
        near[0].append(report)
        for group in near[1:]:
            near[0].extend(group)
            groups.remove(group)
    return sorted((sorted(group, key=lambda one: one.year) for group in groups), key=lambda group: group[0].year)


def _near(a: Report, b: Report) -> bool:
    far = distance(*a.position, *b.position)
    return far <= MOVED if isfinite(far) else (a.latitude, a.longitude) == (b.latitude, b.longitude)


def _doubts(
    one: Report,
    group: Sequence[Report],
    groups: Sequence[Sequence[Report]],
    middles: dict[str, list[tuple[str, float, float]]],
) -> tuple[str, ...]:
    latitude, longitude = one.position
    if not (isfinite(latitude) and isfinite(longitude)):
        return ("not_a_number",)
    found = []
    if not _on_land(latitude, longitude):
        found.append("swapped" if _on_land(longitude, latitude) else "outside")
    others = [place for place in middles.get(_city(one), ()) if place[0] != one.facility]
    if not found and len(others) >= NEIGHBOURS:
        middle = median(place[1] for place in others), median(place[2] for place in others)
        if distance(latitude, longitude, *middle) > FROM_CITY:
            found.append("far_from_city")
    if _came_back(group, groups):
        found.append("came_back")
    if any(_by_datum(one, other[0]) or _by_datum(other[0], one) for other in groups if other is not group):
        found.append("datum")
    return tuple(found)


def _by_datum(dutch: Report, world: Report) -> bool:
    """Return whether a position taken as one on the Dutch datum is the other in WGS84.

    Then a conversion went missing or was done twice; which of the two is right does not follow from the numbers.
    """
    return distance(*to_wgs84(*dutch.position), *world.position) <= DATUM_FIT


def to_wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """Return in WGS84 what is a position on the Dutch datum (Amersfoort, Bessel 1841). [°]

    Whoever takes latitude and longitude of the Dutch datum for those of WGS84 is about 100 m off.

    References
    ----------
    strang-van-hees-1997, Globale en lokale geodetische systemen, Nederlandse Commissie voor Geodesie 30: transformation
    of geographical coordinates, within about a metre in the Netherlands
    """
    north, east = latitude - 52.0, longitude - 5.0
    return (
        latitude + (-96.862 - 11.714 * north - 0.125 * east) * 1e-5,
        longitude + (-37.902 + 0.329 * north - 14.667 * east) * 1e-5,
    )


def _came_back(group: Sequence[Report], groups: Sequence[Sequence[Report]]) -> bool:
    """Return whether one other position holds in years both before and after all of these, and in more of them."""
    first, last = group[0].year, group[-1].year
    return any(
        other is not group and other[0].year < first and last < other[-1].year and len(other) > len(group)
        for other in groups
    )


def _on_land(latitude: float, longitude: float) -> bool:
    south, west, north, east = LAND
    return south <= latitude <= north and west <= longitude <= east


def _city(report: Report) -> str:
    return report.city.strip().casefold()


def _city_middles(facilities: Sequence[Facility]) -> dict[str, list[tuple[str, float, float]]]:
    found: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for one in facilities:
        if _city(one.latest) and all(map(isfinite, one.latest.position)):
            found[_city(one.latest)].append((one.id, *one.latest.position))
    return found
