"""What a bureau that does not exist measures at simulated stacks, as the file in which it delivers.

It measures what was true in the gas, not what the company's instruments made of it; each partial measurement has an
error of its own within its stated uncertainty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np

from goedebuur.core.base.periods import CET, iso
from goedebuur.services.demo.permits import places
from goedebuur.services.demo.permits.writing import substance
from goedebuur.services.demo.stacks import instruments, streams
from goedebuur.services.demo.stacks.designs import NORMAL, STATES
from goedebuur.services.demo.stacks.gas import AIR
from goedebuur.services.demo.stacks.processes import Floats
from goedebuur.services.demo.stacks.simulating import PointRun

NAME: Final = "Meetbureau Verzonnen (gesimuleerd)"
FORMAT: Final = "goedebuur-measurement/1"
HALF_HOUR: Final = 30
"""Length of a partial measurement. [min]"""
PAIRS: Final = 15
"""Parallel measurements of a test. EN 14181 asks as many, over three days or more."""
_OFFICE: Final = (9, 17)
"""First and last hour of the day (CET) in which a bureau begins a measurement."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One measurement of one substance.

    Parameters
    ----------
    begins
        First minute of each partial measurement.
    purpose
        `control` or `periodic`.
    u95
        Half the 95 % interval, as part of the value.
    off
        By what part all values are too high: a wrong sampling line, a wrong gas.
    level
        Of a substance that is not in the simulated gas: its mean at the reference conditions. [unit]
    """

    id: str
    substance: str
    purpose: str
    standard: str
    begins: Sequence[int]
    u95: float = 0.08
    off: float = 0.0
    level: float = 0.0
    unit: str = "mg/Nm³"


@dataclass(frozen=True, slots=True)
class Calibration:
    """One test of an instrument against parallel measurements (QAL2).

    Parameters
    ----------
    limit, share, source
        Limit on the mean of a day [mg/Nm³], largest 95 % interval [% of it], and where both are written.
    error
        Standard deviation of the bureau's own measurement, as part of the value.
    """

    id: str
    substance: str
    standard: str
    limit: str
    share: str
    source: str
    error: float = 0.015


def at_all_loads(run: PointRun, number: int = 3) -> list[int]:
    """Return first minutes in normal operation, from a low to a high load."""
    halves = _ordered(run)
    return sorted(halves[(len(halves) - 1) * (2 * part + 1) // (2 * number)] for part in range(number))


def at_the_lowest_load(run: PointRun, number: int = 3) -> list[int]:
    """Return first minutes in normal operation at the lowest loads: as one picks them who wants to measure little."""
    return sorted(_ordered(run)[:number])


def file(seed: int, run: PointRun, visits: Sequence[Visit | Calibration]) -> bytes:
    """Return the reports of some measurements at one emission point; the same seed gives the same bytes."""
    reports = []
    for number, visit in enumerate(visits):
        random = np.random.default_rng([seed, number, *run.point.key.encode()])
        reports.append(_report(random, run, visit) if isinstance(visit, Visit) else _test(random, run, visit))
    return (json.dumps({"format": FORMAT, "reports": reports}, ensure_ascii=False, indent=1) + "\n").encode()


def _report(random: np.random.Generator, run: PointRun, visit: Visit) -> Mapping[str, Any]:
    point = run.point
    reference = {"oxygen": f"{point.gas.reference:g}", "dry": True} if point.gas.reference else {"dry": True}
    return {
        "id": visit.id,
        "site": point.site,
        "emission_point": places.part_id(point.site, point.name),
        "purpose": visit.purpose,
        "substance": substance(visit.substance),
        "bureau": NAME,
        "standard": visit.standard,
        "unit": visit.unit,
        "reference": reference,
        "load_unit": point.gas.load_unit,
        "samples": [_sample(random, run, visit, begin) for begin in visit.begins],
        "simulated": True,
    }


def _test(random: np.random.Generator, run: PointRun, test: Calibration) -> Mapping[str, Any]:
    point = run.point
    one = next(one for one in point.pollutants if one.substance == test.substance)
    seen = instruments.seen(one, run.inside[test.substance], run.duct)
    brought = _at_reference(run, test.substance)
    signal = run.signals[test.substance]
    pairs = []
    halves = _ordered(run, 0.0, 0.45)
    for begin in halves[:: max(1, len(halves) // (PAIRS + 3))]:
        part = slice(begin, begin + HALF_HOUR)
        if (signal.status[part] != instruments.VALID).any() or np.isnan(signal.raw[part]).any():
            continue
        true = float(seen[part].mean())
        start = run.start + timedelta(minutes=begin)
        pairs.append(
            {
                "start": iso(start),
                "end": iso(start + timedelta(minutes=HALF_HOUR)),
                "raw": f"{float(signal.raw[part].mean()):.4f}",
                "reference": f"{max(true * (1 + test.error * float(random.standard_normal())), 0):.4f}",
                "factor": f"{float(brought[part].mean()) / true:.4f}",
            }
        )
    return {
        "id": test.id,
        "site": point.site,
        "emission_point": places.part_id(point.site, point.name),
        "purpose": "qal2",
        "substance": substance(test.substance),
        "bureau": NAME,
        "standard": test.standard,
        "unit": "mg/m³",
        "stream": streams.stream_id(point, test.substance),
        "limit": test.limit,
        "share": test.share,
        "limit_source": test.source,
        "zero": f"{-one.offset / one.slope + 0.0:.4f}",
        "pairs": sorted(pairs, key=lambda pair: pair["start"]),
        "simulated": True,
    }


def _sample(random: np.random.Generator, run: PointRun, visit: Visit, begin: int) -> Mapping[str, Any]:
    part = slice(begin, begin + HALF_HOUR)
    true = visit.level or float(_at_reference(run, visit.substance)[part].mean())
    value = true * (1 + visit.off) * (1 + visit.u95 / 2 * float(random.standard_normal()))
    start = run.start + timedelta(minutes=begin)
    return {
        "start": iso(start),
        "end": iso(start + timedelta(minutes=HALF_HOUR)),
        "value": _digits(value),
        "u95": _digits(visit.u95 * value),
        "load": f"{float(run.operation.load[part].mean()) * run.point.gas.full:.1f}",
        "state": STATES[int(run.operation.state[begin])],
    }


def _at_reference(run: PointRun, name: str) -> Floats:
    """Return the true concentration at the reference oxygen, dry, at normal conditions. [mg/Nm³]"""
    inside = run.inside[name]
    if not run.point.gas.reference:
        return inside
    brought: Floats = inside * (21 - run.point.gas.reference) / (21 - np.minimum(run.duct.oxygen, AIR - 0.4))
    return brought


def _ordered(run: PointRun, first: float = 0.5, last: float = 1.0) -> list[int]:
    """Return the first minutes of half hours in normal operation, in office hours of a part of the run, by load."""
    found = []
    local = run.start.astimezone(CET)
    begin_at, end_at = (int(part * run.minutes) // HALF_HOUR * HALF_HOUR for part in (first, last))
    for begin in range(begin_at, end_at - HALF_HOUR + 1, HALF_HOUR):
        hour = (local.hour * 60 + local.minute + begin) % 1_440 // 60
        state = run.operation.state[begin : begin + HALF_HOUR]
        if _OFFICE[0] <= hour < _OFFICE[1] and (state == NORMAL).all():
            found.append((float(run.operation.load[begin : begin + HALF_HOUR].mean()), begin))
    return [begin for _, begin in sorted(found)]


def _digits(value: float) -> str:
    return f"{max(value, 0.0):.3g}" if value < 100 else f"{value:.0f}"
