"""Two results at the same places beside each other: an official one and ours, or of two emissions."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, hypot, isnan
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import errors
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.spreadsheets import harmless
from goedebuur.services import contours

if TYPE_CHECKING:
    from goedebuur.services.kept_results import Kept
    from goedebuur.services.planes import Plane

CLOSE: Final = 0.05
SHARE: Final = 0.9
"""Implementations of the New National Model agree where this share of the places is this close: the rule by which they
were held beside each other, for the mean of a year and the percentiles 98, 99 and 99.9 of its hours."""
SAME_PLACE: Final = 1.0
"""Apart as far as this two places are one: what is written in whole metres. [m]"""


@dataclass(frozen=True, slots=True)
class Pair:
    """A place with both values.

    Parameters
    ----------
    difference
        The second less the first.
    ratio
        The second over the first; None where the first is nothing.
    """

    id: str
    x: float
    y: float
    first: float
    second: float
    difference: float
    ratio: float | None
    close: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One statistic of both results.

    Parameters
    ----------
    share
        Of the places, that is close; None without any.
    alike
        Whether that share is at least :data:`SHARE`.
    not_told
        Places of both at which one has no value.
    """

    statistic: str
    pairs: tuple[Pair, ...]
    share: float | None
    alike: bool | None
    not_told: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Both results, and how many places only one of them has."""

    first: str
    second: str
    compared: tuple[Compared, ...]
    only_first: int
    only_second: int


def beside(first: Kept, second: Kept, columns: Mapping[str, tuple[str, str]], same: float = SAME_PLACE) -> Beside:
    """Return two results beside each other, place by place.

    Parameters
    ----------
    first
        What is held to, as the official one.
    columns
        Statistic → its column in the first and in the second.
    same
        Apart as far as this two places are one. [m]

    Raises
    ------
    GoedeBuurError
        `input-missing-column` without a statistic that both have; `input-empty` without a place that both have.
    """
    if not columns:
        raise GoedeBuurError(
            errors.MISSING_COLUMN, "The two tables have no column of the same name.",
            place=f"{first.name}, {second.name}", value=", ".join([*first.values, *second.values]),
            hint="Say which go together.",
        )  # fmt: skip
    matched = _matched(first, second, same)
    if not matched:
        raise GoedeBuurError(
            errors.EMPTY_INPUT, "The two tables have no place in common.",
            place=f"{first.name}, {second.name}", value=f"within {same:g} m",
            hint="Are both in metres on the same plane?",
        )  # fmt: skip
    return Beside(
        first.name,
        second.name,
        tuple(_compared(statistic, first, second, names, matched) for statistic, names in columns.items()),
        len(first.places) - len(matched),
        len(second.places) - len(matched),
    )


def same_columns(first: Kept, second: Kept) -> dict[str, tuple[str, str]]:
    """Return the columns that both have, by their name without regard to case."""
    theirs = {name.strip().lower(): name for name in second.values}
    return {
        name.strip().lower(): (name, theirs[name.strip().lower()])
        for name in first.values
        if name.strip().lower() in theirs
    }


def drawn(results: Sequence[tuple[Kept, str]], levels: Sequence[float], plane: Plane, unit: str) -> dict[str, Any]:
    """Return contours of a column of each result as one feature collection, `of` telling whose they are."""
    features = []
    for kept, column in results:
        places, values = kept.ordered()
        found = contours.of(places, values[column], levels)
        features += contours.geojson(found, plane, {"of": kept.name, "statistic": column, "unit": unit})["features"]
    return {"type": "FeatureCollection", "features": features}


def as_csv(found: Beside) -> str:
    """Return both values at each place as a table, without words that a spreadsheet would run."""
    sink = io.StringIO()
    rows = csv.writer(sink, lineterminator="\n")
    rows.writerow(["statistic", "id", "x", "y", harmless(found.first), harmless(found.second), "difference", "ratio"])
    for compared in found.compared:
        for one in compared.pairs:
            told = (one.first, one.second, one.difference, one.ratio)
            place = (harmless(one.id), f"{one.x:.3f}", f"{one.y:.3f}")
            rows.writerow([harmless(compared.statistic), *place, *("" if n is None else f"{n:.8g}" for n in told)])
    return sink.getvalue()


def _matched(first: Kept, second: Kept, same: float) -> list[tuple[int, int]]:
    """Return which places are one, each at most once: the nearest within reach."""
    cells: dict[tuple[int, int], list[int]] = {}
    for number, one in enumerate(second.places):
        cells.setdefault((floor(one.x / same), floor(one.y / same)), []).append(number)
    found, taken = [], set[int]()
    for number, one in enumerate(first.places):
        column, row = floor(one.x / same), floor(one.y / same)
        near = [
            (hypot(one.x - second.places[at].x, one.y - second.places[at].y), at)
            for c in (column - 1, column, column + 1)
            for r in (row - 1, row, row + 1)
            for at in cells.get((c, r), ())
            if at not in taken
        ]
        away, at = min(near, default=(same + 1, -1))
        if away <= same:
            taken.add(at)
            found.append((number, at))
    return found


def _compared(
    statistic: str, first: Kept, second: Kept, names: tuple[str, str], matched: Sequence[tuple[int, int]]
) -> Compared:
    pairs, not_told = [], 0
    for one, other in matched:
        a, b = float(first.values[names[0]][one]), float(second.values[names[1]][other])
        if isnan(a) or isnan(b):
            not_told += 1
            continue
        place, close = first.places[one], abs(b - a) <= CLOSE * abs(a) * (1 + 1e-9)
        pairs.append(Pair(place.id, place.x, place.y, a, b, b - a, b / a if a else None, close))
    share = sum(one.close for one in pairs) / len(pairs) if pairs else None
    return Compared(statistic, tuple(pairs), share, None if share is None else share >= SHARE, not_told)
