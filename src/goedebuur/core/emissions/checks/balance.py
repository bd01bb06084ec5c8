"""The check of oxygen, flow and load against each other: what is burned uses oxygen in proportion to the heat.

Per unit of heat nearly the same oxygen is used, whatever burns; so dry flow times the oxygen that is used up, divided
by the load, stays where it is. Where it moves, one of the three is wrong, and mostly it shows which.

References
----------
Thornton, 1917, Phil. Mag. 33, 196; Huggett, 1980, Fire Mater. 4, 61: 13.1 MJ per kg of oxygen within 5 %.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.minutes import Floats, Minutes, Track, medians, runs, spread
from goedebuur.core.emissions.streams import Basis, Role

AIR: Final = 20.9
"""Oxygen in dry air. [% by volume]"""
USED: Final = 3.0
"""Less oxygen used than this on average: no gas of a fire, and the balance says nothing. [% by volume]"""
HOURS: Final = 6
"""Over which one value is taken. [h]"""
OFF: Final = 0.12
"""Part by which the balance must be off. Twice what Huggett gives for fuels. The spread of the stream counts too."""
SPREADS: Final = 8.0
"""Spreads by which it must be off too. Ours. The spread is that from one value to the next: a third of the time wrong
makes the spread around the median three times what it is, and that from one value to the next hardly larger."""
_SHARE: Final = 0.5
"""Part of the movement that oxygen must explain, to be named alone."""


def balance(found: Minutes) -> list[Finding]:
    """Return stretches in which oxygen, flow and load do not go together as they do in the rest of the time."""
    oxygen, flow, load = (found.only(role) for role in (Role.OXYGEN, Role.FLOW, Role.LOAD))
    if oxygen is None or flow is None or load is None:
        return []
    good = found.normal & oxygen.usable & flow.usable & load.usable
    used = np.where(good, AIR - oxygen.values, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(good, _dry(found, flow) / load.values, np.nan)
        used_log = np.log(np.maximum(medians(used, HOURS * found.hour), 1e-3))
        part_log = np.log(np.maximum(medians(part, HOURS * found.hour), 1e-12))
    if np.isnan(used_log).all() or np.exp(np.nanmedian(used_log)) < USED:
        return []
    used_off, part_off = used_log - np.nanmedian(used_log), part_log - np.nanmedian(part_log)
    off = used_off + part_off
    off = off - np.nanmedian(off)
    wrong = np.abs(off) > max(OFF, SPREADS * _spread(off))
    return [_finding(found, run, off, used_off, (oxygen, flow, load)) for run in _joined(wrong, np.isnan(off))]


def moisture(found: Minutes) -> list[Finding]:
    """Return stretches in which moisture does not go with the oxygen that is used as it does in the rest of the time.

    Water in the gas is made by the same fire: moisture over oxygen used moves by the fuel and the weather alone.
    """
    oxygen, water = found.only(Role.OXYGEN), found.only(Role.MOISTURE)
    if oxygen is None or water is None:
        return []
    good = found.normal & oxygen.usable & water.usable
    used = np.where(good, AIR - oxygen.values, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = medians(np.where(used > USED, water.values / used, np.nan), HOURS * found.hour)
        off = np.log(np.maximum(ratio, 1e-6)) - np.log(np.nanmedian(ratio) if not np.isnan(ratio).all() else 1.0)
    wrong = np.abs(off) > max(3 * OFF, SPREADS * _spread(off))
    out = []
    for begin, end in _joined(wrong, np.isnan(off)):
        moved = float(np.expm1(np.nanmedian(off[begin:end]))) * 100
        numbers = (("percent", decimal(moved, 2)), ("hours", str((end - begin) * HOURS)))
        start, stop = (found.moment(at * HOURS * found.hour) for at in (begin, end))
        out.append(Finding("stack.moisture", (water.stream.id,), start, stop, numbers))
    return out


def _spread(values: Floats) -> float:
    """Return the spread of values from one to the next, as a standard deviation."""
    return spread(np.diff(values)) / math.sqrt(2)


def _dry(found: Minutes, flow: Track) -> Floats:
    """Return the flow as dry gas at normal conditions, as far as the streams allow; only its movement counts."""
    values = flow.values.copy()
    hot, pressure, water = (found.only(role) for role in (Role.TEMPERATURE, Role.PRESSURE, Role.MOISTURE))
    if flow.stream.basis is Basis.ACTUAL:
        if hot is not None:
            values *= 273.15 / (273.15 + hot.values)
        if pressure is not None:
            values *= pressure.values / np.nanmedian(pressure.values)
    if flow.stream.wet is not False and water is not None:
        values *= 1 - water.values / 100
    return values


def _joined(
    wrong: np.ndarray[tuple[int], np.dtype[np.bool_]], unknown: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> list[tuple[int, int]]:
    """Return the runs, those together with only unknown blocks between them as one."""
    out: list[tuple[int, int]] = []
    for begin, end in runs(wrong):
        if out and unknown[out[-1][1] : begin].all():
            out[-1] = (out[-1][0], end)
        else:
            out.append((begin, end))
    return out


def _finding(
    found: Minutes, run: tuple[int, int], off: Floats, used_off: Floats, tracks: tuple[Track, Track, Track]
) -> Finding:
    begin, end = run
    oxygen, flow, load = tracks
    moved, by_oxygen = float(np.nanmedian(off[begin:end])), float(np.nanmedian(used_off[begin:end]))
    is_oxygen = by_oxygen / moved > _SHARE
    numbers = (("percent", decimal(float(np.expm1(moved)) * 100, 2)), ("hours", str((end - begin) * HOURS)))
    start, stop = (found.moment(at * HOURS * found.hour) for at in (begin, end))
    streams = (oxygen.stream.id,) if is_oxygen else (flow.stream.id, load.stream.id)
    return Finding("stack.oxygen" if is_oxygen else "stack.flow", streams, start, stop, numbers)
