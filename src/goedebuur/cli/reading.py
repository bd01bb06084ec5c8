"""Commands that read the record: stations, series, export."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from goedebuur.cli.options import MOMENT, Command, as_of_option, period_options
from goedebuur.cli.session import current, pairs, table
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso

if TYPE_CHECKING:
    import polars as pl

    from goedebuur.services.record import Record
    from goedebuur.services.views import Provenance, SeriesView, StationView

NOTHING_THERE = declare("query-unknown-period", "The series holds no values at all, or none in the period asked for.")
SHOWN = timedelta(days=7)


@click.command(cls=Command)
@click.argument("station", required=False)
@click.option("--quantity", help="Only stations where this is measured, such as pm10.")
@click.option("--text", "wanted", help="Only stations with this in their name, area or municipality.")
@as_of_option
def stations(station: str | None, quantity: str | None, wanted: str | None, state: int | datetime | None) -> None:
    """List the stations, or show one.

    STATION is an identifier: that station is shown with its series. Or it is a part of identifiers or names, in
    capitals or not: the stations with it are listed.
    """
    from goedebuur.services import queries

    with current().record() as record:
        every = queries.stations(record, current().size(record, state))
        if station:
            one_meant = next((one for one in every if one.id.casefold() == station.casefold()), None)
            if one_meant is not None:
                current().answer(one_meant, lambda: _write_station(one_meant))
                return
            every = _with_part(every, station)
        listed = [
            one
            for one in every
            if (not quantity or any(series.quantity == quantity for series in one.series))
            and (not wanted or wanted.casefold() in f"{one.name} {one.area} {one.municipality}".casefold())
        ]
    current().answer(listed, lambda: _write_stations(listed))


def _with_part(every: list[StationView], part: str) -> list[StationView]:
    """Return the stations with this in their identifier or name."""
    wanted = part.casefold()
    found = [one for one in every if wanted in one.id.casefold() or wanted in one.name.casefold()]
    if not found:
        raise GoedeBuurError(
            "query-unknown-station",
            "There is no station with that in its identifier or name.",
            value=part,
            hint="`goedebuur stations` lists all of them.",
        )
    return found


def _write_stations(listed: list[StationView]) -> None:
    columns = ("station", "name", "simulated", "area", "operator", "quantities", "from", "until")
    table(columns, ((*_place(one), *_span(one.series)) for one in listed))


def _place(one: StationView) -> tuple[str, ...]:
    quantities = " ".join(sorted({series.quantity for series in one.series}))
    simulated = "simulated" if one.simulated else ""
    return one.id, one.name, simulated, one.area or one.municipality, one.operator, quantities


def _span(series: tuple[SeriesView, ...]) -> tuple[str, str]:
    first = min((s.first for s in series if s.first), default=None)
    last = max((s.last for s in series if s.last), default=None)
    return f"{first:%Y-%m-%d}" if first else "", f"{last:%Y-%m-%d}" if last else ""


def _write_station(one: StationView) -> None:
    pairs(
        (
            ("station", one.id),
            ("name", one.name),
            ("place", f"{one.latitude} {one.longitude} (WGS84)"),
            ("kind", one.kind),
            ("area", one.area),
            ("municipality", one.municipality),
            ("operator", one.operator),
            ("simulated", "yes: these values were never measured" if one.simulated else "no"),
        )
    )
    _write_list(list(one.series))


def _write_list(listed: list[SeriesView]) -> None:
    rows = (
        (s.id, s.quantity, s.unit, s.first and iso(s.first), s.last and iso(s.last), s.count, s.principle)
        for s in listed
    )
    table(("series", "quantity", "unit", "first", "last", "values", "principle"), rows, right=("values",))


@click.command(cls=Command)
@click.argument("series_id", metavar="[SERIES]", required=False)
@click.option("--station", help="In the list: only series of this station.")
@click.option("--quantity", help="In the list: only series of this quantity, such as pm10.")
@click.option(
    "--at", "moment", type=MOMENT, metavar="TIME", help="How the value of the step that starts then is known."
)
@period_options("Default: a week before the end.", "Default: the end of what there is.")
@as_of_option
def series(
    series_id: str | None,
    station: str | None,
    quantity: str | None,
    moment: datetime | None,
    start: datetime | None,
    end: datetime | None,
    state: int | datetime | None,
) -> None:
    """Show the values of a series, or how one of them is known.

    Without SERIES, list the series. Without a period, the last week that is there. With `--at`, all versions of one
    value: who delivered it, when, in which file, and what replaced it.
    """
    from goedebuur.services import queries

    with current().record() as record:
        as_of = current().size(record, state)
        if series_id is None:
            if station is not None:
                queries.station(record, station, as_of)
            every = [s for one in queries.places(record, as_of) for s in one.series]
            listed = [s for s in every if station in (None, s.station) and quantity in (None, s.quantity)]
            current().answer(listed, lambda: _write_list(listed))
        elif moment is not None:
            known = queries.provenance(record, series_id, moment, as_of)
            current().answer(known, lambda: _write_provenance(known))
        else:
            _show_values(record, series_id, start, end, as_of)


def _show_values(
    record: Record, series_id: str, start: datetime | None, end: datetime | None, as_of: int | None
) -> None:
    from goedebuur.services import queries

    view = queries.series(record, series_id, as_of)
    begin, stop = _whole_period([view])
    stop = end or stop
    rows = queries.read_series(record, [series_id], start or max(begin, stop - SHOWN), stop, as_of)
    listed = _rows(rows, view.unit)
    current().answer(
        {"series": view, "as_of": as_of, "rows": listed},
        lambda: table(
            ("start", view.unit, "flags", "remark", "leaf"),
            ((r["start"], r["value"], r["why"], r["remark"], r["leaf"]) for r in listed),
            right=(view.unit, "leaf"),
        ),
    )


def _rows(frame: pl.DataFrame, unit: str) -> list[dict[str, object]]:
    from goedebuur.core.base.flags import reasons

    return [
        {
            "start": iso(row["start"].replace(tzinfo=UTC)),
            "value": _reported(row, unit),
            "flags": row["flags"],
            "why": "; ".join(reasons(row["flags"])),
            "remark": row["remark"],
            "leaf": row["leaf"],
        }
        for row in frame.iter_rows(named=True)
    ]


def _reported(row: Mapping[str, Any], unit: str) -> str | None:
    """Return a value in the digits of its supplier; converted where that reported in another unit."""
    from goedebuur.core.base.exact import as_text
    from goedebuur.core.base.quantities import CANONICAL_DECIMALS

    if row["micro"] is None or row["unit"] != unit:
        return micro_text(row["micro"])
    return as_text(row["micro"] // 10 ** (CANONICAL_DECIMALS - row["decimals"]), row["decimals"])


def micro_text(micro: int | None) -> str | None:
    """Return a number of 10⁻⁶ units as decimal text, without zeros that say nothing; None stays None.

    >>> micro_text(16_150_000), micro_text(-500_000), micro_text(7_000_000), micro_text(None)
    ('16.15', '-0.5', '7', None)
    """
    if micro is None:
        return None
    whole, part = divmod(abs(micro), 1_000_000)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".")
    return f"-{text}" if micro < 0 else text


def _whole_period(views: list[SeriesView]) -> tuple[datetime, datetime]:
    firsts = [s.first for s in views if s.first]
    lasts = [s.last + timedelta(seconds=s.step) for s in views if s.last]
    if not firsts or not lasts:
        raise GoedeBuurError(
            NOTHING_THERE,
            "There are no values in this series.",
            value=", ".join(s.id for s in views),
            hint="`goedebuur series` lists what there is.",
        )
    return min(firsts), max(lasts)


def _write_provenance(known: Provenance) -> None:
    pairs(
        (
            ("series", known.series),
            ("start", iso(known.start)),
            ("value", "withdrawn" if known.micro is None else f"{micro_text(known.micro)} {known.unit}"),
            ("measured by", known.method.operator),
            ("principle", known.method.principle),
            ("instrument", known.method.instrument),
            ("accreditation", known.method.accreditation),
            ("tree size", known.tree_size),
            ("root hash", known.root_hash),
        )
    )
    table(
        ("leaf", "value", "remark", "received", "submitter", "file", "sha-256", "parser", "reason"),
        (
            (
                v.leaf,
                "withdrawn" if v.withdrawn else f"{v.value_text} {v.unit}",
                v.remark,
                iso(v.received),
                v.submitter,
                v.payload_name,
                v.payload_sha256,
                v.adapter,
                v.reason,
            )
            for v in known.versions
        ),
        right=("leaf",),
    )


@click.command(cls=Command)
@click.argument("series_ids", metavar="SERIES...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), help="Default: what the file's name says.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write. Default: output.")
@period_options("Default: the first value.", "Default: the end of what there is.")
@as_of_option
def export(
    series_ids: tuple[str, ...],
    form: str | None,
    output: Path | None,
    start: datetime | None,
    end: datetime | None,
    state: int | datetime | None,
) -> None:
    """Write series to a CSV or Parquet file.

    With units, flags and the leaf that each value comes from. Without a period, all there is.
    """
    from goedebuur.services import queries

    chosen = form or ("parquet" if output is not None and output.suffix == ".parquet" else "csv")
    with current().record() as record:
        as_of = current().size(record, state)
        first, last = _whole_period([queries.series(record, one, as_of) for one in series_ids])
        data = queries.export(record, list(series_ids), start or first, end or last, chosen, as_of)
    if output is None:
        sys.stdout.buffer.write(data)
        return
    output.write_bytes(data)
    written = {"file": str(output), "format": chosen, "bytes": len(data), "series": list(series_ids)}
    current().answer(written, lambda: click.echo(f"{output}: {len(data):,} bytes"))
