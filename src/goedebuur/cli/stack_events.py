"""Commands about what happens at emission points: peaks, alerts, visible emissions, yearly totals, duties."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli import stack_source
from goedebuur.cli.options import Command, Group, as_of_option
from goedebuur.cli.session import current, pairs, table
from goedebuur.cli.stack_source import averages_option
from goedebuur.core.base.exact import as_text
from goedebuur.core.base.periods import Clock, zone

if TYPE_CHECKING:
    from goedebuur.core.emissions.annual import Year
    from goedebuur.core.emissions.duties import Duty
    from goedebuur.core.emissions.register import Row
    from goedebuur.services.emission_alerts import Candidate, Told
    from goedebuur.services.stack_peaks import PeakView
    from goedebuur.services.visible_emissions import SiteVisible

YEAR = click.IntRange(1900, 2200)
ORDERS = ("mass", "height", "limit", "length")


def _day(_: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter("give a day as 2027-01-31", param=parameter) from None


@click.command(cls=Command)
@click.argument("site")
@click.argument("year", type=YEAR)
@averages_option
@click.option("--order", type=click.Choice(ORDERS), default="mass", show_default=True, help="By what they are ranked.")
@click.option("--most", type=click.IntRange(1), default=50, show_default=True, help="How many are shown.")
@click.option(
    "--least-load",
    "loads",
    multiple=True,
    nargs=2,
    metavar="STREAM VALUE",
    help="From which value of a stream of load on the plant is at work; may be given more than once.",
)
@as_of_option
def peaks(
    site: str,
    year: int,
    averages: Path | None,
    order: str,
    most: int,
    loads: tuple[tuple[str, str], ...],
    state: int | datetime | None,
) -> None:
    """List the peaks of a year: short emissions above what a stream gives around them. A peak is no breach."""
    from goedebuur.core.emissions.peaks.ranking import Order
    from goedebuur.services import stack_peaks

    session, least = current(), _loads(loads)
    with session.record() as record:
        as_of = session.size(record, state)
        source = stack_source.source(record, averages, as_of)
        found = stack_peaks.of_site(record, site, year, source, order=Order(order), least_load=least, as_of=as_of)
    columns = ("stream", "start", "minutes", "top", "usual", "extra kg", "of limit", "cause", "stated", "beside")
    shown = found[:most]
    session.answer(
        {"peaks": shown, "total": len(found)},
        lambda: table(columns, map(_peak, shown), right=("minutes", "top", "usual", "extra kg", "of limit")),
    )
    session.remark(f"{len(found)} peaks, {len(shown)} shown")


def _loads(given: tuple[tuple[str, str], ...]) -> Mapping[str, Fraction]:
    found = {}
    for stream, value in given:
        try:
            found[stream] = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise click.BadParameter(f"{value!r} is not a number.", param_hint="--least-load") from None
    return found


def _peak(one: PeakView) -> tuple[object, ...]:
    from goedebuur.core.emissions.annual import kilograms

    minutes = round((one.end - one.start).total_seconds() / 60)
    mass = "" if one.extra_mass is None else kilograms(one.extra_mass)
    limit = "" if one.of_limit is None else f"{as_text(one.of_limit, 3)}"
    said = f"{one.told.cause}{' ?' if one.told.agreement == 'differ' else ''}"
    start = f"{one.start:%Y-%m-%d %H:%M}"
    return (
        *(one.stream, start, minutes, _milligrams(one.top), _milligrams(one.level), mass, limit, said),
        *(one.state or "not known", ", ".join(one.beside)),
    )


def _milligrams(micro: int) -> str:
    return as_text(round(micro / 10**5), 1)


@click.command(cls=Command)
@click.argument("site")
@click.option("--from", "first", callback=_day, metavar="DAY", help="First day; the year so far without.")
@click.option("--until", "last", callback=_day, metavar="DAY", help="Last day; today without.")
@click.option("--wind", is_flag=True, help="Show each sighting with the wind of that hour.")
@as_of_option
def diffuse(site: str, first: date | None, last: date | None, wind: bool, state: int | datetime | None) -> None:
    """Show visible emissions of a site, counted as the conditions word it, and what they may have let go."""
    from goedebuur.services import visible_emissions

    session = current()
    now = session.wiring.now()
    end = last or now.astimezone(zone(Clock.LOCAL)).date()
    with session.record() as record:
        size = session.size(record, state)
        found = visible_emissions.standing(record, site, first or date(end.year, 1, 1), end, now, size)
        told = visible_emissions.winds(record, found.sightings, size) if wind else ()
    rows = [
        (one.place, one.item, one.start, "" if not views else f"{views[0].direction or 'calm'}° {views[0].speed} m/s")
        for one, views in told
    ]

    def write() -> None:
        _write_visible(found)
        if wind:
            table(("place", "item", "start", "wind"), rows)

    session.answer(_visible(found) | {"wind": rows}, write)


def _visible(found: SiteVisible) -> dict[str, Any]:
    return {
        "site": found.site,
        "sightings": found.sightings,
        "levels": [
            {
                "id": one.limit.id,
                "binds": one.limit.binds,
                "measure": one.limit.measure,
                "value": str(one.limit.value),
                "article": one.limit.article,
                "periods": one.periods,
            }
            for one in found.standings
        ],
        "estimates": [
            {"factor": factor.id, "status": factor.status, "question": factor.question, "amount": str(one.amount)}
            | {"mass": one.mass, "low": one.low, "high": one.high}
            for factor, one in found.estimates
        ],
        "days_since": [{"place": place, "days": days} for place, days in found.days_since],
    }


def _write_visible(found: SiteVisible) -> None:
    from goedebuur.core.emissions.annual import kilograms

    rows = []
    for one in found.standings:
        for period in one.periods:
            value = "" if period.value is None else f"{float(period.value):.2f}"
            level = f"{'' if one.limit.inclusive else '<'}{float(one.limit.value):g}"
            kind = "condition" if one.limit.binds else "BAT level"
            why = period.why or ""
            rows.append(
                (one.limit.id, kind, period.first, period.last, period.looks, value, level, period.outcome, why)
            )
    columns = ("level", "kind", "first day", "last day", "looks", "value", "at most", "outcome", "why")
    table(columns, rows, right=("looks", "value", "at most"))
    for factor, estimate in found.estimates:
        low, mass, high = (kilograms(each) for each in (estimate.low, estimate.mass, estimate.high))
        click.echo(f"estimate {factor.id}: {mass} kg ({low} to {high}), {factor.status}. {factor.question.en}".rstrip())
    for place, days in found.days_since:
        click.echo(f"{place}: last looked at {days} days ago")


@click.command(cls=Command)
@click.argument("site")
@click.argument("year", type=YEAR)
@averages_option
@click.option("--publish", is_flag=True, help="Record the totals as a leaf of the log.")
@as_of_option
def totals(site: str, year: int, averages: Path | None, publish: bool, state: int | datetime | None) -> None:
    """Show what a site let go in a year, with the hours that were filled in, beside what the register has."""
    from goedebuur.services import emission_totals, total_results

    if publish and state is not None:
        raise click.UsageError("--publish records the year as it stands, so it goes without --as-of.")
    session = current()
    with session.record(write=publish) as record:
        size = session.size(record, state)
        source = stack_source.source(record, averages, size)
        if publish:
            leaf = total_results.publish(record, site, year, source, session.wiring.now())
            session.answer({"leaf": leaf}, lambda: click.echo(f"leaf {leaf}"))
            return
        found = emission_totals.of_site(record, site, year, source, size)
    columns = ("pollutant", "method", "kg", "low", "high", "accidental", "threshold", "", "reported", "against")
    told = {
        "site": site,
        "year": year,
        "rows": [_total(one) for one in found.rows],
        "points": [
            {"emission_point": point, "substance": substance, "steps": one.steps, "measured": one.measured}
            | {"at_rest": one.at_rest, "mass_micrograms": one.mass, "filled_micrograms": one.filled}
            | {"uncertainty_micrograms": one.uncertainty, "above_range": one.above_range}
            for (point, substance), one in found.years.items()
        ],
    }
    right = ("kg", "low", "high", "accidental", "threshold", "reported")
    session.answer(told, lambda: table(columns, map(_total_row, found.rows), right=right))
    for (point, substance), one in found.years.items():
        filled = one.steps - one.measured - one.at_rest
        session.remark(
            f"{point} {substance}: {one.measured} of {one.steps} steps measured, {filled} filled in{_beside(one)}"
        )


def _beside(one: Year) -> str:
    from goedebuur.core.emissions.annual import kilograms
    from goedebuur.core.emissions.tables import to_milligrams

    known = one.uncertainty is not None
    told = f"± {kilograms(to_milligrams(one.uncertainty))} kg" if one.uncertainty is not None else "not known"
    above = f"; {one.above_range} above the range of the instrument, so that there is no upper end" * bool(
        one.above_range
    )
    return f"; uncertainty of the concentration {told}{', in the range' * known}{above}"


def _total(one: Row) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "method": one.method,
        "mass": one.mass,
        "low": one.low,
        "high": one.high,
        "accidental": one.accidental,
        "complete": one.complete,
        "threshold": None if one.threshold is None else str(one.threshold),
        "standing": one.standing,
        "reported": None if one.reported is None else str(one.reported),
        "against": one.against,
        "parts": one.parts,
    }


def _total_row(one: Row) -> tuple[object, ...]:
    from goedebuur.core.emissions.annual import kilograms

    def kg(mass: int | None) -> str:
        return "" if mass is None else kilograms(mass)

    known = bool(one.parts)
    return (
        one.name or one.id,
        one.method or "",
        f"{kg(one.mass)}{'' if one.complete else ' and more'}" if known else "",
        kg(one.low) if known else "",
        kg(one.high),
        kg(one.accidental) if known else "",
        "" if one.threshold is None else f"{float(one.threshold):g}",
        one.standing,
        "" if one.reported is None else f"{float(one.reported):g}",
        one.against,
    )


@click.command(cls=Command)
@click.argument("site")
@click.option("--on", "on", callback=_day, metavar="DAY", help="As of this day; today without.")
@averages_option
@click.option(
    "--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write what is not done as an agenda file."
)
@as_of_option
def calendar(site: str, on: date | None, averages: Path | None, ics: Path | None, state: int | datetime | None) -> None:
    """List what has to be done at the stacks of a site, the most pressing first: tests, measurements, reports."""
    from goedebuur.services import duty_lists, stack_duties

    session = current()
    now = session.wiring.now()
    day = on or now.astimezone(zone(Clock.LOCAL)).date()
    with session.record() as record:
        size = session.size(record, state)
        found = stack_duties.of_site(record, site, day, stack_source.source(record, averages, size), size)
    if ics is not None:
        ics.write_bytes(duty_lists.ics([(one, one.about) for one in found.duties], day, now).encode())
    columns = ("state", "due", "at the latest", "duty", "about", "since", "done", "article")
    rows = [_duty(one, day) for one in found.duties]
    told = [{"state": one.state(day), **_plain(one)} for one in found.duties]
    session.answer({"site": site, "on": day, "duties": told, "unknown": found.unknown}, lambda: table(columns, rows))
    for name in found.unknown:
        session.remark(f"{name}: nothing tells from when it is in use, so that no term can begin")


def _plain(one: Duty) -> dict[str, Any]:
    names = ("key", "kind", "about", "who", "since", "due", "due_latest", "done_on", "rule", "article", "question")
    return {name: getattr(one, name) for name in names}


def _duty(one: Duty, day: date) -> tuple[object, ...]:
    latest = "" if one.due_latest == one.due else one.due_latest
    return one.state(day), one.due, latest, one.kind, one.about, one.since, one.done_on or "", one.article


@click.group(cls=Group)
def alerts() -> None:
    """Public alerts of high emissions: list, check, issue, retract."""


@alerts.command("list")
@click.argument("site", default="")
@as_of_option
def list_alerts(site: str, state: int | datetime | None) -> None:
    """List the alerts of a site, or all, with what became of each."""
    from goedebuur.services import emission_alerts

    session = current()
    with session.record() as record:
        found = emission_alerts.every(record, site, session.size(record, state))
    columns = ("alert", "version", "end", "top", "usual", "leaf", "reason")
    rows = [_alert(versions[-1]) for versions in found]
    session.answer({"alerts": found}, lambda: table(columns, rows, right=("top", "usual", "leaf")))


def _alert(one: Told) -> tuple[object, ...]:
    said = one.alert
    return (
        said.id,
        said.version,
        said.end,
        _milligrams(int(said.top)),
        _milligrams(int(said.level)),
        one.leaf,
        said.reason,
    )


@alerts.command("check")
@click.argument("site")
@click.argument("year", type=YEAR)
@averages_option
@click.option("--issue", is_flag=True, help="Make public those that pass every check, and queue the mail to followers.")
def check_alerts(site: str, year: int, averages: Path | None, issue: bool) -> None:
    """Say of each peak what the checks before an alert come to; with --issue make those that pass public."""
    session = current()
    leaves: list[int] = []
    if issue:
        session.database()
    from goedebuur.services import emission_alerts, stack_peaks

    with session.record(write=issue) as record:
        found = stack_peaks.candidates(record, site, year, stack_source.source(record, averages, None))
        if issue:
            ones = [one.alert for one in found if one.alert is not None]
            leaves = emission_alerts.issue(record, ones, session.wiring.now())
    told = [
        {"stream": one.stream, "start": one.period.start, "end": one.period.end, "checks": one.results}
        | {"passes": one.alert is not None}
        for one in found
    ]
    rows = [_candidate(one) for one in found]
    session.answer({"peaks": told, "leaves": leaves}, lambda: table(("stream", "start", "passes", "held by"), rows))
    if issue:
        session.remark(f"{len(leaves)} new alerts")


def _candidate(one: Candidate) -> tuple[object, ...]:
    held = ", ".join(f"{check} ({one.results[check]})" for check in one.held_by)
    return one.stream, f"{one.period.start:%Y-%m-%d %H:%M}", "no" if held else "yes", held


@alerts.command("retract")
@click.argument("name")
@click.option("--reason", required=True, help="Why. Public, and stays: no names of persons.")
def retract_alert(name: str, reason: str) -> None:
    """Retract an alert, and queue the mail to exactly those who got it."""
    session = current()
    session.database()
    from goedebuur.services import emission_alerts

    with session.record(write=True) as record:
        leaf = emission_alerts.retract(record, name, reason, session.wiring.now())
    session.answer({"alert": name, "leaf": leaf}, lambda: pairs([("alert", name), ("leaf", leaf)]))
