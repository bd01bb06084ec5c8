"""Dispersion studies: what is asked of one, how it is named and kept, and how it goes from queued to done.

A study is public from the moment it is made, and what was asked is never changed: another stack or emission is a
scenario, a study of its own beside its base. :mod:`goedebuur.services.dispersion_study_work` reckons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Final

import msgspec

from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.services import reported_beside_measured
from goedebuur.store.studies import ASKED, CANCEL, PROGRESS, Studies

UNKNOWN: Final = declare("dispersion-unknown", "There is no dispersion study of that name.")
BAD_STUDY: Final = declare("dispersion-study", "A dispersion study cannot be asked so.")
UNREADABLE: Final = declare("dispersion-unreadable", "What was asked in a dispersion study cannot be read.")
BROKEN: Final = declare("dispersion-broken", "The program met something in a dispersion study that it did not foresee.")
NOT_DONE: Final = declare("dispersion-not-done", "The dispersion study has no results yet.")
FORMAT: Final = "goedebuur-dispersion-study/1"
MOST_EMITTERS: Final = 200
MOST_YEARS: Final = 10
MOST_PLACES: Final = 10_000
"""Places of a study that is asked on the website: of more the command is for."""
LONGEST: Final = 120
"""Of a title. [character]"""
MOST_LEVELS: Final = 6
MOST_VALUES: Final = 18_000_000_000
"""Facilities, hours and places together: ten years of twenty facilities at all places that there can be."""
YEAR: Final = 8_784
"""At most. [h]"""
RESERVED: Final = frozenset({"nieuw"})
"""Words of addresses, that no study is called."""
OWN: Final = "own"
"""A stack with numbers of its own."""


class Basis(StrEnum):
    """From where it is known how much a facility lets out."""

    REPORTED = "reported"
    GIVEN = "given"
    PERMITTED = "permitted"


class State(StrEnum):
    """How far a study is."""

    QUEUED = "queued"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Emitter:
    """A facility of the register that lets out, from which stack, and how it is known how much.

    Parameters
    ----------
    kilograms
        In a year, where that is given.
    stack
        One of `reported_beside_measured.STACKS`, or :data:`OWN`.
    own
        Height [m], diameter [m], temperature [K] and speed [m/s] of a stack with numbers of its own.
    """

    facility: str
    basis: Basis = Basis.REPORTED
    kilograms: float | None = None
    stack: str = "middle"
    own: tuple[float, float, float, float] | None = None

    @property
    def mouth(self) -> tuple[float, float, float, float]:
        """Return height [m], diameter [m], temperature [K] and speed [m/s]."""
        return self.own if self.own is not None else reported_beside_measured.STACKS[self.stack]


@dataclass(frozen=True, slots=True)
class Wind:
    """The weather of a study: as `dispersion_weather.of_record` takes it."""

    station: str
    roughness: float
    clouds: str = ""
    sea: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """The square for which concentrations are reckoned: its middle [°], half its side and the step of its grid [m]."""

    latitude: float
    longitude: float
    half: float
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What is asked.

    Parameters
    ----------
    made
        When, in UTC.
    substance
        A quantity of the record, as `so2`.
    years
        Of the weather, and of what is reported.
    statistics
        Names of `dispersion_statistics`.
    levels
        Of the contours, ascending [µg/m³]; none for levels that fit what comes out.
    size
        Tree size of the record from which everything is taken.
    base
        The study of which this is a scenario; empty for none.
    simulated
        Whether the record has simulated figures.
    """

    id: str
    title: str
    made: str
    substance: str
    years: tuple[int, ...]
    emitters: tuple[Emitter, ...]
    wind: Wind
    area: Area
    statistics: tuple[str, ...]
    levels: tuple[float, ...] = ()
    size: int = 0
    base: str = ""
    simulated: bool = False
    format: str = FORMAT


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a study is.

    Parameters
    ----------
    stage
        What is being done, of the steps of the work; empty before and after.
    done, total
        Parts of that.
    code, message, hint
        Of the error with which it failed.
    at
        When this was written, in UTC.
    """

    state: State
    at: str
    stage: str = ""
    done: int = 0
    total: int = 0
    code: str = ""
    message: str = ""
    hint: str = ""

    @property
    def percent(self) -> int:
        """Return how much of the stage is done, from 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


