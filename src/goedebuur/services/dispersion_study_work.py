"""Reckon a dispersion study: the matrix of its sources and places, then what its emissions come to.

An emission is a column of the matrix, so that a scenario with another emission alone takes its base's matrix as it is;
with another stack only that source is reckoned anew.
"""

from __future__ import annotations

import functools
import logging
import operator
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goedebuur import __version__
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period, iso
from goedebuur.services import (
    contours,
    dispersion_grids,
    dispersion_outcome,
    dispersion_room,
    dispersion_statistics,
    dispersion_study,
    dispersion_study_emissions,
    dispersion_version,
    inventory,
    planes,
    population,
    reported_beside_measured,
)
from goedebuur.services.dispersion_outcome import (
    OUTCOME,
    AtStation,
    Drawn,
    Lived,
    Outcome,
    Receipt,
    contour_file,
    levels_of,
    unit_of,
)
from goedebuur.services.dispersion_room import MATRIX
from goedebuur.services.dispersion_sources import Receptor, Source
from goedebuur.services.dispersion_study import Progress, State, Study
from goedebuur.services.dispersion_study_emissions import Let
from goedebuur.store.studies import CANCEL, Studies

if TYPE_CHECKING:
    from goedebuur.core.weather.sun import Floats
    from goedebuur.services.dispersion_grids import Grid, Kept
    from goedebuur.services.dispersion_matrix import Matrix
    from goedebuur.services.dispersion_weather import Weather
    from goedebuur.services.record import Record
    from goedebuur.services.views import StationView

AT_ONCE: Final = 400
"""Places whose hours are in memory at once: 28 MB a year."""
WEATHER, RECKON, ADD = "weather", "reckon", "add"
"""The stages of the work."""
EVERY: Final = 0.5
"""Least time between two reports. [s]"""
_PATH: Final = re.compile(r"(?<![^\s'\"])/[^\s'\"]+")

log = logging.getLogger(__name__)


class StoppedError(Exception):
    """Somebody asked to stop."""


def work(
    studies: Studies, record: Record, now: Callable[[], datetime], go_on: Callable[[], bool] = lambda: True
) -> Iterator[tuple[str, Progress]]:
    """Work on what waits, one after the other, and yield each study with what became of it.

    Parameters
    ----------
    go_on
        Whether to; what is half-done then goes on another time.

    Raises
    ------
    GoedeBuurError
        `lock-busy` where another works on them.
    """
    with studies.working():
        while go_on() and (names := dispersion_study.waiting(studies)):
            record.refresh()
            yield names[0], one(studies, record, names[0], now, go_on)


def one(
    studies: Studies,
    record: Record,
    name: str,
    now: Callable[[], datetime],
    go_on: Callable[[], bool] = lambda: True,
) -> Progress:
    """Return what became of a study after working on it; what goes wrong is written and does not stop the others."""
    study, last = dispersion_study.find(studies, name), 0.0

    def stopped() -> bool:
        return studies.stopping(name) or not go_on()

    def report(stage: str, done: int, total: int) -> None:
        nonlocal last
        if stopped():
            raise StoppedError
        if done == 0 or time.monotonic() - last > EVERY:
            last = time.monotonic()
            dispersion_study.report(studies, name, Progress(State.WORKING, iso(now()), stage, done, total))

    try:
        report(WEATHER, 0, 1)
        reckon(studies, record, study, report, stopped, now)
        end = Progress(State.DONE, iso(now()))
    except StoppedError:
        if not studies.stopping(name):
            return dispersion_study.progress(studies, name)
        studies.forget(name, CANCEL)
        end = Progress(State.CANCELLED, iso(now()))
    except GoedeBuurError as error:
        end = Progress(State.FAILED, iso(now()), code=error.code, message=_public(error), hint=error.hint)
    except Exception:
        log.exception("dispersion study %s", name)
        return dispersion_study.give_up(studies, name, now())
    dispersion_study.report(studies, name, end)
    return end


