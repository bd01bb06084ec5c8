"""A direction is an angle: its mean is that of a vector."""

from __future__ import annotations

import polars as pl
import pytest

from goedebuur.core.measurements.wind import knmi_direction, vector_mean


def _mean(hours: list[tuple[float | None, float | None]]) -> dict[str, float | None]:
    frame = pl.DataFrame(hours, schema={"direction": pl.Float64, "speed": pl.Float64}, orient="row")
    return vector_mean(frame.with_columns(day=1), ["day"]).row(0, named=True)


def test_the_mean_of_350_and_10_degrees_is_north() -> None:
    direction = _mean([(350.0, 3.0), (10.0, 3.0)])["direction"]
    assert direction is not None
    assert min(direction, 360 - direction) == pytest.approx(0.0, abs=1e-9)


def test_the_stronger_wind_weighs_more() -> None:
    # (3 from the north, 4 from the east): atan2(4, 3) = 53.13°, length 5 over two hours
    found = _mean([(360.0, 3.0), (90.0, 4.0)])
    assert found["direction"] == pytest.approx(53.13010235415598)
    assert found["resultant"] == pytest.approx(2.5)
    assert found["speed"] == pytest.approx(3.5)


def test_opposite_winds_have_no_direction() -> None:
    found = _mean([(90.0, 3.0), (270.0, 3.0)])
    assert found["direction"] is None
    assert found["speed"] == pytest.approx(3.0)


def test_an_hour_without_direction_counts_for_speed_alone() -> None:
    found = _mean([(None, 5.0), (90.0, 3.0)])
    assert (found["speed"], found["n"]) == (4.0, 1)
    assert found["direction"] == pytest.approx(90.0)


def test_knmi_says_calm_and_variable_in_the_direction() -> None:
    frame = pl.DataFrame({"d": [0, 10, 360, 990, None]}).select(knmi_direction(pl.col("d")))
    assert frame["d"].to_list() == [None, 10, 360, None, None]
