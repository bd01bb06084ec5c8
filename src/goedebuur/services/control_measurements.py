"""Control and periodic measurements beside the company's own figures, and whether they stand for the year.

Each partial measurement is held beside the short-term averages of the company's instrument over the same time, at the
same reference conditions. A stretch of which a part has no valid average is left out, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from goedebuur.core.base.periods import CET
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.base.sourced import Text
from goedebuur.core.emissions.en14181.criteria import Requirement
from goedebuur.core.emissions.measuring import comparison, representing
from goedebuur.core.emissions.measuring.comparison import Both, Comparison, MassEffect
from goedebuur.core.emissions.measuring.comparison import Record as History
from goedebuur.core.emissions.measuring.reports import Purpose, Report, Sample, moment, number
from goedebuur.core.emissions.measuring.representing import Moment, Represents
from goedebuur.core.emissions.processing import NORMAL_KELVIN, NORMAL_KILOPASCAL, Reference
from goedebuur.core.emissions.streams import Role, Stream
from goedebuur.core.emissions.tables import MICROGRAM_IN_KG, Lost
from goedebuur.core.permits.units import UNITS
from goedebuur.rules import en14181, measuring
from goedebuur.services import instrument_tests, measurement_reports, streams
from goedebuur.services.emission_files import Averages
from goedebuur.services.measurement_reports import Held

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record

MEASURED: Final = (Purpose.PERIODIC, Purpose.CONTROL)
NO_STREAM: Final = Text(
    "Het register heeft geen signaal van {substance} bij {point} op die dag. Meet het bedrijf hier zelf?",
    "The record has no stream of {substance} at {point} on that day. Does the company measure here itself?",
)
OTHER_REFERENCE: Final = Text(
    "Er zijn geen gemiddelden van het bedrijf bij dezelfde omstandigheden ({reference}). Kan het meetbureau ze geven?",
    "There are no averages of the company at the same conditions ({reference}). Can the bureau give them?",
)
OTHER_UNIT: Final = Text(
    "Het rapport geeft {unit}, en het signaal van het bedrijf is een gehalte in mg/Nm³. Welk gehalte mat het bureau?",
    "The report gives {unit}, and the company measures a concentration in mg/Nm³. Which did the bureau find?",
)
NOTHING_FOUND: Final = Text(
    "In {number} van de deelmetingen werd niets gevonden: die staan niet naast het bedrijf. Hoeveel was het?",
    "In {number} of the partial measurements nothing was found: these don't stand beside the company. How much was it?",
)
NO_UNCERTAINTY: Final = Text(
    "Hoe groot is de onzekerheid van het toestel van het bedrijf? Een QAL2 of grenswaarde in het register zegt het.",
    "How large is the uncertainty of the company's instrument? A QAL2 or a limit in the record says it.",
)


@dataclass(frozen=True, slots=True)
class Controlled:
    """One report beside the company.

    Parameters
    ----------
    streams
        Of the company, of the same substance at the same point; more than one where instruments stand side by side.
    comparison
        With the first of them; None where nothing can be held beside the report.
    unmatched
        Partial measurements for which the company has no valid average over the whole time, or in which nothing was
        found: what is below the detection limit is no value to hold another beside.
    basis
        What the uncertainty of the company rests on: `qal2` (report), `limit` (what the law allows), or empty.
    mass
        What it means for the mass of the year, if it holds for the whole of it; None where no mass is known.
    questions
        What a person must answer.
    """

    held: Held
    streams: tuple[str, ...]
    comparison: Comparison | None
    unmatched: int
    basis: str
    mass: MassEffect | None
    questions: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SiteControls:
    """All control and periodic measurements of a site, and how they came out by bureau and by instrument."""

    reports: tuple[Controlled, ...]
    by_bureau: tuple[History, ...]
    by_instrument: tuple[History, ...]


def of_site(record: Record, site: str, averages: Averages, as_of: int | None = None) -> SiteControls:
    """Return the control and periodic measurements of a site beside the company."""
    found = measurement_reports.of_site(record, site, as_of, purposes=MEASURED)
    reports = tuple(beside(record, one, averages, as_of) for one in found)
    known = [(one, one.comparison) for one in reports if one.comparison is not None and one.comparison.pairs]
    return SiteControls(
        reports,
        comparison.history((one.held.report.bureau, told) for one, told in known),
        comparison.history((one.streams[0], told) for one, told in known),
    )


def beside(record: Record, held: Held, averages: Averages, as_of: int | None = None) -> Controlled:
    """Return one report beside the company."""
    report = held.report
    own = _streams(record, report, as_of)
    if not own:
        asked = NO_STREAM.format(substance=report.substance.name, point=report.emission_point)
        return Controlled(held, (), None, len(report.samples), "", None, (asked,))
    names = tuple(one.id for one in own)
    if UNITS[report.unit].dimension != "concentration":
        return Controlled(held, names, None, len(report.samples), "", None, (OTHER_UNIT.format(unit=report.unit),))
    frame = _frame(averages.short(own[0], report.first.astimezone(CET).year), report)
    if frame is None:
        asked = OTHER_REFERENCE.format(reference=_key(report) or "?")
        return Controlled(held, names, None, len(report.samples), "", None, (asked,))
    ratio = UNITS[report.unit].ratio
    u_company, largest, doubt, basis = _uncertainty(record, report, own[0], as_of)
    pairs = [one for sample in report.samples if (one := _both(sample, frame, ratio, u_company)) is not None]
    found = comparison.compare(
        pairs,
        en14181.criteria(),
        measuring.choices(),
        measuring.student(),
        report.last.astimezone(CET).date(),
        largest=largest,
        doubt=doubt,
        assumed=basis == "limit",
    )
    nothing = sum(one.below_detection for one in report.samples)
    asked_of = [] if u_company is not None else [NO_UNCERTAINTY]
    asked_of += [NOTHING_FOUND.format(number=nothing)] if nothing else []
    asked_of += [doubt] if doubt and basis == "limit" else []
    mass = comparison.effect(found, total) if (total := _mass(frame, report.first.astimezone(CET).year)) else None
    return Controlled(held, names, found, len(report.samples) - len(pairs), basis, mass, tuple(asked_of))


def stands_for(record: Record, held: Held, averages: Averages, as_of: int | None = None) -> Represents:
    """Return whether a measurement stands for the calendar year in which it was made."""
    found = year(record, held.report, averages, as_of)
    return representing.represents(found, moments(held.report), measuring.choices())


def moments(report: Report) -> list[Moment]:
    """Return when was measured, with what the report says of the plant then."""
    return [
        Moment(
            moment(one.start),
            moment(one.end),
            float(one.load) if one.load else None,
            one.state,
            one.fuel,
        )
        for one in report.samples
    ]


def year(record: Record, report: Report, averages: Averages, as_of: int | None = None) -> pl.DataFrame:
    """Return load, state and mass of the year of a report, in steps: columns `representing.YEAR`."""
    import polars as pl

    number_of = report.first.astimezone(CET).year
    at_point = streams.of_site(record, report.site, as_of, emission_point=report.emission_point)
    loads = [one for one in at_point if one.role is Role.LOAD]
    own = _streams(record, report, as_of)
    empty = pl.DataFrame(schema=representing.YEAR)
    if not loads:
        return empty
    load = _of_year(averages.short(loads[0], number_of), number_of)
    if load.is_empty():
        return empty
    load = load.filter(pl.col("reference") == load["reference"][0])
    load = load.with_columns(pl.when("valid").then(pl.col("raw")).otherwise(None) / MICRO)
    masses = _frame(averages.short(own[0], number_of), report, whole=True) if own else None
    found = load.select("start", "length", "state", load=pl.col("raw").cast(pl.Float64))
    if masses is None:
        # what no instrument measures all the time has no state of its own; the plant has one for all of the point
        others = [averages.short(one, number_of) for one in at_point if one.role is Role.CONCENTRATION]
        states = pl.concat([one.select("start", "length", own="state") for one in [load.clear(), *others]])
        told = states.filter(~pl.col("own").is_in(representing.UNKNOWN)).with_columns(mass=pl.lit(None, pl.Int64))
        told = told.unique(["start", "length"], keep="first", maintain_order=True)
    else:
        told = masses.select("start", "length", mass=pl.when("valid").then("mass").otherwise(None), own="state")
    joined = found.join(told, on=["start", "length"], how="left", maintain_order="left")
    return joined.with_columns(
        fuel=pl.lit(None, pl.String), state=pl.coalesce("own", "state"), mass=pl.col("mass").cast(pl.Int64)
    ).select(list(representing.YEAR))


def _streams(record: Record, report: Report, as_of: int | None) -> tuple[Stream, ...]:
    """Return the company's streams of the substance at the point on the day, the one that the report names first."""
    on = report.first.astimezone(CET).date()
    there = streams.of_site(record, report.site, as_of, emission_point=report.emission_point, on=on)
    own = [one for one in there if one.substance is not None and _named(one) == report.quantity]
    return tuple(sorted(own, key=lambda one: (one.id != report.stream, one.id)))


