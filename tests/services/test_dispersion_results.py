"""Statistics of hours: by hand, and as numpy sorts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.services.test_dispersion_matrix import FIELDS, PLACES, STACKS, told

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.services import dispersion_results, dispersion_statistics
from goedebuur.services.dispersion_matrix import Matrix, make
from goedebuur.services.dispersion_results import concentrations, of_matrix
from goedebuur.services.dispersion_statistics import of_hours

HOUR = timedelta(hours=1)
GROUPS = {"all": ("A", "heap", "field"), "ground": ("field", "heap")}


def starts(count: int, first: datetime = datetime(2024, 1, 1)) -> list[datetime]:  # noqa: DTZ001
    return [first + number * HOUR for number in range(count)]


def one(values: Sequence[float], name: str, when: Sequence[datetime] | None = None, **more: Any) -> float:
    """Return a statistic of hours at one place."""
    column = np.array(values, float)[:, None]
    return float(of_hours(column, when or starts(len(values)), [name], **more)[name][0])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean", 499.5),
        ("highest", 999),
        ("high-1", 999),
        ("high-19", 981),
        ("high-1000", 0),
        # 98 % of 1,000 hours are 980: the 980th from below is 979
        ("p98", 979),
        ("p99", 989),
        ("p99.5", 994),
        ("p99.9", 998),
        # 99.99 % of 1,000 hours are 999.9, which is all of them
        ("p99.99", 999),
        ("p100", 999),
        ("hours-over-989", 10),
        ("hours-over-989.5", 10),
    ],
)
def test_statistic_of_a_thousand_hours_by_hand(name: str, value: float) -> None:
    values = np.random.default_rng(1).permutation(1000)
    assert one(values.tolist(), name) == value


def test_places_and_blocks_are_as_numpy_sorts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(2).gamma(0.3, 5, (500, 7))
    names = ["mean", "high-19", "p98", "hours-over-3"]
    ordered = np.sort(values, axis=0)
    wanted = {
        "mean": values.mean(axis=0),
        "high-19": ordered[-19],
        "p98": ordered[489],
        "hours-over-3": (values > 3).sum(axis=0),
    }
    whole = of_hours(values, starts(500), names)
    monkeypatch.setattr(dispersion_statistics, "WORKED_ON", 1)
    apart = of_hours(values, starts(500), names)
    for name in names:
        assert whole[name] == pytest.approx(wanted[name], rel=1e-14)
        assert np.array_equal(whole[name], apart[name])


def test_hours_without_a_value_do_not_count() -> None:
    assert one([1, np.nan, 3, 8], "mean") == 4
    assert one([1, np.nan, 3, 8], "high-3") == 1


@pytest.mark.parametrize("name", ["mean", "highest", "p98", "hours-over-1", "day-highest", "running-8h", "high-2"])
def test_nothing_comes_of_no_hours(name: str) -> None:
    assert np.isnan(one([np.nan, np.nan], name))
    assert np.isnan(of_hours(np.empty((0, 1)), [], [name])[name][0])


def test_highest_that_there_is_not_is_not_known() -> None:
    assert np.isnan(one([1, 2], "high-3"))


def test_day_has_a_mean_from_eighteen_hours_on() -> None:
    # three days of 1, 2 and 30, of which the last has 17 hours
    values = [1.0] * 24 + [2.0] * 24 + [30.0] * 17
    assert one(values, "day-highest") == 2
    assert one(values, "day-high-2") == 1
    assert one(values, "days-over-1") == 1
    assert one([*values, 30.0], "day-highest") == 30
    assert one([*values, 30.0], "days-over-0.5") == 3
    assert np.isnan(one(values, "day-high-3"))


def test_hours_that_are_left_out_are_no_hours_of_their_day() -> None:
    when = starts(48)
    # of the first day seven hours lack: 17 are left
    assert one([50.0] * 17 + [1.0] * 24, "day-highest", when[:10] + when[17:]) == 1
    assert one([50.0] * 18 + [1.0] * 24, "day-highest", when[:10] + when[16:]) == 50


@pytest.mark.parametrize(("clock", "value"), [(Clock.UTC, 24 * 6 / 24), (Clock.CET, 23 * 6 / 24)])
def test_days_are_cut_on_the_clock_that_was_named(clock: Clock, value: float) -> None:
    # 6 on 1 February in UTC, else 0: on CET its last hour is of the day after
    values = [0.0] * 24 + [6.0] * 24 + [0.0] * 24
    when = starts(72, datetime(2024, 1, 31, tzinfo=UTC))
    assert one(values, "day-highest", when, clock=clock) == value


def test_running_mean_belongs_to_the_day_in_which_it_ends() -> None:
    # eight hours of 8 from 20:00 on: the mean of 20:00-04:00 is 8 and is of the second day; on the first day the
    # highest is that of 16:00-24:00, four hours of 8
    values = np.zeros(72)
    values[20:28] = 8
    assert one(values.tolist(), "running-8h") == 8
    assert one(values.tolist(), "running-8h-high-2") == 4
    assert one(values.tolist(), "running-8h-high-3") == 0


def test_running_mean_is_of_six_hours_at_least() -> None:
    # eight hours of 8, of which the third and the fourth lack: six hours of 8. Without the fifth too each eight hours
    # with one of the three have five at most; the first after them has three hours of 8 and three of 0
    values, when = np.zeros(72), starts(72)
    values[30:38] = 8

    def without(*gone: int) -> float:
        there = [number for number in range(72) if number not in gone]
        return one(values[there].tolist(), "running-8h", [when[number] for number in there])

    assert without(32, 33) == 8
    assert without(32, 33, 34) == 3 * 8 / 6


def test_day_has_a_highest_running_mean_from_eighteen_of_them_on() -> None:
    # the first running mean with six hours ends with the sixth: 24 hours have 19, and 22 hours 17
    assert one([1.0] * 24, "running-8h") == 1
    assert np.isnan(one([1.0] * 22, "running-8h"))


def test_hours_out_of_order_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="in order"):
        one([1, 2], "mean", starts(2)[::-1])


@pytest.mark.parametrize("name", ["median", "p0", "p101", "high-0", "days-over-", "hours-over--1", "running-8h-mean"])
def test_statistic_that_there_is_not_is_named(name: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        one([1], name)
    assert (caught.value.code, caught.value.value) == ("query-unknown-statistic", name)


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    return make(tmp_path_factory.mktemp("of") / "m", told(), STACKS, FIELDS, PLACES)


def test_groups_have_their_own_and_the_units_are_told(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    grams = {"A": 2.0, "heap": 0.5, "field": 3.0}
    monkeypatch.setattr(dispersion_results, "IN_MEMORY", 2 * 8 * 10)
    steps: list[tuple[int, int]] = []
    found = of_matrix(matrix, grams, ["mean", "hours-over-1"], GROUPS, lambda *step: steps.append(step))
    # five places two at a time, of two groups
    assert steps[-1] == (6, 6)
    for group, names in GROUPS.items():
        values = sum(grams[name] * matrix.hourly({name: 1.0}) for name in names)
        assert found.groups[group]["mean"] == pytest.approx(np.mean(values, axis=0), rel=1e-12)
    told = found.dataset()
    assert told["mean"].dims == ("group", "place")
    assert (told["mean"].attrs["units"], told["hours-over-1"].attrs["units"]) == ("µg m-3", "hours")
    assert told["mean"].sel(group="ground", place="p2") == found.groups["ground"]["mean"][2]


def test_hours_without_an_emission_are_left_out_of_the_groups_that_have_the_source(matrix: Matrix) -> None:
    grams: dict[str, float | npt.NDArray[np.float64]] = {"A": np.ones(10), "heap": 1.0, "field": 1.0}
    grams["A"][[2, 5]] = np.nan  # type: ignore[index]
    found = of_matrix(matrix, grams, ["mean"], GROUPS)
    assert found.without_emission == {"all": 2, "ground": 0}
    assert found.hours == {"all": 8, "ground": 10}
    alone = np.delete(matrix.hourly({"A": 1.0, "heap": 1.0, "field": 1.0}), [2, 5], axis=0)
    assert found.groups["all"]["mean"] == pytest.approx(alone.mean(axis=0), rel=1e-12)


def test_group_of_which_an_emission_is_not_told_is_refused(matrix: Matrix) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        of_matrix(matrix, {"A": 1.0}, ["mean"], GROUPS)
    assert (caught.value.code, caught.value.value) == ("query-unknown-source", "heap")


def test_hours_themselves_have_group_hour_and_place(matrix: Matrix) -> None:
    told = concentrations(matrix, {"A": 2.0, "heap": 0.5, "field": 3.0}, GROUPS, slice(1, 3))
    assert told["concentration"].dims == ("group", "hour", "place")
    assert told["concentration"].attrs["units"] == "µg m-3"
    assert list(told["place"].values) == ["p1", "p2"]
    wanted = matrix.hourly({"heap": 0.5, "field": 3.0}, slice(1, 3))
    assert np.array_equal(told["concentration"].sel(group="ground").values, wanted)


def test_statistics_of_a_single_matrix_are_off_by_no_more_than_half_a_step(matrix: Matrix, tmp_path: Path) -> None:
    single = make(tmp_path / "m", told(), STACKS, FIELDS, PLACES, single=True)
    names = ["mean", "highest", "high-3", "p98"]
    grams = {"A": 2.0, "heap": 0.5, "field": 3.0}
    exact, found = (of_matrix(one, grams, names, GROUPS).groups for one in (matrix, single))
    # each value is off by at most 2⁻²⁴ of itself: so are sums and means of what is not below nought, and so is the
    # n-th highest, since no value passes another that is farther off than that
    off = max(np.abs(found[group][name] / exact[group][name] - 1).max() for group in GROUPS for name in names)
    assert 0 < off <= 2.0**-24 * (1 + 1e-6)