def require(study: Study) -> None:
    """Refuse what cannot be asked; the place of the error is the field.

    Raises
    ------
    GoedeBuurError
        `dispersion-study`; `query-no-substance`.
    """
    from goedebuur.services import dispersion_grids, dispersion_statistics

    reported_beside_measured.require_substance(study.substance)
    if not study.title.strip() or len(study.title) > LONGEST:
        raise bad("title", "A study has a title.", study.title, f"Give one of at most {LONGEST} characters.")
    if not 0 < len(study.years) <= MOST_YEARS or list(study.years) != list(_running(study.years)):
        told = ", ".join(map(str, study.years))
        raise bad("years", "These are no years that follow each other.", told, f"Give at most {MOST_YEARS}.")
    if not 0 < len(study.emitters) <= MOST_EMITTERS or len({one.facility for one in study.emitters}) < len(
        study.emitters
    ):
        raise bad("emitters", "A study has facilities, each once.", "", f"Choose one to {MOST_EMITTERS}.")
    for one in study.emitters:
        _require_emitter(one)
    area = study.area
    if not (-85 < area.latitude < 85 and -180 <= area.longitude <= 180):
        place = f"{area.latitude:g}, {area.longitude:g}"
        raise bad("middle", "The middle is no place on earth.", place, "Give a latitude and a longitude.")
    grid = dispersion_grids.cartesian((0.0, 0.0), area.half, area.step)
    if len(grid.x) * len(grid.y) > MOST_PLACES:
        places = f"{len(grid.x) * len(grid.y)} places"
        raise bad("step", "The grid has too many places.", places, f"Take a greater step: at most {MOST_PLACES}.")
    values = len(study.emitters) * len(study.years) * YEAR * len(grid.x) * len(grid.y)
    if values > MOST_VALUES:
        told = f"{len(study.emitters)} facilities, {len(study.years)} years, {len(grid.x) * len(grid.y)} places"
        most = f"Take a greater step, or fewer facilities or years: their product is at most {MOST_VALUES // YEAR}."
        raise bad("step", "That is too much for one study.", told, most)
    if not study.statistics:
        raise bad("statistics", "A study has a statistic.", "", "Choose one or more.")
    for name in study.statistics:
        dispersion_statistics.Statistic.named(name)
    if (
        len(study.levels) > MOST_LEVELS
        or list(study.levels) != sorted(set(study.levels))
        or any(not 0 < one < 1e9 for one in study.levels)
    ):
        told = ", ".join(f"{one:g}" for one in study.levels)
        raise bad(
            "levels", "The levels do not ascend from above 0.", told, f"Give at most {MOST_LEVELS}, the lowest first."
        )


def _running(years: Sequence[int]) -> range:
    return range(years[0], years[0] + len(years))


def _require_emitter(one: Emitter) -> None:
    from goedebuur.core.dispersion.stacks import Stack

    if (one.own is None) != (one.stack != OWN) or (
        one.own is None and one.stack not in reported_beside_measured.STACKS
    ):
        known = ", ".join((*reported_beside_measured.STACKS, OWN))
        raise bad(f"stack:{one.facility}", "There is no such stack.", one.stack, f"Choose from: {known}.")
    if one.own is not None:
        for name, value in zip(("height", "diameter", "temperature", "speed"), one.own, strict=True):
            least, most = Stack.LIMITS[name]
            if not least <= value <= most:
                hint = f"It is from {least:g} to {most:g}, in m, m, K and m/s."
                raise bad(f"stack:{one.facility}", f"The {name} of a stack cannot be that.", f"{value:g}", hint)
    if (one.basis is Basis.GIVEN) != (one.kilograms is not None):
        raise bad(f"kilograms:{one.facility}", "The emission is not given.", "", "Give kilograms in a year.")
    if one.kilograms is not None and not 0 <= one.kilograms <= 1e11:
        hint = "Give kilograms in a year, from 0 to 100 million tonnes."
        raise bad(f"kilograms:{one.facility}", "No facility lets out that.", f"{one.kilograms:g}", hint)


def bad(field: str, message: str, value: str, hint: str) -> GoedeBuurError:
    """Return the error of a field of a study that cannot be so."""
    return GoedeBuurError(BAD_STUDY, message, place=field, value=value, hint=hint)


