"""Where the wind comes from, and what it brings: each hour counted once."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from goedebuur.core.measurements.roses import concentration_rose, wind_rose

Hours = list[tuple[Any, ...]]


def _wind(hours: Hours) -> pl.DataFrame:
    return pl.DataFrame(hours, schema={"direction": pl.Float64, "speed": pl.Float64}, orient="row")


def _counts(rose: pl.DataFrame) -> dict[tuple[int, int], int]:
    return {(sector, k): n for sector, k, n in rose.select("sector", "speed_class", "n").rows() if n}


@pytest.mark.parametrize(
    ("direction", "sector"),
    [(350, 360), (360, 360), (0, 360), (10, 360), (20, 30), (40, 30), (50, 60), (180, 180), (340, 330), (15, 360)],
)
def test_a_direction_falls_in_the_sector_around_it(direction: float, sector: int) -> None:
    assert _counts(wind_rose(_wind([(direction, 1.0)]))) == {(sector, 1): 1}


@pytest.mark.parametrize(("speed", "speed_class"), [(0.1, 1), (2.0, 1), (2.1, 2), (6.0, 3), (6.1, 4), (30.0, 4)])
def test_an_edge_belongs_to_the_class_below_it(speed: float, speed_class: int) -> None:
    assert _counts(wind_rose(_wind([(90.0, speed)]))) == {(90, speed_class): 1}


def test_calm_has_no_direction() -> None:
    assert _counts(wind_rose(_wind([(270.0, 0.0), (None, 0.0)]))) == {(0, 0): 2}


def test_an_unknown_direction_or_speed_does_not_count() -> None:
    assert wind_rose(_wind([(None, 3.0), (90.0, None), (90.0, 3.0)]))["total"].unique().to_list() == [1]


@pytest.mark.parametrize("sectors", [4, 12, 36])
def test_tens_of_degrees_spread_evenly_over_the_sectors(sectors: int) -> None:
    rose = wind_rose(_wind([(10.0 * k, 1.0) for k in range(1, 37)]), sectors)
    assert set(_counts(rose).values()) == {36 // sectors}


def test_sixteen_sectors_are_refused_because_they_are_biased() -> None:
    with pytest.raises(ValueError, match="16"):
        wind_rose(_wind([]), 16)


def test_a_concentration_is_the_exact_mean_of_its_sector() -> None:
    hours = pl.DataFrame(
        [(90.0, 2.0, 1_000_000), (80.0, 2.0, 2_000_000), (180.0, 2.0, -500_000), (90.0, 2.0, None)],
        schema={"direction": pl.Float64, "speed": pl.Float64, "micro": pl.Int64},
        orient="row",
    )
    found = concentration_rose(hours).filter(pl.col("n") > 0)
    assert found.select("sector", "total", "n", "mean").rows() == [(90, 3_000_000, 2, 1.5), (180, -500_000, 1, -0.5)]
    assert found["low"].to_list() == [None, None]


def test_a_sector_without_hours_has_no_mean() -> None:
    hours = pl.DataFrame(schema={"direction": pl.Float64, "speed": pl.Float64, "micro": pl.Int64})
    found = concentration_rose(hours)
    assert found.height == 13
    assert found["mean"].null_count() == 13
