"""Checks of the level of a stream against what it is a measurement of: a unit that was wrong from its first value on.

A change of level shows by itself (:mod:`levels`); a level that was wrong all along shows only beside something known:
the range that the instrument is set for, and what oxygen, moisture and the pressure in a duct can be.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from goedebuur.core.base import quantities
from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.levels import spans_by_day
from goedebuur.core.emissions.checks.minutes import Floats, Minutes, Track
from goedebuur.core.emissions.signals import quantity_of
from goedebuur.core.emissions.streams import Role

POSSIBLE: Final = {
    Role.OXYGEN: (1.0, 21.5),
    Role.MOISTURE: (1.0, 100.0),
    Role.PRESSURE: (800.0, 1200.0),
}
"""Lowest that the highest values, and highest that the usual value can be. [%], [%], [hPa]

Oxygen of air is 20.95 % by volume. A flame without excess air leaves under 1 % for hours, not for all of a delivery.
"""
SPAN: Final = (0.05, 1.5)
"""Part of its range at which an instrument can show its span gas. EN 15267-3 asks 70 to 90 %; wider, ours."""
SOME: Final = 24
"""Hours of normal operation from which a level is known. Ours."""
_HIGHEST: Final = 0.999


def scale(found: Minutes) -> list[Finding]:
    """Return streams whose level is impossible for what they are said to be, from the first value to the last.

    Of a concentration: with span gas it shows less than a twentieth or more than one and a half of its range, or in
    more than half of the time it lies above its range. Of oxygen and moisture: usually above what there can be, or
    never above 1 %, as a fraction would be. Of pressure: usually outside 800 to 1200 hPa.

    References
    ----------
    EN 15267-3: span at 70 to 90 % of the certification range. ICAO 7488/3: air has 20.95 % of oxygen.
    """
    out = []
    for track in found.of(Role.CONCENTRATION):
        top = _top(track)
        if top:
            out += _against_range(found, track, top)
    for track in found.of(*POSSIBLE):
        values = _normal(found, track)
        if len(values) < SOME * found.hour:
            continue
        low, high = POSSIBLE[track.stream.role]
        usual, highest = float(np.median(values)), float(np.quantile(values, _HIGHEST))
        if track.calibrating.any():
            highest = max(highest, float(np.max(track.values[track.calibrating & ~track.missing], initial=0.0)))
        if usual > high or highest < low:
            out.append(_finding(found, track, usual, low, high))
    return out


def _against_range(found: Minutes, track: Track, top: float) -> list[Finding]:
    shown = spans_by_day(found, track)
    if not np.isnan(shown).all():
        usual = float(np.nanmedian(shown))
        low, high = SPAN[0] * top, SPAN[1] * top
        return [] if low <= usual <= high else [_finding(found, track, usual, low, high)]
    values = _normal(found, track)
    usual = float(np.median(values)) if len(values) >= SOME * found.hour else 0.0
    return [_finding(found, track, usual, 0.0, top)] if usual > top else []


def _top(track: Track) -> float:
    """Return the upper end of the range in the unit of the values; 0 where it is not known."""
    stream = track.stream
    if not stream.range_high:
        return 0.0
    return float(Fraction(stream.range_high) * Fraction(*quantities.ratio(quantity_of(stream.series), stream.unit)))


def _normal(found: Minutes, track: Track) -> Floats:
    values: Floats = track.values[track.usable & found.normal]
    return values


def _finding(found: Minutes, track: Track, value: float, low: float, high: float) -> Finding:
    there = np.flatnonzero(~track.missing)
    numbers = (("value", decimal(value)), ("low", decimal(low)), ("high", decimal(high)))
    start, stop = found.moment(int(there[0])), found.moment(int(there[-1]) + 1)
    return Finding("stack.scale", (track.stream.id,), start, stop, numbers)