def make(studies: Studies, study: Study, now: datetime) -> Study:
    """Return the study as it is kept, queued: with a name made of its title and the moment that it was made.

    Raises
    ------
    GoedeBuurError
        Those of :func:`require`; `dispersion-unknown` for a base that is not there.
    """
    require(study)
    if study.base:
        find(studies, study.base)
    found = replace(study, id=studies.make(_names(study.title)), made=iso(now))
    report(studies, found.id, Progress(State.QUEUED, iso(now)))
    studies.put(found.id, ASKED, msgspec.json.encode(found))
    return found


def _names(title: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "studie"
    if stem not in RESERVED:
        yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def find(studies: Studies, name: str) -> Study:
    """Return a study.

    Raises
    ------
    GoedeBuurError
        `dispersion-unknown`; `dispersion-unreadable`.
    """
    data = studies.get(name, ASKED) if studies.holds(name) else None
    if data is None:
        raise GoedeBuurError(
            UNKNOWN,
            "There is no dispersion study of that name.",
            value=name,
            hint="`goedebuur dispersion study list` lists them.",
        )
    try:
        found = msgspec.json.decode(data, type=Study)
    except msgspec.MsgspecError:
        found = None
    if found is None or found.format != FORMAT:
        raise GoedeBuurError(
            UNREADABLE,
            "What was asked in this study cannot be read: another version of the program kept it, or it is damaged.",
            value=name,
            hint="Take that version, or put back the file `study.json` of the study from a copy.",
        )
    return found


def every(studies: Studies) -> list[tuple[Study, Progress]]:
    """Return all studies that can be read with how far they are, the newest first."""
    found = [(one, progress(studies, one.id)) for one, _ in _read(studies) if one is not None]
    return sorted(found, key=lambda one: (one[0].made, one[0].id), reverse=True)


def unreadable(studies: Studies) -> list[str]:
    """Return the names of the studies of which what was asked cannot be read."""
    return [name for one, name in _read(studies) if one is None]


def _read(studies: Studies) -> Iterator[tuple[Study | None, str]]:
    for name in studies.ids():
        try:
            yield find(studies, name), name
        except GoedeBuurError:
            yield None, name


def scenarios(studies: Studies, base: str) -> list[Study]:
    """Return the scenarios of a study, by the moment they were made."""
    return [one for one, _ in reversed(every(studies)) if one.base == base]


def progress(studies: Studies, name: str) -> Progress:
    """Return how far a study is; where that cannot be read it waits, since all of it can be made again."""
    try:
        return msgspec.json.decode(studies.get(name, PROGRESS) or b"", type=Progress)
    except msgspec.MsgspecError:
        return Progress(State.QUEUED, "")


def report(studies: Studies, name: str, told: Progress) -> None:
    """Write how far a study is."""
    studies.put(name, PROGRESS, msgspec.json.encode(told))


def give_up(studies: Studies, name: str, now: datetime) -> Progress:
    """Return how far a study is after writing that it failed by something that was not foreseen."""
    end = Progress(State.FAILED, iso(now), code=BROKEN, message=CATALOGUE[BROKEN])
    report(studies, name, end)
    return end


def waiting(studies: Studies) -> list[str]:
    """Return the studies that wait for a worker, or that one left half-done: the oldest first, a base before others."""
    open_ = (State.QUEUED, State.WORKING)
    found = [study for study, told in every(studies) if told.state in open_]
    return [one.id for one in sorted(found, key=lambda one: (one.made, bool(one.base), one.id))]


def cancel(studies: Studies, name: str, now: datetime) -> None:
    """Stop a study that waits or is being worked on; one that is ready stays as it is."""
    find(studies, name)
    told = progress(studies, name)
    if told.state in (State.QUEUED, State.WORKING):
        studies.ask_to_stop(name)  # also of one that waits: a worker may just have taken it up
    if told.state is State.QUEUED:
        report(studies, name, Progress(State.CANCELLED, iso(now)))


def again(studies: Studies, name: str, now: datetime) -> None:
    """Queue a study that failed, was cancelled or is ready once more; what was done of its matrix stays."""
    find(studies, name)
    if progress(studies, name).state in (State.FAILED, State.CANCELLED, State.DONE):
        studies.forget(name, CANCEL)
        report(studies, name, Progress(State.QUEUED, iso(now)))


def scenario(base: Study, title: str, changed: Sequence[Emitter]) -> Study:
    """Return a scenario of a study: as it is, with these facilities in the place of what they were there."""
    found = {one.facility: one for one in base.emitters} | {one.facility: one for one in changed}
    return replace(base, id="", title=title, made="", base=base.id, emitters=tuple(found.values()))