def _public(error: GoedeBuurError) -> str:
    """Return what an error says to who may not know where things are on the disk of the server."""
    return _PATH.sub("…", (error.at("") if Path(error.place).is_absolute() else error).as_text())


@dataclass(frozen=True, slots=True)
class Laid:
    """The sources and places of a study in metres around its middle; places are those of the grid, then stations.

    Parameters
    ----------
    near
        Stations in the square that are too near to a source.
    """

    plane: planes.Plane
    sources: tuple[Source, ...]
    grid: Grid
    kept: Kept
    stations: tuple[StationView, ...]
    places: tuple[Receptor, ...]
    near: tuple[str, ...]


def reckon(
    studies: Studies,
    record: Record,
    study: Study,
    report: Callable[[str, int, int], None],
    stopped: Callable[[], bool],
    now: Callable[[], datetime],
) -> Outcome:
    """Return what a study comes to, after putting it on the disk."""
    began, people = time.monotonic(), people_of(studies)
    lets = dispersion_study_emissions.of_study(record, study)
    weather = weather_of(record, study)
    laid = lay(record, study, lets)
    matrices = _matrices(studies, study, weather, laid, report, stopped)
    starts = matrices[0][0].starts
    emission = dispersion_study_emissions.per_second(lets, study.years, [start.year for start in starts])

    def hourly(part: slice) -> Floats:
        parts = [matrix.hourly({name: emission[name] for name in names}, part) for matrix, names in matrices]
        return functools.reduce(operator.add, parts)

    values = _values(study, laid, starts, hourly, report)
    stations = _stations(record, study, laid, weather, hourly, values)
    drawn = {}
    for name in study.statistics:
        told = _drawn(study, name, laid, values[name], people, study.levels or _levels_of_base(studies, study, name))
        drawn[name] = told[0]
        studies.put(study.id, contour_file(name), msgspec.json.encode(told[1]))
    receipts = [matrix.receipt for matrix, _ in matrices]
    found = Outcome(
        lets=lets,
        hours=len(starts),
        every=period_of(study).steps(timedelta(hours=1)),
        left_out=weather.left_out,
        doubtful=weather.doubtful,
        places_left_out=dict(laid.kept.left_out),
        stations=stations,
        stations_left_out=laid.near,
        unplaced=dispersion_study_emissions.unplaced(record, study),
        drawn=drawn,
        x=laid.grid.x,
        y=laid.grid.y,
        receipt=Receipt(
            version=__version__,
            size=study.size,
            root=record.ledger.root_hash(study.size).hex() if study.size else "",
            made=iso(now()),
            seconds=round(time.monotonic() - began, 1),
            matrices=tuple(receipts),
            program=dispersion_version.PROGRAM,
        ),
    )
    studies.put(study.id, OUTCOME, msgspec.json.encode(found))
    return found


def weather_of(record: Record, study: Study) -> Weather:
    """Return the weather of the years of a study."""
    from goedebuur.services import dispersion_weather

    wind = study.wind
    return dispersion_weather.of_record(
        record, wind.station, period_of(study), wind.roughness, clouds=wind.clouds, sea=wind.sea, as_of=study.size
    )


def period_of(study: Study) -> Period:
    """Return the years of a study, in UTC."""
    year_of = reported_beside_measured.year_of
    return Period(year_of(study.years[0]).start, year_of(study.years[-1]).end)


def lay(record: Record, study: Study, lets: Sequence[Let]) -> Laid:
    """Return the sources and places of a study."""
    plane = planes.around(study.area.latitude, study.area.longitude)
    sources = dispersion_study_emissions.sources_of(plane, lets)
    grid = dispersion_grids.cartesian((0.0, 0.0), study.area.half, study.area.step)
    kept = dispersion_grids.kept(grid.places, sources)
    stations, places, near = [], [], []
    for one in inventory.stations(record, study.size):
        at = Receptor(f"station {one.id}", *plane.placed(one.latitude, one.longitude))
        inside = max(abs(at.x), abs(at.y)) <= study.area.half  # False where it is not known where it is
        measures = any(series.quantity == study.substance and series.step == 3600 for series in one.series)
        if inside and measures:
            if dispersion_grids.kept([at], sources).places:
                stations.append(one)
                places.append(at)
            else:
                near.append(f"{one.name} ({one.id})")
    return Laid(plane, sources, grid, kept, tuple(stations), (*kept.places, *places), tuple(near))


