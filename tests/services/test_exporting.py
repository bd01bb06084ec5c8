"""Words in a download are words, also to a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from tests.services.deliveries import NOW, A, hour, open_record, station_file

from goedebuur.services import delivery, queries
from goedebuur.store.observations import Observations

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("remark", [*FORMULAS, "kalibratie", "2-1", ""])
def test_remark_is_no_formula_in_csv_and_as_delivered_in_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remark: str
) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": ["-12.5"]}), "a.csv", now=NOW)
    read = Observations.read

    def remarked(self: Observations, *args: object, **kwargs: object) -> pl.DataFrame:
        return read(self, *args, **kwargs).with_columns(remark=pl.lit(remark))  # type: ignore[arg-type]

    monkeypatch.setattr(Observations, "read", remarked)
    text = queries.export(record, [A], hour(0), hour(1), "csv").decode()
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["remark"] == ("'" + remark if remark in FORMULAS else remark)
    assert (row["value"], row["unit"]) == ("-12.5", "µg/m³")
    parquet = pl.read_parquet(io.BytesIO(queries.export(record, [A], hour(0), hour(1), "parquet")))
    assert parquet["remark"].item() == remark
