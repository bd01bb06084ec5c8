"""What came of a dispersion study: records that are kept beside it, and what pages, files and reports read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import floor, isfinite, log10
from typing import Any, Final

import msgspec

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import dispersion_study
from goedebuur.services.dispersion_study import NOT_DONE, State, Study
from goedebuur.services.dispersion_study_emissions import Let
from goedebuur.store.studies import Studies

OUTCOME: Final = "outcome.json"
CLASSES: Final = 6
"""Levels of contours where none are asked."""
STEPS: Final = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class AtStation:
    """A station in the square. [µg m⁻³]

    Parameters
    ----------
    hours
        In which there are both weather and a usable value.
    measured, computed
        Means over these hours; None where there are none.
    statistics
        Name → what is computed over all hours that count; None where too few do.
    """

    id: str
    name: str
    latitude: float
    longitude: float
    hours: int
    measured: float | None
    computed: float | None
    statistics: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Lived:
    """How many people live where, by class of a statistic.

    Parameters
    ----------
    classes
        (above, up to, people): the first and the last are open.
    outside, unknown
        People outside the square, and in it where there is no value.
    not_told
        Areas of which people or place are not told.
    """

    classes: tuple[tuple[float | None, float | None, int], ...]
    outside: int
    unknown: int
    not_told: int
    counted_on: date
    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One statistic over the square.

    Parameters
    ----------
    values
        Of the grid, row by row from the south-west; None where nothing can be said. [µg m⁻³]
    highest
        With its latitude and longitude [°]; None, with those of the middle, where it has no value at all, as the
        10,000th highest hour of a year. There are no levels then.
    levels
        Of the contours. [µg m⁻³]
    areas
        Above each level. [km²]
    cut
        Whether a contour goes on past the edge of the square.
    people
        By class; None where it is not known where people live.
    hidden
        Whether a contour borders on places inside of which nothing can be said.
    """

    values: tuple[float | None, ...]
    highest: tuple[float | None, float, float]
    levels: tuple[float, ...]
    areas: tuple[float, ...]
    cut: bool = False
    people: Lived | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """From what it follows.

    Parameters
    ----------
    version
        Of the program.
    size, root
        State of the record: tree size and root hash.
    seconds
        That it took.
    matrices
        Receipt of each matrix that went in.
    program
        Digest of the source that reckoned it: see `dispersion_version`.
    """

    version: str
    size: int
    root: str
    made: str
    seconds: float
    matrices: tuple[Mapping[str, Any], ...]
    program: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a study.

    Parameters
    ----------
    hours
        That count.
    left_out, doubtful
        Why → hours that do not count, and that count and lie outside what the model can say.
    places_left_out
        Why → places of the grid of which nothing can be said.
    drawn
        Statistic → what it is over the square.
    x, y
        Columns and rows of the grid, from its middle. [m]
    every
        All hours of the years; 0 for what an earlier version kept.
    stations_left_out
        Stations in the square of which nothing can be said: too near to a source.
    unplaced
        Facilities that reported the substance over one of the years, of which the register does not say where they are.
    """

    lets: tuple[Let, ...]
    hours: int
    left_out: Mapping[str, int]
    doubtful: Mapping[str, int]
    places_left_out: Mapping[str, int]
    stations: tuple[AtStation, ...]
    drawn: Mapping[str, Drawn]
    x: tuple[float, ...]
    y: tuple[float, ...]
    receipt: Receipt
    every: int = 0
    stations_left_out: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Return how much of the years the hours are that count, from 0 to 1; None where that was not kept."""
        return self.hours / self.every if self.every else None


@dataclass(frozen=True, slots=True)
class Against:
    """A number of a scenario and of its base; None where one of them has none."""

    what: str
    statistic: str
    base: float | None
    scenario: float | None

    @property
    def change(self) -> float | None:
        """Return how much more it is in the scenario."""
        return None if self.base is None or self.scenario is None else self.scenario - self.base


class Apart(StrEnum):
    """Why a scenario is not held beside its base."""

    NOT_READY = "base-not-ready"
    OTHER_VERSION = "base-other-version"
    """The base was kept in a form that this version of the program does not read."""
    OTHER_MODEL = "other-model"
    OTHER_WEATHER = "other-weather"


