"""The command that judges a year, or takes one verdict apart."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, pairs, table

if TYPE_CHECKING:
    from goedebuur.core.compliance.verdicts import Explanation, Verdict

WORDS = {
    "MEETS": "meets",
    "EXCEEDS": "EXCEEDS",
    "WITHIN_GUIDELINE": "within guideline",
    "ABOVE_GUIDELINE": "above guideline",
    "UNDETERMINED": "undetermined",
}


@click.command(cls=Command)
@click.argument("year", type=click.IntRange(1900, 2200))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="With the rules of this day, not of the year.")
@click.option("--set", "sets", multiple=True, help="Only this set of rules; may be given more than once.")
@click.option("--station", "stations", multiple=True, help="Only this station; may be given more than once.")
@click.option("--backend", type=click.Choice(["duckdb", "spark"]), default="duckdb", show_default=True)
@click.option("--explain", nargs=2, metavar="SERIES RULE", help="Take this one verdict apart, line by line.")
@click.option("--publish", is_flag=True, help="Record the verdicts of the year as a leaf of the log.")
@as_of_option
def assess(
    year: int,
    day: datetime | None,
    sets: tuple[str, ...],
    stations: tuple[str, ...],
    backend: str,
    explain: tuple[str, str] | None,
    publish: bool,
    state: int | datetime | None,
) -> None:
    """Judge a year against the limits and guidelines.

    Each verdict carries a receipt, and none of them is the statutory assessment.
    """
    if publish and (explain or day or sets or stations or state is not None or backend != "duckdb"):
        raise click.UsageError("--publish records the whole year as it stands, so it goes with no other choice.")
    if publish:
        _publish(year)
    elif explain:
        _explain(explain[0], explain[1], year, state)
    else:
        _assess(year, day.date() if day else None, sets, stations, state, backend)


def _assess(
    year: int,
    on: date | None,
    sets: tuple[str, ...],
    stations: tuple[str, ...],
    state: int | datetime | None,
    backend: str,
) -> None:
    from goedebuur.services import assessment, showcase

    session = current()
    with session.record() as record, session.progress() as progress:
        verdicts = assessment.assess(
            record,
            year,
            on=on,
            sets=sets or None,
            stations=stations or None,
            as_of=session.size(record, state),
            backend=backend,
            progress=progress,
        )
        if not verdicts:
            years = showcase.years(record)
            if year not in years:
                there = ", ".join(map(str, years)) or "no year"
                click.echo(f"nothing was measured in {year}; there are data of: {there}", err=True)
    session.answer(verdicts, lambda: _write(verdicts))


def _write(verdicts: list[Verdict]) -> None:
    columns = ("series", "rule", "outcome", "value", "limit", "unit", "times", "allowed", "capture", "why")
    table(columns, (_row(one) for one in verdicts), right=("value", "limit", "times", "allowed", "capture"))
    tally = Counter(WORDS[one.outcome] for one in verdicts)
    click.echo(", ".join(f"{number} {word}" for word, number in tally.items()) or "no verdicts", err=True)
    for sentence in dict.fromkeys(one.reservations_en[0] for one in verdicts):
        click.echo(sentence, err=True)


def _row(one: Verdict) -> tuple[object, ...]:
    return (
        one.series,
        one.limit_id,
        WORDS[one.outcome],
        one.value_text,
        one.limit_text,
        one.unit,
        one.exceedances,
        one.allowed,
        f"{one.capture_num}/{one.capture_den}",
        one.question_en or one.reason_en,
    )


def _explain(series: str, rule: str, year: int, state: int | datetime | None) -> None:
    from goedebuur.services import assessment

    with current().record() as record:
        told = assessment.explain(record, series, rule, year, current().size(record, state))
    current().answer(told, lambda: _write_explanation(told))


def _write_explanation(told: Explanation) -> None:
    one = told.verdict
    pairs(
        (
            ("series", one.series),
            ("rule", f"{one.limit_id} ({told.status})"),
            ("reference", f"{told.reference} {told.article}".strip()),
            ("outcome", WORDS[one.outcome]),
            ("why", one.reason_en),
            ("question", one.question_en),
        )
    )
    table(("step", "value", "unit"), ((line.text.en, line.value, line.unit) for line in told.lines), right=("value",))
    items = [("counted", item) for item in told.counted] + [("left out", item) for item in told.left_out]
    rows = ((what, item.start, item.value_text, f"{item.n}/{item.expected}", item.why) for what, item in items)
    table(("what", "start", "value", "values", "why"), rows, right=("value", "values"))
    for sentence in one.reservations_en:
        click.echo(sentence, err=True)


def _publish(year: int) -> None:
    from goedebuur.services import assessment

    session = current()
    with session.record(write=True) as record, session.progress() as progress:
        assessment.record_rules(record, session.wiring.now())
        leaf = assessment.publish(record, year, session.wiring.now(), progress)
    session.answer({"year": year, "leaf": leaf}, lambda: click.echo(f"verdicts of {year}: leaf {leaf}"))
