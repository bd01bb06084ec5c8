"""How a simulated plant is run: its state and load minute by minute, and when which abatement unit fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from goedebuur.services.demo.stacks import processes
from goedebuur.services.demo.stacks.designs import FAILING, NORMAL, OUT, STARTING, STOPPING, Point
from goedebuur.services.demo.stacks.processes import Codes, Floats

_DAY: Final = 1_440
_REVISION: Final = 200 * _DAY
"""The planned stop begins about here in the year. [min]"""


@dataclass(frozen=True, slots=True)
class Operation:
    """State and load by minute, and the failures.

    Parameters
    ----------
    state
        Codes of :data:`designs.STATES`.
    load
        Part of full load.
    failed
        Number of the abatement unit that is out; −1 for none.
    """

    state: Codes
    load: Floats
    failed: Codes


def simulate(random: np.random.Generator, point: Point, minutes: int, first: int) -> Operation:
    """Return how an emission point is run.

    Parameters
    ----------
    first
        Minute of the year at which the simulation begins.
    """
    habits = point.habits
    state = np.full(minutes, NORMAL, np.int8)
    stops = [
        (at, int(60 * random.uniform(*habits.stop_hours))) for at in processes.moments(random, minutes, habits.stops)
    ]
    revision = _REVISION - first + int(random.normal(0, 10 * _DAY))
    if habits.revision_days and 0 <= revision < minutes:
        stops.append((revision, int(habits.revision_days * _DAY)))
    for at, length in sorted(stops):
        _stop(state, at, length, int(60 * habits.end_hours), int(60 * habits.start_hours))
    load = _load(random, point, state)
    failed = np.full(minutes, -1, np.int8)
    for unit in range(len(point.units)):
        for at in processes.moments(random, minutes, habits.failures):
            length = int(60 * random.uniform(*habits.failure_hours))
            if (state[at : at + length] == NORMAL).all() and at + length < minutes:
                failed[at : at + length] = unit
                state[at : at + length] = FAILING
    return Operation(state, load, failed)


def _stop(state: Codes, at: int, length: int, ending: int, starting: int) -> None:
    """Put a stop in, in place: shutting down, out of service, starting up. One too near to another is left out."""
    last = at + ending + length + starting
    if (state[max(0, at - _DAY) : last + _DAY] != NORMAL).any():
        return
    state[at : at + ending] = STOPPING
    state[at + ending : at + ending + length] = OUT
    state[at + ending + length : last] = STARTING


def _load(random: np.random.Generator, point: Point, state: Codes) -> Floats:
    minutes, habits = len(state), point.habits
    level = processes.levels(random, minutes, np.array(habits.loads), habits.stay)
    wanted = processes.following(level, 45)
    wanted *= (
        1 + 0.025 * processes.remembering(random, minutes, 400) + 0.015 * processes.remembering(random, minutes, 25)
    )
    if habits.cycle:
        phase = np.arange(minutes) % habits.cycle
        wanted = wanted * (1 - 0.12 * np.exp(-phase / 3.0))
    part = np.ones(minutes)
    for code, rising in ((STARTING, True), (STOPPING, False)):
        for begin, end in runs(state == code):
            ramp = np.linspace(0.02, 1, end - begin)
            part[begin:end] = ramp if rising else ramp[::-1]
    part[state == OUT] = 0
    return np.maximum(wanted * part, 0)


def runs(where: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """Return begin and end of each run of true values.

    >>> runs(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], where.astype(np.int8), [0]])))
    return [(int(begin), int(end)) for begin, end in edges.reshape(-1, 2)]
