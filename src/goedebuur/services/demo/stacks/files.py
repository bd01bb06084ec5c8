"""Write simulated runs as the files in which a company delivers: raw signals in the layout of `stack_csv`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import numpy as np
import polars as pl

from goedebuur.core.base.periods import CET
from goedebuur.services.demo.stacks import streams
from goedebuur.services.demo.stacks.instruments import Signal
from goedebuur.services.demo.stacks.simulating import PointRun

_KEYS: Final = (
    ("layout", "wide"),
    ("separator", ";"),
    ("decimal", "."),
    ("clock", "CET"),
    ("label", "start"),
    ("day", "yyyy-mm-dd"),
    ("status", "0 = valid, 1 = maintenance, 2 = malfunction, 3 = calibrating, empty = valid"),
    ("source", "SIMULATIE, niets hiervan is gemeten"),
)
_TIME: Final = "%Y-%m-%d %H:%M"


def months(run: PointRun) -> Iterator[tuple[int, int]]:
    """Yield first minute and the one after the last of each calendar month of a run (CET)."""
    begin = 0
    while begin < run.minutes:
        local = (run.start + timedelta(minutes=begin)).astimezone(CET)
        after = datetime(local.year + local.month // 12, local.month % 12 + 1, 1, tzinfo=CET)
        end = min(run.minutes, begin + int((after - local) / timedelta(minutes=1)))
        yield begin, end
        begin = end


def raw_file(run: PointRun, begin: int = 0, end: int | None = None) -> bytes:
    """Return the raw signals of some minutes as one file: a column a stream, with its status beside it.

    Parameters
    ----------
    begin, end
        First minute, and the one after the last.
    """
    part = slice(begin, run.minutes if end is None else end)
    start = (run.start + timedelta(minutes=begin)).astimezone(CET).replace(tzinfo=None)
    count = part.stop - begin
    times = pl.datetime_range(start, start + timedelta(minutes=count - 1), "1m", eager=True).dt.strftime(_TIME)
    columns: dict[str, pl.Series] = {"time": times}
    for name, signal in run.signals.items():
        columns[name] = _cells(signal, part)
        columns[f"{name}.status"] = _codes(signal, part)
    lines = ["# goedebuur-stack: 1", *(f"# {key}: {value}" for key, value in _KEYS)]
    lines += [
        f"# stream: {name} = {streams.series(run.point, name)} [{signal.unit}]" for name, signal in run.signals.items()
    ]
    body = pl.DataFrame(columns).write_csv(separator=";", quote_style="never", null_value="")
    return ("\n".join(lines) + "\n" + body).encode()


def _cells(signal: Signal, part: slice) -> pl.Series:
    """Return the values with their decimals; nothing where no row came."""
    values, scale = signal.raw[part], 10**signal.decimals
    there = ~np.isnan(values)
    whole = np.round(np.where(there, values, 0) * scale).astype(np.int64)
    frame = pl.DataFrame({"whole": whole, "there": there})
    size = pl.col("whole").abs()
    text = (size // scale).cast(pl.String)
    if signal.decimals:
        text = text + "." + (size % scale).cast(pl.String).str.zfill(signal.decimals)
    sign = pl.when(pl.col("whole") < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return frame.select(cell=pl.when(pl.col("there")).then(sign + text))["cell"]


def _codes(signal: Signal, part: slice) -> pl.Series:
    """Return the codes of the status; nothing where no row came, nor for what is always valid."""
    if not signal.status.any():
        return pl.Series([""] * (part.stop - part.start))
    codes = pl.Series(signal.status[part]).cast(pl.String)
    return codes.zip_with(pl.Series(~np.isnan(signal.raw[part])), pl.Series([""] * len(codes)))
