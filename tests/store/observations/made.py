"""Rows made by hand for the projections, and what an oracle says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from goedebuur.core.base.flags import Flag
from goedebuur.core.measurements.records import OBSERVATIONS
from goedebuur.store.observations import Batch

START = datetime(2019, 1, 30, tzinfo=UTC)
A, B, C = "X1.pm10.1h", "X2.pm10.1h", "X1.no2.1h"
Said = Mapping[tuple[str, int], int | None]
"""(series, number of the hour since START) → reported digits, None to withdraw."""


def hour(n: int) -> datetime:
    """The start of the n-th hour."""
    return START + timedelta(hours=n)


def rows(said: Said) -> pl.DataFrame:
    """Rows with no decimals, as a batch holds them."""
    listed = [
        {
            "series": series,
            "start": hour(n),
            "step": 3600,
            "value": value,
            "decimals": 0,
            "unit": "µg/m³",
            "flags": int(Flag.TOMBSTONE if value is None else Flag.VALIDATED),
            "remark": None,
        }
        for (series, n), value in sorted(said.items())
    ]
    return pl.DataFrame(listed, schema=OBSERVATIONS)


def batches(leaves: Sequence[Said]) -> list[Batch]:
    """One leaf each, from leaf 0 on."""
    return [Batch(i, rows(said)) for i, said in enumerate(leaves)]


def held(leaves: Iterable[Said]) -> dict[tuple[str, datetime], int]:
    """What holds after some leaves, worked out one row at a time. [10⁻⁶ µg/m³]"""
    found: dict[tuple[str, datetime], int] = {}
    for said in leaves:
        for (series, n), value in said.items():
            found.pop((series, hour(n)), None)
            if value is not None:
                found[series, hour(n)] = value * 10**6
    return found
