"""The record on all station files of 2019-2021, with the provisional values of a winter before them."""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from goedebuur.services import assessment, delivery, projection, queries
from goedebuur.services.delivery import Outcome
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
NOW = datetime(2026, 2, 1, tzinfo=UTC)
SERIES = "NL49553.pm10.1h"
PROVISIONAL = "Voorbeeld_HLL_LML.csv.gz"
SHARED = {"SO2": "so2", "H2S": "h2s", "NO": "no", "CO": "co", "pm10": "pm10", "pm25": "pm25", "NO2": "no2"}
"""Columns of the provisional file that RIVM publishes as hourly values too → quantity."""


@dataclass
class Loaded:
    record: Record
    files: list[Path]
    outcomes: dict[str, Outcome]


@pytest.fixture(scope="module")
def loaded(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    files = [data_folder / "hollandse_luchten" / PROVISIONAL]
    for year in (2019, 2020, 2021):
        files += sorted((data_folder / "rivm_lml").glob(f"{year}_*.csv.gz"))
    signer = Ed25519Signer("example.org/register", bytes(32))
    record = Record.open(tmp_path_factory.mktemp("record"), signer=signer)
    outcomes = delivery.deliver_files(record, files, now=NOW, reason="validated by RIVM")
    yield Loaded(record, files, {outcome.name: outcome for outcome in outcomes})
    record.close()


def cells(path: Path) -> tuple[int, int]:
    """Return how many value cells a station file has, and how many of them are empty, by the csv module alone."""
    rows = csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode("latin-1")), delimiter=";")
    header = next(row for row in rows if row and row[0] == "Component" and "Bep.periode" in row)
    first = header.index("Einddatumtijd") + 1
    columns = [i for i in range(first, len(header)) if header[i] != "OpmCode"]
    body = list(rows)
    return len(body) * len(columns), sum(row[i] == "" for row in body for i in columns)


def test_values_in_are_stored_or_counted_as_skipped_for_each_file(loaded: Loaded) -> None:
    stations = [path for path in loaded.files if path.name != PROVISIONAL]
    assert len(stations) == 33
    for path in stations:
        counts = loaded.outcomes[path.name].counts
        values, empty = cells(path)
        assert (counts["values_in"], counts["skipped:empty"]) == (values, empty), path.name
        assert counts["stored"] + counts["unchanged"] == values - empty, path.name


def test_everything_delivered_holds(loaded: Loaded) -> None:
    provisional = loaded.outcomes[PROVISIONAL].counts["stored"]
    validated = sum(o.counts["stored"] for name, o in loaded.outcomes.items() if name != PROVISIONAL)
    replaced = sum(
        o.counts.get("changed", 0) + o.counts.get("status_only", 0) + o.counts.get("withdrawn", 0)
        for o in loaded.outcomes.values()
    )
    assert queries.overview(loaded.record).observations == provisional + validated - replaced


def test_validation_withdrew_26_values_and_changed_none(loaded: Loaded) -> None:
    counted = [outcome.counts for outcome in loaded.outcomes.values()]
    assert sum(counts.get("withdrawn", 0) for counts in counted) == 26
    assert sum(counts.get("changed", 0) for counts in counted) == 0


def test_validation_filled_3087_values_in_the_hours_that_both_files_have(loaded: Loaded) -> None:
    text = gzip.decompress(loaded.files[0].read_bytes())
    wide = pl.read_csv(text, null_values="NA", infer_schema=False)
    # what is labelled 01:00 there is the hour that starts at 00:00 UTC
    start = pl.col("date").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", time_zone="UTC") - timedelta(hours=1)
    hours = wide.select("station_number", start=start).unique()
    first, last = hours["start"].min(), hours["start"].max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    filled = 0
    for quantity in SHARED.values():
        asked = {"quantity": quantity, "start": first, "end": last + timedelta(hours=1)}
        now = loaded.record.observations.read(**asked, columns=["series", "start"])  # type: ignore[arg-type]
        before = loaded.record.observations.read(**asked, as_of=2, columns=["series", "start"])  # type: ignore[arg-type]
        new = now.join(before, on=["series", "start"], how="anti")
        named = new.with_columns(station_number=pl.col("series").str.split(".").list.first())
        filled += named.join(hours, on=["station_number", "start"], how="semi").height
    assert filled == 3_087


def test_both_the_provisional_and_the_validated_answer_stay_readable(loaded: Loaded) -> None:
    start = datetime(2019, 12, 29, 23, tzinfo=UTC)
    end = start + timedelta(hours=1)
    then = queries.read_series(loaded.record, [SERIES], start, end, as_of=2)
    now = queries.read_series(loaded.record, [SERIES], start, end)
    assert then["micro"].to_list() == now["micro"].to_list() == [53_200_000]
    assert (then["leaf"][0], now["leaf"][0] > 1) == (1, True)
    found = queries.provenance(loaded.record, SERIES, start)
    assert [version.submitter for version in found.versions] == ["rivm", loaded.record.ledger.leaf(1).submitter]  # type: ignore[union-attr]


def test_the_same_command_twice_changes_nothing(loaded: Loaded) -> None:
    record = loaded.record
    before = (record.size, record.ledger.root_hash(), record.observations.stamp)
    again = delivery.deliver_files(record, loaded.files, now=NOW + timedelta(days=1))
    assert {outcome.status for outcome in again} == {"unchanged"}
    assert (record.size, record.ledger.root_hash(), record.observations.stamp) == before


@pytest.mark.spark
def test_yearly_averages_and_verdicts_of_all_stations_are_the_same_on_spark_with_two_workers(loaded: Loaded) -> None:
    here = assessment.compute(loaded.record, 2021)
    there = assessment.compute(loaded.record, 2021, backend="spark")
    assert len({verdict.station for verdict in here.verdicts}) > 80
    assert there.figures_sha256 == here.figures_sha256
    assert there.verdicts == here.verdicts


def test_rebuild_gives_the_same_content_row_for_row(loaded: Loaded) -> None:
    found = projection.compare(loaded.record)
    assert found.kept == found.rebuilt


def shortest(ask: Callable[[], object]) -> float:
    """Return the shortest of ten durations. [s]"""
    took = []
    for _ in range(10):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return min(took)


def test_one_month_of_one_series_is_read_within_40_ms(loaded: Loaded) -> None:
    start, end = datetime(2020, 3, 1, tzinfo=UTC), datetime(2020, 4, 1, tzinfo=UTC)
    assert queries.read_series(loaded.record, [SERIES], start, end).height > 700
    assert shortest(lambda: queries.read_series(loaded.record, [SERIES], start, end)) < 0.040


def test_chart_of_three_years_is_answered_within_100_ms(loaded: Loaded) -> None:
    start, end = datetime(2019, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)
    assert shortest(lambda: queries.chart(loaded.record, [SERIES], start, end, 800)) < 0.100


@pytest.mark.parametrize(
    "address",
    [
        "/stations/NL49553/pm10/",
        "/stations/NL49553/pm10/?start=2019-01-01&end=2021-12-31",
        f"/api/chart/?series={SERIES}&start=2019-01-01&end=2021-12-31&points=1000",
    ],
)
def test_page_with_a_chart_is_answered_within_100_ms(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("goedebuur.web.page.opened", lambda: loaded.record)
    reader = Client(headers={"host": "localhost"})
    assert reader.get(address).status_code == 200
    assert shortest(lambda: reader.get(address)) < 0.100
