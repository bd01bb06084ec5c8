"""The check of zero and span over time, from the raw values that the instrument gave with zero gas and span gas in it.

The control charts of EN 14181 (`core/emissions/en14181`) are for readings that are delivered as such, with the spread
that the certificate states; this needs neither, and so finds only what is well beyond any such spread.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.levels import spans_by_day
from goedebuur.core.emissions.checks.minutes import Floats, Minutes, Track, runs, spread
from goedebuur.core.emissions.streams import Role

FIRST: Final = 14
"""Days from whose median the zero and span of a stream are taken. Ours."""
OVER: Final = 7
"""Days over which a running median is taken. Ours."""
PART: Final = 0.03
"""Part of the span by which zero or span must have moved. The Bal and EN 15267-3 allow 3 % of the range between two
services for zero and for span."""
SPREADS: Final = 6.0
_PPM: Final = {"nox": 2.053, "no": 1.339, "so2": 2.858, "co": 1.250, "hcl": 1.627, "nh3": 0.760, "hf": 0.893}
"""mg in a normal cubic metre per ppm: molar mass over 22.414 l. [mg/m³]"""


def drift(found: Minutes) -> list[Finding]:
    """Return stretches in which zero or span lies further from its first days than the spread of it explains."""
    out = []
    for track in found.of(Role.CONCENTRATION, Role.OXYGEN):
        spans, zeros = spans_by_day(found, track), _zeros(found, track)
        if (~np.isnan(spans)).sum() < FIRST:
            continue
        size = float(np.nanmedian(spans[:FIRST]) - np.nanmedian(zeros[:FIRST])) if len(spans) else 0.0
        for name, values in (("zero", zeros), ("span", spans)):
            out += _moved(found, track, name, values, abs(size))
    return out


def _moved(found: Minutes, track: Track, name: str, values: Floats, size: float) -> list[Finding]:
    start = float(np.nanmedian(values[: 2 * FIRST]))
    run = _running(values)
    most = max(PART * size, SPREADS * spread(np.diff(values)) / np.sqrt(2))
    out = []
    for begin, end in _longest(runs(np.abs(np.nan_to_num(run - start)) > most)):
        worst = float(run[begin:end][np.nanargmax(np.abs(run[begin:end] - start))])
        numbers = [("part", name), ("before", decimal(start)), ("after", decimal(worst))]
        ratio = worst / start if start else 0.0
        ppm = _PPM.get(track.stream.substance.id, 0.0) if track.stream.substance else 0.0
        if name == "span" and ppm and min(abs(ratio / ppm - 1), abs(ratio * ppm - 1)) < 0.03:
            numbers.append(("ppm", decimal(ppm)))
        stretch = found.moment(begin * found.day), found.moment(end * found.day)
        out.append(Finding("stack.drift", (track.stream.id,), *stretch, tuple(numbers)))
    return out


def _longest(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the runs of three days or more: a check that failed is no drift."""
    return [run for run in found if run[1] - run[0] >= 3]


def _zeros(found: Minutes, track: Track) -> Floats:
    """Return by day the value with zero gas: the median of the lower half of what was seen in the check."""
    days = found.length // found.day
    seen = np.where(track.calibrating & ~track.missing, track.values, np.nan)[: days * found.day].reshape(
        days, found.day
    )
    out = np.full(days, np.nan)
    for day in range(days):
        some = seen[day][~np.isnan(seen[day])]
        if len(some) >= 6 and some.max() > some.min():
            out[day] = float(np.median(some[some <= (some.min() + some.max()) / 2]))
    return out


def _running(values: Floats) -> Floats:
    """Return the median of the days around each day that have a value; NaN where none has."""
    half = OVER // 2
    padded = np.concatenate([np.full(half, np.nan), values, np.full(half, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, OVER)
    there = (~np.isnan(windows)).sum(axis=1)
    out = np.full(len(values), np.nan)
    out[there >= 3] = np.nanmedian(windows[there >= 3], axis=1)
    return out
