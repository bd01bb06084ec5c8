"""Tests of instruments in a stack, worked out again from the reports in the record: QAL2, AST and QAL3.

The bureau's own conclusion stands beside ours. A limit on which a test rests is looked up in the permit record: what
the bureau wrote down decides nothing by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import CET, Clock
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181 import calibration, charts, surveillance
from goedebuur.core.emissions.en14181.calibration import Calibration, Function
from goedebuur.core.emissions.en14181.charts import Call, Charted, Level, Summed
from goedebuur.core.emissions.en14181.criteria import (
    Check,
    Criteria,
    Outcome,
    Requirement,
    as_known,
    outcome,
    questions,
)
from goedebuur.core.emissions.en14181.surveillance import Surveillance
from goedebuur.core.emissions.measuring.reports import Purpose, Report, number
from goedebuur.core.emissions.streams import CalibrationFunction, Stream
from goedebuur.core.permits.limits import Averaging
from goedebuur.core.permits.precedence import Origin
from goedebuur.core.permits.units import UNITS
from goedebuur.core.sites.records import Site
from goedebuur.rules import en14181
from goedebuur.services import measurement_reports, permit_views, sites, streams
from goedebuur.services.measurement_reports import Held

if TYPE_CHECKING:
    from goedebuur.services.record import Record

NORMAL_COVERAGE: Final = Fraction("1.96")
"""Standard deviations in half of a 95 % interval of a normal distribution."""
TESTS: Final = (Purpose.QAL2, Purpose.AST, Purpose.QAL3)
NO_LIMIT: Final = Text(
    "Het register kent geen grenswaarde van {limit} mg/m³ voor het daggemiddelde van {substance} op {point}. Waar staat"
    " die?",
    "The record has no limit of {limit} mg/m³ on the mean of a day of {substance} at {point}. Where is it written?",
)
NO_FUNCTION: Final = Text(
    "Het register heeft geen kalibratiefunctie {name} van deze stroom. Welke is gecontroleerd?",
    "The record has no calibration function {name} of this stream. Which was tested?",
)
SHARE: Final = Text(
    "Staat een betrouwbaarheidsinterval van {share} % van de grenswaarde in {source}?",
    "Is a confidence interval of {share} % of the limit written in {source}?",
)


@dataclass(frozen=True, slots=True)
class Chart:
    """Readings on one gas, and what they ask for; `calls` has each reading beyond a bound."""

    level: Level
    sums: tuple[Summed, ...]
    single: tuple[Charted, ...]
    checks: tuple[Check, ...]
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class InstrumentTest:
    """One report of a test, worked out again.

    Parameters
    ----------
    calibration, surveillance, charts
        What was worked out, of which one is there by the purpose.
    outcome, as_known
        Ours; and as if every row were confirmed as it stands.
    questions
        What a person must answer.
    """

    held: Held
    calibration: Calibration | None
    surveillance: Surveillance | None
    charts: tuple[Chart, ...]
    outcome: Outcome
    as_known: Outcome
    questions: tuple[Text, ...]


def of_site(record: Record, site: str, as_of: int | None = None) -> tuple[InstrumentTest, ...]:
    """Return all tests of instruments at a site, by their first measurement."""
    found = measurement_reports.of_site(record, site, as_of, purposes=TESTS)
    return tuple(worked_out(record, one, as_of) for one in found)


def worked_out(record: Record, held: Held, as_of: int | None = None) -> InstrumentTest:
    """Return what a report of a test comes to."""
    report, criteria = held.report, en14181.criteria()
    if report.purpose is Purpose.QAL3:
        return _charts(held, criteria)
    on = report.last.astimezone(CET).date()
    need = requirement(record, report, as_of)
    pairs = [one.as_pair() for one in report.pairs]
    if report.purpose is Purpose.QAL2:
        found = calibration.calibrate(
            pairs,
            need,
            criteria,
            on,
            Clock.CET,
            zero=number(report.zero),
            surrogates=[one.as_surrogate() for one in report.reference_materials],
        )
        return InstrumentTest(held, found, None, (), found.outcome, found.as_known, found.questions)
    function = streams.every(record, CalibrationFunction, as_of).get(report.function)
    if function is None or function.stream != report.stream:
        asked = NO_FUNCTION.format(name=report.function)
        return InstrumentTest(held, None, None, (), Outcome.UNDETERMINED, Outcome.UNDETERMINED, (asked,))
    used = Function(Fraction(function.offset), Fraction(function.slope))
    tested = surveillance.survey(pairs, used, need, criteria, on)
    return InstrumentTest(held, None, tested, (), tested.outcome, tested.as_known, tested.questions)


def _charts(held: Held, criteria: Criteria) -> InstrumentTest:
    report = held.report
    on = report.last.astimezone(CET).date()
    found = []
    for level, sigma in ((Level.ZERO, report.sigma_zero), (Level.SPAN, report.sigma_span)):
        readings = [one.as_reading() for one in report.readings if one.level is level]
        if readings and sigma and Fraction(sigma):
            found.append(Chart(level, *charts.chart_checks(readings, Fraction(sigma), criteria, on)))
    checks = [one for chart in found for one in chart.checks]
    lacking = {one.level for one in report.readings} - {one.level for one in found}
    asked = tuple(_NO_SIGMA.format(level=level) for level in sorted(lacking))
    result = outcome(checks)
    if asked and result is Outcome.PASSED:
        result = Outcome.UNDETERMINED
    return InstrumentTest(held, None, None, tuple(found), result, as_known(checks), (*asked, *questions(checks)))


_NO_SIGMA: Final = Text(
    "Welke standaardafwijking heeft het toestel volgens zijn certificaat ({level})?",
    "Which standard deviation does the instrument have by its certificate ({level})?",
)


def expanded_before(
    record: Record, stream: Stream, moment: datetime, as_of: int | None = None
) -> tuple[Fraction, Held] | None:
    """Return the uncertainty of an instrument by its last QAL2 or AST that ended by a moment, and that test.

    Half the 95 % interval of one value at reference conditions: 1.96 times the standard deviation of the differences.
    [mg/m³] None where the record has no such test that can be worked out.
    """
    tests = measurement_reports.of_site(record, stream.site, as_of, purposes=(Purpose.QAL2, Purpose.AST))
    for one in reversed(tests):
        if one.report.stream != stream.id or one.report.last > moment:
            continue
        found = worked_out(record, one, as_of)
        spread = found.calibration.variability if found.calibration else None
        spread = spread or (found.surveillance.variability if found.surveillance else None)
        if spread is not None:
            return NORMAL_COVERAGE * spread.s_d, one
    return None


def requirement(record: Record, report: Report, as_of: int | None) -> Requirement:
    """Return what the law asks as the report has it; with a question where the record does not have that limit."""
    limit, share = Fraction(report.limit), Fraction(report.share) / 100
    question = Text()
    if limit not in _limits(record, report, as_of):
        question = NO_LIMIT.format(limit=report.limit, substance=report.substance.name, point=report.emission_point)
    elif not report.limit_source:
        question = SHARE.format(share=report.share, source="?")
    return Requirement(limit, share, report.limit_source, question)


def _limits(record: Record, report: Report, as_of: int | None) -> set[Fraction]:
    """Return the limits on the mean of a day that bind at the point on the day of measuring. [mg/m³]

    Where it is open which one binds, each that may; the floor of the directive binds no operator.
    """
    if report.site not in sites.every(record, Site, as_of):
        return set()
    on = report.last.astimezone(CET).date()
    found = set()
    for spot in permit_views.limits(record, report.site, on, as_of).spots:
        if spot.spot.emission_point not in ("", report.emission_point):
            continue
        for binding in spot.bindings:
            own_limits = [one for one in binding.candidates if one.origin is not Origin.EU_FLOOR]
            for candidate in [binding.binding] if binding.binding is not None else own_limits:
                limit = candidate.limit
                own = limit.substance.id or limit.substance.cas or limit.substance.name
                if own != report.quantity or limit.averaging is not Averaging.DAY:
                    continue
                if UNITS[limit.unit].dimension == "concentration":
                    found.add(Fraction(limit.value) * UNITS[limit.unit].ratio)
    return found
