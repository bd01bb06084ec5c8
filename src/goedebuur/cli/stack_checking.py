"""Commands that look at the raw values of emission points: what goes wrong, and what goes with the load."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.options import MOMENT, Command, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.base.quantities import MICRO

if TYPE_CHECKING:
    from goedebuur.services.load_dependence import OfStream
    from goedebuur.services.stack_checks import Checked, Found


@click.command(cls=Command)
@click.argument("site")
@click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="First start.")
@click.option("--until", "end", required=True, type=MOMENT, metavar="TIME", help="Up to, not including.")
@click.option("--emission-point", help="Only this one.")
@as_of_option
def check(site: str, start: datetime, end: datetime, emission_point: str | None, state: int | datetime | None) -> None:
    """Look in the raw values of a site for what goes wrong with instruments, computers and people.

    Nothing is changed or left out. Streams of one emission point are held beside each other.
    """
    from goedebuur.services import stack_checks

    if end <= start:
        raise click.BadParameter("it comes before --from", param_hint="--until")
    session = current()
    with session.record() as record:
        checked = stack_checks.check(
            record, site, Period(start, end), session.size(record, state), emission_point=emission_point
        )

    def show() -> None:
        pairs(
            [
                ("site", checked.site),
                ("from", iso(checked.period.start)),
                ("until", iso(checked.period.end)),
                ("streams", checked.streams),
                ("raw values", checked.values),
                ("found", len(checked.found)),
            ]
        )
        if checked.found:
            columns = ("emission point", "check", "severity", "streams", "from", "until", "what")
            table(columns, [_row(one) for one in checked.found])

    session.answer(_plain(checked), show)


@click.command(cls=Command)
@click.argument("site")
@click.argument("emission_point")
@click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="First start.")
@click.option("--until", "end", required=True, type=MOMENT, metavar="TIME", help="Up to, not including.")
@click.option("--classes", type=click.IntRange(1, 100), default=10, show_default=True, help="How many classes of load.")
@as_of_option
def load(
    site: str, emission_point: str, start: datetime, end: datetime, classes: int, state: int | datetime | None
) -> None:
    """Show the raw concentrations of an emission point by class of load, with equal numbers of values in each."""
    from goedebuur.services import load_dependence

    if end <= start:
        raise click.BadParameter("it comes before --from", param_hint="--until")
    session = current()
    with session.record() as record:
        size = session.size(record, state)
        found = load_dependence.of_point(record, site, emission_point, Period(start, end), size, classes=classes)
    columns = ("stream", "load from", "to", "values", "median", "mean", "95 %", "share", "high")

    def show() -> None:
        for one in found:
            unit = f"{one.load.unit}; {one.stream.unit}"
            remarked = f", {one.remarked} with a remark of the supplier" if one.remarked else ""
            pairs([(one.stream.id, f"{one.found.steps} values beside a load [{unit}]{remarked}")])
        table(columns, [row for one in found for row in _classes(one)], right=columns[1:-1])

    session.answer([_by_load(one) for one in found], show)


def _classes(one: OfStream) -> list[tuple[str, ...]]:
    return [
        (
            one.stream.id,
            _units(part.low),
            _units(part.high),
            str(part.steps),
            _units(part.median),
            _units(float(part.mean)),
            _units(part.p95),
            "" if part.share is None else f"{float(part.share):.3f}",
            "high" if part.is_high else "",
        )
        for part in one.found.classes
    ]


def _units(micro: float) -> str:
    return f"{micro / MICRO:.4g}"


def _by_load(one: OfStream) -> dict[str, Any]:
    names = ("stream", "load_from", "load_to", "values", "median", "mean", "p95", "share", "high")
    return {
        "stream": one.stream.id,
        "unit": one.stream.unit,
        "load": one.load.id,
        "load_unit": one.load.unit,
        "values": one.found.steps,
        "without_load": one.found.without,
        "remarked": one.remarked,
        "classes": [dict(zip(names[1:], row[1:], strict=True)) for row in _classes(one)],
    }


def _row(one: Found) -> tuple[str, ...]:
    finding = one.finding
    what = one.sentence.en + (" (simulated)" if one.simulated else "")
    stretch = iso(finding.start), iso(finding.end)
    return (one.emission_point, finding.check, one.severity, ", ".join(finding.streams), *stretch, what)


def _plain(checked: Checked) -> dict[str, Any]:
    return {
        "site": checked.site,
        "from": iso(checked.period.start),
        "until": iso(checked.period.end),
        "streams": checked.streams,
        "raw_values": checked.values,
        "found": [
            {
                "emission_point": one.emission_point,
                "check": one.finding.check,
                "severity": one.severity,
                "streams": one.finding.streams,
                "from": iso(one.finding.start),
                "until": iso(one.finding.end),
                "numbers": dict(one.finding.numbers),
                "nl": one.sentence.nl,
                "en": one.sentence.en,
                "simulated": one.simulated,
            }
            for one in checked.found
        ],
    }
