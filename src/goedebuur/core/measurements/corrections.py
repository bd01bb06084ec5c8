"""What a delivery changes in what is held: new, changed, withdrawn, or only its status. Pure frames in, frames out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from goedebuur.core.base.flags import SUPPLIER_BITS, Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.measurements.records import KEY, OBSERVATIONS

_MICROSECONDS: Final = pl.Datetime("us", "UTC")
THOUSAND: Final = 1000
"""Between a unit and the next, as µg/m³ and mg/m³."""
_SIZES: Final = (pl.col("micro").abs(), pl.col("micro_held").abs())
_NOTHING: Final[Mapping[str, Sequence[Period]]] = {}


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
    validated_holds
        Delivered rows that are left out: provisional ones about what a validated file spoke of already.
    held
        Rows that held of the named series in the period that was looked at.
    scaled
        Changed rows that are exactly a thousand times what held, or a thousandth: the mark of a mistaken unit.
    """

    rows: pl.DataFrame
    replaces: pl.DataFrame
    unchanged: int
    new: int
    filled: int
    changed: int
    status_only: int
    withdrawn: int
    validated_holds: int = 0
    held: int = 0
    scaled: int = 0

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
    validated: Mapping[str, Sequence[Period]] = _NOTHING,
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
    validated
        Per series the periods over which a validated delivery was complete. A provisional row replaces no validated
        one, and fills no hole there: that hour was looked at and left out.
    """
    held = held.select(*KEY, "micro", "unit", "decimals", "flags", "remark", "leaf")
    both = given.join(held, on=list(KEY), how="left", suffix="_held", maintain_order="left")
    given_height = both.height
    both = both.filter(~_overruled(both, validated))
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
        filled=int(_within(fresh, delivered).sum()),
        changed=counted.get("changed", 0),
        status_only=counted.get("status_only", 0),
        withdrawn=gone.height,
        validated_holds=given_height - both.height,
        held=held.height,
        scaled=_scaled(both.filter(pl.col("said") == "changed")),
    )


def _scaled(changed: pl.DataFrame) -> int:
    larger, smaller = pl.max_horizontal(*_SIZES), pl.min_horizontal(*_SIZES)
    return changed.filter((smaller > 0) & (larger % THOUSAND == 0) & (larger // THOUSAND == smaller)).height


def _gone(given: pl.DataFrame, held: pl.DataFrame, covers: Period | None, named: Sequence[str]) -> pl.DataFrame:
    if covers is None:
        return held.clear()
    inside = pl.col("start").is_between(pl.lit(covers.start), pl.lit(covers.end), closed="left")
    expected = held.filter(inside & pl.col("series").is_in(list(named)))
    if _has(given["flags"], Flag.PROVISIONAL).any():
        expected = expected.filter(~_has(expected["flags"], Flag.VALIDATED))
    return expected.join(given.select(KEY), on=list(KEY), how="anti")


def _tombstones(gone: pl.DataFrame) -> pl.DataFrame:
    withdrawn = gone.with_columns(
        value=pl.lit(None, pl.Int64),
        flags=pl.lit(int(Flag.TOMBSTONE), pl.Int32),
        remark=pl.lit(None, pl.String),
    )
    return withdrawn.select(list(OBSERVATIONS))


def _overruled(both: pl.DataFrame, validated: Mapping[str, Sequence[Period]]) -> pl.Series:
    """Return which rows are provisional where a validated value holds, or a validated delivery left the hour out."""
    provisional = _has(both["flags"], Flag.PROVISIONAL) & ~_has(both["flags"], Flag.VALIDATED)
    if not provisional.any():
        return provisional
    held_validated = _has(both["flags_held"].fill_null(0), Flag.VALIDATED)
    return provisional & (held_validated | (both["leaf"].is_null() & _within(both, validated)))


def _has(flags: pl.Series, flag: Flag) -> pl.Series:
    return (flags & int(flag)) != 0


def joined(periods: Iterable[Period]) -> list[Period]:
    """Return periods apart from each other, ascending: what touches or overlaps becomes one."""
    found: list[Period] = []
    for period in sorted(periods):
        if found and period.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, period.end))
        else:
            found.append(period)
    return found


def _within(rows: pl.DataFrame, delivered: Mapping[str, Sequence[Period]]) -> pl.Series:
    """Return which rows start inside a period of their series."""
    periods = pl.DataFrame(
        [(series, period.start, period.end) for series, found in delivered.items() for period in joined(found)],
        schema={"series": pl.String(), "start": _MICROSECONDS, "end": _MICROSECONDS},
        orient="row",
    )
    if rows.is_empty() or periods.is_empty():
        return pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    near = (
        rows.select("series", "start")
        .with_row_index("at")
        .sort("start")
        .join_asof(periods.sort("start"), on="start", by="series", strategy="backward", check_sortedness=False)
        .sort("at")
    )
    return near.select((pl.col("start") < pl.col("end")).fill_null(False))["start"]
