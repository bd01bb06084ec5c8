"""Check the raw values of emission points: those that hold, as of a state, or as a delivery would make them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from goedebuur.core.base.periods import Period
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions import checks
from goedebuur.core.emissions.checks import catalogue, delivered
from goedebuur.core.emissions.checks.findings import Finding, Severity
from goedebuur.core.emissions.checks.minutes import minutes
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.measurements.records import KEY
from goedebuur.core.sites.records import Site
from goedebuur.services import projection, sites, streams

if TYPE_CHECKING:
    from goedebuur.services.preparing import Prepared
    from goedebuur.services.record import Record
    from goedebuur.services.sequencing import Unprojected

SHORTEST: Final = timedelta(minutes=30)
"""A delivery over less is not checked: no check says anything of it."""
MOST_OF_ONE: Final = 5
"""Findings of one check that who delivers is told one by one; the others are counted."""
_COLUMNS: Final = (*KEY, "micro", "flags")
Rows = Callable[[Sequence[str], Period], pl.DataFrame]
"""From series and period to their rows."""


@dataclass(frozen=True, slots=True)
class Found:
    """One finding with where it is and what it says.

    Parameters
    ----------
    sentence
        In Dutch and English.
    simulated
        Whether a stream in it is invented.
    """

    emission_point: str
    finding: Finding
    severity: Severity
    sentence: Text
    simulated: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what was found there.

    Parameters
    ----------
    values
        Raw values that were looked at.
    """

    site: str
    period: Period
    streams: int
    values: int
    found: tuple[Found, ...]


def check(
    record: Record, site: str, period: Period, as_of: int | None = None, *, emission_point: str | None = None
) -> Checked:
    """Return what the checks find in the raw values of a site, or of one of its emission points.

    Streams of one emission point with different steps are looked at apart.

    Raises
    ------
    GoedeBuurError
        `site-unknown`.
    """
    sites.find(record, Site, site, as_of)
    told = streams.of_site(record, site, as_of, emission_point=emission_point)

    def rows(series: Sequence[str], period: Period) -> pl.DataFrame:
        return _held(record, series, period, as_of)

    looked = list(_Look(record, told, period, rows, as_of).points())
    by_name = {one.id: one for one in told}
    found = tuple(_told(one.emission_point, finding, by_name) for one in looked for finding in one.findings)
    return Checked(site, period, len(told), sum(one.values for one in looked), found)


def notes(record: Record, prepared: Prepared, unprojected: Unprojected) -> tuple[str, ...]:
    """Return what who delivers raw signals is told of them: what is found of their points as they will hold.

    Streams that come beside what is there already are held against that. Only what is about a stream in the delivery is
    told.

    Parameters
    ----------
    unprojected
        Leaves that the observations do not hold yet.
    """
    period = prepared.period
    known = streams.by_series(record)
    came = [one for series in prepared.named for one in known.get(series, ())]
    if not came or period is None or period.end - period.start < SHORTEST:
        return ()
    names = {one.id for one in came}
    found: list[Finding] = []
    for site, point in sorted({(one.site, one.emission_point) for one in came}):
        told = streams.of_site(record, site, emission_point=point)
        if unprojected.touches([one.series for one in told], period):
            projection.catch_up_observations(record.ledger, record.evidence, record.observations)
            unprojected.found.clear()
        look = _Look(record, told, period, _overlaid(record, prepared.rows))
        found += [finding for one in look.points() for finding in one.findings if names & set(finding.streams)]
    return tuple(_sentences(found))


def _overlaid(record: Record, fresh: pl.DataFrame) -> Rows:
    """Return what gives rows as they will be once a delivery is in."""

    def rows(series: Sequence[str], period: Period) -> pl.DataFrame:
        held = _held(record, series, period, None)
        come = fresh.filter(pl.col("series").is_in(list(series))).select(pl.col(held.columns))
        return pl.concat([held.join(come, on=list(KEY), how="anti"), come], how="vertical_relaxed")

    return rows


def _sentences(found: Sequence[Finding]) -> list[str]:
    """Return the findings as notes, of each check not more than some, with the number of the others."""
    told: Counter[str] = Counter()
    said = []
    for one in found:
        told[one.check] += 1
        if told[one.check] <= MOST_OF_ONE:
            said.append(catalogue.note(one))
    more = {check: number - MOST_OF_ONE for check, number in told.items() if number > MOST_OF_ONE}
    return said + [catalogue.CHECKS[check].rule.note(f"the same {number} times more") for check, number in more.items()]


@dataclass(frozen=True, slots=True)
class _Point:
    """What was found at an emission point in streams of one step, of how many raw values."""

    emission_point: str
    values: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """Streams to look at, over a period, and where their rows come from."""

    record: Record
    told: Sequence[Stream]
    period: Period
    rows: Rows
    as_of: int | None = None

    def points(self) -> Iterator[_Point]:
        """Yield what is found by emission point, streams of each step apart."""
        groups: dict[tuple[str, int], list[Stream]] = {}
        for one in self.told:
            groups.setdefault((one.emission_point, one.step), []).append(one)
        for (point, _), ones in sorted(groups.items()):
            rows = self._rows(ones)
            averages = [finding for one in ones for finding in self._of_averages(one)]
            yield _Point(point, rows.height, (*checks.check(minutes(ones, rows)), *averages))

    def _of_averages(self, reported: Stream) -> list[Finding]:
        """Return what is found of a stream of averages that were brought to reference oxygen before they came."""
        raw = [one for one in self.told if _is_raw_of(one, reported)]
        if not reported.oxygen_included or len(raw) != 1:
            return []
        beside = [o for o in self.told if (o.emission_point, o.step) == (reported.emission_point, raw[0].step)]
        start = self.period.start.replace(minute=0, second=0, microsecond=0)
        values = minutes(beside, self._rows(beside), start)
        averages = minutes([reported], self._rows([reported]), start)
        if raw[0].id not in values.tracks or reported.id not in averages.tracks:
            return []
        functions = streams.functions(self.record, raw[0].id, self.as_of)
        return delivered.follows(values, values.tracks[raw[0].id], averages.tracks[reported.id], functions)

    def _rows(self, ones: Sequence[Stream]) -> pl.DataFrame:
        return self.rows([one.series for one in ones], self.period)


def _is_raw_of(one: Stream, reported: Stream) -> bool:
    """Return whether a stream has the raw values of which another has the averages."""
    if one.substance is None or reported.substance is None or one.oxygen_included or one.step >= reported.step:
        return False
    same = one.emission_point == reported.emission_point and one.substance.id == reported.substance.id
    return same and reported.step % one.step == 0


def _held(record: Record, series: Sequence[str], period: Period, as_of: int | None) -> pl.DataFrame:
    return record.observations.read(series=series, start=period.start, end=period.end, as_of=as_of, columns=_COLUMNS)


def _told(point: str, finding: Finding, by_name: dict[str, Stream]) -> Found:
    simulated = any(by_name[name].simulated for name in finding.streams)
    severity = catalogue.CHECKS[finding.check].severity
    return Found(point, finding, severity, catalogue.sentence(finding), simulated)
