"""The trial of planted defects: a simulated run as the checks see it, and by which name each defect must be found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from goedebuur.core.base.flags import Flag
from goedebuur.core.emissions.checks import check
from goedebuur.core.emissions.checks.findings import Finding
from goedebuur.core.emissions.checks.minutes import Minutes, Track
from goedebuur.services.demo.stacks import PointRun, instruments, simulate, streams
from goedebuur.services.demo.stacks.defects import DEFECTS, Planted
from goedebuur.services.demo.stacks.designs import Point

START: Final = datetime(2024, 12, 31, 23, tzinfo=UTC)
"""1 January 2025, 00:00 CET."""
FOUND_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "stuck": ("stack.stuck",),
    "stuck_peripheral": ("stack.stuck",),
    "clipped": ("stack.clipped",),
    "zero_clipped": ("stack.zero_clipped",),
    "interpolated": ("stack.interpolated",),
    "copied_day": ("stack.copied",),
    "unit_slip": ("stack.unit_slip",),
    "unit_all_along": ("stack.scale",),
    "kelvin": ("stack.unit_slip",),
    "swapped": ("stack.swapped",),
    "smoothed": ("stack.noise",),
    "drifting": ("stack.drift",),
    "as_ppm": ("stack.drift",),
    "missing_hours": ("stack.missing",),
    "wrong_oxygen": ("stack.oxygen",),
    "wrong_flow": ("stack.flow",),
    "wrong_moisture": ("stack.moisture",),
    "clock_hour": ("stack.clock",),
    "one_lags": ("stack.clock", "stack.lag"),
    "mislabelled_start": ("stack.state_contradicted",),
    "mislabelled_failure": ("stack.state_contradicted",),
    "mislabelled_out": ("stack.state_contradicted",),
    "flagged_when_high": ("stack.flagged_when_high",),
    "high_left_out": ("stack.flagged_when_high",),
}
"""Defect → the checks of which one must find it."""
BY_OXYGEN: Final = frozenset({"wrong_oxygen", "wrong_flow", "wrong_moisture"})
"""Found by the balance of a fire alone: in a stack without one, as that of a cast house, the signals show nothing."""
_BITS: Final = np.array([0, int(Flag.MAINTENANCE), int(Flag.MALFUNCTION), int(Flag.CALIBRATING)], np.int32)


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one planted defect: whether it was found by its name, and everything that was found."""

    planted: Planted
    found: bool
    findings: tuple[Finding, ...]


def seen(run: PointRun) -> Minutes:
    """Return a run as the checks see it once it has been delivered."""
    known = {one.id: one for one in streams.streams(run.point)}
    tracks = {}
    for name, signal in run.signals.items():
        told = known[streams.stream_id(run.point, name)]
        tracks[told.id] = Track(told, signal.raw, _BITS[signal.status])
    assert (instruments.VALID, instruments.CALIBRATING) == (0, 3)
    return Minutes(run.start, streams.STEP, tracks)


def run(seed: int, point: Point, days: int) -> PointRun:
    """Return so many days of an emission point, from the first of January on."""
    return simulate(seed, point, START, days * 1_440)


def trial(seed: int, clean: PointRun) -> Iterator[Tried]:
    """Yield what becomes of each defect that this emission point can have."""
    for number, (name, plant) in enumerate(DEFECTS.items()):
        if name in BY_OXYGEN and "oxygen" not in clean.signals:
            continue
        try:
            planted = plant(np.random.default_rng([seed, number]), clean)
        except ValueError:  # no stretch of normal operation long enough in this run
            continue
        findings = tuple(check(seen(planted.run)))
        yield Tried(planted, any(_names(planted, one) for one in findings), findings)


def _names(planted: Planted, one: Finding) -> bool:
    """Return whether a finding names the defect: by the right check, a stream that is wrong, and its time."""
    begin, end = (planted.run.start + timedelta(minutes=at) for at in (planted.begin, planted.end))
    wrong = {streams.stream_id(planted.run.point, name) for name in planted.signals}
    if one.check == "stack.state_contradicted":
        wrong = {streams.stream_id(planted.run.point, "load")}
    return (
        one.check in FOUND_AS[planted.defect] and bool(wrong & set(one.streams)) and one.start < end and one.end > begin
    )