def _named(stream: Stream) -> str:
    assert stream.substance is not None
    return stream.substance.id or stream.substance.cas or stream.substance.name


def _frame(short: pl.DataFrame, report: Report, *, whole: bool = False) -> pl.DataFrame | None:
    """Return the shortest averages at the reference of a report; None where there are none.

    Parameters
    ----------
    whole
        Any reference will do where the report has none of its own: the mass is the same at each.
    """
    import polars as pl

    key = _key(report)
    fit = short.filter(pl.col("reference") == key) if key is not None else short.clear()
    if fit.is_empty() and whole and short.height:
        fit = short.filter(pl.col("reference") == short["reference"].sort()[0])
    if fit.is_empty():
        return None
    return fit.filter(pl.col("length") == fit["length"].min()).sort("start")


def _key(report: Report) -> str | None:
    """Return by which name tables know the reference of a report; None where it leaves out what must be known."""
    own = report.reference
    if own is None or own.dry is None:
        return None
    temperature, pressure = own.temperature or NORMAL_KELVIN, own.pressure or NORMAL_KILOPASCAL
    return Reference(own.oxygen, own.dry, temperature, pressure).key


def _of_year(short: pl.DataFrame, number_of: int) -> pl.DataFrame:
    import polars as pl

    return short.filter(pl.col("start").dt.convert_time_zone("Etc/GMT-1").dt.year() == number_of).sort("start")


