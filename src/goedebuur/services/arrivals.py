"""When the rows of a leaf were received, as stretches: what the catalogue keeps to tell late from on time.

A sealed leaf holds deliveries of different moments: the header of its batch says which rows came when.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from goedebuur.core.base import canonical
from goedebuur.core.base.flags import Flag
from goedebuur.core.expectations import facts
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.store.arrivals import Stretch
from goedebuur.store.evidence import Evidence

RECEIVED_KEY: Final = "goedebuur.received"
"""Key in the header of a sealed batch: stretches of rows with the moment at which they were received."""
_EPOCH: Final = pl.col("start").dt.epoch("s")


def header(rows: pl.DataFrame) -> dict[str, str]:
    """Return what the header of a sealed batch says of when its rows were received.

    Parameters
    ----------
    rows
        Observations with `received`. [s since 1970]
    """
    if rows.is_empty():
        return {}
    told = _stretches(rows.select("series", "start", "step", "received", withdrawn=pl.lit(False)))
    listed = [list(row) for row in told.select("series", "begin", "finish", "received").iter_rows()]
    return {RECEIVED_KEY: canonical.encode({"received": listed}).decode()}


def of_leaf(evidence: Evidence, leaf: Leaf) -> list[Stretch]:
    """Return the stretches of rows in the batch of a leaf, by series and start; those withdrawn marked."""
    if leaf.batch is None or not leaf.series:
        return []
    rows = evidence.rows(leaf.batch["sha256"]).select(
        "series", "start", "step", withdrawn=pl.col("flags") & int(Flag.TOMBSTONE) != 0
    )
    otherwise = int(facts.received(leaf).timestamp())
    text = evidence.metadata(leaf.batch["sha256"]).get(RECEIVED_KEY) if leaf.kind == "sealed" else None
    rows = _with_received(rows, text, otherwise)
    columns = ("series", "begin", "finish", "received", "withdrawn")
    return [Stretch(*row) for row in _stretches(rows).select(columns).iter_rows()]


def _with_received(rows: pl.DataFrame, text: str | None, otherwise: int) -> pl.DataFrame:
    if text is None:
        return rows.with_columns(received=pl.lit(otherwise, pl.Int64))
    listed = canonical.decode(text.encode())["received"]
    schema = {"series": pl.String(), "begin": pl.Int64(), "finish": pl.Int64(), "received": pl.Int64()}
    told = pl.DataFrame(listed, schema=schema, orient="row").sort("begin").drop("finish")
    ordered = rows.with_columns(begin=_EPOCH).sort("begin")
    found = ordered.join_asof(told, on="begin", by="series", check_sortedness=False).drop("begin")
    return found.with_columns(pl.col("received").fill_null(otherwise))


def _stretches(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows that follow each other without a hole as one: series, begin, finish [s], received, withdrawn."""
    ordered = rows.with_columns(begin=_EPOCH, finish=_EPOCH + pl.col("step")).sort("series", "begin")
    same = pl.all_horizontal(
        *(pl.col(name) == pl.col(name).shift() for name in ("series", "received", "withdrawn")),
        pl.col("begin") == pl.col("finish").shift(),
    )
    return (
        ordered.with_columns(run=(~same.fill_null(False)).cum_sum())
        .group_by("run", maintain_order=True)
        .agg(
            pl.col("series", "received", "withdrawn").first(),
            begin=pl.col("begin").first(),
            finish=pl.col("finish").last(),
        )
    )
