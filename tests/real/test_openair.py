"""Averages, running means, percentiles and roses equal openair's (2.18, R) on its own example data."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import ibis
import polars as pl
import pytest

from goedebuur.core.base.exact import parse_decimals
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.quantities import MICRO
from goedebuur.core.measurements import averaging as av
from goedebuur.core.measurements.roses import concentration_rose, wind_rose
from goedebuur.core.measurements.wind import vector_mean

pytestmark = pytest.mark.real

POLLUTANTS = ("nox", "no2", "o3", "pm10", "so2", "co", "pm25")
YEARS = list(range(1998, 2006))
WHOLE = (3, 4)
ANY = (0, 1)


@pytest.fixture(scope="module")
def mydata(data_folder: Path) -> pl.DataFrame:
    """Return openair's hourly example data, as text."""
    return pl.read_csv(data_folder / "openair" / "mydata.csv.gz", infer_schema=False)


def _six_decimals(text: str) -> str:
    number = Decimal(text)
    return text if "e" not in text and number.as_tuple().exponent >= -6 else f"{round(number, 6):f}"  # type: ignore[operator]


@pytest.fixture(scope="module")
def observations(mydata: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the pollutants as an Ibis table of observations on DuckDB.

    openair's SO2 and CO were converted from ppb and have up to fifteen decimals: they are cut to six, as ours are.
    """
    long = mydata.unpivot(on=list(POLLUTANTS), index="date", variable_name="quantity", value_name="text")
    long = long.filter(pl.col("text").is_not_null(), pl.col("text") != "", pl.col("text") != "NA")
    long = long.with_columns(pl.col("text").replace({text: _six_decimals(text) for text in long["text"].unique()}))
    value, decimals, bad = parse_decimals(long["text"])
    assert not bad.any()
    frame = long.select(
        series=pl.lit("MY1.") + pl.col("quantity"),
        quantity="quantity",
        start=pl.col("date").str.to_datetime(time_unit="us").dt.replace_time_zone("UTC"),
        step=pl.lit(3600, pl.Int32),
        micro=value * 10 ** (6 - decimals.cast(pl.Int64)),
        flags=pl.lit(0, pl.Int32),
    )
    path = tmp_path_factory.mktemp("openair") / "mydata.parquet"
    frame.write_parquet(path)
    return ibis.duckdb.connect().read_parquet(path)


def _reference(data_folder: Path, name: str) -> pl.DataFrame:
    path = data_folder / "openair" / "reference_outputs" / f"{name}.csv.gz"
    return pl.read_csv(path, null_values="NA", infer_schema_length=None).with_columns(
        pl.col("date").str.slice(0, 10).str.to_date()
    )


def _long(reference: pl.DataFrame) -> pl.DataFrame:
    return reference.unpivot(
        on=list(POLLUTANTS), index="date", variable_name="quantity", value_name="theirs"
    ).with_columns(pl.col("theirs").cast(pl.Float64))


def _assert_equal(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """The same figures are missing on both sides, and the others are equal: to rounding where digits were cut."""
    both = theirs.join(ours, on=["date", "quantity"], how="full", coalesce=True)
    assert both.height >= 7 * 8
    missing = both.filter(pl.col("theirs").is_null() != pl.col("total").is_null())
    assert missing.is_empty()
    rounding = pl.when(pl.col("quantity").is_in(["so2", "co"])).then(5e-7).otherwise(1e-9)
    difference = ((pl.col("total") / pl.col("n") / MICRO) - pl.col("theirs")).abs()
    assert both.filter(difference > rounding).is_empty()
    assert both["theirs"].count() > 40


def _dated(table: Any, date: pl.Expr) -> pl.DataFrame:
    return table.to_polars().filter("valid").with_columns(date=date)


DAY = pl.date(1970, 1, 1) + pl.duration(days=pl.col("day"))
MONTH = pl.date(pl.col("month") // 12, pl.col("month") % 12 + 1, 1)
YEAR = pl.date(pl.col("year"), 1, 1)


@pytest.mark.parametrize(("name", "share"), [("timeAverage_day", ANY), ("timeAverage_day_thresh75", WHOLE)])
def test_daily_means_equal_openair(data_folder: Path, observations: Any, name: str, share: tuple[int, int]) -> None:
    """openair counts capture over the rows it got; the last day ends at noon, so to it 13 of 13 hours are there."""
    ours = _dated(av.days(av.hours(observations, ANY), Clock.UTC, share), DAY)
    theirs = _long(_reference(data_folder, name)).filter(pl.col("date") != pl.date(2005, 6, 23))
    _assert_equal(ours.filter(pl.col("date") != pl.date(2005, 6, 23)), theirs)


def test_monthly_means_equal_openair(data_folder: Path, observations: Any) -> None:
    ours = _dated(av.months(av.hours(observations, ANY), Clock.UTC, ANY, YEARS), MONTH)
    _assert_equal(ours, _long(_reference(data_folder, "timeAverage_month")))


def test_yearly_means_equal_openair(data_folder: Path, observations: Any) -> None:
    ours = _dated(av.years(av.hours(observations, ANY), Clock.UTC, ANY, YEARS), YEAR)
    _assert_equal(ours, _long(_reference(data_folder, "timeAverage_year")))


@pytest.mark.parametrize(("align", "shift"), [("right", 0), ("left", 7)])
def test_running_means_of_eight_hours_equal_openair(
    data_folder: Path, observations: Any, align: str, shift: int
) -> None:
    """Ours are labelled by their last hour; openair's `left` by their first, seven hours earlier."""
    path = data_folder / "openair" / "reference_outputs" / f"rollingMean_o3_8h_2003_{align}.csv.gz"
    moment = pl.col("date").str.to_datetime(time_unit="us").dt.epoch("s") // 3600
    theirs = pl.read_csv(path, null_values="NA").select(hour=moment, r8="r8")
    year = theirs.filter(pl.col("hour").is_not_null())["hour"]
    # openair was given the year 2003 alone
    alone = observations.filter(observations.start >= "2003-01-01", observations.start < "2004-01-01")
    ours = av.running(av.hours(alone.filter(alone.quantity == "o3"), ANY), 8, WHOLE).to_polars().filter("valid")
    ours = ours.select(hour=pl.col("hour") - shift, mean=pl.col("total") / pl.col("n") / MICRO)
    ours = ours.filter(pl.col("hour").is_between(year.min(), year.max()))
    both = theirs.join(ours, on="hour", how="full", coalesce=True)
    assert both.height == 8760
    differ = both.filter(pl.col("mean").is_null() != pl.col("r8").is_null())["hour"].to_list()
    # the year ends two hours inside this window: six of eight are there, and openair leaves it out on this side only
    assert differ == ([year.max() - 5] if align == "left" else [])
    assert both.select((pl.col("mean") - pl.col("r8")).abs().max()).item() < 1e-9
    assert both["r8"].null_count() > 0


@pytest.mark.parametrize("percent", [5, 50, 95, 99])
def test_percentiles_equal_openair(data_folder: Path, observations: Any, percent: int) -> None:
    path = data_folder / "openair" / "reference_outputs" / "calcPercentile_o3_year.csv.gz"
    theirs = pl.read_csv(path).select(
        year=pl.col("date").str.slice(0, 4).cast(pl.Int64), theirs=f"percentile.{percent}"
    )
    x = av.in_years(av.hours(observations.filter(observations.quantity == "o3"), ANY), Clock.UTC, YEARS)
    ours = av.percentiles(x, (percent, 100), av.RankRule.LINEAR, ["year"]).to_polars()
    both = theirs.join(ours, on="year", how="full", coalesce=True)
    assert both.height == len(YEARS)
    assert both.select((pl.col("total") / pl.col("n") / MICRO - pl.col("theirs")).abs().max()).item() < 1e-9


@pytest.fixture(scope="module")
def weather(mydata: pl.DataFrame) -> pl.DataFrame:
    """Return wind and nitrogen oxides, an hour a row."""
    number = {name: pl.col(name).replace("", None).cast(pl.Float64) for name in ("wd", "ws", "nox")}
    return mydata.select(
        date=pl.col("date").str.slice(0, 10).str.to_date(),
        direction=number["wd"],
        speed=number["ws"],
        micro=(number["nox"] * MICRO).cast(pl.Int64),
    )


def test_daily_wind_vectors_equal_openair(data_folder: Path, weather: pl.DataFrame) -> None:
    both = _reference(data_folder, "timeAverage_day").join(vector_mean(weather, ["date"]), on="date")
    assert both.height == 2731
    assert both.select((pl.col("direction") - pl.col("wd")).abs().max()).item() < 1e-9
    assert both.select((pl.col("speed") - pl.col("ws")).abs().max()).item() < 1e-9


def test_hours_in_the_wind_rose_equal_openair(data_folder: Path, weather: pl.DataFrame) -> None:
    """openair gives cumulative percentages of all hours with a speed; ours are counts."""
    path = data_folder / "openair" / "reference_outputs" / "windRose_mydata.csv.gz"
    theirs = pl.read_csv(path).sort("wd")
    hours = weather["speed"].count()
    ours = wind_rose(weather).sort("sector", "speed_class")
    for row in theirs.iter_rows(named=True):
        sector = 0 if row["wd"] == -999 else row["wd"]
        counts = ours.filter(pl.col("sector") == sector)["n"].to_list()
        assert sum(counts) == row["freqs"]
        if sector:
            shares = [row[f"Interval{k}"] / 100 * hours for k in (1, 2, 3, 4)]
            assert [sum(counts[:k]) for k in (1, 2, 3, 4)] == pytest.approx(shares, abs=1e-6)


def test_concentrations_by_direction_and_speed_equal_openair(data_folder: Path, weather: pl.DataFrame) -> None:
    """openair's polarFreq gives the square root of the mean for each metre a second; north (0 and 360) is one here."""
    path = data_folder / "openair" / "reference_outputs" / "polarFreq_nox_mean.csv.gz"
    theirs = pl.read_csv(path).filter(~pl.col("wd").is_in([0, 360]), pl.col("ws") > 1)
    assert theirs.height > 350
    for (speed,), part in theirs.group_by("ws"):
        inside = weather.filter(pl.col("speed") > speed - 1, pl.col("speed") <= speed)
        both = part.join(concentration_rose(inside, 36), left_on="wd", right_on="sector", how="left")
        assert both.select((pl.col("mean") - pl.col("weights") ** 2).abs().max()).item() < 1e-9
