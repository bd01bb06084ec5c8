"""An uncertainty is the same whichever way its mean was reached."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.measurements.uncertainty import (
    Method,
    Uncertainty,
    at_most,
    of_mean,
    of_means,
    of_missing,
)

PARTS = st.tuples(st.floats(0, 100), st.floats(0, 100))


def _mean(parts: list[tuple[float, float]]) -> Uncertainty:
    return of_mean(np.array([p[0] for p in parts]), np.array([p[1] for p in parts]))


def test_noise_shrinks_with_the_root_of_the_number_and_calibration_stays() -> None:
    found = _mean([(4.0, 3.0)] * 16)
    assert (found.independent, found.systematic) == (1.0, 3.0)
    assert found.standard == pytest.approx(sqrt(10.0))
    assert found.expanded == pytest.approx(2 * sqrt(10.0))


@given(st.lists(st.lists(PARTS, min_size=1, max_size=8), min_size=1, max_size=8))
def test_a_year_of_days_is_as_uncertain_as_the_year_of_its_hours(days: list[list[tuple[float, float]]]) -> None:
    by_day = of_means([_mean(day) for day in days])
    at_once = _mean([hour for day in days for hour in day])
    assert by_day.count == at_once.count
    assert by_day.independent == pytest.approx(at_once.independent)
    assert by_day.systematic == pytest.approx(at_once.systematic)


def test_the_mean_of_many_noisy_values_scatters_as_the_independent_part_says() -> None:
    rng = np.random.default_rng(7)
    means = rng.normal(0.0, 4.0, (20_000, 24)).mean(axis=1)
    said = of_mean(np.full(24, 4.0), np.zeros(24)).independent
    assert float(means.std()) == pytest.approx(said, rel=0.02)


def test_missing_values_do_not_count() -> None:
    found = of_mean(np.array([4.0, np.nan, 3.0]), np.array([1.0, 1.0, 3.0]))
    assert (found.independent, found.systematic, found.count) == (2.5, 2.0, 2)


def test_a_mean_of_nothing_has_no_uncertainty() -> None:
    with pytest.raises(ValueError, match="at least one"):
        of_mean(np.array([np.nan]), np.array([1.0]))
    with pytest.raises(ValueError, match="at least one"):
        of_means([])


def test_a_complete_year_has_no_uncertainty_from_missing_hours() -> None:
    assert of_missing(10.0, 8760, 8760) == 0.0


def test_missing_half_of_the_values_leaves_the_scatter_of_the_sampled_mean() -> None:
    # 50 of 100 values drawn without replacement: s·√((1 - 1/2)/50) = s/10
    rng = np.random.default_rng(11)
    values = rng.normal(0.0, 10.0, 100)
    means = [rng.choice(values, 50, replace=False).mean() for _ in range(20_000)]
    assert of_missing(10.0, 50, 100) == pytest.approx(1.0)
    assert float(np.std(means)) == pytest.approx(of_missing(float(values.std(ddof=1)), 50, 100), rel=0.02)


def test_more_values_than_there_can_be_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be"):
        of_missing(1.0, 25, 24)


def test_a_method_has_a_floor_and_grows_with_the_value() -> None:
    method = Method(3.0, 0.4, 0.0, 0.1, "a test", "judgement")
    independent, systematic = method.of_values(np.array([0.0, 10.0, -10.0, np.nan]))
    assert independent[:3].tolist() == [3.0, 5.0, 5.0]
    assert systematic[:3].tolist() == [0.0, 1.0, 1.0]
    assert np.isnan(independent[3])


def test_a_negative_uncertainty_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Uncertainty(-1.0, 0.0)


@pytest.mark.parametrize(
    ("share", "mean", "limit", "expanded"),
    [((15, 100), 40, 40, 6.0), ((15, 100), 20, 40, 6.0), ((15, 100), 60, 40, 9.0), ((25, 100), 10, 25, 6.25)],
)
def test_the_objective_holds_at_the_limit_and_grows_above_it(
    share: tuple[int, int], mean: int, limit: int, expanded: float
) -> None:
    # 2008/50/EC annex I part A: 15 % of 40 µg/m³ is 6, 15 % of 60 is 9, 25 % of 25 is 6.25
    assert at_most(share, Fraction(mean), Fraction(limit), 8760).expanded == pytest.approx(expanded)
