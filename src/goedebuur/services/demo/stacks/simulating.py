"""Simulate one emission point over a stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from goedebuur.core.base.periods import CET
from goedebuur.services.demo.stacks import gas, instruments, operation
from goedebuur.services.demo.stacks.designs import Point
from goedebuur.services.demo.stacks.instruments import Signal
from goedebuur.services.demo.stacks.operation import Operation
from goedebuur.services.demo.stacks.processes import Floats

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class PointRun:
    """What was simulated at one emission point.

    Parameters
    ----------
    start
        Of the first minute, aware.
    signals
        As delivered, by name.
    operation
        How it was truly run.
    duct
        The gas as it truly was.
    inside
        Substance → true concentration, dry, at normal conditions and the actual oxygen. [mg/m³]
    """

    point: Point
    start: datetime
    signals: Mapping[str, Signal]
    operation: Operation
    duct: gas.Duct
    inside: Mapping[str, Floats]

    @property
    def minutes(self) -> int:
        """Return the number of minutes."""
        return len(self.operation.load)


def simulate(seed: int, point: Point, start: datetime, minutes: int) -> PointRun:
    """Return a run of one emission point; the same seed, point, start and length give the same.

    Parameters
    ----------
    start
        Of the first minute, aware.
    """
    local = start.astimezone(CET)
    random = np.random.default_rng([seed, local.year, *point.key.encode()])
    first = int((local - datetime(local.year, 1, 1, tzinfo=CET)) / _MINUTE)
    run = operation.simulate(random, point, minutes, first)
    duct = gas.duct(random, point, run, gas.weather_pressure(random, minutes))
    inside = gas.emissions(random, point, run, duct)
    signals = instruments.measured(random, point, run, duct, inside, first % 1_440)
    return PointRun(point, start, signals, run, duct, inside)
