"""Peaks in a year of minutes of ten streams, against the two rolling medians in polars that it needs at least."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from benchmarks.figures import best_of, report

from goedebuur.core.emissions.peaks import SIGNAL, Settings, find

STREAMS = 10
MINUTES = 525_600
START = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = 5_000
"""Minutes from one planted peak to the next."""


def year() -> pl.DataFrame:
    """Return ten streams of noise with a peak of twenty minutes every three and a half days, and some gaps."""
    draw = np.random.default_rng(5)
    moments = pl.datetime_range(START, START + timedelta(minutes=MINUTES - 1), "1m", time_zone="UTC", eager=True)
    parts = []
    for number in range(STREAMS):
        values = 50 + 5 * draw.normal(size=MINUTES)
        for first in range(1_000 + 37 * number, MINUTES - 20, EVERY):
            values[first : first + 20] += 200
        made = pl.DataFrame({"start": moments, "value": (values * 1e6).astype(np.int64)})
        gone = pl.int_range(pl.len()) % 997 < 30
        parts.append(
            made.with_columns(
                value=pl.when(~gone).then("value"),
                stream=pl.lit(f"s{number}"),
                length=pl.lit(60),
                mass=pl.lit(1_000),
                state=pl.lit("normal"),
            ).select(pl.col(name).cast(kind) for name, kind in SIGNAL.items())
        )
    return pl.concat(parts)


def medians(signal: pl.DataFrame) -> None:
    """Take the rolling median and the rolling median of the deviation once a stream: the least that a search needs."""
    for _, part in signal.group_by("stream"):
        level = part["value"].rolling_median(window_size=361, min_samples=90, center=True)
        (part["value"] - level).abs().rolling_median(window_size=361, min_samples=90, center=True)


def main() -> int:
    """Measure, and say whether all planted peaks were found and nothing else."""
    signal = year()
    took, found = best_of(3, lambda: find(signal, Settings()))
    least, _ = best_of(3, lambda: medians(signal))
    planted = sum(len(range(1_000 + 37 * number, MINUTES - 20, EVERY)) for number in range(STREAMS))
    report("peaks in 10 streams x a year of minutes", took, "s", target="< 15")
    report("against two rolling medians alone", took / least, "x")
    report("planted peaks found", 100 * found.height / planted, "%", target="within 1 of 100", note="gaps may cut one")
    return 0 if took < 15 and abs(found.height / planted - 1) < 0.01 else 1


if __name__ == "__main__":
    sys.exit(main())
