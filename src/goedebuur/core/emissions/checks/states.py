"""Checks of what a plant says of itself: a state that its load does not bear out, flags that come when it is high."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from goedebuur.core.base.flags import Flag
from goedebuur.core.emissions.checks.findings import Finding, decimal
from goedebuur.core.emissions.checks.minutes import OUT_OF_SERVICE, Floats, Marks, Minutes, Track, medians, runs
from goedebuur.core.emissions.streams import Role

SHORT: Final = 20
"""Stretches of a state that are shorter say nothing. [min] Ours."""
LOW: Final = 0.02
"""Quantile of the load in normal operation under which a plant that starts or stops comes at some time."""
STRETCH_LOW: Final = 0.1
"""Quantile of the load in a stretch that is compared with it; higher, since a short stretch has few values. Ours."""
HALF: Final = 0.5
"""Part of the usual load, above which all the time a plant does not start or stop without having stood still. Ours."""
BESIDE: Final = 120
"""How near to a start or stop the plant stood still. [min] Ours."""
RUNNING: Final = 0.3
"""Part of the usual load, above which a plant is not out of service. Ours."""
HELD: Final = 0.4
"""Part of its usual level under which a process signal falls when the unit behind it fails. Ours."""
RISEN: Final = 2.0
"""Times its usual level that a concentration must rise to bear out a failure of abatement. Ours."""
SELDOM: Final = 0.01
"""Part of the normal half hours in which a concentration may be so high; shared by all that are measured, since each
more is a chance more that one is high by itself (Bonferroni). Ours."""
HIGH: Final = 0.9
"""Quantile from which a value counts as high."""
BY_CHANCE: Final = 1e-7
"""How probable it may be that so many stretches are high by chance. Ours: once in ten million streams."""
BEFORE: Final = 10
"""Steps before a stretch of which the median is taken."""
_ON_THE_WAY: Final = frozenset({"start_up", "shut_down"})
_SAID: Final = _ON_THE_WAY | {OUT_OF_SERVICE, "abatement_failure", "malfunction"}
"""States that the signals can bear out or not."""


def contradicted(found: Minutes) -> list[Finding]:
    """Return stretches that are labelled as other than normal while the signals show normal operation.

    Starting up and shutting down: the load never comes below what it is in normal operation, or stays above half of
    the usual while the plant did not stand still before it (after it). Out of service: the load stays up. Failure of
    abatement: no process signal and no concentration shows anything; without process signals nothing is said.
    """
    states, load = found.states, found.only(Role.LOAD)
    if states is None or load is None:
        return []
    normal = found.normal & load.usable
    if normal.sum() < found.day:
        return []
    usual, low = float(np.median(load.values[normal])), float(np.quantile(load.values[normal], LOW))
    out = []
    for state, where in sorted(states.items()):
        for begin, end in runs(_whole(found, where)) if state in _SAID else ():
            some = load.values[begin:end][load.usable[begin:end]]
            if (end - begin) * found.step < SHORT * 60 or not len(some):
                continue
            if _contradicts(
                found, state, (begin, end), float(np.quantile(some, STRETCH_LOW)), float(np.median(some)), low, usual
            ):
                numbers = (("state", state), ("load", decimal(float(np.median(some)))), ("usual", decimal(usual)))
                stretch = found.moment(begin), found.moment(end)
                out.append(Finding("stack.state_contradicted", (load.stream.id,), *stretch, numbers))
    return out


def unsaid(found: Minutes) -> list[Finding]:
    """Return stretches that are labelled as normal while the load says that the plant stands still."""
    states, load = found.states, found.only(Role.LOAD)
    if states is None or load is None:
        return []
    normal = found.normal & load.usable
    if not normal.any():
        return []
    usual = float(np.median(load.values[normal]))
    out = []
    for begin, end in runs(normal & (load.values < 0.1 * usual)):
        if (end - begin) * found.step >= SHORT * 60:
            numbers = (("load", decimal(float(np.median(load.values[begin:end])))), ("usual", decimal(usual)))
            stretch = found.moment(begin), found.moment(end)
            out.append(Finding("stack.state_unsaid", (load.stream.id,), *stretch, numbers))
    return out


def flagged_when_high(found: Minutes) -> list[Finding]:
    """Return streams of which values are flagged as unfit, or are not there, when they are high.

    Instruments fail at any time. Of each stretch without a usable value (checks with zero and span gas left out) the
    values just before it, and those that were delivered with the flag, are ranked among all values at work; that too
    many of them are high has a probability by the binomial distribution.
    """
    work = found.at_work
    out = []
    for track in found.of(Role.CONCENTRATION):
        good = track.usable & work
        lost = ~track.usable & ~track.calibrating & work
        if good.sum() < found.day:
            continue
        border = float(np.quantile(track.values[good | (lost & ~track.missing)], HIGH))
        for kind, high in (("before", _before(found, track, lost, border)), ("within", _within(track, lost, border))):
            chance = _tail(len(high), sum(high), 1 - HIGH)
            if chance < BY_CHANCE:
                numbers = (("kind", kind), ("times", str(len(high))), ("high", str(sum(high))))
                at = np.flatnonzero(lost)
                stretch = found.moment(int(at[0])), found.moment(int(at[-1]) + 1)
                out.append(Finding("stack.flagged_when_high", (track.stream.id,), *stretch, numbers))
                break
    return out


def _contradicts(
    found: Minutes, state: str, run: tuple[int, int], least: float, middle: float, low: float, usual: float
) -> bool:
    if state in _ON_THE_WAY:
        return least >= low or (least > HALF * usual and not _stood_still(found, state, run))
    if state == OUT_OF_SERVICE:
        return middle > RUNNING * usual
    return _nothing_shows(found, run)


def _whole(found: Minutes, where: Marks) -> Marks:
    """Return where a state holds, also while it was not told between two moments of it: a lost row ends no start."""
    track = found.only(Role.STATE)
    if track is None:
        return where
    out = where.copy()
    for begin, end in runs(track.missing):
        out[begin:end] = begin > 0 and end < len(where) and where[begin - 1] and where[end]
    return out


def _stood_still(found: Minutes, state: str, run: tuple[int, int]) -> bool:
    """Return whether the plant was out of service shortly before it started, or after it stopped, or nothing tells."""
    states = found.states or {}
    if OUT_OF_SERVICE not in states:
        return True
    (begin, end), reach = run, BESIDE * 60 // found.step
    near = slice(max(0, begin - reach), begin) if state == "start_up" else slice(end, end + reach)
    at_an_end = begin < reach if state == "start_up" else end + reach > found.length
    return at_an_end or bool(states[OUT_OF_SERVICE][near].any())


def _nothing_shows(found: Minutes, run: tuple[int, int]) -> bool:
    """Return whether no process signal fell away and no concentration rose above all but a few of its half hours."""
    processes, concentrations = found.of(Role.PROCESS), found.of(Role.CONCENTRATION)
    if not processes:
        return False
    normal, (begin, end) = found.normal, run
    for track in processes:
        usual = float(np.median(track.values[normal & track.usable])) if (normal & track.usable).any() else 0.0
        if np.nanquantile(track.values[begin:end], 0.25) < HELD * usual:
            return False
    for track in concentrations:
        halves = medians(np.where(normal & track.usable, track.values, np.nan), found.hour // 2)
        some = track.values[begin:end][track.usable[begin:end]]
        if not len(some) or np.isnan(halves).all():
            continue
        seldom = float(np.nanquantile(halves, 1 - SELDOM / len(concentrations)))
        if float(np.median(some)) > max(seldom, RISEN * float(np.nanmedian(halves))):
            return False
    return True


def _before(
    found: Minutes, track: Track, lost: np.ndarray[tuple[int], np.dtype[np.bool_]], border: float
) -> list[bool]:
    """Return of each stretch without values whether the values just before it were high."""
    out = []
    last = 0
    for begin, end in runs(lost):
        some = track.values[max(last, begin - BEFORE) : begin][track.usable[max(last, begin - BEFORE) : begin]]
        last = end
        if len(some) >= BEFORE // 2:
            out.append(bool(np.median(some) > border))
    return out


def _within(track: Track, lost: np.ndarray[tuple[int], np.dtype[np.bool_]], border: float) -> list[bool]:
    """Return of each stretch with values that are flagged as unfit whether these were high."""
    told: Floats = np.where((track.flags & int(Flag.NOT_A_VALUE)) == 0, track.values, np.nan)
    out = []
    for begin, end in runs(lost):
        some = told[begin:end][~np.isnan(told[begin:end])]
        if len(some):
            out.append(bool(np.median(some) > border))
    return out


def _tail(times: int, high: int, chance: float) -> float:
    """Return how probable it is that at least so many of so many times are high.

    >>> round(_tail(3, 3, 0.1), 6), round(_tail(3, 0, 0.1), 6)
    (0.001, 1.0)
    """
    return float(sum(math.comb(times, k) * chance**k * (1 - chance) ** (times - k) for k in range(high, times + 1)))
