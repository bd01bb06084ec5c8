"""What a chart shows: no peak lost, no gap bridged, few points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from goedebuur.core.base.flags import Flag
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.measurements.levels import WIDTHS, bucket_width, gaps, levels

START = datetime(2020, 1, 1, tzinfo=UTC)
EPOCH = int(START.timestamp())


def _frame(values: dict[int, float], flags: int = 0) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "series": ["A.no2.1h"] * len(values),
            "start": [START + timedelta(hours=k) for k in values],
            "step": [3600] * len(values),
            "micro": [round(v * MICRO) for v in values.values()],
            "flags": [flags] * len(values),
        },
        schema_overrides={"step": pl.Int32, "flags": pl.Int32, "start": pl.Datetime("us", "UTC")},
    )


def test_a_bucket_keeps_lowest_mean_and_highest() -> None:
    found = levels(_frame({0: 10.0, 1: 20.0, 2: 90.0}), START, START + timedelta(hours=3), 10800)
    assert found.rows() == [("A.no2.1h", EPOCH, 40.0, 10.0, 90.0, 3)]


def test_an_empty_bucket_stays_empty() -> None:
    found = levels(_frame({0: 10.0, 2: 20.0}), START, START + timedelta(hours=4), 3600)
    assert found["mean"].to_list() == [10.0, None, 20.0, None]
    assert found["n"].to_list() == [1, 0, 1, 0]
    assert found["x"].to_list() == [EPOCH + 3600 * k for k in range(4)]


def test_an_invalid_value_is_a_gap_and_a_doubtful_one_is_drawn() -> None:
    end = START + timedelta(hours=1)
    assert levels(_frame({0: 10.0}, int(Flag.SUPPLIER_INVALID)), START, end, 3600)["mean"].to_list() == [None]
    assert levels(_frame({0: 10.0}, int(Flag.STEP)), START, end, 3600)["mean"].to_list() == [10.0]


def test_every_series_has_the_same_moments() -> None:
    other = _frame({3: 7.0}).with_columns(series=pl.lit("B.no2.1h"))
    found = levels(pl.concat([_frame({0: 1.0}), other]), START, START + timedelta(hours=4), 3600)
    grouped = found.group_by("series", maintain_order=True).agg("x")
    assert grouped["series"].to_list() == ["A.no2.1h", "B.no2.1h"]
    assert grouped["x"][0].to_list() == grouped["x"][1].to_list()


@pytest.mark.parametrize("years", [1, 3, 10, 40])
@pytest.mark.parametrize("points", [200, 1000, 2000])
def test_a_chart_has_no_more_points_than_asked(years: int, points: int) -> None:
    end = START + timedelta(days=365 * years)
    width = bucket_width(START, end, points, 3600)
    assert (end - START).total_seconds() / width <= points
    assert width in WIDTHS or width > max(WIDTHS)


def test_a_bucket_is_never_narrower_than_the_step() -> None:
    assert bucket_width(START, START + timedelta(days=1), 10_000, 3600) == 3600


def test_a_gap_runs_from_the_end_of_a_value_to_the_start_of_the_next() -> None:
    found = gaps(_frame({1: 1.0, 2: 1.0, 5: 1.0}), START, START + timedelta(hours=7))
    hours = [((a - EPOCH) // 3600, (b - EPOCH) // 3600) for _, a, b in found.rows()]
    assert hours == [(0, 1), (3, 5), (6, 7)]


def test_a_complete_series_has_no_gaps() -> None:
    assert gaps(_frame(dict.fromkeys(range(5), 1.0)), START, START + timedelta(hours=5)).is_empty()


def test_a_period_without_values_is_one_gap() -> None:
    found = gaps(_frame({100: 1.0}), START, START + timedelta(hours=7))
    assert found.select("from", "to").rows() == [(EPOCH, EPOCH + 7 * 3600)]
