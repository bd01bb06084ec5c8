"""What measurements by bureaus come to against the limits of their day: periodic and control reports in the record.

Only what a bureau signed decides. A value at other reference conditions than the limit's, in a state in which the limit
may not count, or below what could be detected, decides nothing that it does not say by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base.periods import CET
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance.emissions import periodic, wording
from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.compliance.emissions.periodic import PeriodicVerdict, Sample
from goedebuur.core.compliance.emissions.regimes import Effect, RegimeBook
from goedebuur.core.compliance.emissions.requirements import MASS_FLOW, Held, Requirement
from goedebuur.core.compliance.emissions.slots import effects
from goedebuur.core.emissions.measuring.reports import Purpose, Report, moment, number
from goedebuur.core.emissions.processing import NORMAL_KELVIN, NORMAL_KILOPASCAL, Reference
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.units import unit
from goedebuur.core.sites.records import EmissionPoint
from goedebuur.services import emission_places, measurement_reports, rule_record, sites
from goedebuur.services.emission_places import Place
from goedebuur.services.measurement_reports import Held as HeldReport

if TYPE_CHECKING:
    from goedebuur.services.record import Record

PURPOSES: Final = (Purpose.PERIODIC, Purpose.CONTROL)


@dataclass(frozen=True, slots=True)
class ReportVerdict:
    """What one report comes to against one limit.

    Parameters
    ----------
    requirement
        Its name; empty where no limit on such measurements binds on that day.
    limit
        What the values must not exceed, by the strictest reading; None where it is not known. [unit]
    unit
        Of the limit.
    """

    report: HeldReport
    requirement: str
    articles: tuple[str, ...]
    limit: Fraction | None
    unit: str
    found: PeriodicVerdict

    def as_record(self) -> dict[str, Any]:
        """Return the verdict as plain fields: numbers as exact text."""
        told = self.report.report
        return {
            "report": self.report.id,
            "leaf": self.report.leaf,
            "purpose": str(told.purpose),
            "bureau": told.bureau,
            "emission_point": told.emission_point,
            "substance": told.quantity,
            "on": day_of(told).isoformat(),
            "requirement": self.requirement,
            "articles": list(self.articles),
            "limit": "" if self.limit is None else str(self.limit),
            "unit": self.unit,
            "outcome": str(self.found.outcome),
            "code": self.found.code,
            "each": [{"low": str(one.low), "high": str(one.high)} for one in self.found.each],
            "question_nl": self.found.question.nl,
            "question_en": self.found.question.en,
            "simulated": told.simulated,
        }


def day_of(report: Report) -> date:
    """Return the day on which a report began measuring, on winter time."""
    return report.first.astimezone(CET).date()


def of_year(record: Record, site: str, year: int, as_of: int | None = None) -> tuple[ReportVerdict, ...]:
    """Return what the reports of a year come to, in order of measuring, with one row for each limit that binds.

    Raises
    ------
    GoedeBuurError
        `site-unknown`; `rules-table` where recorded tables cannot be read.
    """
    reports = [
        one
        for one in measurement_reports.of_site(record, site, as_of, purposes=PURPOSES)
        if day_of(one.report).year == year
    ]
    if not reports:
        return ()
    there = emission_places.places(record, site, year, as_of)
    points = sites.every(record, EmissionPoint, as_of)
    book = rule_record.regime_book_at(record, as_of).book
    return tuple(
        verdict for one in reports for verdict in _of_report(one, there, points.get(one.report.emission_point), book)
    )


def _of_report(
    one: HeldReport, there: Sequence[Place], point: EmissionPoint | None, book: RegimeBook
) -> Iterator[ReportVerdict]:
    report, day = one.report, day_of(one.report)
    told = unit(report.unit)
    wanted = [
        requirement
        for place in there
        if _at(place, report.emission_point, point)
        for requirement in place.requirements
        if requirement.key.averaging is Averaging.SAMPLING_PERIOD
        and (requirement.key.substance, requirement.key.dimension) == (report.quantity, told.dimension)
        and not requirement.floor
        and (requirement.on(day) is not None or any(gap.first <= day <= gap.last for gap in requirement.open))
    ]
    if not wanted:
        yield ReportVerdict(one, "", (), None, report.unit, _open("no-sampling-limit", wording.NO_SAMPLING_LIMIT))
    for requirement in wanted:
        held = requirement.on(day)
        if held is None:
            gap = next(gap for gap in requirement.open if gap.first <= day <= gap.last)
            verdict = _open("limit-open", gap.question)
            yield ReportVerdict(one, requirement.name, (), None, requirement.unit, verdict)
            continue
        verdict = _judged(one, held, requirement, book)
        yield ReportVerdict(one, requirement.name, (held.article,), held.low, requirement.unit, verdict)


def _at(place: Place, name: str, point: EmissionPoint | None) -> bool:
    """Return whether the limits of a place hold at a point: its own, those of its installations, or of all the site."""
    if place.spot.emission_point:
        return place.spot.emission_point == name
    return not place.spot.installation or (point is not None and place.spot.installation in point.installations)


def _open(code: str, question: Text) -> PeriodicVerdict:
    return PeriodicVerdict(Outcome.UNDETERMINED, code, (), None, question)


def _judged(one: HeldReport, held: Held, requirement: Requirement, book: RegimeBook) -> PeriodicVerdict:
    report = one.report
    if not one.signed:
        return _open("report-unsigned", wording.UNSIGNED)
    if requirement.key.dimension != MASS_FLOW and _reference(report) != held.reference:
        return _open("samples-reference", wording.SAMPLES_REFERENCE)
    states = effects(held, requirement, book)
    told = {states.get(sample.state or "unknown", Effect.MAY) for sample in report.samples}
    if told != {Effect.COUNTS}:
        return _open("samples-state", wording.STATE)
    ratio = unit(report.unit).ratio
    rule = book.samples(held.regime, requirement.key.substance, day_of(report)) if held.regime else None
    found = periodic.judge(_samples(report, ratio, lowest=False), held, rule)
    if any(sample.below_detection for sample in report.samples):
        # the true value lies between zero and what could be detected
        least = periodic.judge(_samples(report, ratio, lowest=True), held, rule)
        if least.outcome is not found.outcome:
            return replace(found, outcome=Outcome.UNDETERMINED, code="below-detection", question=wording.DETECTION)
    return found


def _samples(report: Report, ratio: Fraction, *, lowest: bool) -> list[Sample]:
    return [
        Sample(
            moment(sample.start),
            moment(sample.end),
            Fraction(0) if lowest and sample.below_detection else Fraction(sample.value) * ratio,
            None if (expanded := number(sample.u95)) is None else expanded * ratio,
        )
        for sample in report.samples
    ]


def _reference(report: Report) -> str:
    """Return the key of the conditions to which a bureau brought the gas; empty where it does not say enough."""
    told = report.reference
    if told is None or told.dry is None:
        return ""
    normal = replace(told, temperature=told.temperature or NORMAL_KELVIN, pressure=told.pressure or NORMAL_KILOPASCAL)
    found = Reference.of(normal)
    return found.key if found is not None else ""
