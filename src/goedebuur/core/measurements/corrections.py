"""What a delivery changes in what is held: new, changed, withdrawn, or only its status. Pure frames in, frames out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from goedebuur.core.base.flags import SUPPLIER_BITS, Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.measurements.records import KEY, OBSERVATIONS

_MICROSECONDS: Final = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class Difference:
    """A delivery compared with what is held.

    Parameters
    ----------
    rows : DataFrame
        What is to be recorded: columns of :data:`OBSERVATIONS`, tombstones included, sorted by key.
    replaces : DataFrame
        series, start, step, leaf: the held rows that those replace.
    unchanged
        Delivered rows that say what is held already.
    new, filled, changed, status_only, withdrawn
        Numbers of rows: new ones (of which filled: inside a period already delivered), with another value or unit,
        with the same value but other flags or remark, and tombstones.
    """

    rows: pl.DataFrame
    replaces: pl.DataFrame
    unchanged: int
    new: int
    filled: int
    changed: int
    status_only: int
    withdrawn: int

    @property
    def corrects(self) -> bool:
        """Return whether anything held is replaced."""
        return self.changed + self.status_only + self.withdrawn > 0


def all_new(given: pl.DataFrame) -> Difference:
    """Return the difference of a delivery over which nothing was delivered before."""
    nothing = pl.DataFrame(schema={name: OBSERVATIONS[name] for name in KEY} | {"leaf": pl.Int64()})
    return Difference(given.select(list(OBSERVATIONS)), nothing, 0, given.height, 0, 0, 0, 0)


def compare(
    given: pl.DataFrame,
    held: pl.DataFrame,
    covers: Period | None,
    named: Sequence[str],
    delivered: Mapping[str, Sequence[Period]],
) -> Difference:
    """Return what a delivery changes.

    Parameters
    ----------
    given : DataFrame
        Columns of :data:`OBSERVATIONS` and micro, unique by key.
    held : DataFrame
        What holds now of the same series: key, micro, unit, decimals, flags, remark, leaf; no tombstones.
    covers
        The period for which the delivery is complete; None where absence says nothing.
    named
        Series for which it is complete.
    delivered
        Per series the periods over which it was delivered before.
    """
    held = held.select(*KEY, "micro", "unit", "decimals", "flags", "remark", "leaf")
    both = given.join(held, on=list(KEY), how="left", suffix="_held", maintain_order="left")
    known = pl.col("leaf").is_not_null()
    same_value = (pl.col("micro") == pl.col("micro_held")) & (pl.col("unit") == pl.col("unit_held"))
    bits = (pl.col("flags") & SUPPLIER_BITS) == (pl.col("flags_held") & SUPPLIER_BITS)
    same_status = bits & pl.col("remark").eq_missing(pl.col("remark_held"))
    both = both.with_columns(
        said=pl.when(~known)
        .then(pl.lit("new"))
        .when(~same_value)
        .then(pl.lit("changed"))
        .when(~same_status)
        .then(pl.lit("status_only"))
        .otherwise(pl.lit("unchanged"))
    )
    counted = dict(both.group_by("said").len().iter_rows())
    fresh = both.filter(pl.col("said") == "new")
    kept = both.filter(pl.col("said") != "unchanged")
    gone = _gone(given, held, covers, named)
    rows = pl.concat([kept.select(list(OBSERVATIONS)), _tombstones(gone)]).sort(*KEY)
    replaces = pl.concat(
        [kept.filter(known).select(*KEY, "leaf"), gone.select(*KEY, "leaf")],
    )
    return Difference(
        rows=rows,
        replaces=replaces,
        unchanged=counted.get("unchanged", 0),
        new=fresh.height,
        filled=_within(fresh, delivered),
        changed=counted.get("changed", 0),
        status_only=counted.get("status_only", 0),
        withdrawn=gone.height,
    )


def _gone(given: pl.DataFrame, held: pl.DataFrame, covers: Period | None, named: Sequence[str]) -> pl.DataFrame:
    if covers is None:
        return held.clear()
    inside = pl.col("start").is_between(pl.lit(covers.start), pl.lit(covers.end), closed="left")
    expected = held.filter(inside & pl.col("series").is_in(list(named)))
    return expected.join(given.select(KEY), on=list(KEY), how="anti")


def _tombstones(gone: pl.DataFrame) -> pl.DataFrame:
    withdrawn = gone.with_columns(
        value=pl.lit(None, pl.Int64),
        flags=pl.lit(int(Flag.TOMBSTONE), pl.Int32),
        remark=pl.lit(None, pl.String),
    )
    return withdrawn.select(list(OBSERVATIONS))


def _within(rows: pl.DataFrame, delivered: Mapping[str, Sequence[Period]]) -> int:
    """Return how many rows start inside a period of their series."""
    periods = pl.DataFrame(
        [(series, period.start, period.end) for series, found in delivered.items() for period in found],
        schema={"series": pl.String(), "start": _MICROSECONDS, "end": _MICROSECONDS},
        orient="row",
    )
    if rows.is_empty() or periods.is_empty():
        return 0
    near = (
        rows.select("series", "start")
        .sort("start")
        .join_asof(periods.sort("start"), on="start", by="series", strategy="backward", check_sortedness=False)
    )
    return near.filter(pl.col("start") < pl.col("end")).height
