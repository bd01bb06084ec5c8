"""Weeks outside the valid range are counted since the last test, from the averages of the company."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL
from tests.services.test_control_measurements import Averages, half_hours
from tests.services.test_instrument_tests import QAL2, report

from goedebuur.core.emissions.en14181.criteria import Outcome
from goedebuur.services import range_surveillance, streams
from goedebuur.services.range_surveillance import Watched
from goedebuur.services.record import Record

MONDAY = datetime(2026, 1, 4, 23, tzinfo=UTC)
ON = date(2026, 5, 1)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    enter_bureau(found)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def weeks(*outside: int) -> pl.DataFrame:
    """Weeks of ten half hours each, so many of them above 220 mg/m³, the end of the valid range."""
    frames = []
    for number, above in enumerate(outside):
        start = MONDAY + timedelta(weeks=number)
        frame = half_hours("K1-nox", [221] * above + [220] * (10 - above))
        steps = pl.int_range(10) * pl.duration(minutes=30)
        frames.append(frame.with_columns(start=pl.lit(start).dt.cast_time_unit("us") + steps))
    return pl.concat(frames)


def watched(record: Record, frame: pl.DataFrame) -> Watched:
    (found,) = range_surveillance.of_site(record, "werk", Averages(frame), ON)
    return found


def test_weeks_above_the_range_of_the_function_call_for_a_new_calibration(record: Record) -> None:
    found = watched(record, weeks(1, 1, 1, 1, 1, 1))
    assert found.found is not None
    assert (found.function, found.found.outcome) == ("K1-nox-2025", Outcome.FAILED)
    assert [(week.values, week.outside) for week in found.found.weeks] == [(10, 1)] * 6
    told = watched(record, weeks(1, 1, 1, 1, 1, 0)).found
    assert told is not None
    assert told.outcome is Outcome.PASSED


def test_weeks_before_the_last_test_do_not_count(record: Record) -> None:
    submit(record, report_file([report("qal2", QAL2)]))  # until 6 March, a Friday: from the ninth week on it counts
    found = watched(record, weeks(*[1] * 12))
    assert found.since == date(2026, 3, 6)
    assert found.found is not None
    assert [week.monday for week in found.found.weeks] == [date(2026, 3, 9), date(2026, 3, 16), date(2026, 3, 23)]
    assert found.found.outcome is Outcome.PASSED


def test_rest_of_the_week_of_the_test_does_not_count(record: Record) -> None:
    submit(record, report_file([report("qal2", QAL2)]))  # until Friday; the values are of the Saturday after
    saturday = weeks(10).with_columns(pl.col("start") + pl.duration(days=61))
    found = watched(record, saturday).found
    assert found is not None
    assert found.weeks == ()


def test_without_averages_nothing_is_said(record: Record) -> None:
    assert watched(record, weeks(1).filter(pl.col("stream") == "x")).found is None
