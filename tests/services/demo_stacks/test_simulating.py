"""The simulated stacks look as stacks do, differ by seed, and say in each record that they are simulated."""

from __future__ import annotations

import numpy as np
import pytest
from tests.services import planting

from goedebuur.services.demo import permits
from goedebuur.services.demo.stacks import PointRun, instruments, streams
from goedebuur.services.demo.stacks.designs import NORMAL, OUT, Point
from goedebuur.services.demo.stacks.plants import ALL, COKE, LINE_1

DAYS = 60


@pytest.fixture(scope="module")
def line() -> PointRun:
    return planting.run(11, LINE_1, DAYS)


def test_the_same_seed_gives_the_same_values_and_another_does_not(line: PointRun) -> None:
    again, other = planting.run(11, LINE_1, DAYS), planting.run(12, LINE_1, DAYS)
    assert all(np.array_equal(line.signals[name].raw, again.signals[name].raw, equal_nan=True) for name in line.signals)
    assert not any(np.array_equal(line.signals[name].raw, other.signals[name].raw) for name in line.signals)


def test_values_come_with_their_decimals_and_some_near_zero_are_negative() -> None:
    stopped = next(
        run for seed in range(1, 40) if ((run := planting.run(seed, LINE_1, 30)).operation.state == OUT).any()
    )
    for signal in stopped.signals.values():
        there = signal.raw[~np.isnan(signal.raw)]
        assert np.array_equal(there, np.round(there, signal.decimals) + 0.0)
    assert (stopped.signals["hcl"].raw < 0).any()


def test_what_is_measured_is_what_the_function_gives_back(line: PointRun) -> None:
    # HCl is measured wet: dry · (1 − moisture), and raw = (value − offset) ÷ slope.
    one = next(one for one in LINE_1.pollutants if one.substance == "hcl")
    signal = line.signals["hcl"]
    good = (signal.status == instruments.VALID) & (line.operation.state == NORMAL) & ~np.isnan(signal.raw)
    back = (one.offset + one.slope * signal.raw) / (1 - line.duct.moisture / 100)
    assert np.median(back[good] - line.inside["hcl"][good]) == pytest.approx(0, abs=0.01)


def test_the_oxygen_that_is_used_goes_with_the_load(line: PointRun) -> None:
    normal = line.operation.state == NORMAL
    ratio = (line.duct.normal_flow * (20.9 - line.duct.oxygen) / line.operation.load)[normal]
    assert ratio.std() / ratio.mean() < 0.03


def test_there_is_something_of_every_status_in_a_year_of_a_line() -> None:
    year = planting.run(3, LINE_1, 365)
    states = set(np.unique(year.operation.state).tolist())
    assert {0, 1, 2, 3, 4} <= states
    statuses = set().union(*(np.unique(one.status).tolist() for one in year.signals.values()))
    assert statuses == {0, 1, 2, 3}
    assert 0 < np.isnan(year.signals["hcl"].raw).mean() < 0.001


def test_a_coke_battery_is_reversed_every_half_hour() -> None:
    load = planting.run(5, COKE, 20).operation.load
    short = load - np.convolve(load, np.full(61, 1 / 61), "same")
    by_minute = [short[600:-600][minute::30].mean() for minute in range(30)]
    assert int(np.argmin(by_minute)) == 0
    assert min(by_minute) < -0.05 < 0 < max(by_minute)


@pytest.mark.parametrize("point", ALL, ids=lambda point: point.key)
def test_every_stream_is_simulated_and_at_an_emission_point_of_an_invented_site(point: Point) -> None:
    told = streams.streams(point)
    parts = {one.id for one in permits.site_records()}
    assert all(one.simulated for one in told)
    assert {one.emission_point for one in told} | {one.installation for one in told} <= parts
    assert len({one.series for one in told}) == len({one.id for one in told}) == len(told)
    assert {one.stream for one in streams.functions(point)} <= {one.id for one in told}
