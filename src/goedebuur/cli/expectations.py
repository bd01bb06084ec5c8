"""Commands about what suppliers are expected to deliver, what came late or not at all, and why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.options import MOMENT, Command, as_of_option, shared_options
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.periods import Clock, Period, iso
from goedebuur.core.expectations import expected as form
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span

if TYPE_CHECKING:
    from goedebuur.services.punctuality import Row, SeriesPunctuality


class Group(click.Group):
    """A group of which the commands have the shared options."""

    command_class = Command


@click.group(cls=Group)
def expectations() -> None:
    """Say what suppliers are to deliver by when, and what came late, is missing, and why."""


expectations.params.extend(shared_options())


@expectations.command("list")
@as_of_option
def list_all(state: int | datetime | None) -> None:
    """List what is expected of whom; with --as-of as the record stood then."""
    from goedebuur.services import expectations as kept
    from goedebuur.services import punctuality_data

    with current().record() as record:
        found = kept.terms(record, current().size(record, state))
    columns = (
        "expectation",
        "submitter",
        "series",
        "every",
        "clock",
        "term",
        "grace",
        "from",
        "until",
        "basis",
        "leaf",
    )
    rows = []
    for one in found:
        said = one.expectation
        basis = f"{said.reference} {said.article}" if said.basis == form.RULE else said.basis
        rows.append(
            (
                *(said.id, said.submitter, " ".join(said.series), said.every.value, said.clock.value),
                *(str(said.term), str(said.grace), said.valid_from, said.valid_to, basis, one.leaf),
            )
        )
    told = [punctuality_data.term(one) for one in found]
    current().answer({"expectations": told}, lambda: table(columns, rows))


@expectations.command("add")
@click.argument("name", metavar="NAME")
@click.option("--submitter", required=True, help="Who is to deliver.")
@click.option(
    "--series", "series", multiple=True, required=True, help="A series, or a pattern as 'NL49*.pm10.1h'. One or more."
)
@click.option("--step", required=True, type=click.IntRange(1), metavar="SECONDS", help="Between two values: 3600.")
@click.option(
    "--every", required=True, type=click.Choice([one.value for one in Every]), help="What one delivery spans."
)
@click.option("--clock", required=True, type=click.Choice([one.value for one in Clock]), help="On which it is cut.")
@click.option("--term", required=True, metavar="SPAN", help="How long after its period it is due: P14D, P2M, PT36H.")
@click.option("--grace", required=True, metavar="SPAN", help="How long after that it is called late: P7D, PT0H.")
@click.option("--from", "valid_from", required=True, metavar="DAY", help="First day on which it is expected.")
@click.option("--until", "valid_to", default="", metavar="DAY", help="Last day. Default: without end.")
@click.option("--reference", default="", help="The permit, law or agreement in which it is written.")
@click.option("--article", default="", help="The article or condition, where a rule binds; else it is an agreement.")
@click.option("--reason", default="", help="Why it is changed, where it was there before. No names of persons.")
def add(name: str, submitter: str, term: str, grace: str, reason: str, **said: Any) -> None:
    """Enter what a supplier is to deliver, or put this in place of what was said from the same day on."""
    from goedebuur.services import expectations as kept

    one = Expectation(
        id=name,
        submitter=submitter,
        series=tuple(said["series"]),
        step=said["step"],
        every=Every(said["every"]),
        clock=Clock(said["clock"]),
        term=Span.read(term, "--term"),
        grace=Span.read(grace, "--grace"),
        valid_from=said["valid_from"],
        valid_to=said["valid_to"],
        basis=form.RULE if said["article"] else form.AGREEMENT,
        reference=said["reference"],
        article=said["article"],
    )
    session = current()
    with session.record(write=True) as record:
        leaf = kept.add(record, one, session.wiring.now(), reason)
    _tell(name, leaf)


@expectations.command("end")
@click.argument("name", metavar="NAME")
@click.option("--last", required=True, metavar="DAY", help="Last day on which it is expected.")
@click.option("--reason", default="", help="Why it ends. No names of persons.")
def end(name: str, last: str, reason: str) -> None:
    """Give an expectation its last day. What was late or missing before it stays so."""
    from goedebuur.services import expectations as kept

    session = current()
    with session.record(write=True) as record:
        leaf = kept.end(record, name, last, session.wiring.now(), reason)
    _tell(name, leaf)


@expectations.command("reason")
@click.argument("series", metavar="SERIES")
@click.option("--submitter", required=True, help="Who says so; `goedebuur` for the record itself.")
@click.option("--from", "start", required=True, type=MOMENT, metavar="TIME", help="From when values are missing.")
@click.option("--until", "until", required=True, type=MOMENT, metavar="TIME", help="Up to, not including.")
@click.option("--code", required=True, help="Of the table of reasons, e.g. instrument-down; unknown takes it back.")
def reason(series: str, submitter: str, start: datetime, until: datetime, code: str) -> None:
    """State for a supplier, unsigned, why values are missing. A supplier itself signs a file of them with `submit`."""
    from goedebuur.adapters.gap_reasons import COLUMNS
    from goedebuur.services.delivery import deliver

    if until <= start:
        raise click.BadParameter("the end has to lie after the start", param_hint="--until")
    period = Period(start, until)
    line = ",".join((series, iso(period.start), iso(period.end), code))
    session = current()
    now = session.wiring.now()
    with session.record(write=True) as record:
        data = f"{COLUMNS}\n{line}\n".encode()
        outcome = deliver(record, data, "reason.csv", adapter="gap_reasons", submitter=submitter, now=now)
    leaf = outcome.leaves[-1] if outcome.leaves else None
    said = {
        "series": series,
        "from": iso(start),
        "until": iso(until),
        "code": code,
        "status": outcome.status,
        "leaf": leaf,
    }
    session.answer(said, lambda: pairs(list(said.items())))


@expectations.command("late")
@click.argument("series", required=False, metavar="[SERIES]")
@click.option("--submitter", help="Only what this one is to deliver.")
@click.option("--station", help="Only of this station.")
@as_of_option
def late(series: str | None, submitter: str | None, station: str | None, state: int | datetime | None) -> None:
    """List the series that are late or have gaps; of one series each period and gap, with its reasons."""
    from goedebuur.services import punctuality, punctuality_data, queries

    session = current()
    now = session.wiring.now()
    with session.record() as record:
        as_of = session.size(record, state)
        if series is not None:
            found = punctuality.of_series(record, series, now, as_of)
            if not found:
                queries.series(record, series, as_of)
            session.answer(
                {"series": series, "expectations": punctuality_data.series(found)}, lambda: _write_series(found)
            )
            return
        every = punctuality.overview(record, now, as_of)
        punctuality.require_station(record, every, station, as_of)
        rows = punctuality.chosen(every, submitter, station)
        session.answer({"series": [punctuality_data.row(row) for row in rows]}, lambda: _write_rows(rows))


def _write_rows(rows: tuple[Row, ...]) -> None:
    columns = ("series", "submitter", "periods", "on time", "late", "incomplete", "perhaps closed", "missing", "gaps")
    listed = [
        (
            *(row.series, row.term.expectation.submitter, row.past, row.on_time, row.late, row.incomplete),
            *(row.perhaps_closed, row.missing, row.gaps),
        )
        for row in rows
    ]
    table(columns, listed, right=columns[2:])


def _write_series(found: tuple[SeriesPunctuality, ...]) -> None:
    columns = ("expectation", "what", "from", "until", "state", "steps", "late by [h]", "stated", "known", "leaf")
    rows: list[tuple[object, ...]] = []
    for one in found:
        name = one.term.expectation.id
        for told in one.periods:
            period, why = told.standing, told.why
            stated = " ".join(reason.code for reason in why.stated)
            leaves = " ".join(map(str, period.leaves))
            late_by = f"{period.late_by / 3600:.1f}" if period.late else ""
            span = (iso(period.period.start), iso(period.period.end))
            rows.append(
                (
                    name,
                    "period",
                    *span,
                    period.state.value,
                    period.missing,
                    late_by,
                    stated,
                    " ".join(why.known),
                    leaves,
                )
            )
        for gap in one.gaps:
            stated = " ".join(reason.code for reason in gap.why.stated)
            state = "perhaps_closed" if gap.gap.closed else "missing"
            span = (iso(gap.gap.period.start), iso(gap.gap.period.end))
            rows.append((name, "gap", *span, state, gap.gap.steps, "", stated, " ".join(gap.why.known), ""))
    table(columns, rows, right=("steps", "late by [h]"))


def _tell(name: str, leaf: int | None) -> None:
    rows: list[tuple[str, object]] = [("expectation", name)]
    rows.append(("leaf", leaf) if leaf is not None else ("unchanged", "the record says so already"))
    current().answer({"expectation": name, "leaf": leaf}, lambda: pairs(rows))
