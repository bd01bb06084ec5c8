"""Results of another model beside a dispersion study: the official one, as a table with x and y in RD New and a value.

They are public as the study is, and named by who brings them; nothing is reckoned with them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goedebuur.core.base.canonical import sha256
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.services import contours, dispersion_grids, dispersion_outcome, kept_results, planes, result_comparison
from goedebuur.services.dispersion_outcome import Outcome
from goedebuur.services.dispersion_study import BAD_STUDY, Study
from goedebuur.store.studies import Studies

if TYPE_CHECKING:
    from goedebuur.services.kept_results import Kept

TOO_MANY: Final = declare("dispersion-imports", "Results of another model do not fit beside a dispersion study.")
NONE: Final = declare("dispersion-no-import", "There are no such results beside the dispersion study.")
MOST: Final = 5
"""Results beside one study."""
MOST_PLACES: Final = 50_000
LARGEST: Final = 20 * 2**20
"""Table that is taken, unpacked. [byte]"""
LONGEST: Final = 80
"""Of the name of a model. [character]"""
LONGEST_WHY: Final = 200
"""Of why results are withdrawn. [character]"""
PREFIX: Final = "imported-"


@dataclass(frozen=True, slots=True)
class Imported:
    """Results of another model.

    Parameters
    ----------
    name
        Of the model and its run, as who brought it names it.
    statistic
        Of the study, beside which it stands.
    places, outside
        How many there are, and how many of them lie outside the square or where ours says nothing.
    mean, ours
        Means over the places that both have. [µg m⁻³]
    share
        Of these, where ours is within :data:`result_comparison.CLOSE` of it.
    highest
        [µg m⁻³]
    digest
        SHA-256 of the file.
    x, y, values
        Places in RD New [m], and what they have; None for no value. Ours is read anew at them.
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
    drawn: Mapping[str, Any]
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    values: tuple[float | None, ...] = ()
    withdrawn: str = ""
    why: str = ""


def put(studies: Studies, study: Study, statistic: str, name: str, table: tuple[bytes, str], now: datetime) -> Imported:
    """Return results of another model, after keeping them beside a study that is ready.

    Parameters
    ----------
    table
        CSV with x and y in RD New [m] and one column with values, and its name.

    Raises
    ------
    GoedeBuurError
        `dispersion-not-done`; `dispersion-imports` for more than :data:`MOST`, more places than :data:`MOST_PLACES`, or
        none where the study says something; `dispersion-study` without a name or for a statistic that the study has
        not; and those of `kept_results.read_results`.
    """
    outcome = dispersion_outcome.read(studies, study.id)
    _require(studies, study, statistic, name)
    kept = kept_results.read_results(*table, plane=planes.RD, largest=LARGEST, most=MOST_PLACES + 1)
    if len(kept.places) > MOST_PLACES or len(kept.values) != 1:
        raise GoedeBuurError(
            TOO_MANY,
            "The table has another number of places or columns than can be drawn.",
            place=table[1],
            value=f"{len(kept.places)} places or more, columns {', '.join(kept.values)}",
            hint=f"Give x, y and one column with values, for at most {MOST_PLACES} places.",
        )
    found = _beside(study, outcome, statistic, name.strip(), kept, (table[1][:LONGEST], sha256(table[0])), now)
    if found.outside == found.places:
        raise GoedeBuurError(
            TOO_MANY,
            "None of the places of the table is where the study says something.",
            place=table[1],
            value=f"{found.places} places",
            hint="x and y are RD New, in metres. Is it of the same area?",
        )
    studies.put(study.id, _file(found), msgspec.json.encode(found))
    return found


def withdraw(studies: Studies, study: Study, statistic: str, digest: str, why: str, now: datetime) -> Imported:
    """Return results of another model after withdrawing them: their values go, that they were there and why not.

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
    ended = replace(found, drawn={}, x=(), y=(), values=(), withdrawn=iso(now), why=why.strip())
    studies.put(study.id, _file(ended), msgspec.json.encode(ended))
    studies.forget(study.id, _file(found))
    return ended


def _file(one: Imported) -> str:
    """Return where results are kept; those that are withdrawn stay when the same table is brought again."""
    moment = f"-{re.sub('[^0-9]', '', one.withdrawn)}" if one.withdrawn else ""
    return f"{PREFIX}{one.digest[:16]}-{one.statistic}{moment}.json"


def _every(studies: Studies, study: Study) -> list[Imported]:
    files = [studies.get(study.id, name) for name in studies.files(study.id, PREFIX)]
    return [msgspec.json.decode(data, type=Imported) for data in files if data is not None]


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


def _require(studies: Studies, study: Study, statistic: str, name: str) -> None:
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
    if sum(not one.withdrawn for one in _every(studies, study)) >= MOST:
        raise GoedeBuurError(
            TOO_MANY,
            "There are as many results beside this study as there can be.",
            value=str(MOST),
            hint="Make a scenario of it without changes: that has room.",
        )


def _beside(
    study: Study, outcome: Outcome, statistic: str, name: str, kept: Kept, file: tuple[str, str], now: datetime
) -> Imported:
    import numpy as np

    (theirs,) = kept.values.values()
    levels = outcome.drawn[statistic].levels
    places, ordered = kept.ordered()
    lines = contours.of(places, next(iter(ordered.values())), levels) if levels else ()
    found = Imported(
        name=name,
        statistic=statistic,
        file=file[0],
        digest=file[1],
        brought=iso(now),
        places=len(kept.places),
        outside=len(kept.places),
        mean=None,
        ours=None,
        share=None,
        highest=float(np.nanmax(theirs)) if np.isfinite(theirs).any() else 0.0,
        drawn=contours.geojson(lines, planes.RD, {"of": name}),
        x=tuple(one.x for one in kept.places),
        y=tuple(one.y for one in kept.places),
        values=tuple(float(one) if np.isfinite(one) else None for one in theirs),
    )
    return _held(study, outcome, found)


def _held(study: Study, outcome: Outcome, one: Imported) -> Imported:
    """Return results with ours at their places."""
    import numpy as np

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
        outside=one.places - int(both.sum()),
        mean=float(theirs[both].mean()) if any_ else None,
        ours=float(ours[both].mean()) if any_ else None,
        share=float(close[both].mean()) if any_ else None,
    )
