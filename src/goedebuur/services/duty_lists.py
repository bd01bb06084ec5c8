"""The duties of one site or more as someone reads them: by day, told apart by how pressing each is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions import agenda
from goedebuur.core.emissions.duties import TITLES, Duty, State
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.sites import history
from goedebuur.core.sites.records import EmissionPoint
from goedebuur.rules import substance_names
from goedebuur.services import sites, stack_duties, streams
from goedebuur.services.ready_averages import ReadyAverages

if TYPE_CHECKING:
    from goedebuur.services.record import Record

SOON: Final = timedelta(weeks=8)
"""How long before its day a duty counts as near. A choice: time to have a bureau come, and to announce it two weeks
before."""


class Standing(StrEnum):
    """How pressing a duty is on a day."""

    LATE = "late"
    ASKED = "asked"
    """Its day is past by one reading of the law, or by a row that is not confirmed: a person says."""
    SOON = "soon"
    OPEN = "open"
    DONE = "done"
    DONE_LATE = "done_late"
    DONE_ASKED = "done_asked"
    """Done, and whether in time is for a person to say."""


@dataclass(frozen=True, slots=True)
class Line:
    """One duty, with how it stands and what it is about.

    Parameters
    ----------
    about
        Of a stream or a measurement the substance and the point; else as the duty has it.
    """

    duty: Duty
    standing: Standing
    about: Text


@dataclass(frozen=True, slots=True)
class DutyList:
    """Duties on a day.

    Parameters
    ----------
    pending
        What is not done, by its day.
    done
        What is done, the last first.
    unknown
        (site, stream) of which nothing tells from when it is in use, so that no term can begin.
    lacking
        (site, emission point) → months of which failures and the valid range were not looked at, since averages are
        not ready.
    """

    on: date
    pending: tuple[Line, ...]
    done: tuple[Line, ...]
    unknown: tuple[tuple[str, str], ...]
    lacking: Mapping[tuple[str, str], tuple[str, ...]]

    def count(self, standing: Standing) -> int:
        """Return how many duties that are not done stand so."""
        return sum(one.standing is standing for one in self.pending)


def standing(duty: Duty, on: date) -> Standing:
    """Return how pressing a duty is on a day."""
    state = duty.state(on)
    if duty.done_on is not None:
        return {State.DONE: Standing.DONE, State.DONE_LATE: Standing.DONE_LATE}.get(state, Standing.DONE_ASKED)
    if state is State.OPEN:
        return Standing.SOON if duty.due - on <= SOON else Standing.OPEN
    return Standing.LATE if state is State.LATE else Standing.ASKED


def of_sites(record: Record, names: Iterable[str], on: date, as_of: int | None = None) -> DutyList:
    """Return the duties of some sites.

    Failures of the abatement and the valid range are read in the averages that lie ready.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    ready = ReadyAverages(record, as_of)
    lines: list[Line] = []
    unknown: list[tuple[str, str]] = []
    for name in names:
        found = stack_duties.of_site(record, name, on, ready, as_of)
        called = _Called.of(record, name, as_of)
        lines += [Line(one, standing(one, on), called.about(one.about)) for one in found.duties]
        unknown += [(name, one) for one in found.unknown]
    pending = [one for one in lines if one.duty.done_on is None]
    done = [one for one in lines if one.duty.done_on is not None]
    return DutyList(
        on,
        tuple(sorted(pending, key=lambda one: (one.duty.due, one.duty.key))),
        tuple(sorted(done, key=lambda one: (one.duty.done_on or on, one.duty.key), reverse=True)),
        tuple(unknown),
        {place: tuple(sorted(months)) for place, months in sorted(ready.lacking.items())},
    )


@dataclass(frozen=True, slots=True)
class _Called:
    """What the points and streams of a site are called."""

    points: Mapping[str, str]
    streams: Mapping[str, Stream]

    @classmethod
    def of(cls, record: Record, site: str, as_of: int | None) -> _Called:
        held = sites.every(record, EmissionPoint, as_of).values()
        latest = {one.id: history.latest(one.names) for one in held if one.site == site}
        points = {name: last.value for name, last in latest.items() if last is not None}
        return cls(points, {one.id: one for one in streams.of_site(record, site, as_of)})

    def about(self, name: str) -> Text:
        """Return what a duty is about, in words: a stream, a point with a substance, or as the duty has it."""
        stream = self.streams.get(name)
        if stream is not None and stream.substance is not None:
            own = stream.substance
            return self._both(own.id, own.name, stream.emission_point, f" ({name})")
        point, _, substance = name.partition(" ")
        if substance and point in self.points:
            return self._both(substance, substance, point, "")
        return Text(self.points.get(name, name), self.points.get(name, name))

    def _both(self, substance: str, name: str, point: str, more: str) -> Text:
        row = substance_names.names().of_id(substance)
        where = f"{self.points.get(point, point)}{more}"
        dutch, english = (row.nl, row.en) if row is not None else (name, name)
        return Text(f"{dutch}, {where}", f"{english}, {where}")


def ics(duties: Sequence[tuple[Duty, str]], on: date, now: datetime) -> str:
    """Return duties, each with what it is about, as an agenda file in Dutch: those that are not done."""
    pending = {one.key: about for one, about in duties if one.done_on is None}
    return agenda.calendar(
        [one for one, _ in duties if one.key in pending],
        on,
        now,
        lambda one: f"{TITLES[one.kind].nl}: {pending[one.key]}",
        lambda one: f"{one.site}. {one.article}. {one.question.nl}".strip(),
    )