def _matrices(
    studies: Studies,
    study: Study,
    weather: Weather,
    laid: Laid,
    report: Callable[[str, int, int], None],
    stopped: Callable[[], bool],
) -> list[tuple[Matrix, tuple[str, ...]]]:
    """Return the matrices that hold all sources, each with those taken of it: of the base, and one of the rest."""
    from goedebuur.services import dispersion_matrix

    def receipt(sources: Sequence[Source]) -> dict[str, Any]:
        inputs = dispersion_matrix.Inputs(weather, sources, (), laid.places, 0.0)
        return dispersion_matrix.receipt_of(inputs, single=True)

    found = _of_base(studies, study, receipt(laid.sources))
    rest = [one for one in laid.sources if all(one.id not in names for _, names in found)]
    if rest:
        path = studies.folder(study.id) / MATRIX
        if path.exists() and _differs(path, receipt(rest), dispersion_matrix.OF):
            shutil.rmtree(path)  # of an earlier version of the model, or from when the base had other sources ready
        if not path.exists():  # what was begun has its room, or goes on in what is left
            dispersion_room.make(studies, study, len(rest) * weather.hours.height * len(laid.places))
        made = dispersion_matrix.make(
            path,
            weather,
            rest,
            (),
            laid.places,
            lambda done, total: report(RECKON, done, total),
            single=True,
            cancelled=stopped,
        )
        if not made.complete:
            raise StoppedError
        found.append((made, tuple(one.id for one in rest)))
    return found


def _differs(path: Path, receipt: Mapping[str, Any], of: Sequence[str]) -> bool:
    """Return whether a matrix is of something else, in one of these of its receipt, or cannot be opened."""
    from goedebuur.services import dispersion_matrix

    try:
        told = dispersion_matrix.opened(path).receipt
    except GoedeBuurError:
        return True
    return any(told.get(name) != receipt[name] for name in of)


def _of_base(studies: Studies, study: Study, receipt: Mapping[str, Any]) -> list[tuple[Matrix, tuple[str, ...]]]:
    """Return the matrices of a base, and of its base, each with the sources that are the same here."""
    from goedebuur.services import dispersion_matrix

    wanted = {one.facility: one.mouth for one in study.emitters}
    found: list[tuple[Matrix, tuple[str, ...]]] = []
    same: set[str] = set()
    of = [one for one in dispersion_matrix.OF if one != "sources"]
    name = study.base
    while name:
        base = dispersion_study.find(studies, name)
        name = base.base
        path = studies.folder(base.id) / MATRIX
        if not path.is_dir() or _differs(path, receipt, of):
            continue
        matrix = dispersion_matrix.opened(path)
        if not matrix.complete:
            continue
        mouths = {one.facility: one.mouth for one in base.emitters}
        fits = tuple(one for one in matrix.sources if one not in same and wanted.get(one, ()) == mouths.get(one))
        if fits:
            found.append((matrix, fits))
            same.update(fits)
    return found


def _values(
    study: Study,
    laid: Laid,
    starts: Sequence[datetime],
    hourly: Callable[[slice], Floats],
    report: Callable[[str, int, int], None],
) -> dict[str, Floats]:
    """Return statistic → its value at each place, those of the grid and then the stations."""
    import numpy as np

    found = {name: np.empty(len(laid.places)) for name in study.statistics}
    parts = range(0, len(laid.places), AT_ONCE)
    for number, first in enumerate(parts):
        report(ADD, number, len(parts))
        part = slice(first, min(first + AT_ONCE, len(laid.places)))
        for name, values in dispersion_statistics.of_hours(hourly(part), starts, study.statistics).items():
            found[name][part] = values
    return found


