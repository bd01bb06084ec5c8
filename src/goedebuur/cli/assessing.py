"""The command that judges a year, or takes one verdict apart."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from goedebuur.cli.options import Command, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from goedebuur.core.compliance.verdicts import Explanation, Verdict
    from goedebuur.services.record import Record

NOTHING_MEASURED = declare("query-unknown-year", "Nothing was measured in the year that was asked for.")

WORDS = {
    "MEETS": "meets",
    "EXCEEDS": "EXCEEDS",
    "WITHIN_GUIDELINE": "within guideline",
    "ABOVE_GUIDELINE": "above guideline",
    "UNDETERMINED": "undetermined",
}
SIDES = {"above": "above it", "below": "not above it", "unknown": "undetermined"}
"""Of a number that binds nobody in the year: on which side of it the measurements are, no more."""
STANDINGS = {
    "in_force": "in force",
    "part_of_year": "part of the year",
    "looking_ahead": "later",
    "lapsed": "lapsed",
    "advice": "advice",
    "later_advice": "later advice",
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
    from goedebuur.services import assessment

    session = current()
    with session.record() as record, session.progress() as progress:
        as_of = session.size(record, state)
        _require_there(record, year, stations, as_of)
        verdicts = assessment.assess(
            record,
            year,
            on=on,
            sets=sets or None,
            stations=stations or None,
            as_of=as_of,
            backend=backend,
            progress=progress,
        )
    session.answer(verdicts, lambda: _write(verdicts))


def _require_there(record: Record, year: int, stations: tuple[str, ...], as_of: int | None) -> None:
    """Refuse a station that is not in the record, and a year of which it holds nothing."""
    from goedebuur.services import queries, showcase

    for station in stations:
        queries.station(record, station, as_of)
    years = showcase.years(record)
    if year not in years:
        raise GoedeBuurError(
            NOTHING_MEASURED,
            f"Nothing was measured in {year}.",
            place="YEAR",
            value=str(year),
            hint=f"There are data of: {', '.join(map(str, years)) or 'no year'}.",
        )


def _write(verdicts: list[Verdict]) -> None:
    columns = ("series", "rule", "holds", "outcome", "value", "limit", "unit", "times", "allowed", "capture", "why")
    table(columns, (_row(one) for one in verdicts), right=("value", "limit", "times", "allowed", "capture"))
    for standing, words in STANDINGS.items():
        tally = Counter(_word(one) for one in verdicts if one.standing == standing)
        if tally:
            click.echo(f"{words}: " + ", ".join(f"{number} {word}" for word, number in tally.items()), err=True)
    if not verdicts:
        click.echo("no verdicts", err=True)
    for sentence in dict.fromkeys(one.reservations_en[0] for one in verdicts):
        click.echo(sentence, err=True)


def _word(one: Verdict) -> str:
    """Return the outcome, in words that only a limit value in force has where it is one."""
    return WORDS[one.outcome] if one.binding or "GUIDELINE" in one.outcome else SIDES[one.side]


def _row(one: Verdict) -> tuple[object, ...]:
    return (
        one.series,
        one.limit_id,
        STANDINGS[str(one.standing)],
        _word(one),
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
