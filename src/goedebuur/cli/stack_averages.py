"""Commands for averages at a stack: from raw values to half-hours and years, and what changed between two states."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any, Final

import click

from goedebuur.cli.options import MOMENT, Command, as_of_option
from goedebuur.cli.session import current, table
from goedebuur.core.base.exact import as_text
from goedebuur.core.base.periods import Clock, Period, iso

DECIMALS: Final = 6
MICROGRAM_DECIMALS: Final = 9
"""From µg to kg."""
UNITS: Final = ("raw", "calibrated", "standard", "micro")
UNIX: Final = date(1970, 1, 1)
period_options: Final = (
    click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="First start."),
    click.option("--until", "end", required=True, type=MOMENT, metavar="TIME", help="Up to, not including."),
)
clock_option = click.option(
    "--clock",
    type=click.Choice([str(one) for one in Clock]),
    help="On which days, months and years are cut. Has no default: the rule says it.",
)


@click.command(cls=Command)
@click.argument("site")
@click.argument("emission_point", metavar="POINT")
@period_options[0]
@period_options[1]
@click.option("--stream", help="Only this one.")
@click.option("--length", type=click.IntRange(600, 3600), help="Only averages of so many seconds.")
@click.option(
    "--per",
    type=click.Choice(["short", "day", "month", "year"]),
    default="short",
    help="Default: short, the half-hours or hours that the settings name.",
)
@clock_option
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@as_of_option
def averages(
    site: str,
    emission_point: str,
    start: datetime,
    end: datetime,
    stream: str | None,
    length: int | None,
    per: str,
    clock: str | None,
    as_csv: bool,
    state: int | datetime | None,
) -> None:
    """Average the signals of an emission point, with every step beside the next.

    Raw, calibrated and standard values are in the unit of the stream and in mg/m³; mass in kg. A day has the short
    averages that begin between --from and --until.
    """
    import polars as pl

    from goedebuur.services import stack_averages

    if end <= start:
        raise click.BadParameter("it comes before --from", param_hint="--until")
    if per != "short" and clock is None:
        raise click.UsageError("--per day, month or year goes with --clock.")
    session = current()
    with session.record() as record:
        as_of = session.size(record, state)
        found = stack_averages.short(record, site, emission_point, Period(start, end), as_of)
        questions = stack_averages.plan_of(record, site, emission_point, as_of).questions
        if stream is not None:
            found = found.filter(pl.col("stream") == stream)
        if length is not None:
            found = found.filter(pl.col("length") == length)
        if clock is not None and per != "short":
            found = stack_averages.longer(record, found, per, Clock(clock))
    rows = [_plain(row, per) for row in found.iter_rows(named=True)]
    if as_csv:
        _csv(rows)
        return
    session.answer({"site": site, "emission_point": emission_point, "per": per, "averages": rows}, lambda: _show(rows))
    for question in questions:
        session.remark(f"question: {question}")


@click.command(cls=Command)
@click.argument("site")
@click.argument("emission_point", metavar="POINT")
@click.argument("before", type=click.IntRange(0))
@click.argument("after", type=click.IntRange(0))
@click.option("--verdicts", "year", type=click.IntRange(1900, 2200), help="Also the verdicts of this year.")
@clock_option
def differences(site: str, emission_point: str, before: int, after: int, year: int | None, clock: str | None) -> None:
    """Name the averages of an emission point that are others at one tree size than at another.

    BEFORE and AFTER are tree sizes; `goedebuur record log` lists the leaves.
    """
    from goedebuur.services import stack_differences

    if before > after:
        raise click.BadParameter("it is smaller than BEFORE", param_hint="AFTER")
    session = current()
    with session.record() as record:
        a, b = (session.size(record, one) or 0 for one in (before, after))
        found = stack_differences.averages(record, site, emission_point, a, b, Clock(clock or Clock.CET))
        others = [] if year is None else stack_differences.verdicts(record, site, year, a, b)
    tables = {"short": found.short, **(found.longer if clock is not None else {})}
    told = {per: [_changed(row, per) for row in rows.iter_rows(named=True)] for per, rows in tables.items()}
    told["verdicts"] = [
        {
            "stream": one.stream,
            "requirement": one.requirement,
            "period": one.period,
            "before": None if one.before is None else f"{one.before.outcome} ({one.before.code})",
            "after": None if one.after is None else f"{one.after.outcome} ({one.after.code})",
        }
        for one in others
    ]

    def show() -> None:
        columns = ("per", "stream", "reference", "start", "column", "before", "after")
        rows = [
            (per, row["stream"], row["reference"], row["start"], name, *sides)
            for per in tables
            for row in told[per]
            for name, sides in row["changed"].items()
        ]
        rows += [
            ("verdict", v["stream"], "", v["period"], v["requirement"], v["before"], v["after"])
            for v in told["verdicts"]
        ]
        table(columns, rows)

    session.answer(told, show)


@click.command(cls=Command)
@period_options[0]
@period_options[1]
@click.option("--site", help="Only this one.")
def refresh(start: datetime, end: datetime, site: str | None) -> None:
    """Compute the short averages of all emission points that are not kept, so that pages and verdicts need not wait.

    Stopped halfway, what was done stays.
    """
    from goedebuur.services import stack_averages

    if end <= start:
        raise click.BadParameter("it comes before --from", param_hint="--until")
    session = current()
    counts = {"kept": 0, "hours": 0, "whole": 0}
    with session.record(write=True) as record, session.progress() as progress:
        for step in stack_averages.refresh(record, Period(start, end), site):
            counts[step.how] += 1
            progress("months of emission points", step.done, step.total)
    words = {"kept": "as they were", "hours": "some hours again", "whole": "computed"}
    session.answer(counts, lambda: table(("months", "how"), [(counts[how], said) for how, said in words.items()]))


def _plain(row: Mapping[str, Any], per: str) -> dict[str, Any]:
    """Return a row with its numbers as decimal text, and what was lost in words."""
    from goedebuur.core.emissions.tables import reasons

    found = {name: _cell(name, value, per) for name, value in row.items() if name != "mass"}
    found["mass_kg"] = as_text(row["mass"], MICROGRAM_DECIMALS)
    if per != "short":
        found["mean"] = found.pop("micro")
        found["total"] = as_text(row["total"], DECIMALS)
    found["lost"] = [text.en for text in reasons(row["lost"])]
    return found


def _cell(name: str, value: Any, per: str) -> Any:
    if name in UNITS:
        return as_text(value, DECIMALS)
    if isinstance(value, datetime):
        return iso(value)
    if name == per and value is not None:
        return _label(per, value)
    return value


def _label(per: str, value: int) -> str:
    if per == "day":
        return (UNIX + timedelta(days=value)).isoformat()
    return str(value) if per == "year" else f"{value // 12:04d}-{value % 12 + 1:02d}"


def _changed(row: Mapping[str, Any], per: str) -> dict[str, Any]:
    """Return a row of what differs: its name, and each column that changed with what it was and is."""
    from goedebuur.services.stack_differences import BEFORE

    names = [name for name in row if f"{name}{BEFORE}" in row]
    start = iso(row["start"]) if per == "short" else _label(per, row[per])
    changed = {
        name: (_side(name, row[f"{name}{BEFORE}"]), _side(name, row[name]))
        for name in names
        if row[name] != row[f"{name}{BEFORE}"]
    }
    return {name: row[name] for name in ("stream", "reference", "length")} | {"start": start, "changed": changed}


def _side(name: str, value: Any) -> str:
    from goedebuur.core.emissions.tables import reasons

    if value is None:
        return ""
    if name in (*UNITS, "total"):
        return as_text(value, DECIMALS)
    if name == "mass":
        return as_text(value, MICROGRAM_DECIMALS)
    return ", ".join(text.en for text in reasons(value)) if name == "lost" else str(value)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "lost": "; ".join(row["lost"])}


def _csv(rows: list[dict[str, Any]]) -> None:
    text = StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_flat(row) for row in rows)
    click.echo(text.getvalue(), nl=False)


def _show(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    columns = tuple(rows[0])
    right = tuple(name for name in columns if name not in ("stream", "reference", "start", "state", "lost"))
    table(columns, [tuple(_flat(row).values()) for row in rows], right=right)
