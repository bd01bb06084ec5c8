"""What pages and commands are told, on a small record with a correction."""

from __future__ import annotations

import io
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.adapters import samples
from tests.services.deliveries import NOW, A, B, hour, open_record, station_file

from goedebuur.core.base import exact
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import CET
from goedebuur.services import delivery, queries
from goedebuur.services.record import Record

DAY = 24


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    record = open_record(tmp_path_factory.mktemp("record"))
    first = {"NL90001": [str(h) for h in range(10 * DAY)], "NL90002": ["10"] * 10 * DAY}
    first["NL90001"][30] = ""
    delivery.deliver(record, station_file(first), "2019_SO2.csv", now=NOW)
    second = {name: list(values) for name, values in first.items()}
    second["NL90001"][0], second["NL90001"][1], second["NL90001"][30] = "7.5", "", "30"
    delivery.deliver(record, station_file(second), "2019_SO2.csv", now=NOW, reason="calibration")
    delivery.deliver(record, samples.knmi(), "uurgeg_901.txt", now=NOW)
    delivery.deliver(record, samples.eprtr(), "air.csv", now=NOW)
    return record


def test_station_tells_where_it_is_and_what_it_measures(record: Record) -> None:
    found = queries.station(record, "NL90001")
    assert (found.name, found.latitude, found.longitude) == ("Eendorp-NL90001", 52.100001, 4.500002)
    assert not found.simulated
    (series,) = found.series
    assert (series.id, series.unit, series.step, series.count) == (A, "µg/m³", 3600, 239)
    assert (series.first, series.last) == (hour(0), hour(239))
    assert (series.principle, series.accreditation) == ("Ultraviolet fluorescentie (UV-F)", "L999")


def test_earlier_state_counts_what_held_then(record: Record) -> None:
    assert queries.series(record, A, as_of=2).count == 239
    assert queries.series(record, A, as_of=2).last == hour(239)
    assert queries.stations(record, as_of=0) == []
    changed = queries.read_series(record, [A], hour(0), hour(2), as_of=2)
    assert changed["micro"].to_list() == [0, 1_000_000]
    assert queries.read_series(record, [A], hour(0), hour(2))["micro"].to_list() == [7_500_000]


def test_state_of_the_record_counts_leaves_and_values(record: Record) -> None:
    view = queries.overview(record)
    assert (view.tree_size, view.projected) == (record.size, record.size)
    assert view.first == hour(0)
    assert view.observations == sum(s.count for one in queries.stations(record) for s in one.series)


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda r: queries.station(r, "NL1"), "query-unknown-station"),
        (lambda r: queries.series(r, "NL1.so2.1h"), "query-unknown-series"),
        (lambda r: queries.delivery(r, 999), "query-unknown-delivery"),
        (lambda r: queries.provenance(r, A, hour(5000)), "query-unknown-observation"),
        (lambda r: queries.difference(r, 3, 1), "query-tree-size"),
        (lambda r: queries.export(r, [A], hour(0), hour(1), "xlsx"), "export-format"),
        (lambda r: queries.roses(r, A, "NL90001", hour(0), hour(1)), "query-unknown-station"),
    ],
)
def test_question_without_an_answer_is_an_error_with_its_own_code(record: Record, ask: object, code: str) -> None:
    with pytest.raises(GoedeBuurError) as error:
        ask(record)  # type: ignore[operator]
    assert error.value.code == code


def test_chart_of_hours_shows_every_value_and_the_gap(record: Record) -> None:
    chart = queries.chart(record, [A], hour(0), hour(DAY), 100)
    assert (chart["step"], len(chart["x"])) == (3600, DAY)
    assert chart["x"][0] == int(hour(0).timestamp())
    assert chart["series"][A]["mean"] == [7.5, None, *range(2, 24)]
    assert chart["gaps"][A] == [[int(hour(1).timestamp()), int(hour(2).timestamp())]]
    assert (chart["units"], chart["quantities"]) == ({A: "µg/m³"}, {A: "so2"})


def test_chart_by_day_equals_the_means_of_its_hours(record: Record) -> None:
    start, end = hour(1), hour(9 * DAY + 5)
    chart = queries.chart(record, [A, B], start, end, 12)
    assert chart["step"] == 86_400
    # CET days from 2019-01-01 on, each whole; the first hour was corrected to 7.5, the second withdrawn
    assert chart["x"] == [int(hour(DAY * day).timestamp()) for day in range(10)]
    assert chart["end"] == int(hour(10 * DAY).timestamp())
    assert chart["series"][A]["mean"][0] == (7.5 + sum(range(2, 24))) / 23
    assert chart["series"][A]["mean"][1] == sum(range(24, 48)) / 24
    assert (chart["series"][A]["min"][1], chart["series"][A]["max"][1]) == (24, 47)
    assert chart["series"][A]["max"][-1] == 10 * DAY - 1
    assert set(chart["series"][B]["mean"]) == {10.0}


