"""What stands out at one site, gathered from the record: what a list shows of it, and each thing by itself.

What cannot be worked out is named, and stops neither the rest of the site nor the other sites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period
from goedebuur.core.base.sourced import Status, Text
from goedebuur.core.emissions.checks.findings import Severity
from goedebuur.core.emissions.duties import Duty
from goedebuur.core.emissions.measuring.comparison import Verdict
from goedebuur.core.emissions.measuring.coverage import Finding
from goedebuur.services import (
    control_measurements,
    coverage,
    emission_results,
    expectations,
    inventory,
    measurement_reports,
    stack_checks,
    stack_duties,
    streams,
)
from goedebuur.services.stack_averages import RecordAverages

if TYPE_CHECKING:
    from goedebuur.core.emissions.streams import Stream
    from goedebuur.services.record import Record
    from goedebuur.services.site_views import SiteView

CHECKED: Final = timedelta(days=31)
"""How much of the raw values is looked at: up to the last of them. A choice."""
FEW: Final = 100
"""Findings of checks that are kept one by one; all are counted."""
FOREIGN: Final = frozenset({Finding.FOUND_NOT_PERMITTED})
UNMEASURED: Final = frozenset({Finding.REPORTED_NOT_MEASURED, Finding.REPORTED_NOT_PERMITTED})
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class InUse:
    """One stream in use.

    Parameters
    ----------
    until
        Last day (ISO); empty where none is known.
    agreed
        Expectations of its delivery, by name.
    """

    stream: str
    series: str
    until: str
    agreed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What a list shows of a site, but for what changes by the hour: cases, alerts, and streams that are silent.

    Parameters
    ----------
    year
        Newest year of which verdicts on its stacks are published; None without.
    due
        (last day by the strictest reading, last day by the widest or 0 where no day makes it late) of each duty that is
        not done yet, as ordinals of days.
    differs
        Instruments that the last control measurement differs from.
    foreign, unmeasured
        Substances that were found or reported and are not permitted or measured.
    flags, notes
        Findings of checks of raw values.
    series
        Of the streams in use.
    unknown
        What could not be worked out: `duties`, `controls`, `coverage`, `checks`, `verdicts`.
    """

    name: str
    simulated: bool
    year: int | None
    exceeded: int
    undetermined: int
    due: tuple[tuple[int, int], ...]
    differs: int
    foreign: int
    unmeasured: int
    flags: int
    notes: int
    series: tuple[InUse, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """The last control measurement beside an instrument."""

    report: str
    stream: str
    emission_point: str
    substance: str
    on: date
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A substance at a point, with what the matrix shows of it."""

    emission_point: str
    substance: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """One finding of the checks of raw values."""

    severity: Severity
    emission_point: str
    start: datetime
    end: datetime
    sentence: Text


@dataclass(frozen=True, slots=True)
class Detail:
    """Each thing that stands out at a site, but for what changes by the hour.

    Parameters
    ----------
    duties
        What is not done yet.
    checked
        First and last moment of the raw values that were looked at; None where there are none.
    """

    duties: tuple[Duty, ...] = ()
    controls: tuple[Control, ...] = ()
    coverage: tuple[Uncovered, ...] = ()
    checks: tuple[Checked, ...] = ()
    checked: tuple[datetime, datetime] | None = None


def work_out(record: Record, found: SiteView, on: date) -> tuple[Brief, Detail]:
    """Return what stands out at a site on a day."""
    unknown: list[str] = []

    def part(name: str, of: Callable[[str], Sequence[Answer]]) -> list[Answer]:
        told: list[Answer] = []
        for member in found.members:
            try:
                told += of(member)
            except GoedeBuurError:
                unknown.append(name)
        return told

    there = [one for member in found.members for one in streams.of_site(record, member, on=on)]
    averages = RecordAverages(record)
    year, outcomes = _verdicts(record, found.members, unknown)
    duties = part("duties", lambda site: stack_duties.of_site(record, site, on, averages).duties)
    controls = part("controls", lambda site: _controls(record, site, averages))
    cells = part("coverage", lambda site: _uncovered(record, site, on))
    open_duties = tuple(one for one in duties if one.done_on is None)
    period = _period(record, [one.series for one in there])
    checks = part("checks", lambda site: _checks(record, site, period)) if period is not None else []
    brief = Brief(
        name=found.name,
        simulated=found.simulated,
        year=year,
        exceeded=outcomes["EXCEEDS"],
        undetermined=outcomes["UNDETERMINED"],
        due=tuple(map(_due, open_duties)),
        differs=sum(one.verdict is Verdict.DIFFERS for one in controls),
        foreign=sum(not FOREIGN.isdisjoint(one.findings) for one in cells),
        unmeasured=sum(not UNMEASURED.isdisjoint(one.findings) for one in cells),
        flags=sum(one.severity is Severity.FLAG for one in checks),
        notes=sum(one.severity is Severity.NOTE for one in checks),
        series=tuple(_in_use(record, one, on) for one in there),
        unknown=tuple(dict.fromkeys(unknown)),
    )
    few = sorted(checks, key=lambda one: (one.severity is not Severity.FLAG, one.start))[:FEW]
    span = None if period is None else (period.start, period.end)
    return brief, Detail(open_duties, tuple(controls), tuple(cells), tuple(few), span)


def _in_use(record: Record, one: Stream, on: date) -> InUse:
    terms = [term for term in expectations.terms(record) if term.end is None or term.end.date() > on]
    agreed = {term.expectation.id for term in terms if one.series in term.expectation.among([one.series])}
    return InUse(one.id, one.series, one.valid_to.isoformat() if one.valid_to else "", tuple(sorted(agreed)))


def _due(duty: Duty) -> tuple[int, int]:
    latest = duty.due_latest.toordinal() if duty.status is Status.CONFIRMED else 0
    return duty.due.toordinal(), latest


def _verdicts(record: Record, members: Iterable[str], unknown: list[str]) -> tuple[int | None, Counter[str]]:
    """Return the newest year of published verdicts, and how many limits that bind came to what in it."""
    every = emission_results.newest(record)
    told = {member: years for member in members if (years := every.get(member))}
    year = max((max(years) for years in told.values()), default=None)
    outcomes: Counter[str] = Counter()
    for years in told.values():
        if year is not None and year in years:
            try:
                outcomes.update(emission_results.outcomes(record, years[year]))
            except GoedeBuurError:
                unknown.append("verdicts")
    return year, outcomes


def _controls(record: Record, site: str, averages: RecordAverages) -> list[Control]:
    """Return the last control or periodic measurement beside each instrument of the company."""
    if not measurement_reports.of_site(record, site, purposes=control_measurements.MEASURED):
        return []
    found: dict[str, Control] = {}
    for one in control_measurements.of_site(record, site, averages).reports:
        report = one.held.report
        if one.comparison is not None and one.streams:
            stream = one.streams[0]
            point, substance = report.emission_point, coverage.name(report.substance)
            verdict = one.comparison.verdict
            found[stream] = Control(one.held.id, stream, point, substance, report.last.date(), verdict)
    return list(found.values())


def _uncovered(record: Record, site: str, on: date) -> list[Uncovered]:
    told = []
    for one in coverage.matrix(record, site, on):
        kept = tuple(finding for finding in one.findings if finding in FOREIGN | UNMEASURED)
        if kept:
            told.append(Uncovered(one.spot.emission_point, one.spot.substance, kept))
    return told


def _period(record: Record, series: Iterable[str]) -> Period | None:
    """Return the last days of which there are raw values of any of these; None without."""
    known = inventory.lasts(record)
    ends = [known[name] for name in series if name in known]
    return Period(max(ends) - CHECKED, max(ends) + timedelta(seconds=1)) if ends else None


def _checks(record: Record, site: str, period: Period) -> list[Checked]:
    return [
        Checked(one.severity, one.emission_point, one.finding.start, one.finding.end, one.sentence)
        for one in stack_checks.check(record, site, period).found
    ]
