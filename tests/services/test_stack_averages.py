"""Averages at a stack follow from the raw values in the record, and change with exactly those that they depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, FUNCTION, NOX, PROCESSING

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import CET, Clock, Period
from goedebuur.core.emissions.processing import Reference
from goedebuur.core.emissions.tables import SHORT, Lost
from goedebuur.services import delivery, stack_averages, stack_differences, streams
from goedebuur.services.record import Record
from goedebuur.services.stack_averages import KEYS, RecordAverages

HEAD = """# goedebuur-stack: 1
# layout: long
# separator: ;
# decimal: ,
# clock: CET
# label: start
# day: yyyy-mm-dd
# status: 0 = valid, 1 = maintenance
# stream: nox = K1.stack_nox.1min [mg/m³]
# stream: o2 = K1.stack_o2.1min [%]
# stream: state = K1.stack_state.1min [code]
stream;time;value;status
"""
MIDNIGHT = datetime(2026, 1, 10, tzinfo=CET)
DAYS = Period(MIDNIGHT, MIDNIGHT + timedelta(days=2))
AT = datetime(2026, 1, 10, 14, 17, tzinfo=CET)
"""A minute in the half hour of 13:00 UTC."""
HALF_HOUR = datetime(2026, 1, 10, 13, 0, tzinfo=UTC)


def lines(at: datetime, values: Mapping[str, str]) -> str:
    return "".join(f"{name};{at:%Y-%m-%d %H:%M};{value};0\n" for name, value in values.items())


def two_days() -> str:
    minutes = (MIDNIGHT + timedelta(minutes=k) for k in range(2 * 1440))
    return HEAD + "".join(
        lines(at, {"nox": f"{100 + at.minute},5", "o2": "8,5" if at.hour < 20 else "13", "state": "1"})
        for at in minutes
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Return a record with two days of minutes; nobody changes it."""
    found = open_record(tmp_path_factory.mktemp("stacks"))
    streams.put(found, ALL, NOW)
    delivery.deliver(found, two_days().encode(), "raw.csv", now=NOW)
    yield found
    found.close()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, ALL, NOW)
    delivery.deliver(found, two_days().encode(), "raw.csv", now=NOW)
    yield found
    found.close()


def correct(record: Record, **values: str) -> tuple[int, int]:
    """Return the tree sizes before and after one minute was delivered again."""
    before = record.observations.size
    text = HEAD + lines(AT, values)
    done = delivery.deliver(record, text.encode(), "again.csv", now=NOW + timedelta(hours=1), reason="typing error")
    assert done.status == "corrected"
    return before, record.observations.size


def short(record: Record, as_of: int | None = None) -> pl.DataFrame:
    return stack_averages.short(record, "werk", "K1", DAYS, as_of)


def test_a_half_hour_is_what_a_hand_computation_gives(filled: Record) -> None:
    row = short(filled).filter((pl.col("stream") == "K1-nox") & (pl.col("start") == HALF_HOUR)).row(0, named=True)
    # minutes 0 to 29: mean raw 100.5 + 14.5 = 115; -1.2 + 1.04 · 115 = 118.4; at 8.5 % to 11 %: · 0.8 = 94.72
    assert (row["raw"], row["calibrated"], row["standard"]) == (115_000_000, 118_400_000, 94_720_000)
    assert (row["n"], row["valid"], row["state"], row["lost"], row["mass"]) == (30, True, "normal", 0, None)


def test_there_is_a_row_for_every_half_hour_also_where_nothing_was_measured(filled: Record) -> None:
    after = Period(DAYS.end, DAYS.end + timedelta(hours=1))
    found = stack_averages.short(filled, "werk", "K1", after).filter(pl.col("stream") == "K1-nox")
    assert found.select("valid", "n", "lost", "raw").rows() == [(False, 0, Lost.MISSING | Lost.TOO_FEW, None)] * 2
    assert short(filled).filter(pl.col("stream") == "K1-nox").height == 96


def test_days_are_of_the_half_hours(filled: Record) -> None:
    found = stack_averages.longer(filled, short(filled), "day", Clock.CET)
    nox = found.filter(pl.col("stream") == "K1-nox")
    rows = short(filled).filter(pl.col("stream") == "K1-nox").sort("start")
    assert nox["total"].to_list() == [rows["standard"][:48].sum(), rows["standard"][48:].sum()]
    assert nox["n"].to_list() == [48, 48]


def brute_force(record: Record, a: int, b: int) -> tuple[pl.DataFrame, dict[str, pl.DataFrame]]:
    """Return all that differs, from the whole of both states."""
    period = Period(Period.year(2026, Clock.CET).start, DAYS.end)
    before, after = (
        pl.concat(
            stack_averages.computed(
                record.observations, stack_averages.plan_of(record, "werk", "K1", size), month, size
            )
            for month in stack_averages.months_of(period)
        ).filter(pl.col("start").is_between(pl.lit(period.start), pl.lit(period.end), closed="left"))
        for size in (a, b)
    )
    longer = {
        per: stack_differences.compared(
            *(stack_averages.longer(record, one, per, Clock.CET) for one in (before, after)),
            ("stream", "reference", "length", per),
        )
        for per in stack_averages.PER
    }
    return stack_differences.compared(before, after, KEYS).sort(*KEYS), longer