def test_chart_of_an_earlier_state_draws_what_held_then(record: Record) -> None:
    then = queries.chart(record, [A], hour(1), hour(9 * DAY + 5), 12, as_of=2)
    assert then["series"][A]["mean"][0] == sum(range(24)) / 24


def test_points_of_days_are_cut_where_verdicts_cut_them(tmp_path: Path) -> None:
    # 100 in all of 2 July 2019 in CET, 0 in every other hour; in Dutch summer time that is from 01:00 to 01:00
    day = 182  # 2 July is the 183rd day of 2019
    record = open_record(tmp_path / "record")
    values = ["0"] * 24 * 365
    values[24 * day : 24 * day + 24] = ["100"] * 24
    delivery.deliver(record, station_file({"NL90001": values}), "2019_SO2.csv", now=NOW)
    civil_july = datetime(2019, 6, 30, 22, tzinfo=UTC), datetime(2019, 7, 31, 22, tzinfo=UTC)
    for as_of in (None, 2):
        chart = queries.chart(record, [A], *civil_july, 31, as_of)
        assert (chart["step"], len(chart["x"])) == (86_400, 31)
        assert [datetime.fromtimestamp(x, CET).day for x in chart["x"]] == list(range(1, 32))
        assert chart["series"][A]["mean"] == [0, 100, *[0] * 29]
    weeks = queries.chart(record, [A], *civil_july, 5)
    assert datetime.fromtimestamp(weeks["x"][0], CET) == datetime(2019, 7, 1, tzinfo=CET)
    assert datetime.fromtimestamp(weeks["end"], CET) == datetime(2019, 8, 1, tzinfo=CET)
    assert weeks["series"][A]["mean"] == [pytest.approx(100 / 7), 0, 0, 0, 0]


def test_provenance_tells_every_version_with_its_delivery(record: Record) -> None:
    found = queries.provenance(record, A, hour(0))
    assert [version.value_text for version in found.versions] == ["7.5", "0"]
    newest, oldest = found.versions
    assert (newest.kind, newest.reason, newest.superseded_by) == ("correction", "calibration", None)
    assert (oldest.kind, oldest.superseded_by, oldest.payload_name) == ("observations", newest.leaf, "2019_SO2.csv")
    assert (found.micro, found.tree_size) == (7_500_000, record.size)
    assert found.method.principle == "Ultraviolet fluorescentie (UV-F)"
    assert record.evidence.payload(oldest.payload_sha256).startswith(b"Export;")
    assert found.checkpoint.splitlines()[1] == str(record.size)


def test_provenance_of_a_withdrawn_value_says_that_it_was_withdrawn(record: Record) -> None:
    found = queries.provenance(record, A, hour(1))
    assert (found.micro, found.versions[0].withdrawn, found.versions[0].value_text) == (None, True, "")
    before = queries.provenance(record, A, hour(1), as_of=2)
    assert [(v.value_text, v.superseded_by) for v in before.versions] == [("1", None)]


def test_difference_lists_what_changed_was_withdrawn_and_filled(record: Record) -> None:
    found = queries.difference(record, 2, 3)
    assert [(c.series, c.start, c.kind, c.before, c.after) for c in found] == [
        (A, hour(0), "changed", "0", "7.5"),
        (A, hour(1), "withdrawn", "1", ""),
        (A, hour(30), "filled", "", "30"),
    ]
    assert queries.difference(record, 3, 3) == []
    assert len(queries.difference(record, 0, 2, limit=5)) == 5


def test_parts_of_a_difference_say_how_many_there_are_in_all(record: Record) -> None:
    # two stations with 240 hours each, of which one is empty
    first = queries.counted_difference(record, 0, 2, limit=475)
    assert (first.counts, first.total, first.following) == ({"new": 479}, 479, 475)
    rest = queries.counted_difference(record, 0, 2, offset=475, limit=475)
    assert (len(rest.changes), rest.following) == (4, None)
    assert [*first.changes, *rest.changes] == queries.difference(record, 0, 2)


def test_kinds_of_a_difference_that_are_not_asked_are_counted_still(record: Record) -> None:
    found = queries.counted_difference(record, 2, 3, kinds=("withdrawn", "new"))
    assert found.counts == {"changed": 1, "withdrawn": 1, "filled": 1}
    assert (found.total, [c.kind for c in found.changes]) == (1, ["withdrawn"])


def test_deliveries_are_listed_newest_first(record: Record) -> None:
    listed = queries.deliveries(record, limit=100)
    assert [one.leaf for one in listed] == list(range(record.size - 1, -1, -1))
    assert [one.leaf for one in queries.deliveries(record, kind="correction")] == [2]
    assert queries.delivery(record, 2).counts["withdrawn"] == 1
    assert [one.leaf for one in queries.deliveries(record, limit=1, before=2)] == [1]


