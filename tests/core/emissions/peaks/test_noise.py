"""How many peaks are found where there are none: the rates that `docs/methods/peaks.md` states."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from goedebuur.core.emissions.peaks import SIGNAL, Settings, find

T0 = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = 525_600


def frame(values: np.ndarray, step: int) -> pl.DataFrame:
    n = len(values)
    start = pl.datetime_range(T0, T0 + timedelta(seconds=step * (n - 1)), f"{step}s", time_zone="UTC", eager=True)
    columns = {"stream": "x", "length": step, "mass": None, "state": None}
    made = pl.DataFrame({"start": start, "value": (values * 1e6).astype(np.int64)})
    return made.with_columns(**{name: pl.lit(value) for name, value in columns.items()}).select(
        pl.col(name).cast(kind) for name, kind in SIGNAL.items()
    )


def resembling(draw: np.random.Generator, n: int, share: float) -> np.ndarray:
    """Each value is so much of the one before it, and normal in itself."""
    new = draw.normal(size=n) * np.sqrt(1 - share**2)
    found = np.empty(n)
    found[0] = new[0]
    for k in range(1, n):
        found[k] = share * found[k - 1] + new[k]
    return found


def noise(kind: str, draw: np.random.Generator) -> np.ndarray:
    if kind == "lognormal":
        return 50 * np.exp(0.2 * draw.normal(size=MINUTES))
    share = {"white": 0.0, "minutes": 0.9, "hours": 0.99}[kind]
    return 50 + 5 * resembling(draw, MINUTES, share)


@pytest.mark.parametrize("kind", ["white", "minutes", "hours", "lognormal"])
def test_a_year_of_noise_has_no_peak_in_minutes_and_none_in_half_hours(kind: str) -> None:
    values = noise(kind, np.random.default_rng(20260301))
    assert find(frame(values, 60), Settings()).height == 0
    halves = values.reshape(-1, 30).mean(axis=1)
    assert find(frame(halves, 1800), Settings.of_averages(1800)).height == 0


def test_planted_peaks_of_eight_deviations_and_ten_minutes_are_found_in_noise() -> None:
    draw = np.random.default_rng(11)
    values = 50 + 5 * draw.normal(size=60 * 24 * 60)
    planted = np.arange(500, len(values), 1440)
    for first in planted:
        values[first : first + 10] += 40
    found = find(frame(values, 60), Settings())
    starts = (found["start"] - T0).dt.total_minutes().to_numpy()
    near = [np.abs(starts - first).min() <= 5 for first in planted]
    assert sum(near) >= 0.95 * len(planted)
    assert found.height <= len(planted)
