"""Instruments on a simulated stack: from what is in the gas to the raw values and status codes that are delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from goedebuur.services.demo.stacks import processes
from goedebuur.services.demo.stacks.designs import OUT, STATES, Point, Pollutant
from goedebuur.services.demo.stacks.gas import KELVIN, NORMAL_PRESSURE, Duct
from goedebuur.services.demo.stacks.operation import Operation
from goedebuur.services.demo.stacks.processes import Codes, Floats

VALID, MAINTENANCE, MALFUNCTION, CALIBRATING = range(4)
CHECK_AT: Final = 4 * 60 + 10
"""Minute of the day (CET) at which zero and span gas are let in. [min]"""
CHECK_ZERO, CHECK_SPAN, CHECK_BACK = 6, 6, 3
"""How long zero gas, span gas, and coming back to the waste gas take. [min]"""
SPAN: Final = 0.7
"""Span gas as part of the range."""
_LOST: Final = 8e-5
"""Part of the minutes that does not reach the computer."""
_BROKEN: Final = (2.0, (60, 900))
_SERVICED: Final = (9.0, (45, 200))
"""Times a year, shortest and longest. [min]"""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one instrument delivered.

    Parameters
    ----------
    name
        Name of the stream within its emission point.
    raw
        By minute; NaN where no row came. [unit]
    status
        By minute: :data:`VALID` and so on.
    unit
        Of the raw value.
    decimals
        With which it is delivered.
    """

    name: str
    raw: Floats
    status: Codes
    unit: str
    decimals: int

    def rounded(self) -> Signal:
        """Return the signal as it is written: with its decimals."""
        return replace(self, raw=np.round(self.raw, self.decimals) + 0.0)


def measured(
    random: np.random.Generator, point: Point, operation: Operation, gas: Duct, inside: Mapping[str, Floats], first: int
) -> dict[str, Signal]:
    """Return the signals of an emission point by name.

    Parameters
    ----------
    inside
        Substance → concentration, dry, at normal conditions and the actual oxygen. [mg/m³]
    first
        Minute of the day (CET) of the first value.
    """
    minutes = len(operation.load)
    names = dict.fromkeys(one.instrument for one in point.pollutants)
    status = {name: _status(random, minutes, first, place) for place, name in enumerate(names)}
    found = {}
    for one in point.pollutants:
        value = seen(one, inside[one.substance], gas)
        found[one.substance] = _pollutant(random, one, value, status[one.instrument], first)
    found |= _peripheral(random, point, gas, first)
    found |= _processes(random, point, operation)
    lost = random.random((len(found), minutes)) < _LOST
    for row, name in enumerate(found):
        found[name] = replace(found[name], raw=np.where(lost[row], np.nan, found[name].raw)).rounded()
    return found


def seen(one: Pollutant, value: Floats, gas: Duct) -> Floats:
    """Return the concentration in the state in which the instrument sees the gas."""
    if one.wet:
        value = value * (1 - gas.moisture / 100)
    if one.hot:
        value = value * KELVIN / (gas.temperature + KELVIN) * gas.pressure / NORMAL_PRESSURE
    return value


def _pollutant(random: np.random.Generator, one: Pollutant, value: Floats, status: Codes, first: int) -> Signal:
    minutes = len(value)
    value = processes.following(value, 1.2) + one.noise * random.standard_normal(minutes)
    seen = np.where(status == CALIBRATING, _gas_let_in(random, one, minutes, first), value)
    seen = np.where(status == MALFUNCTION, 0.4 * seen + one.noise * random.standard_normal(minutes), seen)
    raw = (seen - one.offset) / one.slope
    if one.milliampere:
        raw = np.clip(raw, 3.6, 20.5)
    return Signal(one.substance, raw, status, "mA" if one.milliampere else "mg/m³", one.decimals)


def _gas_let_in(random: np.random.Generator, one: Pollutant, minutes: int, first: int) -> Floats:
    """Return what is seen where zero gas and span gas are let in at the time of the check."""
    at = _since_check(minutes, first)
    drift = 0.3 * one.noise * processes.remembering(random, minutes, 20_000)
    gain = 1 + 0.004 * processes.remembering(random, minutes, 30_000)
    zero, span = drift, SPAN * one.top * gain + drift
    let_in = np.where(at < CHECK_ZERO, zero, span)
    return let_in + 0.5 * one.noise * random.standard_normal(minutes)


