"""Commands about tests of instruments in a stack, from the reports in the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli import stack_source
from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.cli.stack_source import averages_option
from goedebuur.core.emissions.en14181.criteria import written

if TYPE_CHECKING:
    from goedebuur.core.emissions.en14181.calibration import Variability
    from goedebuur.core.emissions.en14181.charts import Call, Level
    from goedebuur.core.emissions.en14181.criteria import Check
    from goedebuur.services.instrument_tests import InstrumentTest
    from goedebuur.services.range_surveillance import Watched

SHOWN = 6
"""Decimals on a terminal; JSON has nine."""


@click.command("tests", cls=Command)
@click.argument("site")
@click.option("--report", default="", metavar="NAME", help="Show one in full: submitter and report, as bureau:QAL2-1.")
@click.option("--ranges", is_flag=True, help="Show the weeks outside the valid range instead.")
@averages_option
@as_of_option
def tests(site: str, report: str, ranges: bool, averages: Path | None, state: int | datetime | None) -> None:
    """List the tests of instruments at a site (QAL2, AST, QAL3), worked out again from their reports."""
    from goedebuur.services import instrument_tests, measurement_reports

    session = current()
    if ranges:
        if report:
            raise click.UsageError("--ranges is about instruments, so it goes without --report.")
        _ranges(site, averages, state)
        return
    if averages is not None:
        raise click.UsageError("--averages goes with --ranges.")
    with session.record() as record:
        size = session.size(record, state)
        if report:
            one = instrument_tests.worked_out(record, measurement_reports.find(record, report, size), size)
            session.answer(_full(one), lambda: pairs(_lines(one)))
            return
        found = instrument_tests.of_site(record, site, size)
    columns = ("report", "test", "point", "substance", "last day", "bureau says", "worked out", "if all rows hold")
    session.answer({"tests": [_full(one) for one in found]}, lambda: table(columns, map(_row, found)))


def _ranges(site: str, averages: Path | None, state: int | datetime | None) -> None:
    from goedebuur.services import range_surveillance

    session = current()
    with session.record() as record:
        size, today = session.size(record, state), session.wiring.now().date()
        found = range_surveillance.of_site(record, site, stack_source.source(record, averages, size), today, size)
    columns = ("stream", "function", "since", "weeks", "over", "outcome", "new QAL2 by")
    rows = [_range(one) for one in found]
    session.answer({"ranges": [dict(zip(columns, row, strict=True)) for row in rows]}, lambda: table(columns, rows))


def _range(one: Watched) -> tuple[object, ...]:
    told = one.found
    if told is None:
        return one.stream, one.function, one.since, 0, 0, "", ""
    return one.stream, one.function, one.since, len(told.weeks), len(told.over), told.outcome, told.due_by or ""


def _row(one: InstrumentTest) -> tuple[object, ...]:
    told = one.held.report
    day = told.last.date().isoformat()
    return one.held.id, told.purpose, told.emission_point, told.quantity, day, told.found, one.outcome, one.as_known


def _lines(one: InstrumentTest) -> Iterator[tuple[str, object]]:
    told = one.held.report
    yield "report", f"{one.held.id} (leaf {one.held.leaf}, {'signed' if one.held.signed else 'not signed'})"
    yield "test", f"{told.purpose} of {told.stream or told.emission_point}, {told.substance.name}, by {told.bureau}"
    yield "bureau says", told.found or "nothing"
    yield "worked out", f"{one.outcome}; if all rows hold: {one.as_known}"
    if one.calibration is not None and one.calibration.function is not None:
        used = one.calibration.function
        yield "function", f"{written(used.offset)} + {written(used.slope)} · raw ({one.calibration.method})"
        if one.calibration.valid_high is not None:
            yield "valid range", f"0 to {written(one.calibration.valid_high)} mg/m³ at reference conditions"
    for check in _checks(one):
        yield check.id, _check_line(check)
    for chart in one.charts:
        for call in chart.calls:
            yield call.reading.at.date().isoformat(), _call_line(chart.level, call)
    for question in one.questions:
        yield "question", question.en


def _call_line(level: Level, call: Call) -> str:
    after = "adjusted after it" if call.reading.adjusted else "not adjusted"
    return f"{level}: {call.id} {written(call.value, SHOWN)} above {written(call.bound, SHOWN)}, {after}"


def _check_line(check: Check) -> str:
    value, bound = (("unknown" if x is None else written(x, SHOWN)) for x in (check.value, check.bound))
    met = {True: "met", False: "not met", None: "not known"}[check.met]
    return f"{value} {check.relation} {bound} {check.unit}: {met}{'' if check.decides else ' (decides nothing)'}"


def _checks(one: InstrumentTest) -> tuple[Check, ...]:
    if one.calibration is not None:
        return one.calibration.checks
    if one.surveillance is not None:
        return one.surveillance.checks
    return tuple(check for chart in one.charts for check in chart.checks)


def _full(one: InstrumentTest) -> dict[str, Any]:
    """Return a test with every number on the way, for programs."""
    told = one.held.report
    found: dict[str, Any] = {
        "report": one.held.id,
        "leaf": one.held.leaf,
        "signed": one.held.signed,
        "purpose": told.purpose,
        "emission_point": told.emission_point,
        "stream": told.stream,
        "substance": told.substance.name,
        "bureau": told.bureau,
        "bureau_says": told.found,
        "outcome": one.outcome,
        "as_known": one.as_known,
        "checks": [_check(check) for check in _checks(one)],
        "questions": [question.en for question in one.questions],
    }
    if one.calibration is not None:
        cal = one.calibration
        function = cal.function
        found |= {
            "method": cal.method,
            "function": None if function is None else {"offset": _n(function.offset), "slope": _n(function.slope)},
            "valid_high": _n(cal.valid_high),
            "lowest": _n(cal.lowest),
            "highest": _n(cal.highest),
            "pairs": [{"start": x.pair.start, "unfit": x.unfit} for x in cal.told],
        }
    spread = one.calibration.variability if one.calibration else one.surveillance and one.surveillance.variability
    return (
        found | ({"variability": _spread(spread)} if spread else {}) | ({"charts": _charts(one)} if one.charts else {})
    )


def _spread(found: Variability) -> dict[str, Any]:
    return {
        "bias": _n(found.bias),
        "s_d": _n(found.s_d),
        "sigma_0": _n(found.sigma_0),
        "k_v": _n(found.k_v),
        "points": [
            {
                "start": one.pair.start,
                "raw": _n(one.pair.raw),
                "calibrated": _n(one.calibrated),
                "calibrated_standard": _n(one.calibrated_standard),
                "reference_standard": _n(one.reference_standard),
                "difference": _n(one.difference),
            }
            for one in found.points
        ],
    }


def _charts(one: InstrumentTest) -> list[dict[str, Any]]:
    return [
        {
            "level": chart.level,
            "sums": [
                {"at": x.reading.at, "up": _n(x.up), "down": _n(x.down), "spread": _n(x.spread), "drift": _n(x.drift)}
                for x in chart.sums
            ],
            "single": [
                {"at": x.reading.at, "deviation": _n(x.deviation), "warns": x.warns, "acts": x.acts}
                for x in chart.single
            ],
            "calls": [
                {
                    "at": x.reading.at,
                    "id": x.id,
                    "value": _n(x.value),
                    "bound": _n(x.bound),
                    "adjusted": x.reading.adjusted,
                }
                for x in chart.calls
            ],
        }
        for chart in one.charts
    ]


def _check(one: Check) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text.en,
        "value": _n(one.value),
        "relation": one.relation,
        "bound": _n(one.bound),
        "unit": one.unit,
        "met": one.met,
        "decides": one.decides,
    }


def _n(value: Fraction | None) -> str | None:
    return None if value is None else written(value)
