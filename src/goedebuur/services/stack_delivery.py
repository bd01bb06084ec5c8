"""What a delivery of raw signals has to do with the streams in the record: known, in their unit, on days of use."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from goedebuur.adapters import payloads
from goedebuur.adapters.base import Adapter
from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import declare
from goedebuur.core.base.periods import POLARS_ZONE, Clock, iso
from goedebuur.core.emissions.form import in_use
from goedebuur.core.emissions.signals import is_of_stack
from goedebuur.services import preparing, streams
from goedebuur.services.preparing import Prepared

if TYPE_CHECKING:
    from datetime import date

    from goedebuur.core.emissions.streams import Stream
    from goedebuur.services.record import Record

NO_STREAM: Final = declare("input-no-stream", "The record has no stream of which this series holds the raw values.")
OTHER_UNIT: Final = declare("input-stream-unit", "Raw values come in another unit than their stream has.")
NOT_IN_USE: Final = declare("input-stream-day", "A raw value is of a day on which its stream was not in use.")
_BOOK: Final = rulebook.area(
    "stack-record",
    "Ruwe signalen: de stromen in het register",
    "Raw signals: the streams in the record",
    rulebook.own(
        "een rij van een onbekend signaal zegt niets: niemand weet wat er gemeten is",
        "a row of an unknown signal says nothing: nobody knows what was measured",
    ),
    "tests/rulebook/test_stack.py::test_refused",
)
KNOWN: Final = _BOOK.refuse(
    "stream-known",
    NO_STREAM,
    "Elke reeks is van een stroom die het register kent.",
    "Each series is of a stream that the record knows.",
)
SAME_UNIT: Final = _BOOK.refuse(
    "unit",
    OTHER_UNIT,
    "De waarden hebben de eenheid van hun stroom.",
    "The values are in the unit of their stream.",
)
IN_USE: Final = _BOOK.refuse(
    "day",
    NOT_IN_USE,
    "De stroom was op elke dag van de levering in gebruik.",
    "The stream was in use on each day of the delivery.",
)


def prepare(record: Record, data: bytes, name: str, adapter: Adapter, submitter: str | None = None) -> Prepared:
    """Return a delivery as :func:`preparing.prepare` does, after a look at the streams in the record.

    Raises
    ------
    GoedeBuurError
        An `input-…` error that names the place. Nothing was stored.
    """
    found = preparing.prepare(data, name, adapter, submitter)
    require_streams(record, found)
    return found


def require_streams(record: Record, prepared: Prepared) -> None:
    """Check that each raw signal in a delivery is that of a stream in the record.

    Raises
    ------
    GoedeBuurError
        `input-no-stream`, `input-stream-unit` or `input-stream-day`, with the series.
    """
    raw = [one for one in prepared.named if is_of_stack(one)]
    if not raw:
        return
    known = streams.by_series(record)
    for series in raw:
        if series not in known:
            KNOWN.refuse(
                "The record has no stream with this series.",
                place=_place(prepared, series),
                value=series,
                hint="`goedebuur stack streams` lists the streams; enter this one first, or correct its series.",
            )
    days = prepared.rows.filter(pl.col("series").is_in(raw)).group_by("series", "unit", maintain_order=True)
    local = pl.col("start").dt.convert_time_zone(POLARS_ZONE[Clock.CET]).dt.date()
    for series, unit, first, last in days.agg(first=local.min(), last=local.max()).iter_rows():
        if series not in known:
            continue  # where all findings are asked for
        _require_unit(known[series], series, unit, prepared)
        _require_days(known[series], series, first, last, prepared)


def _require_unit(held: tuple[Stream, ...], series: str, unit: str, prepared: Prepared) -> None:
    if all(one.unit != unit for one in held):
        SAME_UNIT.refuse(
            f"The stream {held[-1].id} comes in {held[-1].unit}.",
            place=_place(prepared, series),
            value=unit,
            hint="Correct the unit in the file, or the stream in the record with the reason.",
        )


def _require_days(held: tuple[Stream, ...], series: str, first: date, last: date, prepared: Prepared) -> None:
    day = first
    while day <= last:
        if not any(in_use(one, day) for one in held):
            raise IN_USE.error(
                "On this day no stream with this series was in use.",
                place=f"{prepared.name}, series {series}, the value of {_first(prepared, series, day)}",
                value=day.isoformat(),
                hint="Correct the first or last day of the stream, or leave these values out. Days are in CET.",
            )
        day += timedelta(days=1)


def _place(prepared: Prepared, series: str) -> str:
    """Return where a file names a series: its line, where it has one."""
    lines = payloads.decompress(prepared.data, prepared.name).split(b"\n")
    found = next((number for number, line in enumerate(lines, 1) if series.encode() in line), None)
    line = f", line {found}" if found is not None else ""
    return f"{prepared.name}{line}, series {series}"


def _first(prepared: Prepared, series: str, day: date) -> str:
    """Return the moment of the first value of a series on a day."""
    local = pl.col("start").dt.convert_time_zone(POLARS_ZONE[Clock.CET]).dt.date()
    started = prepared.rows.filter((pl.col("series") == series) & (local >= day))["start"].min()
    return iso(started) if isinstance(started, datetime) else day.isoformat()
