"""What the page of a dispersion study shows: its outcome in rows of text, and what the map draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _

from goedebuur.services import contours, dispersion_imports, dispersion_outcome, dispersion_study, kept_results
from goedebuur.services.dispersion_outcome import Against, Beside, Outcome, contour_file
from goedebuur.services.dispersion_study import OWN, Study
from goedebuur.store.studies import Studies
from goedebuur.web import dispersion_words as words
from goedebuur.web.templatetags.figures import count, upfirst

EVEN: Final = "each facility lets out from one stack and evenly over the hours of a year"
"""What every study assumes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A study in the list."""

    study: Study
    state: str
    words: str
    base: Study | None


@dataclass(frozen=True, slots=True)
class Banded:
    """A class of the map: its colour, its limits, how large it is and how many live there."""

    number: int | None
    span: str
    area: str
    people: str


@dataclass(frozen=True, slots=True)
class Facility:
    """What a facility lets out in the study, beside what it reported and may let out. [kg]"""

    id: str
    name: str
    let: str
    basis: str
    reported: str
    permitted: str
    conditions: tuple[str, ...]
    stack: str
    mouth: str


@dataclass(frozen=True, slots=True)
class Row:
    """A station: what was measured and computed in the same hours, and statistics over all hours."""

    id: str
    name: str
    hours: str
    measured: str
    computed: str
    share: str
    statistics: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A number of a scenario beside its base."""

    what: str
    statistic: str
    base: str
    scenario: str
    change: str


def listed(studies: Studies) -> list[Listed]:
    """Return all studies, the newest first."""
    every = dispersion_study.every(studies)
    by_id = {study.id: study for study, _ in every}
    return [Listed(study, told.state, words.said(told.state), by_id.get(study.base)) for study, told in every]


def bands(outcome: Outcome, statistic: str) -> list[Banded]:
    """Return the classes of a statistic, the highest first; what is below the lowest level last."""
    drawn = outcome.drawn[statistic]
    lived = {} if drawn.people is None else {low: people for low, _, people in drawn.people.classes}

    def people(low: float | None) -> str:
        return count(lived[low]) if low in lived else "–"

    edges = [*zip(drawn.levels, [*drawn.areas], strict=True)]
    found = []
    for number, ((low, area), (high, inner)) in enumerate(pairwise([*edges, (None, 0.0)])):
        size = _("%(n)s km²") % {"n": words.figure(max(area - inner, 0.0))}
        found.append(Banded(number, words.span(low, high), size, people(low)))
    rest = Banded(None, words.span(None, drawn.levels[0]), "–", people(None)) if drawn.levels else None
    return [*reversed(found), *([rest] if rest else [])]


def facilities(outcome: Outcome) -> list[Facility]:
    """Return what each facility lets out."""
    return [
        Facility(
            id=one.id,
            name=one.name,
            let=words.masses(one.kilograms),
            basis=words.said(one.basis),
            reported=words.masses(one.reported),
            permitted=words.said(one.unknown) if one.unknown else words.masses(one.permitted),
            conditions=one.conditions,
            stack=words.said(one.stack),
            mouth=words.mouth(one.mouth),
        )
        for one in outcome.lets
    ]


def stations(study: Study, outcome: Outcome) -> list[Row]:
    """Return the stations, the highest computed mean first."""
    found = sorted(outcome.stations, key=lambda one: -(one.computed or 0.0))
    return [
        Row(
            id=one.id,
            name=one.name or one.id,
            hours=count(one.hours),
            measured=words.figure(one.measured),
            computed=words.figure(one.computed),
            share=f"{round(100 * one.computed / one.measured)} %" if one.computed and one.measured else "–",
            statistics=tuple(
                (words.statistic(name, len(study.years)), words.figure(value)) for name, value in one.statistics.items()
            ),
        )
        for one in found
    ]


def compared(study: Study, rows: Sequence[Against]) -> list[Compared]:
    """Return the numbers of a scenario beside those of its base."""
    return [
        Compared(
            one.what or _("highest at the places of the grid"),
            f"{words.statistic(one.statistic, len(study.years))} ({words.unit(one.statistic)})",
            words.figure(one.base),
            words.figure(one.scenario),
            _change(one.base, one.change),
        )
        for one in rows
    ]


