"""The gas in a simulated stack: oxygen, moisture, temperature, pressure and flow, and what is in it.

The balance that the real thing has holds here too: the oxygen that is used is in proportion to the heat that is let
free, so flow and oxygen are not independent; and concentrations move with the oxygen because air dilutes them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from goedebuur.services.demo.stacks import processes
from goedebuur.services.demo.stacks.designs import OUT, STARTING, STOPPING, Point, Pollutant
from goedebuur.services.demo.stacks.operation import Operation
from goedebuur.services.demo.stacks.processes import Floats

AIR: Final = 20.9
LAW: Final = 21.0
"""Oxygen in air, as it is and as the formula of the Directive has it (2010/75/EU Annex VI part 7). [% by volume]"""
KELVIN: Final = 273.15
NORMAL_PRESSURE: Final = 1_013.0
"""Of the normal cubic metre: 101.3 kPa. [hPa]"""
_LITTLE: Final = 0.5
"""Less oxygen used than this: no gas of a fire. [% by volume]"""


@dataclass(frozen=True, slots=True)
class Duct:
    """The gas by minute.

    Parameters
    ----------
    oxygen, moisture
        [% by volume, dry], [% by volume]
    temperature, pressure
        [°C], [hPa]
    normal_flow
        Dry, at 273.15 K and 101.3 kPa, at the actual oxygen. [m³/h]
    flow
        As it is in the duct. [m³/h]
    """

    oxygen: Floats
    moisture: Floats
    temperature: Floats
    pressure: Floats
    normal_flow: Floats
    flow: Floats


def duct(random: np.random.Generator, point: Point, operation: Operation, air_pressure: Floats) -> Duct:
    """Return the gas in the stack of an emission point."""
    design, load, minutes = point.gas, operation.load, len(operation.load)
    burning = operation.state != OUT
    used = AIR - design.oxygen
    lean = 1.8 * np.clip(1 - load, -0.1, 1) * used / 12.5
    swing = 0.045 * used * processes.remembering(random, minutes, 12)
    swing += 0.02 * used * processes.remembering(random, minutes, 240)
    if point.habits.cycle:
        swing += 0.06 * used * np.exp(-(np.arange(minutes) % point.habits.cycle) / 3.0)
    oxygen = np.clip(design.oxygen + lean + swing, 0.4, AIR)
    oxygen = np.where(burning, oxygen, AIR)
    oxygen = processes.following(oxygen, 2.5)
    left = np.maximum(AIR - oxygen, min(_LITTLE, used / 4))
    balance = 1 + 0.012 * processes.remembering(random, minutes, 4_000)
    normal = np.where(burning, design.flow * load * used / left * balance, 0.03 * design.flow)
    normal = np.clip(normal, 0.03 * design.flow, 1.7 * design.flow)
    humid = 0.9 + 0.3 * processes.remembering(random, minutes, 3_000)
    moisture = (design.moisture - 0.9) * (AIR - oxygen) / used
    moisture *= 1 + 0.04 * processes.remembering(random, minutes, 300)
    moisture = np.clip(moisture + humid, 0.3, 40)
    warm = design.temperature + 12 * (load - 1) + 2.0 * processes.remembering(random, minutes, 150)
    temperature = processes.following(np.where(burning, warm, 25.0), 40)
    pressure = air_pressure - 1.2 - 2.0 * load + 0.15 * processes.remembering(random, minutes, 6)
    wet = normal / (1 - moisture / 100)
    flow = wet * (temperature + KELVIN) / KELVIN * NORMAL_PRESSURE / pressure
    return Duct(oxygen, moisture, temperature, pressure, normal, flow)


def weather_pressure(random: np.random.Generator, minutes: int) -> Floats:
    """Return the pressure of the air outside. [hPa]"""
    return 1_014 + 9 * processes.remembering(random, minutes, 3_600)


def emissions(random: np.random.Generator, point: Point, operation: Operation, gas: Duct) -> Mapping[str, Floats]:
    """Return substance → concentration, dry, at 273.15 K, 101.3 kPa and the actual oxygen. [mg/m³]"""
    if point.gas.reference:
        dilution = np.clip((LAW - gas.oxygen) / (LAW - point.gas.reference), 0, None)
    else:
        dilution = np.ones(len(gas.oxygen))
    dilution = np.where(operation.state == OUT, 0.0, dilution)
    return {one.substance: _level(random, point, one, operation) * dilution for one in point.pollutants}


def _level(random: np.random.Generator, point: Point, one: Pollutant, operation: Operation) -> Floats:
    """Return one concentration at the reference oxygen. [mg/m³]"""
    minutes, state = len(operation.load), operation.state
    wandering = 0.75 * processes.remembering(random, minutes, 700) + 0.66 * processes.remembering(random, minutes, 12)
    level = one.level * np.exp(one.spread * wandering)
    a_year, height = one.peaks
    if a_year:
        level += one.level * processes.pulses(random, minutes, a_year, height, 7)
    factor = np.where((state == STARTING) | (state == STOPPING), one.starting, 1.0)
    names = [unit.signal for unit in point.units]
    if one.unit in names:
        factor[operation.failed == names.index(one.unit)] *= one.unabated
    return level * processes.following(factor, 6)
