"""The gas turbine data set: rows get consecutive hours of their year, and each value says that its time is assumed."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest
from tests.adapters.samples import gas_turbine

from goedebuur.adapters.gas_turbine import ASSUMED, GasTurbine
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.services import gas_turbine as site


def test_rows_are_the_first_hours_of_the_year_in_utc_and_every_value_says_that_its_time_is_assumed() -> None:
    parsed = GasTurbine().parse(gas_turbine(), "gt_2012.csv")
    nox = parsed.observations.filter(pl.col("series") == "UCI-GT.stack_nox.1h")
    assert nox["start"].to_list() == [datetime(2012, 1, 1, hour, tzinfo=UTC) for hour in range(3)]
    assert nox["value"].to_list() == [81_952, 82_377, 83_776]
    assert set(parsed.observations["remark"].to_list()) == {ASSUMED}
    assert set(parsed.observations["flags"].to_list()) == {int(Flag.REMARK)}
    assert parsed.covers is None
    assert "the file has no times" in parsed.doubts[0]


def test_a_value_finer_than_can_be_kept_is_counted_and_not_rounded() -> None:
    parsed = GasTurbine().parse(gas_turbine(), "gt_2012.csv")
    assert parsed.skipped == {"empty": 1, "finer than can be kept": 1}
    assert parsed.observations.filter(pl.col("series") == "UCI-GT.stack_co.1h")["value"].to_list() == [32_663, 45_144]


def test_a_name_without_a_year_is_refused() -> None:
    for name in ("turbine.csv", "gt_12.csv", "gt_2012.txt"):
        with pytest.raises(GoedeBuurError) as told:
            GasTurbine().parse(gas_turbine(), name)
        assert (told.value.code, told.value.value) == ("input-time", name)


def test_more_rows_than_the_year_has_hours_are_refused() -> None:
    header, row = gas_turbine().split(b"\n")[:2]
    with pytest.raises(GoedeBuurError) as told:
        GasTurbine().parse(header + b"\n" + (row + b"\n") * 8_761, "gt_2013.csv")
    assert (told.value.code, told.value.value) == ("input-truncated", "8761")
    whole = GasTurbine().parse(header + b"\n" + (row + b"\n") * 8_784, "gt_2012.csv")
    assert whole.observations["start"].max() == datetime(2012, 12, 31, 23, tzinfo=UTC)


def test_the_site_says_in_its_name_that_times_are_assumed() -> None:
    assert "tijden aangenomen" in site.NAME
    assert {one.series for one in site.records()[2:]} == {  # type: ignore[union-attr]
        record.id for record in GasTurbine().parse(gas_turbine(), "gt_2012.csv").catalogue
    }
