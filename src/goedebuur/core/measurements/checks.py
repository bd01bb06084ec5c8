"""Checks of observations: each looks at a frame and returns one flag or none for every row.

A check only marks. The value stays, and stays in every average, until its supplier withdraws it: what is improbable is
sometimes true (New Year's Eve). What each check holds a value against is a row of
:data:`goedebuur.core.measurements.check_bounds.CHECK_BOUNDS`, with its basis.

Frames have `series`, `quantity`, `start`, `step` [s] and `micro` [10⁻⁶ canonical units], sorted by series and start.
Each check takes rows as they come: what lies before the first row of a series is not known to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from goedebuur.core.base import rulebook
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.base.rulebook import standard
from goedebuur.core.measurements.check_bounds import CHECK_BOUNDS, Check, rows

_QARTOD: Final = "IOOS, Manual for Real-Time Quality Control (QARTOD)"
_BOOK: Final = rulebook.area(
    "value",
    "De gemeten waarden",
    "The measured values",
    rulebook.own(
        "een controle merkt en laat de waarde staan: wat onwaarschijnlijk is, is soms waar",
        "a check marks, and leaves the value in: what is improbable is sometimes true",
    ),
    "tests/rulebook/test_values.py::test_marked",
)
RANGE: Final = _BOOK.flag(
    "range",
    "OUT_OF_RANGE",
    "Een waarde ligt binnen het bereik van de meetmethode, of van het weer.",
    "A value lies within the range of its method, or of the weather.",
    basis=standard(f"EN 14211, 14212, 14625, 14626, 16450 clause 1; WMO-No. 8 annex 1.A; {_QARTOD}: gross range test"),
    rows=rows(Check.RANGE),
)
CHANGE: Final = _BOOK.flag(
    "step",
    "STEP",
    "Een waarde verschilt van de vorige niet meer dan deze grootheid in een uur doet.",
    "A value differs from the one before it by no more than this quantity does in an hour.",
    basis=standard(f"WMO-No. 8, volume V: time consistency check; {_QARTOD}: rate of change test"),
    rows=rows(Check.STEP),
)
RUN: Final = _BOOK.flag(
    "stuck",
    "STUCK",
    "Dezelfde waarde komt niet te vaak achter elkaar.",
    "The same value does not come too many times in a row.",
    basis=standard(f"WMO-No. 8, volume V: persistence test; {_QARTOD}: flat line test"),
    rows=rows(Check.STUCK),
)
BELOW_ZERO: Final = _BOOK.flag(
    "negative",
    "NEGATIVE",
    "Een concentratie ligt niet verder onder nul dan de detectiegrens verklaart.",
    "A concentration lies no further below zero than the detection limit explains.",
    basis=standard("EN 14211, 14212, 14625, 14626: detection limit 3.3 times the repeatability at zero"),
    rows=rows(Check.NEGATIVE),
)
TWICE: Final = _BOOK.flag(
    "twice",
    "DUPLICATE",
    "Een waarde staat er één keer in.",
    "A value is there once.",
    basis=standard(f"{_QARTOD}: timing and syntax tests"),
)
GAP: Final = _BOOK.flag(
    "after-gap",
    "AFTER_GAP",
    "Een waarde volgt direct op de vorige van haar reeks.",
    "A value follows directly on the one before it in its series.",
    basis=standard(f"{_QARTOD}: timing (gap) test"),
)

_micro = pl.col("micro")
_same_series = pl.col("series").eq_missing(pl.col("series").shift())
_since = (pl.col("start") - pl.col("start").shift()).dt.total_seconds()
_follows = _same_series & (_since == pl.col("step"))


def out_of_range(frame: pl.DataFrame) -> pl.Series:
    """Return `OUT_OF_RANGE` where a value lies outside what its method or its physics allows.

    References
    ----------
    EN 14211, EN 14212, EN 14625, EN 14626, EN 16450: certification range of the reference method.
    WMO-No. 8, Guide to Instruments and Methods of Observation, annex 1.A: range of weather elements.
    IOOS, Manual for Real-Time Quality Control (QARTOD): gross range test.
    """
    low, high = _bound(frame, Check.RANGE)
    return _marked(frame, RANGE, (_micro < low) | (_micro > high))


def step(frame: pl.DataFrame) -> pl.Series:
    """Return `STEP` where a value differs more from the one directly before it than this quantity does in an hour.

    Steps across a gap are not judged: what happened in between is unknown.

    References
    ----------
    WMO-No. 8, volume V: time consistency check. IOOS QARTOD: rate of change test.
    """
    _, most = _bound(frame, Check.STEP)
    return _marked(frame, CHANGE, _follows & ((_micro - _micro.shift()).abs() > most))


def stuck(frame: pl.DataFrame) -> pl.Series:
    """Return `STUCK` on every row of a run of equal values that is as long as the bound, or longer.

    A gap ends a run. Values near zero repeat because of their resolution: within the detection limit they do not count.

    References
    ----------
    WMO-No. 8, volume V: persistence test. IOOS QARTOD: flat line test.
    """
    if frame.is_empty():
        return pl.Series("flags", [], dtype=pl.Int32)
    _, least = _bound(frame, Check.STUCK)
    zero, _ = _bound(frame, Check.NEGATIVE)
    change = frame.select(change=~(_follows & (_micro == _micro.shift())).fill_null(False))["change"]
    run = change.cum_sum() - change.cum_sum()[0]
    lengths = run.rle().struct.field("len")
    length = lengths.gather(run.cast(pl.UInt32)).rename("length").cast(pl.Int64)
    near_zero = _micro.abs() <= zero.fill_null(0).abs()
    return _marked(frame, RUN, (length * MICRO >= least) & ~near_zero)


def negative(frame: pl.DataFrame) -> pl.Series:
    """Return `NEGATIVE` where a concentration lies further below zero than its detection limit explains.

    Small negative values are what a clean hour looks like with noise on it: leaving them out would raise the mean.

    References
    ----------
    EN 14211, EN 14212, EN 14625, EN 14626: detection limit 3.3 times the repeatability at zero.
    """
    low, _ = _bound(frame, Check.NEGATIVE)
    return _marked(frame, BELOW_ZERO, _micro < low)


def duplicate(frame: pl.DataFrame) -> pl.Series:
    """Return `DUPLICATE` on rows that repeat series, start, step and value of an earlier row.

    References
    ----------
    IOOS QARTOD: timing and syntax tests. Two different values for one moment are an error, not a flag.
    """
    key = pl.struct("series", "start", "step", "micro")
    return _marked(frame, TWICE, ~key.is_first_distinct())


def after_gap(frame: pl.DataFrame) -> pl.Series:
    """Return `AFTER_GAP` on the first row after one or more missing steps of its series.

    References
    ----------
    IOOS QARTOD: timing (gap) test.
    """
    return _marked(frame, GAP, _same_series & (_since > pl.col("step")))


ALL: Final[tuple[Callable[[pl.DataFrame], pl.Series], ...]] = (
    out_of_range,
    step,
    stuck,
    negative,
    duplicate,
    after_gap,
)


def check(frame: pl.DataFrame) -> pl.Series:
    """Return the flags of all checks together, Int32 of the frame's height; add them with a bitwise or.

    >>> from datetime import UTC, datetime
    >>> row = {"series": "A.no2.1h", "quantity": "no2", "start": datetime(2020, 1, 1, tzinfo=UTC), "step": 3600}
    >>> check(pl.DataFrame([{**row, "micro": 900_000_000}])).to_list() == [int(Flag.OUT_OF_RANGE)]
    True
    """
    found = pl.Series("flags", [0], dtype=pl.Int32).new_from_index(0, frame.height)
    for one in ALL:
        found = found | one(frame)
    return found.rename("flags")


def _bound(frame: pl.DataFrame, check: Check) -> tuple[pl.Series, pl.Series]:
    """Return the low and high bound of each row [10⁻⁶ units], null where the table has none."""
    rows = [b for b in CHECK_BOUNDS if b.check is check]
    table = pl.DataFrame(
        {
            "quantity": [b.quantity for b in rows],
            "low": [b.low_micro for b in rows],
            "high": [b.high_micro for b in rows],
        },
        schema={"quantity": pl.String, "low": pl.Int64, "high": pl.Int64},
    )
    quantities = frame.select(pl.col("quantity").cast(pl.String))
    found = quantities.join(table, on="quantity", how="left", maintain_order="left")
    return found["low"], found["high"]


def _marked(frame: pl.DataFrame, check: rulebook.Check, where: pl.Expr) -> pl.Series:
    bit = int(Flag[check.code])
    mark = pl.when(where.fill_null(False)).then(pl.lit(bit, pl.Int32)).otherwise(pl.lit(0, pl.Int32))
    return frame.select(mark.alias("flags"))["flags"]
