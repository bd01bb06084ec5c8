"""Checks of the level of a stream: a unit that slipped, two streams that changed places, noise that went away."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Final

import numpy as np

from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.minutes import Floats, Minutes, Track, medians, runs, spread
from goedebuur.core.emissions.streams import Role

FACTORS: Final = (1_000.0, 3_600.0)
"""Between mg and µg, g and mg, m³ and 1,000 m³; between an hour and a second."""
OTHERS: Final = (10.0, 100.0)
"""Between hPa and kPa, hPa and Pa: of pressure, moisture and oxygen alone."""
NEAR: Final = 0.16
"""How near to a factor the step must be. [decimal logarithm] 0.16 is a factor of 1.45."""
KELVIN: Final = 273.15
"""Between °C and K."""
_SOME: Final = 20
"""Steps of resolution that the usual level must be, for a level to say anything."""
APART: Final = 0.10
"""Part by which two span gases must differ, to know two instruments by them."""
SAME: Final = 0.03
"""Part within which a span gas is recognised."""
DAILY: Final = 144
"""Steps that a day must have, for its noise to be known: ten minutes or shorter. Ours."""
QUIETER: Final = 4.0
"""Times less or more noise from minute to minute, from which a day is not like the others. Ours."""


def unit_slip(found: Minutes) -> list[Finding]:
    """Return hours in which a stream lies a factor of a unit above or below its usual level, or 273.15 apart.

    The usual level is the median of all hours at work. Of a stream that lies most of the time at the wrong level, the
    rest is named: that there are two levels is what is found, and which is right is for a person.
    """
    work = found.normal
    out = []
    for track in found.of(*(role for role in Role if role not in (Role.STATE, Role.PROCESS))):
        hours = medians(np.where(track.usable & work, track.values, np.nan), found.hour)
        usual = float(np.nanmedian(hours)) if not np.isnan(hours).all() else 0.0
        if usual <= _SOME * track.resolution:
            continue
        if track.stream.role is Role.TEMPERATURE:
            for sign in (1, -1):
                near = np.abs(hours - usual - sign * KELVIN) < max(15.0, 0.1 * KELVIN)
                out += [_slip(found, track, run, usual, hours, f"{sign * KELVIN:+}") for run in runs(near)]
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.log10(hours / usual)
        low = float(np.nanquantile(hours[hours > 0], 0.001)) if (hours > 0).any() else 0.0
        wide = max(NEAR, 2 * spread(step[np.isfinite(step)]) + 0.1)
        for factor in (*FACTORS, *(OTHERS if _steady(track) else ())):
            for sign in (1, -1):
                near = np.abs(step - sign * math.log10(factor)) < min(wide, 0.35)
                name = f"× {factor:g}" if sign > 0 else f"÷ {factor:g}"
                out += [_slip(found, track, run, usual, hours, name) for run in runs(near)]
        if low and usual / max(low, track.resolution) < 100:
            gone = (hours == 0) & (usual / FACTORS[0] < track.resolution)
            out += [_slip(found, track, run, usual, hours, "÷ 1000") for run in runs(gone)]
    return out


def swapped(found: Minutes) -> list[Finding]:
    """Return days on which two streams have changed places: each shows the span gas of the other.

    A level alone does not tell two substances apart; the gas with which each instrument is checked does.
    """
    shown = {track.stream.id: spans_by_day(found, track) for track in found.of(Role.CONCENTRATION)}
    usual = {name: float(np.nanmedian(days)) for name, days in shown.items() if not np.isnan(days).all()}
    out = []
    for one, other in combinations(sorted(usual), 2):
        if abs(usual[one] - usual[other]) < APART * max(abs(usual[one]), abs(usual[other])):
            continue
        crossed = _close(shown[one], usual[other]) & _close(shown[other], usual[one])
        for begin, end in runs(crossed):
            numbers = (("days", str(end - begin)),)
            start, stop = found.moment(begin * found.day), found.moment(end * found.day)
            out.append(Finding("stack.swapped", (one, other), start, stop, numbers))
    return out


def noise(found: Minutes) -> list[Finding]:
    """Return days on which a stream has far less or far more noise from minute to minute than it has on other days."""
    if found.day < DAILY:
        return []
    work = found.normal
    out = []
    for track in found.of(Role.CONCENTRATION, Role.OXYGEN):
        values = np.where(track.usable & work, track.values, np.nan)
        steps = np.abs(np.diff(values, append=np.nan))
        days = medians(steps, found.day, 0.6)
        usual = float(np.nanmedian(days)) if not np.isnan(days).all() else 0.0
        if usual < 4 * track.resolution:
            continue
        for begin, end in runs((days < usual / QUIETER) | (days > usual * QUIETER)):
            part = float(np.nanmedian(days[begin:end])) / usual
            numbers = (("times", decimal(part, 2)), ("days", str(end - begin)))
            start, stop = found.moment(begin * found.day), found.moment(end * found.day)
            out.append(Finding("stack.noise", (track.stream.id,), start, stop, numbers))
    return out


def _steady(track: Track) -> bool:
    return track.stream.role in (Role.PRESSURE, Role.MOISTURE, Role.OXYGEN)


def _slip(found: Minutes, track: Track, run: tuple[int, int], usual: float, hours: Floats, name: str) -> Finding:
    begin, end = run
    numbers = (
        ("factor", name),
        ("usual", decimal(usual)),
        ("value", decimal(float(np.nanmedian(hours[begin:end])))),
        ("hours", str(end - begin)),
    )
    start, stop = found.moment(begin * found.hour), found.moment(end * found.hour)
    return Finding("stack.unit_slip", (track.stream.id,), start, stop, numbers)


def spans_by_day(found: Minutes, track: Track) -> Floats:
    """Return by day the value with span gas: the median of the upper half of what was seen in the check."""
    days = found.length // found.day
    seen = np.where(track.calibrating & ~track.missing, track.values, np.nan)[: days * found.day].reshape(
        days, found.day
    )
    out = np.full(days, np.nan)
    for day in range(days):
        some = seen[day][~np.isnan(seen[day])]
        if len(some) >= 6:
            out[day] = (
                float(np.median(some[some > (some.min() + some.max()) / 2])) if some.max() > some.min() else np.nan
            )
    return out


def _close(values: Floats, to: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.abs(values - to) < SAME * abs(to)
    return found