@dataclass(frozen=True, slots=True)
class Beside:
    """A scenario beside its base and what came of that; without rows, why."""

    rows: tuple[Against, ...] = ()
    why: Apart | None = None
    base: Outcome | None = None


def contour_file(statistic: str) -> str:
    """Return the name of the file with the contours of a statistic."""
    return f"contours-{statistic}.json"


def unit_of(statistic: str) -> str:
    """Return the unit of a statistic, as it is written: `µg/m³`, `hours` or `days`."""
    from goedebuur.services.dispersion_statistics import Statistic

    found = Statistic.named(statistic)
    return found.of if found.over is not None else "µg/m³"


def read(studies: Studies, name: str) -> Outcome:
    """Return what came of a study.

    Raises
    ------
    GoedeBuurError
        `dispersion-unknown`; `dispersion-not-done`, also for what another version kept in another form.
    """
    dispersion_study.find(studies, name)
    data = studies.get(name, OUTCOME)
    hint = "Wait until it is ready: `goedebuur dispersion study show` says how far it is."
    if data is not None and dispersion_study.progress(studies, name).state is State.DONE:
        try:
            return msgspec.json.decode(data, type=Outcome)
        except msgspec.MsgspecError:
            hint = "Another version of the program made it: `goedebuur dispersion study cancel --undo` makes it anew."
    raise GoedeBuurError(NOT_DONE, "The dispersion study has no results yet.", value=name, hint=hint)


def too_much(outcome: Outcome) -> bool:
    """Return whether more was reckoned at a station than all that was measured there: something is not as assumed."""
    return any(
        one.measured is not None and one.computed is not None and one.computed > one.measured
        for one in outcome.stations
    )


def contours(studies: Studies, study: Study, statistic: str) -> bytes:
    """Return the contours of a statistic as GeoJSON.

    Raises
    ------
    GoedeBuurError
        `dispersion-unknown` for a statistic that the study does not have; `dispersion-not-done`.
    """
    if statistic not in study.statistics:
        raise GoedeBuurError(
            dispersion_study.UNKNOWN,
            "The study does not have this statistic.",
            place=study.id,
            value=statistic,
            hint=f"It has: {', '.join(study.statistics)}.",
        )
    read(studies, study.id)
    return studies.get(study.id, contour_file(statistic)) or b""


def levels_of(values: Sequence[float]) -> tuple[float, ...]:
    """Return levels in steps of 1, 2 and 5 under the highest value; none where nothing is above zero.

    >>> levels_of([0.0, 3.0])
    (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
    """
    top = max((one for one in values if isfinite(one)), default=0.0)
    if not top > 0:
        return ()
    decade = floor(log10(top))
    steps = [float(f"{step:g}e{power}") for power in range(decade - CLASSES, decade + 1) for step in STEPS]
    return tuple([one for one in steps if one < top][-CLASSES:])


def beside(studies: Studies, study: Study, outcome: Outcome) -> Beside:
    """Return a scenario that is ready beside its base; of a study without one neither rows nor why."""
    if not study.base:
        return Beside()
    try:
        base = read(studies, study.base)
    except GoedeBuurError:
        ready = studies.holds(study.base) and dispersion_study.progress(studies, study.base).state is State.DONE
        return Beside(why=Apart.OTHER_VERSION if ready else Apart.NOT_READY)
    why = apart(base, outcome)
    return Beside(why=why) if why is not None else Beside(tuple(against(base, outcome)), base=base)


def apart(base: Outcome, scenario: Outcome) -> Apart | None:
    """Return why what differs would not be by what was changed in the scenario alone; None where it is."""
    for name, why in (("model", Apart.OTHER_MODEL), ("weather", Apart.OTHER_WEATHER)):
        if len({told.get(name) for one in (base, scenario) for told in one.receipt.matrices}) > 1:
            return why
    return None


def against(base: Outcome, scenario: Outcome) -> list[Against]:
    """Return the highest of each statistic and the values at stations of a scenario beside those of its base."""
    found: list[Against] = []
    for name in scenario.drawn:
        ours, theirs = scenario.drawn[name], base.drawn.get(name)
        found.append(Against("", name, theirs.highest[0] if theirs else None, ours.highest[0]))
        before = {one.id: one for one in base.stations}
        for one in scenario.stations:
            there = before.get(one.id)
            was = there.statistics.get(name) if there else None
            found.append(Against(one.name or one.id, name, was, one.statistics.get(name)))
    return found
