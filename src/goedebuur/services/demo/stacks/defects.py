"""Defects to plant in a simulated run: what goes wrong with instruments, computers and people, one function each.

A defect changes only what is delivered, never what was true. Where it is planted and how large it is are drawn anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goedebuur.services.demo.stacks.designs import FAILING, NORMAL, OUT, STARTING
from goedebuur.services.demo.stacks.instruments import MAINTENANCE, VALID, Signal
from goedebuur.services.demo.stacks.processes import Floats
from goedebuur.services.demo.stacks.simulating import PointRun

_DAY: Final = 1_440
_PPM: Final = {"so2": 2.858, "nox": 2.053, "co": 1.250, "hcl": 1.627}
"""mg in a normal cubic metre per ppm: molar mass over 22.414 l. [mg/m³]"""


@dataclass(frozen=True, slots=True)
class Planted:
    """A run with a defect in it, and where that is.

    Parameters
    ----------
    signals
        Names of the signals that are wrong.
    begin, end
        First minute and the one after the last.
    """

    run: PointRun
    defect: str
    signals: tuple[str, ...]
    begin: int
    end: int


Plant = Callable[[np.random.Generator, PointRun], Planted]


def stuck(random: np.random.Generator, run: PointRun) -> Planted:
    """An instrument repeats its last value for two to ten hours."""
    return _stuck(random, run, _a_substance(random, run), "stuck")


def stuck_peripheral(random: np.random.Generator, run: PointRun) -> Planted:
    """Temperature, pressure, moisture or oxygen stands still."""
    names = [name for name in ("temperature", "pressure", "moisture", "oxygen") if name in run.signals]
    return _stuck(random, run, str(random.choice(names)), "stuck_peripheral")


def clipped(random: np.random.Generator, run: PointRun) -> Planted:
    """What is higher than some value is delivered as that value."""
    name = _a_substance(random, run)
    signal = run.signals[name]
    top = np.round(np.nanquantile(signal.raw[_good(run, name)], random.uniform(0.995, 0.9995)), signal.decimals)
    return _changed(run, "clipped", {name: np.minimum(signal.raw, top)}, 0, run.minutes)


def zero_clipped(random: np.random.Generator, run: PointRun) -> Planted:
    """What is below zero is delivered as zero, of an instrument that comes to zero."""
    found = [name for name in run.inside if (run.signals[name].raw < 0).sum() > 150]
    if not found:
        raise ValueError("no concentration in this run comes below zero often enough")
    name = str(random.choice(found))
    return _changed(run, "zero_clipped", {name: np.maximum(run.signals[name].raw, 0) + 0.0}, 0, run.minutes)


def interpolated(random: np.random.Generator, run: PointRun) -> Planted:
    """A gap of two to eight hours is filled with a straight line."""
    name = _a_substance(random, run)
    signal, raw = run.signals[name], run.signals[name].raw.copy()
    begin, end = _somewhere(random, run, int(random.integers(120, 480)), name)
    first, last = float(np.nanmedian(raw[begin - 5 : begin])), float(np.nanmedian(raw[end : end + 5]))
    last += (20 if last > first else -20) * 10.0**-signal.decimals
    raw[begin:end] = np.round(np.linspace(first, last, end - begin), signal.decimals)
    return _changed(run, "interpolated", {name: raw}, begin, end)


def copied_day(random: np.random.Generator, run: PointRun) -> Planted:
    """A day of all concentrations stands in for another."""
    names = sorted(run.inside)
    days = [day for day in range(1, run.minutes // _DAY - 1) if _at_work(run, day * _DAY, (day + 1) * _DAY)]
    one, other = sorted(int(day) for day in random.choice(days, 2, replace=False))
    begin, end = other * _DAY, (other + 1) * _DAY
    raws = {name: run.signals[name].raw.copy() for name in names}
    statuses = {name: run.signals[name].status.copy() for name in names}
    for name in names:
        raws[name][begin:end] = raws[name][one * _DAY : (one + 1) * _DAY]
        statuses[name][begin:end] = statuses[name][one * _DAY : (one + 1) * _DAY]
    return _changed(run, "copied_day", raws, begin, end, statuses)


def unit_slip(random: np.random.Generator, run: PointRun) -> Planted:
    """For some hours or days a concentration or the flow comes in a unit a thousand times larger or smaller."""
    names = [name for name in run.inside if run.signals[name].unit == "mg/m³"]
    name = str(random.choice([*names, "flow"]))
    raw = run.signals[name].raw.copy()
    begin, end = _somewhere(random, run, int(random.integers(180, 5_000)), name)
    raw[begin:end] = np.round(raw[begin:end] * random.choice([1_000.0, 0.001]), run.signals[name].decimals)
    return _changed(run, "unit_slip", {name: raw}, begin, end)


def unit_all_along(random: np.random.Generator, run: PointRun) -> Planted:
    """From the first minute to the last a signal comes in another unit than is said, its checks as well."""
    names = [name for name in run.inside if run.signals[name].unit == "mg/m³"]
    factors = {"oxygen": (0.01,), "moisture": (0.01,), "pressure": (0.1, 100.0)}
    name = str(random.choice([*names, *(name for name in factors if name in run.signals)]))
    signal = run.signals[name]
    raw = np.round(signal.raw * random.choice(factors.get(name, (1_000.0, 0.001))), signal.decimals + 3)
    return _changed(run, "unit_all_along", {name: raw}, 0, run.minutes)


def kelvin(random: np.random.Generator, run: PointRun) -> Planted:
    """The temperature comes in kelvin for some days."""
    raw = run.signals["temperature"].raw.copy()
    begin, end = _somewhere(random, run, int(random.integers(1_440, 8_000)), "temperature")
    raw[begin:end] += 273.15
    return _changed(run, "kelvin", {"temperature": raw}, begin, end)


def swapped(random: np.random.Generator, run: PointRun) -> Planted:
    """Two concentrations change places for four days or more."""
    names = sorted(name for name in run.inside if run.signals[name].unit == "mg/m³")
    tops = {one.substance: one.top for one in run.point.pollutants}
    pairs = [(a, b) for a in names for b in names if a < b and abs(tops[a] / tops[b] - 1) > 0.15]
    one, other = pairs[int(random.integers(len(pairs)))]
    begin, end = _days(random, run, 4, 20)
    raws = {one: run.signals[one].raw.copy(), other: run.signals[other].raw.copy()}
    raws[one][begin:end], raws[other][begin:end] = (
        run.signals[other].raw[begin:end],
        run.signals[one].raw[begin:end],
    )
    return _changed(run, "swapped", raws, begin, end)


def smoothed(random: np.random.Generator, run: PointRun) -> Planted:
    """For four days or more a running mean of an hour is delivered in place of the values."""
    name = _a_substance(random, run)
    signal = run.signals[name]
    begin, end = _days(random, run, 4, 20)
    flat = np.convolve(np.nan_to_num(signal.raw, nan=float(np.nanmedian(signal.raw))), np.full(61, 1 / 61), "same")
    raw = np.where(_between(run, begin, end) & (signal.status == VALID), np.round(flat, signal.decimals), signal.raw)
    return _changed(run, "smoothed", {name: raw}, begin, end)


def drifting(random: np.random.Generator, run: PointRun) -> Planted:
    """The slope of an instrument goes off by 8 to 25 % over some weeks, and stays there."""
    name = _a_substance(random, run, milliampere=False)
    begin = int(random.integers(20 * _DAY, run.minutes - 25 * _DAY))
    length = int(random.integers(10 * _DAY, 20 * _DAY))
    gain = (
        np.clip((np.arange(run.minutes) - begin) / length, 0, 1) * random.uniform(0.08, 0.25) * random.choice([-1, 1])
    )
    raw = run.signals[name].raw * (1 + gain)
    return _changed(run, "drifting", {name: raw}, begin, run.minutes)


def as_ppm(random: np.random.Generator, run: PointRun) -> Planted:
    """From some day on the instrument gives ppm while mg/m³ is said."""
    name = str(random.choice([name for name in run.inside if name in _PPM]))
    begin = int(random.integers(25 * _DAY, run.minutes - 15 * _DAY))
    raw = np.where(_between(run, begin, run.minutes), run.signals[name].raw / _PPM[name], run.signals[name].raw)
    return _changed(run, "as_ppm", {name: raw}, begin, run.minutes)


def missing_hours(random: np.random.Generator, run: PointRun) -> Planted:
    """One to thirty hours of one or all signals are not in the delivery."""
    every = bool(random.integers(2))
    names = sorted(run.signals) if every else [_a_substance(random, run)]
    begin, end = _somewhere(random, run, int(random.integers(60, 1_800)), names[0])
    raws = {name: run.signals[name].raw.copy() for name in names}
    for raw in raws.values():
        raw[begin:end] = np.nan
    return _changed(run, "missing_hours", raws, begin, end)


def wrong_oxygen(random: np.random.Generator, run: PointRun) -> Planted:
    """For two days or more the oxygen is 2 to 4 % by volume too high or too low: a leak, or a wrong zero."""
    begin, end = _days(random, run, 2, 25)
    raw = run.signals["oxygen"].raw.copy()
    step = random.uniform(2.0, 4.0) * random.choice([-1, 1])
    raw[begin:end] = np.clip(raw[begin:end] + step, 0, 20.9)
    return _changed(run, "wrong_oxygen", {"oxygen": raw}, begin, end)


def wrong_flow(random: np.random.Generator, run: PointRun) -> Planted:
    """For two days or more the flow is off by a factor."""
    begin, end = _days(random, run, 2, 25)
    raw = run.signals["flow"].raw.copy()
    raw[begin:end] *= random.choice([random.uniform(0.5, 0.78), random.uniform(1.25, 2)])
    return _changed(run, "wrong_flow", {"flow": raw}, begin, end)


def wrong_moisture(random: np.random.Generator, run: PointRun) -> Planted:
    """For two days or more the moisture is off by a factor of two."""
    begin, end = _days(random, run, 2, 25)
    raw = run.signals["moisture"].raw.copy()
    raw[begin:end] *= random.choice([0.5, 2.0])
    return _changed(run, "wrong_moisture", {"moisture": raw}, begin, end)


def clock_hour(random: np.random.Generator, run: PointRun) -> Planted:
    """For five days or more all signals are an hour late or early."""
    begin, end = _days(random, run, 5, 20)
    return _shifted(run, "clock_hour", sorted(run.signals), begin, end, int(random.choice([-60, 60])))


def one_lags(random: np.random.Generator, run: PointRun) -> Planted:
    """For two weeks or more one concentration lags by 25 to 80 minutes, its checks as well."""
    name = _a_substance(random, run)
    begin, end = _days(random, run, 15, 24)
    return _shifted(run, "one_lags", [name], begin, end, int(random.integers(25, 80)))


def mislabelled_start(random: np.random.Generator, run: PointRun) -> Planted:
    """Normal hours with the highest values are labelled as starting up."""
    name = _a_substance(random, run)
    return _labelled(random, run, "mislabelled_start", name, STARTING)


def mislabelled_failure(random: np.random.Generator, run: PointRun) -> Planted:
    """Normal hours are labelled as a failure of the abatement, that ran all the while."""
    state = run.signals["state"].raw.copy()
    begin, end = _somewhere(random, run, int(random.integers(60, 240)), "state")
    state[begin:end] = FAILING
    return _changed(run, "mislabelled_failure", {"state": state}, begin, end)


def mislabelled_out(random: np.random.Generator, run: PointRun) -> Planted:
    """Hours at full load are labelled as out of service."""
    state = run.signals["state"].raw.copy()
    begin, end = _somewhere(random, run, int(random.integers(120, 1_200)), "state")
    state[begin:end] = OUT
    return _changed(run, "mislabelled_out", {"state": state}, begin, end)


def flagged_when_high(random: np.random.Generator, run: PointRun) -> Planted:
    """Values that are high are said to be from maintenance, each time for the rest of the half hour."""
    name = _a_substance(random, run)
    status = run.signals[name].status.copy()
    for half in _high_halves(run, name):
        status[half : half + 30] = MAINTENANCE
    return _changed(run, "flagged_when_high", {name: run.signals[name].raw}, 0, run.minutes, {name: status})


def high_left_out(random: np.random.Generator, run: PointRun) -> Planted:
    """Minutes that are high are not delivered."""
    name = _a_substance(random, run)
    raw = run.signals[name].raw.copy()
    good = _good(run, name)
    raw[good & (raw > np.nanquantile(raw[good], random.uniform(0.985, 0.996)))] = np.nan
    return _changed(run, "high_left_out", {name: raw}, 0, run.minutes)


DEFECTS: Final[Mapping[str, Plant]] = {
    plant.__name__: plant
    for plant in (
        *(stuck, stuck_peripheral, clipped, zero_clipped, interpolated, copied_day, unit_slip, kelvin, swapped),
        *(unit_all_along, smoothed, drifting, as_ppm, missing_hours, wrong_oxygen, wrong_flow, wrong_moisture),
        *(clock_hour, one_lags),
        *(mislabelled_start, mislabelled_failure, mislabelled_out, flagged_when_high, high_left_out),
    )
}


def _a_substance(random: np.random.Generator, run: PointRun, *, milliampere: bool = True) -> str:
    return str(random.choice([name for name in run.inside if milliampere or run.signals[name].unit != "mA"]))


def _good(run: PointRun, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        (run.operation.state == NORMAL) & (run.signals[name].status == VALID) & ~np.isnan(run.signals[name].raw)
    )
    return found


def _at_work(run: PointRun, begin: int, end: int) -> bool:
    return bool((run.operation.state[begin:end] == NORMAL).all())


def _between(run: PointRun, begin: int, end: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    at = np.arange(run.minutes)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (at >= begin) & (at < end)
    return found


def _somewhere(random: np.random.Generator, run: PointRun, length: int, name: str) -> tuple[int, int]:
    """Return a stretch of that length in normal operation, mostly with valid values of a signal in it."""
    for _ in range(2_000):
        begin = int(random.integers(60, run.minutes - length - 60))
        fine = run.signals[name].status[begin : begin + length] != VALID
        if _at_work(run, begin - 30, begin + length + 30) and fine.mean() < 0.05 and not fine[:40].any():
            return begin, begin + length
    raise ValueError("there is no such stretch of normal operation in this run")


def _days(random: np.random.Generator, run: PointRun, least: int, most: int) -> tuple[int, int]:
    """Return whole days, by chance anywhere in the run but its first days, and most of them at work."""
    whole = run.minutes // _DAY
    for _ in range(2_000):
        length = int(random.integers(least, min(most, whole // 3) + 1))
        first = int(random.integers(2, whole - length - 1))
        if (run.operation.state[first * _DAY : (first + length) * _DAY] == NORMAL).mean() > 0.95:
            return first * _DAY, (first + length) * _DAY
    raise ValueError("there are no such days of normal operation in this run")


def _stuck(random: np.random.Generator, run: PointRun, name: str, defect: str) -> Planted:
    raw = run.signals[name].raw.copy()
    begin, end = _somewhere(random, run, int(random.integers(120, 600)), name)
    raw[begin:end] = raw[np.flatnonzero(~np.isnan(raw[:begin]))[-1]]
    return _changed(run, defect, {name: raw}, begin, end)


def _shifted(run: PointRun, defect: str, names: list[str], begin: int, end: int, by: int) -> Planted:
    raws, statuses = {}, {}
    for name in names:
        signal = run.signals[name]
        raws[name], statuses[name] = signal.raw.copy(), signal.status.copy()
        raws[name][begin:end] = np.roll(signal.raw, by)[begin:end]
        statuses[name][begin:end] = np.roll(signal.status, by)[begin:end]
    return _changed(run, defect, raws, begin, end, statuses)


def _high_halves(run: PointRun, name: str) -> list[int]:
    """Return the minute in which, in the half hours with the highest mean, the values first come to be high."""
    raw = np.where(_good(run, name), run.signals[name].raw, np.nan)[: run.minutes // 30 * 30].reshape(-1, 30)
    full = ~np.isnan(raw).any(axis=1)
    means = np.where(full, np.nan_to_num(raw).mean(axis=1), -np.inf)
    border = np.quantile(means[full], 0.985)
    return [
        int(half) * 30 + int((raw[half] > np.median(raw[half])).argmax()) for half in np.flatnonzero(means >= border)
    ]


def _labelled(random: np.random.Generator, run: PointRun, defect: str, name: str, code: int) -> Planted:
    halves = _high_halves(run, name)
    state = run.signals["state"].raw.copy()
    chosen = [half // 30 * 30 for half in halves if _at_work(run, half // 30 * 30 - 60, half // 30 * 30 + 120)]
    begin = int(random.choice(chosen))
    state[begin : begin + 60] = code
    return _changed(run, defect, {"state": state}, begin, begin + 60)


def _changed(
    run: PointRun,
    defect: str,
    raws: Mapping[str, Floats],
    begin: int,
    end: int,
    statuses: Mapping[str, np.ndarray[tuple[int], np.dtype[np.int8]]] | None = None,
) -> Planted:
    signals: dict[str, Signal] = dict(run.signals)
    for name, raw in raws.items():
        status = (statuses or {}).get(name, signals[name].status)
        signals[name] = replace(signals[name], raw=raw, status=status).rounded()
    return Planted(replace(run, signals=signals), defect, tuple(raws), begin, end)