@pytest.mark.parametrize(
    ("changed", "streams_changed"),
    [({"nox": "400"}, ["K1-nox"]), ({"o2": "9,5"}, ["K1-nox", "K1-o2"]), ({"state": "0"}, ["K1-nox"])],
)
def test_one_changed_minute_changes_exactly_what_depends_on_it(
    record: Record, changed: dict[str, str], streams_changed: list[str]
) -> None:
    a, b = correct(record, **changed)
    found = stack_differences.averages(record, "werk", "K1", a, b, Clock.CET)
    assert found.short["start"].unique().to_list() == [HALF_HOUR]
    assert found.short["stream"].to_list() == streams_changed
    wanted, longer = brute_force(record, a, b)
    assert found.short.equals(wanted)
    for per, rows in longer.items():
        order = ["stream", "reference", "length", per]
        assert found.longer[per].sort(order).equals(rows.sort(order))
        assert rows["stream"].sort().to_list() == streams_changed


def test_a_changed_minute_names_what_was_and_what_is(record: Record) -> None:
    a, b = correct(record, nox="387,5")  # from 117.5: the mean is 9 more
    row = stack_differences.averages(record, "werk", "K1", a, b, Clock.CET).short.row(0, named=True)
    assert (row["raw_before"], row["raw"]) == (115_000_000, 124_000_000)
    # -1.2 + 1.04 · 124 = 127.76; · 0.8 = 102.208
    assert (row["standard_before"], row["standard"]) == (94_720_000, 102_208_000)


def test_nothing_differs_from_itself(filled: Record) -> None:
    size = filled.observations.size
    found = stack_differences.averages(filled, "werk", "K1", size, size, Clock.CET)
    assert found.short.is_empty()
    assert all(rows.is_empty() for rows in found.longer.values())


def test_another_function_changes_the_days_on_which_it_holds(record: Record) -> None:
    a = record.observations.size
    later = replace(
        FUNCTION, id="K1-nox-2026", slope="1.1", performed_on=date(2026, 1, 5), valid_from=date(2026, 1, 11)
    )
    streams.put(record, [later], NOW + timedelta(hours=1), reason="new test")
    b = record.size
    found = stack_differences.averages(record, "werk", "K1", a, b, Clock.CET).short
    assert found["stream"].unique().to_list() == ["K1-nox"]
    assert found["start"].min() == MIDNIGHT + timedelta(days=1)
    assert found.filter(pl.col("valid")).height == 48
    assert found.equals(brute_force(record, a, b)[0].filter(pl.col("start") < found["start"].max() + timedelta(days=1)))


def test_what_is_kept_is_used_and_only_changed_hours_are_computed_again(record: Record) -> None:
    def steps() -> list[tuple[str, str]]:
        return [(one.month, one.how) for one in stack_averages.refresh(record, DAYS)]

    assert steps() == [("2026-01", "whole")]
    assert steps() == [("2026-01", "kept")]
    a, b = correct(record, nox="300")
    assert steps() == [("2026-01", "hours")]
    assert steps() == [("2026-01", "kept")]
    made = stack_averages.plan_of(record, "werk", "K1")
    (month,) = stack_averages.months_of(DAYS)
    fresh = stack_averages.computed(record.observations, made, month).sort(*KEYS)
    kept = stack_averages.short(record, "werk", "K1", month)
    assert kept.equals(fresh)
    assert dict(kept.schema) == SHORT
    assert not short(record, a).equals(short(record, b))
    streams.put(record, [replace(FUNCTION, slope="1.05")], NOW + timedelta(hours=2), reason="typing error")
    assert steps() == [("2026-01", "whole")]


def test_a_reader_computes_without_keeping(record: Record) -> None:
    reader = Record.open(record.data_dir, read_only=True)
    try:
        assert stack_averages.short(reader, "werk", "K1", DAYS).height > 0
        assert not (record.data_dir / "projections" / "stacks").exists()
    finally:
        reader.close()


def test_an_earlier_state_is_as_it_was_then(record: Record) -> None:
    was = short(record)
    a, _ = correct(record, nox="300")
    assert short(record, a).equals(was)
    assert not short(record).equals(was)


def test_other_reference_conditions_can_be_asked_for(filled: Record) -> None:
    three = Reference("3", dry=True)
    found = stack_averages.short(filled, "werk", "K1", DAYS, None, [three])
    row = found.filter((pl.col("reference") == three.key) & (pl.col("start") == HALF_HOUR)).row(0, named=True)
    assert row["standard"] == 118_400_000 * 18 * 2 // 25  # (21 - 3)/(21 - 8.5)


def test_a_point_without_settings_is_an_error_and_gives_no_averages(filled: Record) -> None:
    with pytest.raises(GoedeBuurError) as refused:
        stack_averages.short(filled, "werk", "K2", DAYS)
    assert refused.value.code == stack_averages.NO_PROCESSING
    other = replace(NOX, id="K2-nox", emission_point="K2")
    assert RecordAverages(filled).short(other, 2026).is_empty()


def test_verdicts_get_the_averages_up_to_the_last_raw_value_and_the_batches_behind_them(filled: Record) -> None:
    source = RecordAverages(filled)
    assert source.inputs() == ()
    found = source.short(NOX, 2026)
    assert found["start"].max() == DAYS.end - timedelta(minutes=30)
    assert found.filter(pl.col("n") > 0).height == 96
    (leaf,) = [one for one in filled.ledger.leaves(0, filled.size) if getattr(one, "kind", "") == "observations"]
    batch: Any = leaf.batch
    assert source.inputs() == (batch["sha256"],)
    assert PROCESSING.id == "K1-2025"
