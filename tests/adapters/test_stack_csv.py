"""Raw signals of a stack: what the file states is taken; what it leaves open or says wrong is refused by its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from tests.adapters.samples import stack_long, stack_wide

from goedebuur.adapters.base import recognise
from goedebuur.adapters.stack_csv import StackCsv, lines_for
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import CET, Period
from goedebuur.core.measurements.records import Parsed

LONG, WIDE = stack_long().decode(), stack_wide().decode("utf-8-sig").replace("\r\n", "\n")


def parse(text: str) -> Parsed:
    return StackCsv().parse(text.encode(), "raw.csv")


def rows(parsed: Parsed, series: str, *columns: str) -> list[tuple[Any, ...]]:
    return parsed.observations.filter(pl.col("series") == series).select(columns).rows()


def refused(text: str, code: str) -> GoedeBuurError:
    with pytest.raises(GoedeBuurError) as caught:
        parse(text)
    assert caught.value.code == code
    assert caught.value.hint
    return caught.value


def test_row_a_stream_and_time_is_read_with_its_digits_unit_and_status() -> None:
    found = parse(LONG)
    assert rows(found, "K1--a.stack_nox.1min", "value", "decimals", "unit", "flags") == [
        (1834, 1, "mg/Nm³", 0),
        (125, 2, "mg/Nm³", int(Flag.CALIBRATING)),
        (-9999, 0, "mg/Nm³", int(Flag.NOT_A_VALUE | Flag.MALFUNCTION)),
    ]
    assert rows(found, "K1.stack_o2.1min", "value", "flags") == [
        (109, 0),
        (11, int(Flag.MAINTENANCE | Flag.SUPPLIER_INVALID)),
    ]
    assert found.skipped == {"empty": 1, "no value": 1}


def test_times_without_summer_time_are_an_hour_before_in_utc() -> None:
    starts = rows(parse(LONG), "K1.stack_o2.1min", "start")
    assert starts == [(datetime(2026, 1, 31, 22, 0, tzinfo=UTC),), (datetime(2026, 1, 31, 22, 2, tzinfo=UTC),)]


def test_file_that_says_so_is_complete_for_its_period() -> None:
    assert parse(LONG).covers == Period(datetime(2026, 1, 31, 23, tzinfo=CET), datetime(2026, 2, 1, 1, tzinfo=CET))
    assert parse(WIDE).covers is None
    outside = LONG.replace("2026-01-31T23:00+01:00/", "2026-01-31T23:01+01:00/")
    assert refused(outside, "input-time").place == "raw.csv, line 15, column time"


def test_hour_that_comes_twice_is_two_hours_and_a_label_of_the_end_is_taken_back() -> None:
    # 01:30 of summer time is 23:30 in UTC: the end of the half hour from 23:00
    first = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    starts = [start for (start,) in rows(parse(WIDE), "K2.stack_co.30min", "start")]
    assert starts == [first + timedelta(minutes=30 * n) for n in range(7)]


def test_hour_that_comes_twice_is_told_apart_for_each_stream_where_streams_are_rows() -> None:
    body = "".join(f"{s};25-10-2026 {t};1;0\n" for t in ("02:00", "02:30", "02:00", "02:30") for s in ("CO", "signaal"))
    head = WIDE.partition("time;")[0].replace("wide", "long").replace("# rows: 7", "# rows: 8")
    found = parse(f"{head}stream;time;value;status\n{body}")
    hours = [datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=30 * n) for n in range(4)]
    assert [start for (start,) in rows(found, "K2.stack_co.30min", "start")] == hours
    assert [start for (start,) in rows(found, "K2.stack_signal_ma.30min", "start")] == hours


def test_time_of_that_hour_that_stands_there_once_is_refused() -> None:
    once = WIDE.replace("25-10-2026 02:00;3,5;0;23;0\n", "").replace("# rows: 7", "# rows: 6")
    error = refused(once, "input-time")
    assert (error.place, error.value) == ("raw.csv, line 15, column time", "25-10-2026 02:00")


def test_time_that_the_clock_skips_is_refused() -> None:
    spring = WIDE.replace("25-10-2026", "29-03-2026")
    assert refused(spring, "input-time").value == "29-03-2026 02:00"


@pytest.mark.parametrize(
    ("time", "start"),
    [
        ("2026-03-29T03:00:00+02:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("2026-03-29 01:59+01:00", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-10-25T02:30:00Z", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+0100", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_times_with_an_offset_need_no_clock(time: str, start: datetime) -> None:
    head = LONG.partition("stream;time")[0].replace("CET", "offset").replace("# rows: 7", "# rows: 2")
    head = "\n".join(line for line in head.splitlines() if "covers" not in line)
    found = parse(f"{head}\nstream;time;value;status\nnox;{time};1;0\no2;{time};1;0\n")
    assert found.observations["start"].to_list() == [start, start]


def test_offset_where_a_clock_is_stated_is_refused_and_no_offset_where_none_is() -> None:
    mixed = LONG.replace("nox;2026-01-31 23:01;", "nox;2026-01-31 23:01+01:00;")
    assert refused(mixed, "input-time").place == "raw.csv, line 16, column time"
    assert refused(LONG.replace("CET", "offset"), "input-time").place == "raw.csv, line 15, column time"


def test_one_row_is_written_otherwise_than_the_first_and_read_all_the_same() -> None:
    other = LONG.replace("nox;2026-01-31 23:01;", "nox;2026-01-31T23:01:00;")
    assert parse(other).observations.equals(parse(LONG).observations)


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "value"),
    [
        ("183,4", "183.4", "input-number", "raw.csv, line 15, stream nox, column value", "183.4"),
        ("183,4", "1.183,4", "input-number", "raw.csv, line 15, stream nox, column value", "1.183,4"),
        ("183,4", "veel", "input-number", "raw.csv, line 15, stream nox, column value", "veel"),
        ("183,4", "1,1234567", "input-decimals", "raw.csv, line 15, stream nox, column value", "1.1234567"),
        (
            "183,4",
            "99999999999",
            "input-magnitude",
            "raw.csv, line 15, stream nox, column value",
            "99999999999 with 0 decimals, in mg/Nm³",
        ),
        ("10,9;0", "10,9;5", "input-status", "raw.csv, line 19, stream o2, column status", "5"),
        ("10,9;0", "10,9;", "input-status", "raw.csv, line 19, stream o2, column status", "(empty)"),
        ("o2;2026-01-31 23:00", "so2;2026-01-31 23:00", "input-stream", "raw.csv, line 19, column stream", "so2"),
        (
            "nox;2026-01-31 23:01",
            "nox;2026-01-31 23:00",
            "input-duplicate",
            "raw.csv, lines 15 and 16, stream nox",
            "2026-01-31T22:00:00Z",
        ),
        (
            "nox;2026-01-31 23:01",
            "nox;31-01-2026 23:01",
            "input-time",
            "raw.csv, line 16, column time",
            "31-01-2026 23:01",
        ),
        (
            "nox;2026-01-31 23:01",
            "nox;2026-01-31 23:01:30",
            "input-time",
            "raw.csv, line 16, column time",
            "2026-01-31 23:01:30",
        ),
        (
            "nox;2026-01-31 23:01",
            "nox;2026-02-30 23:01",
            "input-time",
            "raw.csv, line 16, column time",
            "2026-02-30 23:01",
        ),
        ("[mg/Nm³]", "[mA]", "input-unit", "raw.csv, line 12", "mA"),
        ("stack_nox", "stack_nix", "input-quantity", "raw.csv, line 12", "K1--a.stack_nix.1min"),
        ("stack_nox", "nox", "input-quantity", "raw.csv, line 12", "K1--a.nox.1min"),
        ("value;status", "value;state", "input-missing-column", "raw.csv, line 14", "status"),
        ("value;status", "value", "input-missing-column", "raw.csv, line 14", "status"),
        ("# rows: 7", "# rows: 8", "input-truncated", "raw.csv, line 21", "7"),
        ("183,4", '"183,4"', "input-not-this-format", "raw.csv, line 15", 'nox;2026-01-31 23:00;"183,4";0'),
        ("183,4;0", "183;4;0", "input-missing-column", "raw.csv, line 15", ""),
        ("# clock: CET", "# clock: MET", "input-preamble", "raw.csv, line 5", "MET"),
        ("# clock: CET\n", "", "input-preamble", "raw.csv, before line 13", ""),
        ("# clock: CET", "# klok: CET", "input-preamble", "raw.csv, line 5", "klok"),
        ("# clock: CET", "# label: start", "input-preamble", "raw.csv, line 6", "label"),
        ("separator: ;", "separator: ,", "input-preamble", "raw.csv, line 4", ","),
        ("stack: 1", "stack: 2", "input-preamble", "raw.csv, line 1", "2"),
        ("1 = maintenance", "1 = onderhoud", "input-preamble", "raw.csv, line 8", "1 = onderhoud"),
        ("# stream: o2", "# stream: nox", "input-preamble", "raw.csv, line 13", "nox"),
        ("K1--a.stack_nox.1min", "K1--a.stack_nox.7s", "input-preamble", "raw.csv, line 12", "K1--a.stack_nox.7s"),
        (
            "/2026-02-01T01:00+01:00",
            "/2026-02-01T01:00",
            "input-preamble",
            "raw.csv, line 11",
            "2026-01-31T23:00+01:00/2026-02-01T01:00",
        ),
    ],
)
def test_fault_is_told_with_its_place_and_value(old: str, new: str, code: str, place: str, value: str) -> None:
    assert old in LONG
    error = refused(LONG.replace(old, new, 1), code)
    assert (error.place, error.value) == (place, value)


def test_same_value_twice_is_refused_too() -> None:
    line = "nox;2026-01-31 23:00;183,4;0\n"
    twice = LONG.replace(line, line + line).replace("# rows: 7", "# rows: 8")
    assert "the same value" in refused(twice, "input-duplicate").message


def test_rows_in_any_order_are_the_same_rows() -> None:
    head, _, body = LONG.partition("stream;time;value;status\n")
    turned = "".join(reversed(body.splitlines(keepends=True)))
    assert parse(f"{head}stream;time;value;status\n{turned}").observations.equals(parse(LONG).observations)


def test_columns_may_share_one_status_or_have_none() -> None:
    shared = "\n".join(
        f"{line.rsplit(';', 3)[0]};{line.rsplit(';')[3]};1" if line.startswith("25-10") else line
        for line in WIDE.replace("time;CO;CO.status;signaal;signaal.status", "time;CO;signaal;status").splitlines()
    )
    assert set(parse(shared + "\n").observations["flags"]) == {int(Flag.MAINTENANCE)}
    none = shared.replace(";status", "").replace(";1\n", "\n").removesuffix(";1")
    status = next(line for line in none.splitlines() if line.startswith("# status"))
    found = parse(none.replace(status, "# status: none") + "\n").observations
    assert found.height == 14
    assert set(found["flags"]) == {0}


def test_column_that_is_not_described_is_refused() -> None:
    more = WIDE.replace("signaal.status\n", "signaal.status;SO2\n")
    assert refused(more, "input-missing-column").value == "SO2"


def test_streams_of_two_steps_do_not_stand_in_columns() -> None:
    assert refused(WIDE.replace("stack_co.30min", "stack_co.1min"), "input-preamble").value == "60 s, 1800 s"


def test_cells_may_be_padded_with_spaces() -> None:
    assert parse(LONG.replace(";183,4;0", "; 183,4 ; 0")).observations.equals(parse(LONG).observations)


def test_lines_that_the_program_writes_are_read_by_it() -> None:
    lines = lines_for([("K1-nox", "K1.stack_nox.1min", "mg/m³"), ("K1-o2", "K1.stack_o2.1min", "%")])
    assert recognise("x.csv", lines.encode()).id == "stack_csv"
    found = parse(lines + "K1-o2;2026-01-01 00:00:00;10,9;0\n")
    assert rows(found, "K1.stack_o2.1min", "value", "decimals") == [(109, 1)]
