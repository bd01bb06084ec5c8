"""Delivered half hours beside those that follow from the raw values, made here once more in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.core.emissions.checks import points

from goedebuur.core.emissions.checks import catalogue
from goedebuur.core.emissions.checks.delivered import follows
from goedebuur.core.emissions.checks.findings import Finding
from goedebuur.core.emissions.checks.minutes import Minutes, Track
from goedebuur.core.emissions.streams import CalibrationFunction

HALVES = 480
"""Ten days."""


def function(name: str, slope: str, since: date) -> CalibrationFunction:
    return CalibrationFunction(name, "nox", "2", slope, "mg/m³", "0", "600", since, since)


OLD, NEW = function("old", "0.9", date(2022, 1, 1)), function("new", "1.02", date(2025, 1, 1))


@pytest.fixture(scope="module")
def point() -> Minutes:
    """NOx in wet gas at the conditions of the duct, with peaks, beside oxygen, moisture, temperature and pressure."""
    calm = points.calm()
    nox = calm.tracks["nox"]
    values = nox.values.copy()
    for place in range(47, len(values), 97):
        values[place : place + 9] += 80
    flow = calm.tracks["flow"].stream
    pressure = replace(flow, id="p", role=type(flow.role).PRESSURE, series="P.p.1min", unit="hPa")
    tracks = {
        **calm.tracks,
        "nox": Track(replace(nox.stream, wet=True, basis=flow.basis), np.round(values, 2), nox.flags),
        "p": Track(pressure, np.full(calm.length, 1_005.0), np.zeros(calm.length, np.int32)),
    }
    return Minutes(calm.start, 60, tracks)


def halves(
    point: Minutes,
    *,
    slope: float = 1.02,
    oxygen: float | None = 11,
    dry: bool = True,
    normal: bool = True,
    counts: Callable[[float], bool] = lambda value: True,
) -> list[float]:
    """Return the half hours, one minute after another; NaN with less than twenty."""
    raw, o2, h2o, t = (point.tracks[name] for name in ("nox", "o2", "h2o", "t"))
    made = []
    for half in range(HALVES):
        some = []
        for at in range(30 * half, 30 * half + 30):
            if raw.flags[at] or o2.flags[at]:
                continue
            value = 2 + slope * raw.values[at]
            if normal:
                value *= (273.15 + t.values[at]) / 273.15 * 1_013 / 1_005
            if dry:
                value /= 1 - h2o.values[at] / 100
            if oxygen is not None:
                value *= (21 - oxygen) / (21 - o2.values[at])
            if counts(value):
                some.append(value)
        made.append(sum(some) / len(some) if len(some) >= 20 or (some and counts(1e9) is False) else float("nan"))
    return made


def found(point: Minutes, told: list[float]) -> list[Finding]:
    raw = point.tracks["nox"]
    stream = replace(raw.stream, id="nox-half", series="P.nox.30min", step=1_800, oxygen_included="11", wet=False)
    values = np.round(np.array(told), 2)
    reported = Track(stream, values, np.zeros(len(values), np.int32))
    return follows(point, raw, reported, [NEW, OLD])


def check(point: Minutes, told: list[float]) -> str:
    (one,) = found(point, told)
    assert one.streams == ("nox-half", "nox")
    assert catalogue.sentence(one).nl
    assert catalogue.sentence(one).en in catalogue.note(one)
    return one.check


def test_averages_that_follow_are_no_finding(point: Minutes) -> None:
    assert found(point, halves(point)) == []


def test_another_reference_oxygen_is_named(point: Minutes) -> None:
    assert check(point, halves(point, oxygen=15)) == "stack.average_oxygen"
    assert check(point, halves(point, oxygen=None)) == "stack.average_oxygen"


def test_moisture_and_conditions_that_were_left_out_are_named(point: Minutes) -> None:
    assert check(point, halves(point, dry=False)) == "stack.average_moisture"
    assert check(point, halves(point, normal=False)) == "stack.average_normal"


def test_the_function_of_before_is_named(point: Minutes) -> None:
    assert check(point, halves(point, slope=0.9)) == "stack.average_function"


def test_a_factor_throughout_is_named(point: Minutes) -> None:
    assert check(point, [value * 0.87 for value in halves(point)]) == "stack.average_scaled"


def test_an_amount_taken_off_is_named(point: Minutes) -> None:
    assert check(point, [value - 20 for value in halves(point)]) == "stack.average_subtracted"


def test_averages_of_the_low_minutes_alone_are_named(point: Minutes) -> None:
    assert check(point, halves(point, counts=lambda value: value < 190)) == "stack.average_selected"


def test_averages_that_come_from_nowhere_are_a_finding_without_a_reason(point: Minutes) -> None:
    random = np.random.default_rng(3)
    told = [value * random.uniform(0.7, 1.3) for value in halves(point)]
    assert check(point, told) == "stack.average"


def test_fewer_than_ten_that_are_off_are_no_finding_and_a_tenth_is(point: Minutes) -> None:
    told = halves(point)
    nine = [value * 1.5 if place in range(100, 109) else value for place, value in enumerate(told)]
    assert found(point, nine) == []
    (one,) = found(point, [value * 1.5 if place in range(100, 148) else value for place, value in enumerate(told)])
    assert int(one.number("wrong")) >= 40


def test_nothing_is_said_without_a_function_or_a_stated_reference(point: Minutes) -> None:
    raw = point.tracks["nox"]
    stream = replace(raw.stream, id="nox-half", step=1_800)
    reported = Track(stream, np.zeros(HALVES), np.zeros(HALVES, np.int32))
    assert follows(point, raw, reported, [NEW]) == []
    assert follows(point, raw, Track(replace(stream, oxygen_included="11"), reported.values, reported.flags), []) == []