def _stations(
    record: Record,
    study: Study,
    laid: Laid,
    weather: Weather,
    hourly: Callable[[slice], Floats],
    values: Mapping[str, Floats],
) -> tuple[AtStation, ...]:
    import numpy as np

    if not laid.stations:
        return ()
    first = len(laid.kept.places)
    told = hourly(slice(first, len(laid.places)))
    stations, period = list(laid.stations), period_of(study)
    measured = reported_beside_measured.measured_in(
        record, stations, study.substance, weather.hours, period, study.size
    )
    found = []
    for number, one in enumerate(stations):
        there = np.isfinite(measured[one.id])
        seen = bool(there.any())
        found.append(
            AtStation(
                *(one.id, one.name, one.latitude, one.longitude, int(there.sum())),
                measured=float(measured[one.id][there].mean()) if seen else None,
                computed=float(told[there, number].mean()) if seen else None,
                statistics={name: _told(values[name][first + number]) for name in study.statistics},
            )
        )
    return tuple(found)


def _told(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def people_of(studies: Studies) -> population.Centroids | None:
    """Return where people live, by the newest table that the operator put there; None without one.

    Raises
    ------
    GoedeBuurError
        Those of `population.read_centroids`.
    """
    told = studies.people()
    return None if told is None else population.read_centroids(told[0].read_bytes(), told[0].name, told[1])


def _drawn(
    study: Study,
    name: str,
    laid: Laid,
    values: Floats,
    people: population.Centroids | None,
    levels: tuple[float, ...],
) -> tuple[Drawn, dict[str, Any]]:
    """Return a statistic over the square, and its contours as GeoJSON; at levels that fit where none are given."""
    import numpy as np

    whole = laid.kept.whole(values[: len(laid.kept.places)])
    known = bool(np.isfinite(whole).any())
    levels = (levels or levels_of(whole.tolist())) if known else ()
    areas = contours.of_grid(laid.grid, whole, levels) if levels else ()
    bands = contours.of_grid(laid.grid, whole, levels, between=True) if levels else ()
    at = int(np.nanargmax(whole)) if known else len(whole) // 2
    place = laid.grid.places[at]
    lived = population.by_class(laid.grid, whole, levels, people, laid.plane) if people is not None and levels else None
    found = Drawn(
        values=tuple(float(f"{one:.6g}") if np.isfinite(one) else None for one in whole),
        highest=(float(whole[at]) if known else None, *laid.plane.degrees(place.x, place.y)),
        levels=levels,
        areas=tuple(one.area for one in areas),
        cut=any(one.cut for one in areas),
        hidden=any(one.hidden for one in areas),
        people=None if lived is None else _lived(lived),
    )
    told = contours.geojson(bands, laid.plane, {"statistic": name, "unit": unit_of(name)})
    return found, told | {"lines": contours.lines(areas, laid.grid, whole, laid.plane)}


def _levels_of_base(studies: Studies, study: Study, name: str) -> tuple[float, ...]:
    """Return the levels at which the base is drawn, so that both can be held beside each other; none without one."""
    try:
        drawn = dispersion_outcome.read(studies, study.base).drawn if study.base else {}
    except GoedeBuurError:
        return ()
    return drawn[name].levels if name in drawn else ()


def _lived(told: population.Exposed) -> Lived:
    every = (*told.classes, told.outside, told.unknown)
    return Lived(
        classes=tuple((one.low, one.high, one.people) for one in told.classes),
        outside=told.outside.people,
        unknown=told.unknown.people,
        not_told=sum(one.not_told for one in every) + told.nowhere.areas,
        counted_on=told.counted_on,
        source=told.source,
        digest=told.digest,
    )
