"""Commands that judge what left the stacks of a site, and take one verdict apart."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli import stack_source
from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.cli.stack_source import averages_option

if TYPE_CHECKING:
    from goedebuur.core.compliance.emissions.outcomes import EmissionVerdict, PeriodOutcome
    from goedebuur.services.emission_verdicts import SiteYear

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
shown_option = click.option(
    "--shown",
    "shown",
    multiple=True,
    nargs=2,
    metavar="STREAM VALUE",
    help="Uncertainty that was shown of the instrument of a stream, in mg/Nm³; may be given more than once.",
)


def _shown(given: tuple[tuple[str, str], ...]) -> Mapping[str, Fraction]:
    found = {}
    for stream, value in given:
        try:
            found[stream] = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise click.BadParameter(f"{value!r} is not a number.", param_hint="--shown") from None
        if found[stream] < 0:
            raise click.BadParameter(f"An uncertainty is not below zero, as {value} is.", param_hint="--shown")
    return found


@click.command(cls=Command)
@click.argument("site")
@click.argument("year", type=click.IntRange(1900, 2200))
@averages_option
@shown_option
@click.option("--publish", is_flag=True, help="Record the verdicts as a leaf of the log.")
@as_of_option
def verdicts(
    site: str,
    year: int,
    averages: Path | None,
    shown: tuple[tuple[str, str], ...],
    publish: bool,
    state: int | datetime | None,
) -> None:
    """Judge a year at the stacks of a site against the limits that bind.

    What is not known leaves a verdict undetermined; the last column says what a person must answer.
    """
    from goedebuur.services import emission_results, emission_verdicts

    if publish and state is not None:
        raise click.UsageError("--publish records the year as it stands, so it goes without --as-of.")
    session, told = current(), _shown(shown)
    with session.record(write=publish) as record:
        as_of = session.size(record, state)
        source = stack_source.source(record, averages, as_of)
        if publish:
            leaf = emission_results.publish(record, site, year, source, session.wiring.now(), told)
            session.answer({"leaf": leaf}, lambda: click.echo(f"leaf {leaf}"))
            return
        found = emission_verdicts.assess(record, site, year, source, as_of=as_of, shown=told, at=session.wiring.now())
    session.answer(emission_results.as_records(found), lambda: _write(found))


def _write(found: SiteYear) -> None:
    columns = ("stream", "requirement", "outcome", "worst", "value", "limit", "above", "allowed", "why")
    table(columns, (_row(one, found) for one in found.verdicts), right=("value", "limit", "above", "allowed"))
    tally = Counter(str(one.outcome) for one in found.verdicts)
    click.echo(", ".join(f"{number} {word}" for word, number in sorted(tally.items())) or "no verdicts", err=True)
    for stream, hours in found.hours:
        told = f"{stream}: {hours.state}, {hours.bound}: {float(hours.hours):g} h of {hours.allowed} h, {hours.outcome}"
        click.echo(told, err=True)
    for days in found.days:
        told = f"{days.stream}: {days.requirement}: {days.days} days dropped out of {days.allowed}, {days.outcome}"
        click.echo(told, err=True)
    for load in found.loads:
        told = f"{load.condition}: {load.substance}: {', '.join(f'{one.start} {one.outcome}' for one in load.periods)}"
        click.echo(f"{told}. {load.question.en}".removesuffix(". "), err=True)
    for report in found.periodic:
        told = f"{report.report.id}: {report.requirement or 'no limit'}: {report.found.outcome}"
        click.echo(f"{told}. {report.found.question.en}".removesuffix(". "), err=True)
    if found.unmeasured:
        click.echo(f"not measured by any stream: {', '.join(found.unmeasured)}", err=True)


def _row(one: EmissionVerdict, found: SiteYear) -> tuple[object, ...]:
    from goedebuur.core.compliance.emissions import wording
    from goedebuur.core.compliance.emissions.explanation import decimal

    room = found.rooms.get((one.stream, one.requirement))
    value, limit = (decimal(room.value, 3), decimal(room.limit, 3)) if room is not None else ("", "")
    why = one.question.en or wording.REASONS[one.year.code].en
    start = room.start if room is not None else _worst(one)
    allowed = "" if one.year.allowed is None else decimal(one.year.allowed, 1)
    return (one.stream, one.requirement, str(one.outcome), start, value, limit, one.year.over, allowed, why)


def _worst(one: EmissionVerdict) -> str:
    found: list[PeriodOutcome] = [each for each in one.periods if each.over]
    return max(found, key=lambda each: each.over or 0).start if found else ""


@click.command(cls=Command)
@click.argument("site")
@click.argument("year", type=click.IntRange(1900, 2200))
@click.argument("stream")
@click.argument("requirement")
@click.option("--period", default="", help="A day (2026-03-03), a month (2026-03); the year without.")
@averages_option
@shown_option
@click.option("--csv", "path", type=click.Path(path_type=Path, dir_okay=False), help="Write every row to this file.")
@click.option("--published", is_flag=True, help="Take apart what was published, on the averages of then.")
@as_of_option
def explain(
    site: str,
    year: int,
    stream: str,
    requirement: str,
    period: str,
    averages: Path | None,
    shown: tuple[tuple[str, str], ...],
    path: Path | None,
    published: bool,
    state: int | datetime | None,
) -> None:
    """Take one verdict apart: the limit, what is taken off, each short average, and the sum.

    It is worked out now, on the averages of the record or of a file. What was published may rest on others.
    """
    from goedebuur.core.compliance.emissions import explanation
    from goedebuur.services import emission_results, emission_verdicts, stack_verdicts

    if published and (averages is not None or shown):
        raise click.BadParameter("it has its own averages and uncertainties", param_hint="--published")
    session, start = current(), stack_verdicts.period_of(year, period)
    with session.record() as record:
        as_of = session.size(record, state)
        if published:
            view = stack_verdicts.view(record, site, year, as_of)
            found = stack_verdicts.apart(record, view, stream, requirement, period).found
        else:
            source = stack_source.source(record, averages, as_of)
            verdict, asked, shorts, book = emission_verdicts.one(
                record, site, year, stream, requirement, source, as_of=as_of, shown=_shown(shown)
            )
            found = explanation.explain(verdict, asked, shorts, year, start, book, at=session.wiring.now())
            leaf = emission_results.newest(record, as_of).get(site, {}).get(year)
            if leaf is not None:
                session.remark(f"leaf {leaf} has published verdicts on this year; --published takes those apart")
    rows = explanation.table([found])
    if path is not None:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    listed = found.rows if len(period) == len("2026-03-03") else explanation.above(found)
    told: dict[str, Any] = {"lines": [one.en for one in found.lines], "rows": [one.cells() for one in listed]}

    def write() -> None:
        pairs(("", one.en) for one in found.lines)
        table(explanation.COLUMNS, (one.cells() for one in listed))

    session.answer(told, write)


@click.command(cls=Command)
@click.argument("site")
@click.argument("year", type=click.IntRange(1900, 2200))
@click.option("--answer", required=True, type=FILE, help="Text of the operator's answer, with its lines of claims.")
@click.option("--reply", type=FILE, help="Text of the authority's reasons, with what it accepts.")
@averages_option
@shown_option
@as_of_option
def claims(
    site: str,
    year: int,
    answer: Path,
    reply: Path | None,
    averages: Path | None,
    shown: tuple[tuple[str, str], ...],
    state: int | datetime | None,
) -> None:
    """Show what an answer to a finding changes: as reported, as claimed, as accepted."""
    from goedebuur.services import emission_claims

    session = current()
    with session.record() as record:
        as_of = session.size(record, state)
        source = stack_source.source(record, averages, as_of)
        found = emission_claims.side_by_side(
            record,
            site,
            year,
            source,
            answer.read_text(encoding="utf-8"),
            reply.read_text(encoding="utf-8") if reply is not None else "",
            as_of=as_of,
            shown=_shown(shown),
        )
    rows = [(one[0], one[1], *(str(each) for each in one[2:])) for one in found.changed()]
    columns = ("stream", "requirement", "as reported", "as claimed", "as accepted")
    session.answer([dict(zip(columns, row, strict=True)) for row in rows], lambda: table(columns, rows))


@click.command(cls=Command)
@click.argument("finding")
@as_of_option
def answer(finding: str, state: int | datetime | None) -> None:
    """Show a published finding beside its answer: each claim, what was said of it, and the verdict worked out again.

    FINDING is the UUID in the address of its page.
    """
    from goedebuur.services import answer_sides, publications

    session = current()
    with session.record() as record:
        as_of = session.size(record, state)
        found = publications.find(record, finding, as_of)
        sides = answer_sides.of_publication(record, found.now.finding, as_of)
    told = answer_sides.as_record(sides)

    def write() -> None:
        columns = ("claim", "reply", "article", "reason")
        table(columns, (tuple(one[name] for name in columns) for one in told["claims"]))
        for one in (*sides.compared, *sides.since):
            click.echo(f"{one.subject.named.line()}, worked out from leaf {one.leaf}", err=True)
            rows = [(row.start, *map(_told, (row.reported, row.claimed, row.accepted))) for row in one.periods]
            table(("period", "as reported", "as claimed", "as accepted"), rows)

    session.answer(told, write)


def _told(one: PeriodOutcome) -> str:
    from goedebuur.core.compliance.emissions.explanation import decimal

    return str(one.outcome) if one.high is None else f"{one.outcome} {decimal(one.high, 3)}"