def _change(base: float | None, change: float | None) -> str:
    if change is None:
        return "–"
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    part = f" ({sign}{round(100 * abs(change) / base)} %)" if base else ""
    return f"{sign}{words.figure(abs(change))}{part}"


@dataclass(frozen=True, slots=True)
class Brought:
    """Results of another model beside ours.

    Parameters
    ----------
    by
        What the authority is called that brought them; empty where an earlier version did not keep it.
    without
        How many places have no value; empty for none.
    held
        Whether they are held against what the study is now, and not as an earlier version did.
    remarks
        Where their lines do not close.
    """

    name: str
    file: str
    digest: str
    brought: str
    by: str
    places: str
    outside: str
    without: str
    mean: str
    ours: str
    share: str
    held: bool
    remarks: tuple[str, ...]


def imported(
    studies: Studies, study: Study, statistic: str, outcome: Outcome, called: Mapping[str, str]
) -> list[Brought]:
    """Return results of other models beside ours, at the places of theirs.

    Parameters
    ----------
    called
        Identifier of an authority → its name.
    """
    return [
        Brought(
            name=one.name,
            file=one.file,
            digest=one.digest,
            brought=one.brought[:10],
            by=called.get(one.by, one.by),
            places=count(one.places),
            outside=count(one.outside),
            without=count(one.without) if one.without else "",
            mean=words.figure(one.mean),
            ours=words.figure(one.ours),
            share="–" if one.share is None else f"{round(100 * one.share)} %",
            held=one.held,
            remarks=_remarks(dispersion_imports.lines(one, outcome)),
        )
        for one in dispersion_imports.of_study(studies, study, statistic)
    ]


def _remarks(lines: dispersion_imports.Lines) -> tuple[str, ...]:
    told = (
        (lines.cut, _("A contour goes on past the edge of its table.")),
        (lines.hidden, _("A contour borders on places of its table without a value.")),
    )
    return tuple(said for there, said in told if there)


