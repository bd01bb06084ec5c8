"""Results of another model beside a dispersion study: the official one, as a table with x and y in RD New and a value.

They are public as the study is, and named by who brings them, of whom the authority is kept and no person. Nothing is
reckoned with them: they are held against what came of the study last, and drawn at its levels, whenever that is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.services import (
    dispersion_grids,
    dispersion_outcome,
    kept_results,
    level_lines,
    planes,
    result_comparison,
    triangles,
)
from goedebuur.services.dispersion_grids import Grid
from goedebuur.services.dispersion_outcome import Outcome
from goedebuur.services.dispersion_sources import Receptor
from goedebuur.services.dispersion_study import BAD_STUDY, Study
from goedebuur.store.studies import Studies

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats

TOO_MANY: Final = declare("dispersion-imports", "Results of another model do not fit beside a dispersion study.")
NONE: Final = declare("dispersion-no-import", "There are no such results beside the dispersion study.")
MOST: Final = 5
"""Results beside one study."""
MOST_PLACES: Final = 50_000
MOST_SCATTERED: Final = 10_000
"""Places in rows and columns, and places without: at their worst, with a line around every place, both are drawn within
two seconds."""
FULL: Final = "There are as many results beside this study as there can be."
SAME: Final = "The same table stands beside this study already."
SHAPE: Final = "The table has another number of places or columns than can be drawn."
NOWHERE: Final = "None of the places of the table is where the study says something."
"""Why results do not fit."""
LARGEST: Final = 20 * 2**20
"""Table that is taken, unpacked. [byte]"""
LONGEST: Final = 80
"""Of the name of a model. [character]"""
LONGEST_WHY: Final = 200
"""Of why results are withdrawn. [character]"""
PREFIX: Final = "imported-"
EMPTY: Final = {"type": "FeatureCollection", "features": []}


@dataclass(frozen=True, slots=True)
class Imported:
    """Results of another model.

    Parameters
    ----------
    name
        Of the model and its run, as who brought it names it.
    statistic
        Of the study, beside which it stands.
    places, without, outside
        How many there are; how many of them have no value; and how many have one and lie outside the square, or where
        ours says nothing.
    mean, ours
        Means over the places that both have. [µg m⁻³]
    share
        Of these, where ours is within :data:`result_comparison.CLOSE` of it.
    highest
        [µg m⁻³]
    digest
        SHA-256 of the file.
    drawn
        Areas above the levels of then, of what an earlier version kept; empty since.
    x, y, values
        Places in RD New [m], and what they have; None for no value. Ours is read anew at them. An earlier version kept
        none: there the numbers are those of then.
    by, withdrawn_by
        The authorities that brought and that withdrew them, by identifier; empty in what an earlier version kept.
    withdrawn, why
        When they were withdrawn, and for what reason; then they have no values, and are drawn no more.
    """

    name: str
    statistic: str
    file: str
    digest: str
    brought: str
    places: int
    outside: int
    mean: float | None
    ours: float | None
    share: float | None
    highest: float
    drawn: Mapping[str, Any] = field(default_factory=dict)
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    values: tuple[float | None, ...] = ()
    withdrawn: str = ""
    why: str = ""
    without: int = 0
    by: str = ""
    withdrawn_by: str = ""

    @property
    def held(self) -> bool:
        """Return whether the numbers are those of what came of the study last, and not of an earlier version."""
        return bool(self.x)


@dataclass(frozen=True, slots=True)
class Lines:
    """How results are drawn: GeoJSON with a feature a level.

    Parameters
    ----------
    cut, hidden
        Whether what is above a level goes on past the edge of the table, or borders on places without a value in it.
    """

    levels: tuple[float, ...]
    geojson: bytes
    cut: bool
    hidden: bool


def put(
    studies: Studies, study: Study, statistic: str, name: str, table: tuple[bytes, str], now: datetime, *, by: str
) -> Imported:
    """Return results of another model, after keeping them beside a study that is ready.

    Parameters
    ----------
    table
        CSV with x and y in RD New [m] and one column with values, and its name.
    by
        The authority that brings them, by identifier.

    Raises
    ------
    GoedeBuurError
        `dispersion-not-done`; `dispersion-imports` for more than :data:`MOST`, the same table twice, more places than
        :data:`MOST_PLACES` or :data:`MOST_SCATTERED`, or none where both say something; `dispersion-study` without a
        name or for a statistic that the study has not; `input-empty` for places that have no area between them; and
        those of `kept_results.read_results`.
    """
    outcome = dispersion_outcome.read(studies, study.id)
    digest = sha256(table[0])
    _require(studies, study, statistic, name, digest)
    layout, theirs = _read(table)
    places = layout.places if isinstance(layout, Grid) else layout
    asked = Imported(
        name=name.strip(),
        statistic=statistic,
        file=table[1][:LONGEST],
        digest=digest,
        brought=iso(now),
        places=len(places),
        outside=len(places),
        mean=None,
        ours=None,
        share=None,
        highest=max((float(one) for one in theirs if isfinite(one)), default=0.0),
        x=tuple(one.x for one in places),
        y=tuple(one.y for one in places),
        values=tuple(float(one) if isfinite(one) else None for one in theirs),
        by=by,
    )
    found = _held(study, outcome, asked)
    if found.outside + found.without == found.places:
        raise GoedeBuurError(
            TOO_MANY,
            NOWHERE,
            place=table[1],
            value=f"{found.places} places, {found.without} without a value",
            hint="x and y are RD New, in metres. Is it of the same area?",
        )
    studies.put(study.id, _file(found), msgspec.json.encode(found))
    return found


def _read(table: tuple[bytes, str]) -> tuple[Grid | tuple[Receptor, ...], Floats]:
    """Return places of a table, and their values, that can be drawn whatever the levels are."""
    kept = kept_results.read_results(*table, plane=planes.RD, largest=LARGEST, most=MOST_PLACES + 1)
    layout, ordered = kept.ordered()
    most = MOST_PLACES if isinstance(layout, Grid) else MOST_SCATTERED
    if len(kept.places) > most or len(kept.values) != 1:
        raise GoedeBuurError(
            TOO_MANY,
            SHAPE,
            place=table[1],
            value=f"{len(kept.places)} places or more, columns {', '.join(kept.values)}",
            hint=f"Give x, y and one column with values, for at most {MOST_PLACES} places where these are all those of "
            f"rows and columns, and at most {MOST_SCATTERED} where not.",
        )
    (theirs,) = ordered.values()
    if not isinstance(layout, Grid):
        triangles.of(layout, theirs)
    return layout, theirs


def lines(one: Imported, outcome: Outcome) -> Lines:
    """Return how results are drawn at the levels that the study has now.

    What an earlier version kept without places is drawn as it was then: at the levels of then, closed along the edge.
    """
    if not one.held:
        features = one.drawn.get("features", ())
        levels = tuple(sorted({float(told["properties"]["level"]) for told in features}))
        return Lines(levels, msgspec.json.encode(one.drawn or EMPTY), *_ends(features))
    return _lines(one.x, one.y, one.values, outcome.drawn[one.statistic].levels)


@lru_cache(maxsize=8)
def _lines(
    x: tuple[float, ...], y: tuple[float, ...], values: tuple[float | None, ...], levels: tuple[float, ...]
) -> Lines:
    """Return lines at levels; kept for the next who looks, since a large table takes a second."""
    import numpy as np

    if not levels:
        return Lines((), msgspec.json.encode(EMPTY), cut=False, hidden=False)
    places = tuple(Receptor(str(number), *at) for number, at in enumerate(zip(x, y, strict=True)))
    layout, ordered = kept_results.Kept("", places, {"": np.array(values, np.float64)}).ordered()
    try:
        found = level_lines.of(layout, ordered[""], levels)
    except GoedeBuurError:
        # an earlier version took places on one line where the study had no levels
        return Lines(levels, msgspec.json.encode(EMPTY), cut=False, hidden=False)
    drawn = level_lines.geojson(found, planes.RD)
    return Lines(levels, msgspec.json.encode(drawn), *_ends(drawn["features"]))


def _ends(features: Sequence[Mapping[str, Any]]) -> tuple[bool, bool]:
    """Return whether one of them is cut off by the edge, and whether one borders on what is not known."""
    told = [one["properties"] for one in features]
    return any(one.get("cut_off_by_edge") for one in told), any(one.get("borders_on_unknown") for one in told)


def withdraw(
    studies: Studies, study: Study, statistic: str, digest: str, why: str, now: datetime, *, by: str
) -> Imported:
    """Return results of another model after withdrawing them: their values go, that they were there and why not.

    Parameters
    ----------
    by
        The authority that withdraws them, by identifier.

    Raises
    ------
    GoedeBuurError
        `dispersion-no-import` where there are none of that digest; `dispersion-study` without a reason.
    """
    if not why.strip() or len(why) > LONGEST_WHY:
        hint = f"Say in at most {LONGEST_WHY} characters why they go."
        raise GoedeBuurError(
            BAD_STUDY, "The results are withdrawn without a reason.", place="why", value=why, hint=hint
        )
    of = (statistic, digest, "")
    found = next((one for one in _every(studies, study) if (one.statistic, one.digest, one.withdrawn) == of), None)
    if found is None:
        raise GoedeBuurError(NONE, "There are no such results beside the study.", value=digest[:16])
    ended = replace(found, drawn={}, x=(), y=(), values=(), withdrawn=iso(now), why=why.strip(), withdrawn_by=by)
    studies.put(study.id, _file(ended), msgspec.json.encode(ended))
    studies.forget(study.id, _file(found))
    return ended


def _file(one: Imported) -> str:
    """Return where results are kept; those that are withdrawn stay when the same table is brought again."""
    moment = f"-{re.sub('[^0-9]', '', one.withdrawn)}" if one.withdrawn else ""
    return f"{PREFIX}{one.digest[:16]}-{one.statistic}{moment}.json"


def _every(studies: Studies, study: Study) -> list[Imported]:
    files = [studies.get(study.id, name) for name in studies.files(study.id, PREFIX)]
    return [_coded(msgspec.json.decode(data, type=Imported)) for data in files if data is not None]


def _coded(one: Imported) -> Imported:
    """Return results in which codes for no value are none: an earlier version kept them as numbers."""
    if not any(value in kept_results.NO_VALUE for value in one.values):
        return one
    return replace(one, values=tuple(None if value in kept_results.NO_VALUE else value for value in one.values))


def withdrawn(studies: Studies, study: Study, statistic: str) -> list[Imported]:
    """Return what was withdrawn of a statistic of a study."""
    return [one for one in _every(studies, study) if one.withdrawn and one.statistic == statistic]


def of_study(studies: Studies, study: Study, statistic: str) -> list[Imported]:
    """Return what is kept beside a statistic of a study, held against what came of it last.

    Raises
    ------
    GoedeBuurError
        `dispersion-not-done`.
    """
    held = [one for one in _every(studies, study) if one.statistic == statistic and not one.withdrawn]
    found = sorted(held, key=lambda one: one.brought)
    outcome = dispersion_outcome.read(studies, study.id) if found else None
    return found if outcome is None else [_held(study, outcome, one) for one in found]


def _require(studies: Studies, study: Study, statistic: str, name: str, digest: str) -> None:
    if statistic not in study.statistics:
        known = ", ".join(study.statistics)
        raise GoedeBuurError(
            BAD_STUDY,
            "The study does not have this statistic.",
            place="statistic",
            value=statistic,
            hint=f"It has: {known}.",
        )
    if not name.strip() or len(name) > LONGEST:
        hint = f"Say in at most {LONGEST} characters which model it is, its version, and which organisation ran it."
        raise GoedeBuurError(BAD_STUDY, "The results have no name.", place="name", value=name, hint=hint)
    there = [one for one in _every(studies, study) if not one.withdrawn]
    same = next((one for one in there if (one.statistic, one.digest) == (statistic, digest)), None)
    if same is not None:
        raise GoedeBuurError(
            TOO_MANY, SAME, value=same.name, hint="Withdraw it first, with a reason, to bring it under another name."
        )
    if len(there) >= MOST:
        raise GoedeBuurError(
            TOO_MANY,
            FULL,
            value=str(MOST),
            hint="Make a scenario of it without changes: that has room.",
        )


def _held(study: Study, outcome: Outcome, one: Imported) -> Imported:
    """Return results with ours at their places; as they are where the places were not kept."""
    import numpy as np

    if not one.held:
        return one
    plane = planes.around(study.area.latitude, study.area.longitude)
    x, y = plane.placed(*planes.RD.degrees(np.array(one.x), np.array(one.y)))
    grid = dispersion_grids.Grid("grid", outcome.x, outcome.y)
    values, theirs = (np.array(told, np.float64) for told in (outcome.drawn[one.statistic].values, one.values))
    ours = dispersion_grids.at(grid, values, x, y)
    both = np.isfinite(ours) & np.isfinite(theirs)
    close = np.abs(ours - theirs) <= result_comparison.CLOSE * np.abs(theirs)
    any_ = bool(both.any())
    return replace(
        one,
        without=int(np.isnan(theirs).sum()),
        outside=int((np.isfinite(theirs) & ~both).sum()),
        mean=float(theirs[both].mean()) if any_ else None,
        ours=float(ours[both].mean()) if any_ else None,
        share=float(close[both].mean()) if any_ else None,
    )
