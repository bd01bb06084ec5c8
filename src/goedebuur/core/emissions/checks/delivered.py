"""The check of averages that a company delivers against those that follow from its raw values, and why they do not.

Half hours or hours that come in already brought to reference conditions are held beside the same averages made here
from the raw values. Where they differ, they are made once more in each of the wrong ways that are known; the way that
gives the delivered numbers is named. This is a second way to the averages, in floating point, and no verdict rests on
it: what is judged is made by `core/emissions/chain`.

References
----------
Directive 2010/75/EU Annex V part 3 and Annex VI part 6-7; EN 17255-1
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

import numpy as np

from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.minutes import Floats, Marks, Minutes, Track
from goedebuur.core.emissions.streams import Basis, CalibrationFunction, Role

OFF: Final = 0.02
"""Part by which an average must be off. The order of correcting and averaging is a matter of choice, and makes less."""
FEW: Final = 10
"""Averages that must be off, for it to be a finding. Ours."""
PART: Final = 0.02
"""Part of the averages that must be off too. Ours."""
LIKE: Final = 0.95
"""Part of the averages that a wrong way must give, to be named. Ours."""
SHARE: Final = 2 / 3
"""Part of an average that must have been measured. EN 17255-1, from memory: averages with less are not compared."""
OXYGENS: Final = (3.0, 5.0, 6.0, 10.0, 11.0, 13.0, 15.0)
"""Reference contents of oxygen in the Directive and the Bal. [% by volume]"""
AIR: Final = 21.0
"""Oxygen of air in the correction. Directive 2010/75/EU Annex VI part 7. [% by volume]"""
GUARD: Final = 20.0
"""Oxygen from which the correction says nothing. Ours. [% by volume]"""
KELVIN: Final = 273.15
HECTOPASCAL: Final = 1_013.0
"""The normal cubic metre: 273.15 K and 101.3 kPa. [K], [hPa]"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way from raw values to averages.

    Parameters
    ----------
    offset, slope
        Of the calibration function.
    oxygen
        Reference content; None: as measured. [% by volume]
    dry, normal
        Whether it is brought to dry gas, and to 273.15 K and 101.3 kPa.
    """

    offset: float
    slope: float
    oxygen: float | None
    dry: bool = True
    normal: bool = True


def follows(found: Minutes, raw: Track, reported: Track, functions: Sequence[CalibrationFunction]) -> list[Finding]:
    """Return the finding that delivered averages do not follow from the raw values, with the reason where it is known.

    Parameters
    ----------
    found
        Raw values of the emission point.
    raw
        Stream of the raw values, among them.
    reported
        Averages of the same substance, brought to `oxygen_included`; each starts on a whole step of its own from the
        first raw value on.
    functions
        Calibration functions of the raw stream; the last to begin is the one that should have been used.
    """
    way = _right(reported, functions)
    if way is None:
        return []
    size = reported.stream.step // found.step
    blocks = min(found.length // size, len(reported.values))
    told = np.where(reported.usable, reported.values, np.nan)[:blocks]
    ours = _averages(found, raw, way, size, blocks)
    rough = max(reported.resolution, 1e-6)
    off = np.abs(told - ours) > np.maximum(OFF * np.abs(ours), 2 * rough)
    known = ~np.isnan(told) & ~np.isnan(ours)
    wrong = off & known
    if wrong.sum() < max(FEW, PART * known.sum()):
        return []
    seen = _Seen(found, raw, told, ours, wrong, size, rough)
    check = _named(seen, way, functions) or "stack.average"
    at = np.flatnonzero(wrong)
    apart = float(np.median(told[wrong] - ours[wrong]))
    numbers = (("wrong", str(int(wrong.sum()))), ("all", str(int(known.sum()))), ("difference", decimal(apart, 3)))
    step = timedelta(seconds=reported.stream.step)
    stretch = found.start + int(at[0]) * step, found.start + (int(at[-1]) + 1) * step
    return [Finding(check, (reported.stream.id, raw.stream.id), *stretch, numbers)]


def _right(reported: Track, functions: Sequence[CalibrationFunction]) -> Way | None:
    """Return the way that the records state; None where they do not state one."""
    if not functions or not reported.stream.oxygen_included:
        return None
    last = max(functions, key=lambda one: one.valid_from)
    return Way(float(Fraction(last.offset)), float(Fraction(last.slope)), float(reported.stream.oxygen_included))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the wrong ways are tried on: raw values, delivered and right averages, which differ, and how they round."""

    found: Minutes
    raw: Track
    told: Floats
    ours: Floats
    wrong: Marks
    size: int
    rough: float

    def like(self, made: Floats) -> bool:
        """Return whether a way gives nearly all of the delivered averages, within a quarter of what counts as off."""
        told = self.told[self.wrong]
        with np.errstate(invalid="ignore"):
            near = np.abs(told - made[self.wrong]) <= np.maximum(OFF / 4 * np.abs(told), 0.6 * self.rough)
        return bool(near.mean() >= LIKE)


