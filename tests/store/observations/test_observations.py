"""The derived tables against an oracle: what holds, what held, and the same content by every way of getting there."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.observations.made import START, A, B, C, Said, batches, held, hour, rows

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.store.observations import Batch, Observations
from goedebuur.store.observations.schema import NAMES

LEAVES: list[Said] = [
    {(A, 0): 10, (A, 1): 11, (A, 60): 12, (C, 0): 5},
    {(B, 0): 20, (B, 60): 21},
    {(A, 1): 99, (A, 60): None},
    {(A, 60): 13, (A, 61): 14},
]
END = START + timedelta(days=40)


def built(root: Path, leaves: list[Said]) -> Observations:
    observations = Observations(root)
    observations.apply(batches(leaves), len(leaves))
    return observations


def answer(observations: Observations, as_of: int | None = None) -> dict[tuple[str, datetime], int]:
    found = observations.read(start=START, end=END, as_of=as_of, columns=["series", "start", "micro"])
    return {(series, start): micro for series, start, micro in found.iter_rows()}


def test_what_holds_is_the_last_version_of_each_row(tmp_path: Path) -> None:
    observations = built(tmp_path, LEAVES)
    assert answer(observations) == {
        (A, hour(0)): 10_000_000,
        (A, hour(1)): 99_000_000,
        (A, hour(60)): 13_000_000,
        (A, hour(61)): 14_000_000,
        (B, hour(0)): 20_000_000,
        (B, hour(60)): 21_000_000,
        (C, hour(0)): 5_000_000,
    }


@pytest.mark.parametrize("size", range(5))
def test_each_earlier_state_stays_readable(tmp_path: Path, size: int) -> None:
    observations = built(tmp_path, LEAVES)
    assert answer(observations, size) == held(LEAVES[:size])


@pytest.mark.parametrize("size", range(5))
def test_duckdb_reads_the_same_as_polars(tmp_path: Path, size: int) -> None:
    observations = built(tmp_path, LEAVES)
    table = observations.table(None, START, END, size).select("series", "start", "micro").to_polars()
    assert {(s, t.astimezone(UTC)): m for s, t, m in table.iter_rows()} == held(LEAVES[:size])
    observations.close()


SAID = st.dictionaries(
    st.tuples(st.sampled_from([A, B, C]), st.sampled_from([0, 1, 47, 48, 60])),
    st.one_of(st.none(), st.integers(-50, 900)),
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(leaves=st.lists(SAID, min_size=1, max_size=5), cuts=st.sets(st.integers(1, 5)))
def test_any_history_in_any_pieces_gives_what_the_oracle_says(leaves: list[Said], cuts: set[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        whole = built(Path(folder) / "whole", leaves)
        pieces = Observations(Path(folder) / "pieces")
        every = batches(leaves)
        for cut in sorted({c for c in cuts if c < len(leaves)} | {len(leaves)}):
            pieces.apply([batch for batch in every if pieces.size <= batch.leaf < cut], cut)
        for size in range(len(leaves) + 1):
            assert answer(pieces, size) == held(leaves[:size])
        for name in NAMES:
            assert pieces.content_hash(name) == whole.content_hash(name)


def in_two_steps(root: Path, every: list[Batch]) -> None:
    observations = Observations(root)
    for size in (2, 4):
        observations.apply([batch for batch in every if observations.size <= batch.leaf < size], size)


@pytest.mark.parametrize("at", range(1, 9))
@pytest.mark.parametrize("after", [False, True], ids=["before the commit", "after the commit"])
def test_crash_between_tables_is_repaired_by_applying_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    from goedebuur.store.observations.table import Table

    clean = built(tmp_path / "clean", LEAVES)
    real, calls = Table.commit, iter(range(1, 100))

    def dies(table: Table, *arguments: object, **named: object) -> None:
        if next(calls) == at:
            if after:
                real(table, *arguments, **named)  # type: ignore[arg-type]
            raise KeyboardInterrupt
        real(table, *arguments, **named)  # type: ignore[arg-type]

    every = batches(LEAVES)
    with monkeypatch.context() as patched:
        patched.setattr(Table, "commit", dies)
        with pytest.raises(KeyboardInterrupt):
            in_two_steps(tmp_path / "broken", every)
    again = Observations(tmp_path / "broken")
    low = again.size
    again.apply([batch for batch in every if batch.leaf >= low], len(LEAVES))
    for size in range(len(LEAVES) + 1):
        assert answer(again, size) == held(LEAVES[:size])
    for name in NAMES:
        assert again.content_hash(name) == clean.content_hash(name)


def test_superseded_says_which_leaf_replaced_which(tmp_path: Path) -> None:
    observations = built(tmp_path, LEAVES)
    versions = observations.history(A, hour(60))
    assert versions.select("leaf", "micro", "by").rows() == [(0, 12_000_000, 2), (2, None, 3), (3, 13_000_000, None)]


def test_roll_up_counts_the_usable_values_of_each_cet_day(tmp_path: Path) -> None:
    observations = built(tmp_path, LEAVES)
    days = observations.days([A], START - timedelta(hours=1), END)
    assert days.select("cet_day", "total", "n", "minimum", "maximum").rows() == [
        (START.date(), 109_000_000, 2, 10_000_000, 99_000_000),
        ((START + timedelta(days=2)).date(), 27_000_000, 2, 13_000_000, 14_000_000),
    ]


def test_compaction_changes_files_and_no_content(tmp_path: Path) -> None:
    observations = Observations(tmp_path)
    for batch in batches(LEAVES):
        observations.apply([batch], batch.leaf + 1)
    before = {name: observations.content_hash(name) for name in NAMES}
    named = observations.tables["history"].select()[0].path
    stray = (tmp_path / "history" / named).with_name("000000000001-left-by-a-crash.parquet")
    stray.write_bytes(b"")
    assert observations.compact(keep_hours=0) > 0
    assert not stray.exists()
    again = Observations(tmp_path)
    assert {name: again.content_hash(name) for name in NAMES} == before
    assert (again.size, answer(again, 2)) == (4, held(LEAVES[:2]))
    assert len(list(tmp_path.glob("history/quantity=*/**/*.parquet"))) == 3


def test_many_additions_leave_few_files_and_the_same_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "goedebuur.store.observations.observations"
    monkeypatch.setattr(f"{module}.TIDY_AFTER", 4)
    monkeypatch.setattr(f"{module}.KEEP_HOURS", 0)
    leaves: list[Said] = [{(A, 0): n, (A, 1): n} for n in range(13)]
    whole, tidied = built(tmp_path / "whole", leaves), Observations(tmp_path / "tidied")
    for batch in batches(leaves):
        before = tidied.stamp
        tidied.apply([batch], batch.leaf + 1)
        tidied.tidy(before)
        assert max(len(files) for table in tidied.tables.values() for files in table.files.values()) <= 4
    # four files that are named, and what was replaced in at most four versions since; never all thirteen additions
    assert all(len(list((tmp_path / "tidied" / name).glob("quantity=*/**/*.parquet"))) <= 8 for name in NAMES)
    again = Observations(tmp_path / "tidied")
    assert {name: again.content_hash(name) for name in NAMES} == {name: whole.content_hash(name) for name in NAMES}
    assert [answer(again, size) for size in range(14)] == [held(leaves[:size]) for size in range(14)]


def test_one_month_reads_the_files_of_that_month_alone(tmp_path: Path) -> None:
    observations = built(tmp_path, LEAVES)
    january = observations.files("current", "pm10", START, datetime(2019, 2, 1, tzinfo=UTC))
    assert [path.parent.name for path in january] == ["month=2019-01"]
    assert duckdb.read_parquet([str(path) for path in january]).aggregate("count(*)").fetchone() == (3,)


def test_series_that_was_never_delivered_has_no_rows(tmp_path: Path) -> None:
    observations = built(tmp_path, LEAVES)
    assert observations.read(series=["X9.pm10.1h"], start=START, end=END).is_empty()


def test_digest_differs_when_one_value_differs(tmp_path: Path) -> None:
    one, other = built(tmp_path / "1", [{(A, 0): 1}]), built(tmp_path / "2", [{(A, 0): 2}])
    assert one.content_hash("current") != other.content_hash("current")
    assert one.content_hash("superseded") == other.content_hash("superseded")


def test_conversion_to_the_canonical_unit_is_exact_or_refused(tmp_path: Path) -> None:
    frame = rows({(A, 0): 16_150}).with_columns(decimals=pl.lit(3, pl.Int8), unit=pl.lit("mg/m³"))
    observations = Observations(tmp_path)
    observations.apply([Batch(0, frame)], 1)
    assert answer(observations) == {(A, hour(0)): 16_150_000_000}
    fine = frame.with_columns(decimals=pl.lit(7, pl.Int8), unit=pl.lit("µg/m³"))
    with pytest.raises(GoedeBuurError) as error:
        observations.apply([Batch(1, fine.with_columns(value=pl.lit(1, pl.Int64)))], 2)
    assert error.value.code == "input-decimals"


def test_damaged_table_says_how_to_rebuild_it(tmp_path: Path) -> None:
    built(tmp_path, LEAVES)
    for path in (tmp_path / "current" / "_delta_log").glob("*.json"):
        path.write_bytes(b"{")
    with pytest.raises(GoedeBuurError) as error:
        Observations(tmp_path)
    assert (error.value.code, "rebuild" in error.value.hint) == ("projection-unreadable", True)


def test_day_of_the_roll_up_holds_the_hour_before_it_in_utc_also_when_that_is_of_another_month(tmp_path: Path) -> None:
    # hour 46 is 30 January 22:00 UTC on from START, 31 January 23:00 CET; hour 47 the first of 1 February in CET
    first, second = START + timedelta(hours=47), START + timedelta(hours=71)
    observations = built(tmp_path, [{(A, 46): 1, (A, 47): 10, (A, 48): 20, (A, 70): 30, (A, 71): 100}])
    days = observations.days([A], first, second)
    told = days.select("cet_day", "total", "n", "minimum", "maximum", "rows", "first", "last").rows()
    assert told == [((START + timedelta(days=2)).date(), 60_000_000, 3, 10_000_000, 30_000_000, 3, hour(47), hour(70))]


def test_correction_in_one_month_keeps_what_the_day_has_of_the_other(tmp_path: Path) -> None:
    observations = built(tmp_path, [{(A, 47): 10, (A, 48): 20}, {(A, 48): 22}])
    days = observations.days([A], START, END)
    assert days.select("total", "n").rows() == [(32_000_000, 2)]


def test_table_with_the_columns_of_another_version_is_refused(tmp_path: Path) -> None:
    import shutil

    built(tmp_path, LEAVES).close()
    shutil.rmtree(tmp_path / "daily")
    shutil.copytree(tmp_path / "superseded", tmp_path / "daily")
    with pytest.raises(GoedeBuurError) as error:
        Observations(tmp_path)
    assert error.value.code == "projection-unreadable"