def _status(random: np.random.Generator, minutes: int, first: int, place: int) -> Codes:
    """Return the status codes of one instrument: checks each day, service by day, failures at any time."""
    status = np.full(minutes, VALID, np.int8)
    for (a_year, lengths), code, by_day in ((_BROKEN, MALFUNCTION, False), (_SERVICED, MAINTENANCE, True)):
        for moment in processes.moments(random, minutes, a_year):
            begin = moment - (first + moment) % 1_440 + 9 * 60 + 20 * place if by_day else moment
            status[max(0, begin) : max(0, begin + int(random.uniform(*lengths)))] = code
    status[_since_check(minutes, first) < CHECK_ZERO + CHECK_SPAN + CHECK_BACK] = CALIBRATING
    return status


def _since_check(minutes: int, first: int) -> Floats:
    """Return minutes since the check of the day began; of no check yet on that day something large."""
    of_day = (first + np.arange(minutes)) % 1_440 - CHECK_AT
    return np.where(of_day < 0, 1_440, of_day).astype(np.float64)


def _peripheral(random: np.random.Generator, point: Point, gas: Duct, first: int) -> dict[str, Signal]:
    minutes = len(gas.oxygen)
    status = _status(random, minutes, first, 4)
    checked = status == CALIBRATING
    oxygen = processes.following(gas.oxygen, 1.2) + 0.04 * random.standard_normal(minutes)
    at = _since_check(minutes, first)
    oxygen = np.where(checked, np.where(at < CHECK_ZERO, 0.02, 20.9) + 0.02 * random.standard_normal(minutes), oxygen)
    fine = np.full(minutes, VALID, np.int8)
    flow = gas.flow * (1 + 0.012 * random.standard_normal(minutes))
    moisture = gas.moisture + 0.12 * random.standard_normal(minutes)
    temperature = gas.temperature + 0.15 * random.standard_normal(minutes)
    pressure = gas.pressure + 0.06 * random.standard_normal(minutes)
    found = [
        Signal("flow", flow, fine, "m³/h", 0),
        Signal("moisture", moisture, fine, "%", 2),
        Signal("temperature", temperature, fine, "°C", 2),
        Signal("pressure", pressure, fine, "hPa", 2),
    ]
    if point.gas.reference:
        found.append(Signal("oxygen", oxygen, status, "%", 2))
    return {signal.name: signal for signal in found}


def _processes(random: np.random.Generator, point: Point, operation: Operation) -> dict[str, Signal]:
    """Return load, state, what is dosed, pressure over the filter, and further process signals."""
    minutes = len(operation.load)
    fine = np.full(minutes, VALID, np.int8)
    full = point.gas.full
    load = full * operation.load * (1 + 0.004 * random.standard_normal(minutes))
    found = [
        Signal("load", load, fine, point.gas.load_unit, 2),
        Signal("state", operation.state.astype(np.float64), fine, "code", 0),
    ]
    going = np.where(operation.state == OUT, 0.0, np.clip(operation.load, 0.25, None))
    for number, unit in enumerate(point.units):
        level = unit.level * going * (1 + 0.06 * processes.remembering(random, minutes, 90))
        level = level * np.where(operation.failed == number, 0.05, 1.0)
        level = processes.following(level, 2) * (1 + 0.01 * random.standard_normal(minutes))
        found.append(Signal(unit.signal, np.maximum(level, 0), fine, unit.unit, 2))
    for name, (unit_name, top) in point.processes.items():
        value = processes.following(np.where(operation.state == OUT, 0.1, 0.9 + 0.1 * operation.load), 60)
        value = top * value * (1 + 0.008 * processes.remembering(random, minutes, 30))
        found.append(Signal(name, value * (1 + 0.002 * random.standard_normal(minutes)), fine, unit_name, 1))
    return {signal.name: signal for signal in found}


def state_codes() -> tuple[tuple[int, str], ...]:
    """Return what each code of the stream of states stands for."""
    return tuple(STATES.items())
