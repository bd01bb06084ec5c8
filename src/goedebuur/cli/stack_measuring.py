"""Commands about measurements by bureaus: beside the company, for what they stand, and what is not measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
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
    from goedebuur.core.emissions.measuring.comparison import Record as History
    from goedebuur.core.emissions.measuring.coverage import Cell
    from goedebuur.core.emissions.measuring.representing import Represents
    from goedebuur.services.control_measurements import Controlled, SiteControls

SHOWN = 3
"""Decimals on a terminal; JSON has nine."""


@click.command(cls=Command)
@click.argument("site")
@averages_option
@click.option("--publish", is_flag=True, help="Record what each comes to as leaves of the log, one for each year.")
@as_of_option
def control(site: str, averages: Path | None, publish: bool, state: int | datetime | None) -> None:
    """Hold control and periodic measurements beside the company's averages: equivalent, differs, or can't be told."""
    from goedebuur.services import control_measurements, control_results

    if publish and state is not None:
        raise click.UsageError("--publish records what holds now, so it goes without --as-of.")
    session = current()
    with session.record(write=publish) as record:
        size = session.size(record, state)
        source = stack_source.source(record, averages, size)
        if publish:
            leaves = control_results.publish(record, site, source, session.wiring.now())
            session.answer({"leaves": leaves}, lambda: pairs(("leaf", leaf) for leaf in leaves))
            return
        found = control_measurements.of_site(record, site, source, size)
    session.answer(_site(found), lambda: _write(found))


@click.command(cls=Command)
@click.argument("report")
@averages_option
@as_of_option
def representative(report: str, averages: Path | None, state: int | datetime | None) -> None:
    """Say whether a measurement stands for its year: REPORT is submitter and report, as bureau:CM-2026-014."""
    from goedebuur.services import control_measurements, measurement_reports

    session = current()
    with session.record() as record:
        size = session.size(record, state)
        held = measurement_reports.find(record, report, size)
        found = control_measurements.stands_for(record, held, stack_source.source(record, averages, size), size)
    session.answer(_represents(found), lambda: click.echo(found.sentence.en))


@click.command(cls=Command)
@click.argument("site")
@click.option("--on", "on", default="", metavar="DAY", help="As of which day, as 2026-12-31; today where not given.")
@as_of_option
def coverage(site: str, on: str, state: int | datetime | None) -> None:
    """Show which substances are permitted, reported, measured and found at a site, and when each was last measured."""
    from goedebuur.services import coverage as service

    session = current()
    try:
        day = date.fromisoformat(on) if on else session.wiring.now().date()
    except ValueError:
        raise click.BadParameter("give a day as 2026-12-31", param_hint="--on") from None
    with session.record() as record:
        found = service.matrix(record, site, day, session.size(record, state))
    columns = ("point", "substance", "permitted", "reported", "measured", "days", "due", "what stands out")
    session.answer({"on": day, "cells": [_cell(one) for one in found]}, lambda: table(columns, map(_row, found)))


def _write(found: SiteControls) -> None:
    columns = ("report", "point", "substance", "n", "control", "company", "E_n", "RA %", "verdict", "why")
    table(columns, map(_line, found.reports), right=("n", "control", "company", "E_n", "RA %"))
    for title, histories in (("bureau", found.by_bureau), ("instrument", found.by_instrument)):
        pairs((f"{title} {one.name}", _told(one)) for one in histories)


def _line(one: Controlled) -> tuple[object, ...]:
    told, report = one.comparison, one.held.report
    if told is None:
        asked = "; ".join(question.en for question in one.questions)
        return one.held.id, report.emission_point, report.quantity, 0, "", "", "", "", "cannot_tell", asked
    share = None if told.relative_accuracy is None else told.relative_accuracy * 100
    why = ", ".join(told.because) or (f"{one.unmatched} without an average of the company" if one.unmatched else "")
    numbers = [_n(value, SHOWN) or "" for value in (told.control, told.company, told.e_n, share)]
    return one.held.id, report.emission_point, report.quantity, len(told.pairs), *numbers, told.verdict, why


def _told(one: History) -> str:
    mean = "" if one.relative is None else f", company {_n(one.relative * 100, 1)} % off on average"
    chance = "" if one.by_chance is None else f" (by chance: {_n(one.by_chance * 100, 1)} %)"
    counts = ", ".join(f"{number} {verdict}" for verdict, number in one.verdicts.items() if number)
    return f"{counts}; company higher {one.higher}, lower {one.lower}{chance}{mean}"


def _row(one: Cell) -> tuple[object, ...]:
    reported = "" if one.reported is None else f"{one.reported.amount} in {one.reported.year}"
    measured = one.measured[0].last if one.measured else "never"
    return (
        *(one.spot.emission_point, one.spot.substance, ", ".join(one.permitted), reported, measured),
        *("" if one.days is None else one.days, one.due or "", ", ".join(one.findings)),
    )


def _site(found: SiteControls) -> dict[str, Any]:
    return {
        "reports": [_controlled(one) for one in found.reports],
        "by_bureau": [_history(one) for one in found.by_bureau],
        "by_instrument": [_history(one) for one in found.by_instrument],
    }


def _controlled(one: Controlled) -> dict[str, Any]:
    told, mass = one.comparison, one.mass
    body: dict[str, Any] = {
        "report": one.held.id,
        "leaf": one.held.leaf,
        "signed": one.held.signed,
        "purpose": one.held.report.purpose,
        "streams": one.streams,
        "unmatched": one.unmatched,
        "uncertainty_of_company": one.basis,
        "questions": [question.en for question in one.questions],
        "mass": None
        if mass is None
        else {
            **{name: _n(getattr(mass, name)) for name in ("reported", "by_control", "low", "high")},
            "within": mass.within,
        },
    }
    if told is None:
        return body | {"verdict": "cannot_tell"}
    numbers = ("control", "company", "bias", "u_control", "u_company", "e_n", "relative_accuracy")
    return body | {
        "verdict": told.verdict,
        "because": told.because,
        **{name: _n(getattr(told, name)) for name in numbers},
        "pairs": [
            {"start": pair.start, "control": _n(pair.control), "company": _n(pair.company), "e_n": _n(e_n)}
            for pair, e_n in zip(told.pairs, told.each, strict=True)
        ],
        "checks": [
            {
                "id": check.id,
                "value": _n(check.value),
                "bound": _n(check.bound),
                "met": check.met,
                "decides": check.decides,
            }
            for check in told.checks
        ],
    }


def _history(one: History) -> dict[str, Any]:
    return {
        "name": one.name,
        "verdicts": dict(one.verdicts),
        "higher": one.higher,
        "lower": one.lower,
        "relative": _n(one.relative),
        "by_chance": _n(one.by_chance),
    }


def _represents(one: Represents) -> dict[str, Any]:
    shares = {name: _n(getattr(one, name)) for name in ("hours", "mass", "above", "below", "percentile", "unknown")}
    return {
        "stands": one.stands,
        "low": one.low,
        "high": one.high,
        "states": one.states,
        "fuels": one.fuels,
        **shares,
        "distance": one.distance,
        "sentence": one.sentence.en,
    }


def _cell(one: Cell) -> dict[str, Any]:
    return {
        "emission_point": one.spot.emission_point,
        "substance": one.spot.substance,
        "permitted": one.permitted,
        "duties": [
            {"manner": duty.manner, "times": duty.times, "months": duty.months, "source": duty.source}
            for duty in one.duties
        ],
        "reported": one.reported,
        "measured": [
            {"manner": seen.manner, "last": seen.last, "found": seen.found, "source": seen.source}
            for seen in one.measured
        ],
        "days": one.days,
        "due": one.due,
        "findings": one.findings,
        "questions": list(_asked(one)),
    }


def _asked(one: Cell) -> Iterator[str]:
    yield from (question.en for question in one.questions)


def _n(value: Fraction | None, decimals: int = 9) -> str | None:
    return None if value is None else written(value, decimals)
