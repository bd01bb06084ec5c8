"""What a simulated plant is: tables of how it is run, of its gas, of what is in it and of the instruments on it.

Every number is invented. The limits of the permit to which an emission point is bound are in
`services/demo/permits`; the levels here lie where such plants run, under those limits most of the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

STATES: Final[Mapping[int, str]] = {
    0: "out_of_service",
    1: "start_up",
    2: "normal",
    3: "shut_down",
    4: "abatement_failure",
    5: "maintenance",
}
"""Code in the stream of states → name, as `core/emissions/streams.Code` has them."""
OUT, STARTING, NORMAL, STOPPING, FAILING, SERVICING = STATES


@dataclass(frozen=True, slots=True)
class Habits:
    """How an emission point is run.

    Parameters
    ----------
    stops
        Unforeseen stops in a year.
    stop_hours
        Shortest and longest. [h]
    revision_days
        Length of the planned stop of the year; 0 for none. [d]
    start_hours, end_hours
        Of starting up and shutting down. [h]
    failures
        Failures of each abatement unit in a year.
    failure_hours
        Shortest and longest. [h]
    loads
        Levels at which it is run. [part of full]
    stay
        Time at one level, on average. [min]
    cycle
        Length of a cycle in the process (reversing of a coke battery, heating of a stove); 0 for none. [min]
    """

    stops: float = 5
    stop_hours: tuple[float, float] = (6, 60)
    revision_days: float = 14
    start_hours: float = 8
    end_hours: float = 3
    failures: float = 3
    failure_hours: tuple[float, float] = (0.5, 4)
    loads: tuple[float, ...] = (0.8, 0.9, 0.95, 1.0, 1.0, 1.05)
    stay: float = 2_400
    cycle: int = 0


@dataclass(frozen=True, slots=True)
class Gas:
    """The waste gas at full load.

    Parameters
    ----------
    oxygen, moisture
        [% by volume, dry], [% by volume]
    flow
        Dry, at 273.15 K and 101.3 kPa, at the actual oxygen. [m³/h]
    temperature
        In the duct. [°C]
    reference
        Oxygen to which its limits are brought. [% by volume]
    full
        What full load is: steam, coke, sinter. [`load_unit`]
    load
        As a quantity of a stack.
    """

    oxygen: float
    moisture: float
    flow: float
    temperature: float
    reference: float
    full: float
    load_unit: str = "t/h"
    load: str = "stack_throughput"


@dataclass(frozen=True, slots=True)
class Unit:
    """An abatement unit, followed by one process signal: what is dosed, or the pressure over a filter."""

    name: str
    signal: str
    unit: str
    level: float


@dataclass(frozen=True, slots=True)
class Pollutant:
    """A substance in the gas and the instrument on it.

    Parameters
    ----------
    substance
        Name in the table of substances.
    level
        Middle of its concentration, dry, at reference oxygen. [mg/m³]
    spread
        Of the logarithm.
    instrument
        Name of the instrument; those of one name are checked, serviced and broken together.
    top
        Upper end of the range. [mg/m³]
    noise
        Of one raw value. [mg/m³]
    unit
        Abatement unit that holds it down; empty for none.
    unabated
        By how much it rises when that unit fails.
    starting
        By how much it rises in start-up and shut-down.
    peaks
        Short peaks a year, their height on average in times the level.
    wet, hot
        Whether it is measured in wet gas, and in the gas as it is in the duct.
    slope, offset
        Calibration function: value = offset + slope · raw.
    milliampere
        Whether the raw signal is 4 to 20 mA.
    decimals
        With which the raw value is delivered.
    """

    substance: str
    level: float
    spread: float
    instrument: str
    top: float
    noise: float
    unit: str = ""
    unabated: float = 6
    starting: float = 1.5
    peaks: tuple[float, float] = (0, 0)
    wet: bool = False
    hot: bool = False
    slope: float = 1.0
    offset: float = 0.0
    milliampere: bool = False
    decimals: int = 2
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """An emission point of an invented site, with everything that is simulated there.

    Parameters
    ----------
    key
        Short name, which begins the names of its streams.
    site, name, installation
        As in `services/demo/permits`.
    """

    key: str
    site: str
    name: str
    installation: str
    habits: Habits
    gas: Gas
    pollutants: tuple[Pollutant, ...]
    units: tuple[Unit, ...] = ()
    processes: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    """Further process signals: name → unit and level at full load."""