def test_comparison_uses_the_hours_that_both_have(record: Record) -> None:
    found = queries.compare(record, A, B, hour(0), hour(4))
    assert (found.pairs, found.left_only, found.right_only) == (3, 0, 1)
    assert (found.left_total, found.right_total) == (12_500_000, 30_000_000)
    assert found.mean_difference == pytest.approx((12.5 - 30) / 3)
    assert found.root_mean_square == pytest.approx(math.sqrt((2.5**2 + 8**2 + 7**2) / 3))
    assert found.hours["left"][23] == 7.5


def test_wind_of_a_moment_is_the_last_one_known(record: Record) -> None:
    # the hours of the sample end at 21 to 24 UTC: 250 degrees at 6.0 m/s, calm, variable at 1.0 m/s, nothing
    ends = queries.series(record, "KNMI901.wind_speed_10min.1h").first
    assert ends is not None
    told = [queries.wind_now(record, ends + timedelta(hours=h)) for h in range(4)]
    assert [(w.direction, w.speed, w.variable) for (w,) in told] == [
        (250, 6.0, False),
        (None, 0.0, False),
        (None, 1.0, True),
        (None, 1.0, True),
    ]
    assert queries.wind_now(record, ends - timedelta(hours=1)) == []
    assert queries.wind_now(record, ends + timedelta(days=30)) == []


def test_wind_of_the_hour_of_each_moment_is_none_where_it_is_not_known(record: Record) -> None:
    first = queries.series(record, "KNMI901.wind_speed_10min.1h").first
    assert first is not None
    (station,) = queries.weather_stations(record)
    moments = [first + timedelta(minutes=m) for m in (59, 0, 60, 125, 185, -1)]
    told = queries.wind_of_hours(record, station, moments)
    # 250 degrees twice, calm, variable; the fourth hour has nothing, and before the first nothing is known
    assert [None if one is None else (one.direction, one.speed, one.variable) for one in told] == [
        (250, 6.0, False),
        (250, 6.0, False),
        (None, 0.0, False),
        (None, 1.0, True),
        None,
        None,
    ]
    assert queries.wind_of_hours(record, station, []) == []


def test_rose_counts_hours_by_direction_and_calm(record: Record) -> None:
    first = queries.series(record, "KNMI901.wind_speed_10min.1h").first
    assert first is not None
    rose = queries.roses(record, A, "KNMI901", first, first + timedelta(hours=4))
    assert rose.sectors[:3] == (0.0, 30.0, 60.0)
    assert (rose.hours, rose.calm) == (2, 50.0)
    assert rose.frequency[rose.sectors.index(240.0)] == (0.0, 0.0, 50.0, 0.0)
    assert rose.mean == (None,) * 12


def test_weather_station_is_one_with_direction_and_speed(record: Record) -> None:
    assert [one.id for one in queries.weather_stations(record)] == ["KNMI901"]


def test_csv_download_has_reported_digits_units_flags_and_leaf(record: Record) -> None:
    text = queries.export(record, [A], hour(0), hour(3), "csv").decode()
    assert text.splitlines() == [
        "series,start,step,value,unit,flags,meaning,remark,leaf",
        f"{A},2018-12-31T23:00:00Z,3600,7.5,µg/m³,2,validated by the supplier,,2",
        f"{A},2019-01-01T01:00:00Z,3600,2,µg/m³,2,validated by the supplier,,1",
    ]


def test_parquet_download_has_the_same_rows_and_says_for_which_log(record: Record) -> None:
    data = queries.export(record, [A], hour(0), hour(3), "parquet", as_of=2)
    frame = pl.read_parquet(io.BytesIO(data))
    assert frame["value"].to_list() == ["0", "1", "2"]
    assert pl.read_parquet_metadata(io.BytesIO(data))["goedebuur.tree_size"] == "2"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(16150, 3, "16.150"), (-5, 1, "-0.5"), (-5, 3, "-0.005"), (7, 0, "7"), (0, 2, "0.00")],
)
def test_digits_in_a_download_are_those_reported(value: int, decimals: int, text: str) -> None:

    frame = pl.DataFrame({"value": [value], "decimals": [decimals]}, schema={"value": pl.Int64, "decimals": pl.Int8})
    assert frame.select(exact.texts(pl.col("value"), pl.col("decimals"))).item() == text
    assert exact.as_text(value, decimals) == text


def test_facilities_tell_their_releases_by_year(record: Record) -> None:
    (works,) = queries.facilities(record)
    assert (works.name, works.place, works.latitude, works.longitude) == ("Een Staal BV", "Eendorp", 52.4, 4.6)
    told = [(release.year, release.pollutant, release.amount_text) for release in works.releases]
    assert told == [(2007, "Benzene", "3690.0"), (2008, "Benzene", "0.12")]