def _named(seen: _Seen, way: Way, functions: Sequence[CalibrationFunction]) -> str:
    """Return the name of the wrong way that gives the delivered averages; empty where none does."""
    for name, other in _ways(way, functions):
        if seen.like(_averages(seen.found, seen.raw, other, seen.size, len(seen.told))):
            return name
    told, ours = seen.told[seen.wrong], seen.ours[seen.wrong]
    with np.errstate(divide="ignore", invalid="ignore"):
        if seen.like(seen.ours * float(np.median(told / ours))):
            return "stack.average_scaled"
    less = float(np.median(ours - told))
    if less > 0 and seen.like(np.maximum(seen.ours - less, 0)):
        return "stack.average_subtracted"
    return "stack.average_selected" if _selected(seen, way) else ""


def _ways(way: Way, functions: Sequence[CalibrationFunction]) -> Iterator[tuple[str, Way]]:
    yield "stack.average_oxygen", replace(way, oxygen=None)
    for oxygen in OXYGENS:
        if oxygen != way.oxygen:
            yield "stack.average_oxygen", replace(way, oxygen=oxygen)
    yield "stack.average_moisture", replace(way, dry=False)
    yield "stack.average_normal", replace(way, normal=False)
    yield "stack.average_function", replace(way, offset=0.0, slope=1.0)
    for one in functions:
        other = replace(way, offset=float(Fraction(one.offset)), slope=float(Fraction(one.slope)))
        if other != way:
            yield "stack.average_function", other


def _standard(found: Minutes, raw: Track, way: Way) -> Floats:
    """Return each raw value at the conditions of a way; NaN where it does not count or something is not known."""
    values = np.where(raw.usable, way.offset + way.slope * raw.values, np.nan)
    hot, pressure, water, oxygen = (
        found.only(role) for role in (Role.TEMPERATURE, Role.PRESSURE, Role.MOISTURE, Role.OXYGEN)
    )
    if way.normal and raw.stream.basis is Basis.ACTUAL:
        if hot is None or pressure is None:
            return np.full(found.length, np.nan)
        values = values * (_fit(hot) + KELVIN) / KELVIN * HECTOPASCAL / _fit(pressure)
    if way.dry and raw.stream.wet:
        values = values / (1 - _fit(water) / 100) if water is not None else np.full(found.length, np.nan)
    if way.oxygen is not None:
        if oxygen is None:
            return np.full(found.length, np.nan)
        measured = _fit(oxygen)
        values = np.where(measured < GUARD, values * (AIR - way.oxygen) / (AIR - measured), np.nan)
    return values


def _fit(track: Track) -> Floats:
    return np.where(track.usable, track.values, np.nan)


def _averages(found: Minutes, raw: Track, way: Way, size: int, blocks: int) -> Floats:
    """Return the averages; NaN where less than :data:`SHARE` was measured."""
    values = _standard(found, raw, way)[: blocks * size].reshape(blocks, size)
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    total = np.where(there, values, 0.0).sum(axis=1)
    return np.where(count >= SHARE * size, total / np.maximum(count, 1), np.nan)


def _selected(seen: _Seen, way: Way) -> bool:
    """Return whether the averages are those of the values under one height alone, as if the others were not there.

    Of each average the mean of its lowest k values is taken for every k. Nearly all delivered averages must be one of
    these, with one height under which the values that count lie and above which those that do not.
    """
    told = seen.told[seen.wrong]
    cut = _standard(seen.found, seen.raw, way)[: len(seen.told) * seen.size].reshape(-1, seen.size)
    values = np.sort(cut[seen.wrong], axis=1)
    means = np.cumsum(np.nan_to_num(values), axis=1) / np.arange(1, seen.size + 1)
    means = np.where(np.isnan(values), np.inf, means)
    best = np.abs(means - told[:, None]).argmin(axis=1)
    rows = np.arange(len(best))
    near = np.abs(means[rows, best] - told) <= 0.6 * seen.rough
    dropped = values[rows, np.minimum(best + 1, seen.size - 1)]
    if near.mean() < LIKE or np.isnan(dropped).all():
        return False
    height = float(np.nanquantile(dropped, 1 - LIKE))
    return bool((values[rows, best] <= height).mean() >= LIKE)
