"""A measurement of a day on five years of a real gas turbine: what it stands for depends on the load and the substance.

The data have no times: hours in order, with gaps. They are given a calendar without gaps here, which is not the real
one; loads and concentrations are. Volume flow is not in them either: the mass stands for concentration times power.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from goedebuur.core.emissions.measuring.representing import Moment, Represents, Stands, represents
from goedebuur.rules import measuring

pytestmark = pytest.mark.real
FIRST = datetime(2012, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def hours(data_folder: Path) -> pl.DataFrame:
    return pl.read_csv(data_folder / "cems_gas_turbine" / "gt_2012.csv.gz").with_row_index("hour")


def year(hours: pl.DataFrame, substance: str) -> pl.DataFrame:
    return hours.select(
        start=pl.lit(FIRST).dt.cast_time_unit("us") + pl.duration(hours="hour"),
        length=pl.lit(3600, pl.Int32),
        load=pl.col("TEY").cast(pl.Float64),
        state=pl.lit("normal"),
        fuel=pl.lit(None, pl.String),
        mass=(pl.col(substance) * pl.col("TEY") * 1000).round().cast(pl.Int64),
    )


def measured(frame: pl.DataFrame, load: float) -> Represents:
    """Three hours in which the load was nearest to one that is asked for."""
    nearest = frame.with_columns(off=(pl.col("load") - load).abs()).sort("off", "start").head(3)
    moments = [Moment(start, start + timedelta(minutes=30)) for start in nearest["start"]]
    return represents(frame, moments, measuring.choices())


def test_every_hour_of_the_file_is_in_the_year(hours: pl.DataFrame) -> None:
    assert hours.height == 7628


def test_base_load_stands_for_nitrogen_oxides_and_not_for_carbon_monoxide_at_low_load(hours: pl.DataFrame) -> None:
    frame = year(hours, "NOX")
    middle = measured(frame, float(frame["load"].median() or 0))
    assert middle.stands is Stands.YES
    top = measured(year(hours, "CO"), float(frame["load"].max() or 0))
    assert top.stands is Stands.NO
    assert top.below is not None
    assert top.below > 0.75


def test_shares_are_those_of_a_plain_count(hours: pl.DataFrame) -> None:
    frame = year(hours, "NOX")
    found = measured(frame, 134.0)
    assert found.low is not None
    assert found.high is not None
    inside = [(m, found.low <= x <= found.high) for x, m in frame.select("load", "mass").iter_rows()]
    assert found.hours is not None
    assert float(found.hours) == pytest.approx(sum(like for _, like in inside) / len(inside))
    assert found.mass is not None
    assert float(found.mass) == pytest.approx(sum(m for m, like in inside if like) / sum(m for m, _ in inside))
