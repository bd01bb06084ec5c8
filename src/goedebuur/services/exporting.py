"""Series as a file to take away: reported digits, units, flags in words, and the leaf of every row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from goedebuur.core.base import exact
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import reasons
from goedebuur.services import inventory

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN_FILE_FORMAT: Final = declare("export-format", "There is no download in that format.")
FORMATS: Final = ("csv", "parquet")
TEXTS: Final = ("series", "unit", "meaning", "remark")
"""Columns of words, of which the supplier may have written some."""


def export(
    record: Record,
    series_ids: Sequence[str],
    start: datetime,
    end: datetime,
    format: str,
    as_of: int | None = None,
) -> bytes:
    """Return a file with the rows of some series with a start in [start, end).

    CSV (UTF-8, comma, decimal point): series, start (UTC), step [s], value (digits as reported), unit, flags, meaning
    of the flags, remark, leaf; what a spreadsheet would take for a formula in words has an apostrophe before it.
    Parquet: the same, with the exact `micro` [10⁻⁶ canonical units] and `canonical_unit`;
    its header says for which tree size and root hash the rows hold.

    Raises
    ------
    GoedeBuurError
        `export-format`, `query-unknown-series`.
    """
    if format not in FORMATS:
        raise GoedeBuurError(
            UNKNOWN_FILE_FORMAT, "There is no download in that format.", value=format, hint="Choose csv or parquet."
        )
    units = {name: inventory.series(record, name, as_of).unit for name in series_ids}
    size = record.projected if as_of is None else as_of
    rows = record.observations.read(series=series_ids, start=start, end=end, as_of=as_of)
    flags = rows["flags"].unique().to_list()
    words = pl.DataFrame(
        {"flags": flags, "meaning": ["; ".join(reasons(flag)) for flag in flags]},
        schema={"flags": pl.Int32(), "meaning": pl.String()},
    )
    names = pl.DataFrame({"series": list(units), "canonical_unit": list(units.values())})
    told = rows.join(words, on="flags", how="left", maintain_order="left").join(
        names, on="series", how="left", maintain_order="left"
    )
    columns = ["series", "start", "step", "value", "unit", "flags", "meaning", "remark", "leaf"]
    told = told.with_columns(value=exact.texts(pl.col("value"), pl.col("decimals")))
    sink = io.BytesIO()
    if format == "csv":
        start_text = pl.col("start").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        told.select(columns).with_columns(start_text, *(_harmless(name) for name in TEXTS)).write_csv(sink)
    else:
        told.select(*columns, "micro", "canonical_unit").write_parquet(
            sink,
            compression="zstd",
            metadata={"goedebuur.tree_size": str(size), "goedebuur.root_hash": record.ledger.root_hash(size).hex()},
        )
    return sink.getvalue()


def _harmless(column: str) -> pl.Expr:
    """Return a column of words in which no word is a formula to a spreadsheet.

    The characters are those of OWASP: https://owasp.org/www-community/attacks/CSV_Injection
    """
    formula = pl.col(column).str.contains(r"^[=+\-@\t\r]")
    return pl.when(formula).then("'" + pl.col(column)).otherwise(column).alias(column)
