"""What becomes of a delivery: stored, the same again, a correction, refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.adapters import samples
from tests.services.deliveries import NOW, A, B, hour, open_record, station_file

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import delivery, projection
from goedebuur.services.record import Record
from goedebuur.store.observations.schema import NAMES

FIRST = {"NL90001": ["1.5", "2.50", "", "4"], "NL90002": ["-0.5", "", "7", "8.25"]}
CORRECTED = {"NL90001": ["1.5", "2.5", "3", "9"], "NL90002": ["-0.5", "", "", "8.25"]}


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return open_record(tmp_path / "record")


def values(record: Record, series: str, as_of: int | None = None) -> list[int | None]:
    rows = record.observations.read(series=[series], start=hour(0), end=hour(24), as_of=as_of)
    held = dict(rows.select("start", "micro").iter_rows())
    assert None not in held.values()  # what was withdrawn is not among the rows
    return [held.get(hour(n)) for n in range(4)]


def accounted(counts: dict[str, int]) -> bool:
    skipped = sum(number for name, number in counts.items() if name.startswith("skipped:"))
    return counts["values_in"] == counts["stored"] + counts["unchanged"] + skipped


def test_every_cell_of_a_file_is_stored_or_counted_as_skipped(record: Record) -> None:
    outcome = delivery.deliver(record, station_file(FIRST), "2019_SO2.csv", now=NOW)
    assert outcome.status == "stored"
    assert outcome.counts == {"values_in": 8, "stored": 6, "unchanged": 0, "skipped:empty": 2}
    assert values(record, A) == [1_500_000, 2_500_000, None, 4_000_000]
    assert values(record, B) == [-500_000, None, 7_000_000, 8_250_000]


def test_the_same_delivery_twice_changes_nothing(record: Record) -> None:
    first = delivery.deliver(record, station_file(FIRST), "2019_SO2.csv", now=NOW)
    size, stamp = record.size, record.observations.stamp
    again = delivery.deliver(record, station_file(FIRST), "other name.csv", now=NOW + timedelta(days=1))
    assert (again.status, again.leaves, record.size) == ("unchanged", (first.leaves[-1],), size)
    assert record.observations.stamp == stamp
    assert accounted(dict(again.counts))


def test_changed_file_becomes_a_correction_and_both_answers_stay_readable(record: Record) -> None:
    delivery.deliver(record, station_file(FIRST), "2019_SO2.csv", now=NOW)
    before = record.size
    outcome = delivery.deliver(record, station_file(CORRECTED), "2019_SO2.csv", now=NOW, reason="calibration")
    assert outcome.status == "corrected"
    assert outcome.counts == {
        "values_in": 8,
        "stored": 2,
        "unchanged": 4,
        "skipped:empty": 2,
        "changed": 1,
        "filled": 1,
        "status_only": 0,
        "withdrawn": 1,
    }
    assert values(record, A) == [1_500_000, 2_500_000, 3_000_000, 9_000_000]
    assert values(record, B) == [-500_000, None, None, 8_250_000]
    assert values(record, A, before) == [1_500_000, 2_500_000, None, 4_000_000]
    assert values(record, B, before) == [-500_000, None, 7_000_000, 8_250_000]
    assert values(record, A, 0) == [None] * 4


def test_correction_leaf_says_why_and_what_it_supersedes(record: Record) -> None:
    first = delivery.deliver(record, station_file(FIRST), "2019_SO2.csv", now=NOW)
    second = delivery.deliver(record, station_file(CORRECTED), "2019_SO2.csv", now=NOW, reason="calibration")
    leaf = record.ledger.leaf(second.leaves[-1])
    assert isinstance(leaf, Leaf)
    assert (leaf.kind, leaf.reason, leaf.supersedes) == ("correction", "calibration", (first.leaves[-1],))
    rows = record.evidence.rows(leaf.batch["sha256"])  # type: ignore[index]
    gone = rows.filter(pl.col("flags") & int(Flag.TOMBSTONE) != 0)
    assert gone.select("series", "start", "value").rows() == [(B, hour(2), None)]
    assert rows.height == 3


def test_more_digits_of_the_same_number_are_no_change(record: Record) -> None:
    delivery.deliver(record, station_file({"NL90001": ["2.5"]}), "a.csv", now=NOW)
    outcome = delivery.deliver(record, station_file({"NL90001": ["2.50"]}), "b.csv", now=NOW)
    assert (outcome.status, outcome.counts["unchanged"], outcome.counts["stored"]) == ("unchanged", 1, 0)


def test_withdrawn_value_can_come_back(record: Record) -> None:
    for text in ("1", "", "3"):
        delivery.deliver(record, station_file({"NL90001": [text, "5"]}), "a.csv", now=NOW)
    history = record.observations.history(A, hour(0))
    assert history["micro"].to_list() == [1_000_000, None, 3_000_000]
    assert history["by"].to_list()[:2] == history["leaf"].to_list()[1:]
    assert [values(record, A, size)[0] for size in (2, 3, 4)] == [1_000_000, None, 3_000_000]


def test_delivery_of_another_year_touches_nothing(record: Record) -> None:
    delivery.deliver(record, station_file(FIRST), "2019_SO2.csv", now=NOW)
    outcome = delivery.deliver(record, station_file(FIRST, first="20200101"), "2020_SO2.csv", now=NOW)
    assert outcome.status == "stored"
    assert "changed" not in outcome.counts
    assert values(record, A) == [1_500_000, 2_500_000, None, 4_000_000]


def test_provisional_values_are_corrected_by_the_validated_file(record: Record) -> None:
    delivery.deliver(record, samples.hollandse_luchten(), "Voorbeeld_LML.csv", now=NOW)
    held = record.observations.read(series=[B], start=hour(24 * 300), end=hour(24 * 400))
    assert held["micro"].to_list() == [88_700_000]
    measured = (held["start"][0] - hour(365 * 24)) // timedelta(hours=1)
    file = station_file({"NL90002": ["88.7" if h == measured else "" for h in range(24)]}, "20200101")
    outcome = delivery.deliver(record, file, "2020_SO2.csv", now=NOW)
    assert (outcome.counts["status_only"], outcome.counts["changed"], outcome.counts["withdrawn"]) == (1, 0, 0)


def test_station_that_is_described_the_same_again_gets_no_new_record(record: Record) -> None:
    delivery.deliver(record, station_file(FIRST), "a.csv", now=NOW)
    delivery.deliver(record, station_file(FIRST, first="20200101"), "b.csv", now=NOW)
    kinds = [leaf.kind for leaf in record.ledger.leaves() if isinstance(leaf, Leaf)]
    assert kinds == ["catalogue", "observations", "observations"]
    delivery.deliver(record, station_file(FIRST, first="20210101", name="Nieuwdorp"), "c.csv", now=NOW)
    assert record.catalogue.state("station")["NL90001"]["name"] == "Nieuwdorp-NL90001"
    assert record.catalogue.state("station", as_of=3)["NL90001"]["name"] == "Eendorp-NL90001"
    assert record.catalogue.state("station", at="2020-06-01")["NL90001"]["name"] == "Eendorp-NL90001"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "input-empty"),
        (b"<!DOCTYPE html><html>no such file</html>", "input-not-this-format"),
        (station_file(FIRST)[:-60], "input-truncated"),
        (station_file(FIRST).decode("latin-1").encode(), "input-encoding"),
        (station_file({"NL90001": ["1,5"]}), "input-number"),
    ],
)
def test_wrong_input_is_refused_and_leaves_nothing_behind(record: Record, data: bytes, code: str) -> None:
    delivery.deliver(record, station_file(FIRST), "good.csv", now=NOW)
    before = sorted(path for path in record.data_dir.rglob("*") if path.is_file())
    with pytest.raises(GoedeBuurError) as error:
        delivery.deliver(record, data, "2019_SO2.csv", now=NOW)
    assert error.value.code == code
    assert error.value.hint
    assert sorted(path for path in record.data_dir.rglob("*") if path.is_file()) == before


def test_file_in_error_stops_none_of_the_others(record: Record, tmp_path: Path) -> None:
    good, bad, missing = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "missing.csv"
    good.write_bytes(station_file(FIRST))
    bad.write_bytes(b"\x00\x01\x02")
    outcomes = delivery.deliver_files(record, [bad, missing, good], now=NOW)
    assert [outcome.status for outcome in outcomes] == ["refused", "refused", "stored"]
    assert [(outcome.error or {}).get("code") for outcome in outcomes] == [
        "input-unknown-format",
        "input-unreadable-file",
        None,
    ]


def test_correction_in_the_same_command_is_compared_with_what_the_first_file_said(
    record: Record, tmp_path: Path
) -> None:
    one, two = tmp_path / "1.csv", tmp_path / "2.csv"
    one.write_bytes(station_file(FIRST))
    two.write_bytes(station_file(CORRECTED))
    outcomes = delivery.deliver_files(record, [one, two], now=NOW)
    assert [outcome.status for outcome in outcomes] == ["stored", "corrected"]
    assert values(record, A) == [1_500_000, 2_500_000, 3_000_000, 9_000_000]


def test_one_file_named_twice_in_a_command_is_taken_once(record: Record, tmp_path: Path) -> None:
    for name in ("1.csv", "2.csv"):
        (tmp_path / name).write_bytes(station_file(FIRST))
    outcomes = delivery.deliver_files(record, [tmp_path / "1.csv", tmp_path / "2.csv"], now=NOW)
    assert [outcome.status for outcome in outcomes] == ["stored", "unchanged"]
    assert record.size == 2


def test_files_together_give_the_same_content_as_one_by_one(tmp_path: Path) -> None:
    files = [station_file(FIRST), station_file(CORRECTED), station_file(FIRST, first="20200101")]
    for number, data in enumerate(files):
        (tmp_path / f"{number}.csv").write_bytes(data)
    together, apart = open_record(tmp_path / "together"), open_record(tmp_path / "apart")
    delivery.deliver_files(together, sorted(tmp_path.glob("*.csv")), now=NOW)
    for number, data in enumerate(files):
        delivery.deliver(apart, data, f"{number}.csv", now=NOW)
    assert together.ledger.root_hash() == apart.ledger.root_hash()
    for name in NAMES:
        assert together.observations.content_hash(name) == apart.observations.content_hash(name)


def test_releases_become_records_that_a_later_register_corrects(record: Record) -> None:
    data = samples.eprtr()
    outcome = delivery.deliver(record, data, "air.csv", now=NOW)
    assert outcome.status == "stored"
    assert accounted(dict(outcome.counts))
    assert delivery.deliver(record, data, "air.csv", now=NOW).status == "unchanged"
    assert len(record.catalogue.state("release")) == outcome.counts["stored"]


def test_doubtful_value_is_kept_with_a_flag(record: Record) -> None:
    delivery.deliver(record, station_file({"NL90001": ["5", "99999"]}), "a.csv", now=NOW)
    rows = record.observations.read(series=[A], start=hour(0), end=hour(2))
    assert [bool(flags & Flag.OUT_OF_RANGE) for flags in rows["flags"]] == [False, True]
    assert rows["micro"].to_list() == [5_000_000, 99_999_000_000]


def test_rebuild_gives_the_same_content_row_for_row(record: Record) -> None:
    for data in (station_file(FIRST), station_file(CORRECTED), station_file(FIRST, first="20200101")):
        delivery.deliver(record, data, "a.csv", now=NOW)
    before = {name: record.observations.content_hash(name) for name in NAMES}
    assert projection.compare(record).equal
    record.rebuild()
    assert {name: record.observations.content_hash(name) for name in NAMES} == before
    assert values(record, A, 2) == [1_500_000, 2_500_000, None, 4_000_000]


def test_row_changed_in_a_projection_is_seen_by_comparing_with_a_rebuild(record: Record) -> None:
    from goedebuur.store.observations import Batch

    delivery.deliver(record, station_file(FIRST), "a.csv", now=NOW)
    leaf = record.ledger.leaf(1)
    assert isinstance(leaf, Leaf)
    rows = record.evidence.rows(leaf.batch["sha256"])  # type: ignore[index]
    forged = rows.with_columns(value=pl.when(pl.col("value") == 15).then(16).otherwise(pl.col("value")))
    record.observations.clear()
    record.observations.apply([Batch(1, forged)], 2)
    found = projection.compare(record)
    assert not found.equal
    assert found.kept["superseded"] == found.rebuilt["superseded"]


def test_reader_sees_what_a_writer_adds(record: Record) -> None:
    delivery.deliver(record, station_file(FIRST), "a.csv", now=NOW)
    reader = Record.open(record.data_dir, read_only=True)
    delivery.deliver(record, station_file(CORRECTED), "b.csv", now=NOW)
    assert values(reader, A) == [1_500_000, 2_500_000, None, 4_000_000]
    reader.refresh()
    assert values(reader, A) == [1_500_000, 2_500_000, 3_000_000, 9_000_000]
    record.rebuild()
    reader.refresh()
    assert values(reader, A) == [1_500_000, 2_500_000, 3_000_000, 9_000_000]


def test_writing_without_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as error:
        Record.open(tmp_path)
    assert error.value.code == "record-no-key"


def test_ingest_compacts_on_its_own_when_files_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goedebuur.store.observations.observations.TIDY_AFTER", 3)
    record = open_record(tmp_path / "record")
    for value in range(8):
        delivery.deliver(record, station_file({"NL90001": [str(value)] * 24}), "a.csv", now=NOW)
    assert max(len(files) for files in record.observations.tables["history"].files.values()) <= 3
    assert projection.compare(record).equal


def provisional(*cells: str, first: int = 0) -> bytes:
    lines = [f"NL90001,2019-01-01 {first + n:02d}:00:00,{cell}" for n, cell in enumerate(cells)]
    return "\n".join(["station_number,date,SO2", *lines, ""]).encode()


def test_provisional_values_replace_no_validated_ones_and_fill_no_hole_among_them(record: Record) -> None:
    delivery.deliver(record, station_file({"NL90001": ["1", "", "3", ""]}), "v.csv", now=NOW)
    outcome = delivery.deliver(record, provisional("7", "8", "9", "10", "11"), "p_LML.csv", now=NOW)
    assert values(record, A) == [1_000_000, None, 3_000_000, None]
    # the fifth hour lies beyond the validated file
    assert outcome.counts == {"values_in": 5, "stored": 1, "unchanged": 0, "skipped:validated_holds": 4}
    assert (outcome.status, accounted(dict(outcome.counts))) == ("stored", True)


def test_validated_period_is_known_after_a_rebuild(record: Record) -> None:
    delivery.deliver(record, station_file({"NL90001": ["1", ""]}), "v.csv", now=NOW)
    record.rebuild()
    delivery.deliver(record, provisional("7", "8"), "p_LML.csv", now=NOW)
    assert values(record, A) == [1_000_000, None, None, None]


def test_provisional_values_correct_provisional_ones(record: Record) -> None:
    delivery.deliver(record, provisional("1", "2"), "p_LML.csv", now=NOW)
    outcome = delivery.deliver(record, provisional("1", "5"), "p_LML.csv", now=NOW)
    assert (outcome.status, values(record, A)) == ("corrected", [1_000_000, 5_000_000, None, None])


def test_supplier_that_goes_back_to_earlier_bytes_corrects_back_to_them(record: Record) -> None:
    first, second = station_file({"NL90001": ["1", ""]}), station_file({"NL90001": ["2", "5"]})
    for data in (first, second):
        delivery.deliver(record, data, "a.csv", now=NOW)
    back = delivery.deliver(record, first, "a.csv", now=NOW, reason="the second was wrong")
    leaf = record.ledger.leaf(back.leaves[-1])
    assert isinstance(leaf, Leaf)
    assert (back.status, leaf.kind, leaf.payload and leaf.payload["sha256"]) == (
        "corrected",
        "correction",
        canonical.sha256(first),
    )
    assert (back.counts["changed"], back.counts["withdrawn"]) == (1, 1)
    assert values(record, A)[:2] == [1_000_000, None]
    size = record.size
    again = delivery.deliver(record, first, "a.csv", now=NOW)
    assert (again.status, again.leaves, record.size) == ("unchanged", back.leaves, size)


def test_files_that_go_back_to_earlier_bytes_in_one_go_are_taken_in_turn(record: Record, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
    for path, value in zip(paths, ("1", "2", "1"), strict=True):
        path.write_bytes(station_file({"NL90001": [value]}))
    outcomes = delivery.deliver_files(record, paths, now=NOW)
    assert [one.status for one in outcomes] == ["stored", "corrected", "corrected"]
    assert values(record, A)[0] == 1_000_000
    assert delivery.deliver_files(record, paths[2:], now=NOW)[0].status == "unchanged"


def test_files_that_describe_one_station_differently_do_not_take_turns(record: Record) -> None:
    first = station_file({"NL90001": ["1"]}, name="Eendorp")
    wrong, mended = (station_file({"NL90001": [value]}, first="20200101", name="Tweedorp") for value in ("2", "3"))
    for data in (first, wrong, mended):
        delivery.deliver(record, data, "a.csv", now=NOW)
    size = record.size
    # a later leaf corrects the quantity, so what the first file said is compared anew, row by row
    assert [delivery.deliver(record, data, "a.csv", now=NOW).status for data in (first, mended)] == ["unchanged"] * 2
    assert record.size == size
    assert record.catalogue.state("station")["NL90001"]["name"] == "Tweedorp-NL90001"


def test_filled_hole_is_withdrawn_where_the_supplier_goes_back(record: Record) -> None:
    first, second = station_file({"NL90001": ["1", ""]}), station_file({"NL90001": ["1", "5"]})
    for data in (first, second, first):
        delivery.deliver(record, data, "a.csv", now=NOW)
    assert values(record, A)[:2] == [1_000_000, None]


def test_correction_of_another_quantity_lets_the_same_delivery_stay_unchanged(record: Record) -> None:
    delivery.deliver(record, station_file({"NL90001": ["1"]}), "a.csv", now=NOW)
    for value in ("3", "4"):
        delivery.deliver(record, station_file({"NL90001": [value]}, component="NO2"), "n.csv", now=NOW)
    size = record.size
    assert delivery.deliver(record, station_file({"NL90001": ["1"]}), "a.csv", now=NOW).status == "unchanged"
    assert record.size == size


def test_simulated_file_among_measured_series_is_taken_with_a_warning(record: Record) -> None:
    _, name, simulated = samples.SAMPLES["simulated knmi"]
    first = delivery.deliver(record, simulated, name, now=NOW)
    assert delivery.SIMULATED_AMONG_MEASURED not in " ".join(first.doubts)
    delivery.deliver(record, samples.rivm_until_2022(), "2019_SO2.csv", now=NOW)
    _, name, simulated = samples.SAMPLES["simulated rivm"]
    assert delivery.SIMULATED_AMONG_MEASURED in " ".join(delivery.deliver(record, simulated, name, now=NOW).doubts)
