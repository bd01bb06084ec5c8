"""Small emission points, made by hand, for the tests of the checks: three weeks of calm operation, minute by minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from goedebuur.core.base.flags import Flag
from goedebuur.core.emissions.checks.minutes import Bits, Floats, Minutes, Track
from goedebuur.core.emissions.streams import Basis, Code, Role, Stream
from goedebuur.core.permits.limits import Substance

START = datetime(2026, 1, 5, tzinfo=UTC)
DAYS = 21
LENGTH = DAYS * 1_440
CALIBRATING = int(Flag.CALIBRATING)
CODES = (Code(0, "out_of_service"), Code(1, "start_up"), Code(2, "normal"), Code(4, "abatement_failure"))


def stream(name: str, role: Role, unit: str, substance: str = "") -> Stream:
    """Return a stream of the emission point `p`."""
    return Stream(
        id=name,
        site="s",
        emission_point="p",
        role=role,
        series=f"P.{name}.1min",
        unit=unit,
        step=60,
        substance=Substance(name, id=substance or name) if role is Role.CONCENTRATION else None,
        basis=Basis.ACTUAL if role is Role.FLOW else Basis.NORMAL,
        codes=CODES if role is Role.STATE else (),
    )


def calm(length: int = LENGTH) -> Minutes:
    """Return a point at which nothing is wrong: each signal a level and noise, checks with gas each day at 03:00.

    Oxygen 9 and flow 1000 at load 50: flow · (20.9 − oxygen) ÷ load = 238.
    """
    random = np.random.default_rng(20260105)
    sway = np.sin(np.arange(length) / 40)

    def noisy(level: float, noise: float, decimals: int) -> Floats:
        return np.round(level + noise * random.standard_normal(length), decimals) + 0.0

    gusts = np.convolve(random.standard_normal(length), np.full(8, 0.1), "same")
    oxygen = 9 + 0.5 * sway + gusts
    values = {
        "nox": (Role.CONCENTRATION, "mg/m³", np.round(8 * (21 - oxygen) + random.standard_normal(length), 2)),
        "hcl": (Role.CONCENTRATION, "mg/m³", noisy(4, 0.3, 2)),
        "o2": (Role.OXYGEN, "%", np.round(oxygen + 0.05 * random.standard_normal(length), 2)),
        "h2o": (Role.MOISTURE, "%", np.round(1.4 * (20.9 - oxygen) + 0.1 * random.standard_normal(length), 2)),
        "t": (Role.TEMPERATURE, "°C", noisy(140, 0.2, 2)),
        "flow": (Role.FLOW, "m³/h", np.round(11_900 / (20.9 - oxygen) + 5 * random.standard_normal(length), 1)),
        "steam": (Role.LOAD, "t/h", noisy(50, 0.5, 2)),
        "lime": (Role.PROCESS, "kg/h", noisy(200, 4, 1)),
        "state": (Role.STATE, "code", np.full(length, 2.0)),
    }
    tracks = {}
    for name, (role, unit, raw) in values.items():
        flags = np.zeros(length, np.int32)
        if name in {"nox", "hcl", "o2"}:
            _check(random, raw, flags, 300.0 if name == "nox" else 60.0 if name == "hcl" else 20.9)
        tracks[name] = Track(stream(name, role, unit), raw, flags)
    return Minutes(START, 60, tracks)


def _check(random: np.random.Generator, raw: Floats, flags: Bits, span: float) -> None:
    """Let in zero gas for six minutes and span gas for six, each day at 03:00, in place."""
    for day in range(len(raw) // 1_440):
        at = day * 1_440 + 180
        flags[at : at + 12] = CALIBRATING
        raw[at : at + 12] = np.round(np.repeat([0.0, span], 6) + 0.02 * random.standard_normal(12), 2)


def with_(found: Minutes, name: str, change: Callable[[Floats, Bits], None]) -> Minutes:
    """Return the point with one stream changed, in a copy."""
    track = found.tracks[name]
    values, flags = track.values.copy(), track.flags.copy()
    change(values, flags)
    return Minutes(found.start, found.step, {**found.tracks, name: Track(track.stream, values, flags)})


def renamed(found: Minutes, name: str, substance: str) -> Minutes:
    """Return the point with the substance of a stream changed."""
    track = found.tracks[name]
    told = replace(track.stream, substance=Substance(substance, id=substance))
    return Minutes(found.start, found.step, {**found.tracks, name: Track(told, track.values, track.flags)})


def at(day: int, hour: int = 0, minute: int = 0) -> int:
    """Return the step of a moment, days counted from 0."""
    return day * 1_440 + hour * 60 + minute