def withdrawn(studies: Studies, study: Study, statistic: str, called: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the results of other models that were withdrawn: name, day and reason, and which authorities."""
    return [
        {
            "name": one.name,
            "brought": called.get(one.by, one.by),
            "by": called.get(one.withdrawn_by, one.withdrawn_by),
            "day": one.withdrawn[:10],
            "why": one.why,
        }
        for one in dispersion_imports.withdrawn(studies, study, statistic)
    ]


def left_out(counts: Any) -> list[tuple[str, str]]:
    """Return why hours or places do not count, and how many."""
    return [(words.said(why), count(number)) for why, number in counts.items() if number]


def drawn(studies: Studies, study: Study, statistic: str) -> dict[str, Any]:
    """Return what the map draws: contours of ours, of the base and of others, stations, facilities and the square."""
    outcome = dispersion_outcome.read(studies, study.id)
    levels = outcome.drawn[statistic].levels
    beside = dispersion_outcome.beside(studies, study, outcome)
    alike = beside.base is not None and statistic in beside.base.drawn and not apart(beside, outcome, statistic)
    return {
        "unit": words.unit(statistic),
        "statistic": upfirst(words.statistic(statistic, len(study.years))),
        "levels": [{"level": one, "words": words.level(one)} for one in levels],
        "contours": msgspec.Raw(dispersion_outcome.contours(studies, study, statistic)),
        "base": msgspec.Raw(studies.get(study.base, contour_file(statistic)) or b"null") if alike else None,
        "base_levels": f"{'; '.join(map(words.level, levels))} {words.unit(statistic)}",
        "imported": [
            {
                "name": one.name,
                "levels": [{"level": level, "words": words.level(level)} for level in lines.levels],
                "contours": msgspec.Raw(lines.geojson),
            }
            for one in dispersion_imports.of_study(studies, study, statistic)
            for lines in [dispersion_imports.lines(one, outcome)]
        ],
        "bounds": _bounds(study, outcome),
        "square": {
            "places": _places(study, outcome),
            "columns": len(outcome.x),
            "values": outcome.drawn[statistic].values,
        },
        "stations": [
            {"id": one.id, "name": one.name or one.id, "latitude": one.latitude, "longitude": one.longitude}
            | {"measured": words.figure(one.measured), "computed": words.figure(one.computed)}
            for one in outcome.stations
        ],
        "facilities": [
            {"id": one.id, "name": one.name, "latitude": one.latitude, "longitude": one.longitude}
            | {"summary": f"{words.masses(one.kilograms)} kg"}
            for one in outcome.lets
        ],
    }


def apart(beside: Beside, outcome: Outcome, statistic: str) -> bool:
    """Return whether the base of a study has contours at other levels, so that they cannot be drawn beside its own."""
    drawn = beside.base.drawn.get(statistic) if beside.base is not None else None
    return drawn is not None and drawn.levels != outcome.drawn[statistic].levels


def _bounds(study: Study, outcome: Outcome) -> list[float]:
    """Return west, south, east and north of the square. [°]"""
    places = _places(study, outcome)
    return [*places[0][0], *places[-1][-1]]


def _places(study: Study, outcome: Outcome) -> list[list[tuple[float, float]]]:
    """Return longitude and latitude of begin, middle and end of the square, from south and west. [°]"""
    from goedebuur.services import planes

    plane = planes.around(study.area.latitude, study.area.longitude)
    across, up = ((told[0], (told[0] + told[-1]) / 2, told[-1]) for told in (outcome.x, outcome.y))
    rows = [[plane.degrees(x, y) for x in across] for y in up]
    return [[(longitude, latitude) for latitude, longitude in row] for row in rows]


def label(study: Study, outcome: Outcome) -> dict[str, Any]:
    """Return what results of a study are told with wherever they go: the columns of `kept_results.LABELS`."""
    return {
        "study": study.id,
        "substance": study.substance,
        "years": study.years,
        "simulated": study.simulated,
        "model": contours.MODEL,
        "stacks": _one({"given" if one.stack == OWN else "assumed" for one in study.emitters}),
        "basis": _one({one.basis.value for one in study.emitters}),
        "hours": None if outcome.share is None else float(f"{outcome.share:.4g}"),
        "assumed": EVEN,
    }


def _one(told: AbstractSet[str]) -> str:
    """Return what holds for all, or `mixed`."""
    return next(iter(told)) if len(told) == 1 else "mixed"


def labelled(study: Study, outcome: Outcome, data: bytes) -> dict[str, Any]:
    """Return contours of which each says of what study it is, and from what that follows."""
    found = msgspec.json.decode(data)
    told = label(study, outcome)
    features = [one | {"properties": one["properties"] | told} for one in found["features"]]
    return {"type": found["type"], "features": features}


def grid_table(study: Study, outcome: Outcome) -> list[list[str]]:
    """Return the places of the square with the statistics: x, y [m from the middle], degrees, values, and a label."""
    from goedebuur.services import planes

    plane = planes.around(study.area.latitude, study.area.longitude)
    names = list(outcome.drawn)
    of = label(study, outcome) | {
        "years": words.years(study.years),
        "simulated": "yes" if study.simulated else "no",
        "hours": "" if outcome.share is None else f"{outcome.share:.4g}",
    }
    told = [f"{name} [{dispersion_outcome.unit_of(name)}]" for name in names]
    rows = [["x", "y", "latitude", "longitude", *told, *kept_results.LABELS]]
    places = [(x, y) for y in outcome.y for x in outcome.x]
    for number, (x, y) in enumerate(places):
        latitude, longitude = plane.degrees(x, y)
        values = [outcome.drawn[name].values[number] for name in names]
        rows.append(
            [f"{x:g}", f"{y:g}", f"{latitude:.6f}", f"{longitude:.6f}"]
            + ["" if value is None else f"{value:.6g}" for value in values]
            + [of[name] for name in kept_results.LABELS]
        )
    return rows