def _both(sample: Sample, frame: pl.DataFrame, ratio: Fraction, u_company: Fraction | None) -> Both | None:
    """Return a partial measurement beside the company's averages over it; None where a part of it has none.

    Averages count by how long they lie in it. None as well where nothing was found, whose value is the detection limit,
    or where the company's instrument was above its range: how much less or more there was is not known.
    """
    import polars as pl

    if sample.below_detection:
        return None
    start, end = moment(sample.start), moment(sample.end)
    ends = pl.col("start") + pl.duration(seconds="length")
    known = pl.col("valid") & pl.col("standard").is_not_null() & (pl.col("lost").and_(int(Lost.OUTSIDE_RANGE)) == 0)
    during = frame.filter((pl.col("start") < end) & (ends > start) & known)
    seconds, total = 0, 0
    for begin, length, value in during.select("start", "length", "standard").iter_rows():
        inside = _overlap(start, end, begin, length)
        seconds += inside
        total += inside * value
    if seconds < (end - start).total_seconds():
        return None
    u95 = number(sample.u95)
    return Both(
        start,
        end,
        Fraction(sample.value) * ratio,
        Fraction(total, seconds * MICRO),
        None if u95 is None else u95 * ratio,
        u_company,
    )


def _overlap(start: datetime, end: datetime, begin: datetime, length: int) -> int:
    """Return for how long an average lies in a stretch of time. [s]"""
    first = max(start.timestamp(), begin.timestamp())
    last = min(end.timestamp(), begin.timestamp() + length)
    return max(0, int(last - first))


def _uncertainty(
    record: Record, report: Report, stream: Stream, as_of: int | None
) -> tuple[Fraction | None, Fraction | None, Text, str]:
    """Return the company's uncertainty, what the law allows, what is doubtful of that, and what the first rests on.

    The last test of the instrument before the measurement says it: 1.96 times the standard deviation of its
    differences. Without one it is what the law allows at most.
    """
    need: Requirement | None = None
    if report.limit and report.share:
        need = instrument_tests.requirement(record, report, as_of)
    largest = None if need is None else need.largest
    doubt = Text() if need is None else need.question
    found = instrument_tests.expanded_before(record, stream, report.first, as_of)
    if found is not None:
        return found[0], largest, doubt, str(found[1].report.purpose)
    return largest, largest, doubt, "limit" if largest is not None else ""


def _mass(frame: pl.DataFrame, number_of: int) -> Fraction | None:
    """Return what the company let go in a year, of the valid averages alone [kg]; None where no mass is known."""
    import polars as pl

    total = _of_year(frame, number_of).filter(pl.col("valid"))["mass"].drop_nulls()
    return Fraction(int(total.sum()), MICROGRAM_IN_KG) if len(total) else None
