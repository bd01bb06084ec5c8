"""Raw signals go the road of every delivery, and fit the streams in the record or are refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, NOX

from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.rulebook import Severity
from goedebuur.services import delivery, examining, streams
from goedebuur.services.record import Record

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
stream;time;value;status
"""
ROWS = "nox;2026-01-01 00:00;183,4;0\nnox;2026-01-01 00:01;12;1\no2;2026-01-01 00:00;10,9;0\n"
SPAN = datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def held(record: Record) -> list[tuple[int, int]]:
    rows = record.observations.read(series=["K1.stack_nox.1min"], start=SPAN[0], end=SPAN[1])
    return rows.select("micro", "flags").rows()


def refused(record: Record, text: str) -> GoedeBuurError:
    size = record.size
    for take in (delivery.deliver, delivery.accept_small, delivery.submit):
        with pytest.raises(GoedeBuurError) as caught:
            take(record, text.encode(), "raw.csv", now=NOW)
    assert record.size == size
    assert held(record) == []
    return caught.value


def test_raw_values_are_kept_with_their_status_and_a_later_file_corrects_them(record: Record) -> None:
    assert delivery.deliver(record, (HEAD + ROWS).encode(), "raw.csv", now=NOW).status == "stored"
    assert held(record) == [(183_400_000, 0), (12_000_000, int(Flag.MAINTENANCE))]
    again = HEAD + ROWS.replace("12;1", "12;0")
    later = NOW + timedelta(hours=1)
    assert delivery.deliver(record, again.encode(), "raw2.csv", now=later, reason="status").status == "corrected"
    assert held(record) == [(183_400_000, 0), (12_000_000, 0)]


def test_small_delivery_waits_in_the_journal_and_is_sealed(record: Record) -> None:
    delivery.accept_small(record, (HEAD + ROWS).encode(), "raw.csv", now=NOW)
    delivery.seal(record, NOW + timedelta(minutes=30))
    assert len(held(record)) == 2


def test_series_of_no_stream_is_refused(record: Record) -> None:
    error = refused(record, (HEAD + ROWS).replace("K1.stack_o2", "K9.stack_o2"))
    assert (error.code, error.value) == ("input-no-stream", "K9.stack_o2.1min")


def test_other_unit_than_the_stream_has_is_refused(record: Record) -> None:
    error = refused(record, (HEAD + ROWS).replace("[mg/m³]", "[µg/m³]").replace("183,4", "183400"))
    assert (error.code, error.value) == ("input-stream-unit", "µg/m³")


def test_value_of_a_day_on_which_the_stream_was_not_in_use_is_refused(record: Record) -> None:
    streams.put(record, [replace(NOX, valid_to=date(2026, 1, 1))], NOW + timedelta(hours=1), reason="weg")
    last = ROWS.replace("2026-01-01 00:01", "2026-01-01 23:59")
    error = refused(record, HEAD + ROWS.replace("2026-01-01 00:01", "2026-01-02 00:00"))
    assert (error.code, error.value) == ("input-stream-day", "2026-01-02")
    assert delivery.deliver(record, (HEAD + last).encode(), "raw.csv", now=NOW).status == "stored"


def test_file_that_does_not_fit_stops_no_other(record: Record, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(HEAD + ROWS)
    bad.write_text((HEAD + ROWS).replace("K1.stack_o2", "K9.stack_o2"))
    outcomes = delivery.deliver_files(record, [bad, good], now=NOW)
    assert [one.status for one in outcomes] == ["refused", "stored"]


def test_value_of_a_zero_check_counts_in_no_average(record: Record) -> None:
    rows = "".join(
        f"nox;2026-01-01 00:{minute:02};{100 if minute < 30 else 0};{0 if minute < 30 else 1}\n" for minute in range(60)
    )
    delivery.deliver(record, (HEAD + rows).encode(), "raw.csv", now=NOW)
    days = record.observations.days(["K1.stack_nox.1min"], *SPAN)
    assert days.select("n", "total", "rows").rows() == [(30, 30 * 100_000_000, 60)]


def minutes(hours: int, *, name: str = "nox", still: range = range(0), first: int = 0) -> str:
    """So many hours that move from minute to minute, and in some minutes stand still."""
    lines = []
    for at in range(first, first + 60 * hours):
        value = 50 if at in still else 600 + (31 * at * at + 17 * at) % 4999
        lines.append(f"{name};2026-01-01 {at // 60:02}:{at % 60:02};{value // 10},{value % 10};0\n")
    return "".join(lines)


STILL = (HEAD + minutes(12, still=range(300, 420))).encode()


def told(texts: tuple[str, ...]) -> list[str]:
    return [rulebook.noted(text)[1] for text in texts]


def test_what_the_checks_find_is_told_before_and_when_a_file_is_delivered(record: Record) -> None:
    looked = examining.read(STILL, "raw.csv", record=record)
    before = examining.findings(looked.refusals, looked.more, looked.prepared, record)
    (note,) = [one for one in before if one.check.startswith("stack-values")]
    assert (note.severity, note.check) == (Severity.NOTE, "stack-values-stuck")
    assert note.message == (
        "K1-nox from 2026-01-01T04:00:00Z to 2026-01-01T06:00:00Z: The measurement stands still at 5 for 120 minutes."
    )
    outcome = delivery.deliver(record, STILL, "raw.csv", now=NOW)
    assert outcome.status == "stored"
    assert told(outcome.doubts) == ["stack-values-stuck"]
    assert len(held(record)) == 12 * 60


def test_streams_that_came_before_are_held_beside_those_that_come(record: Record) -> None:
    """Twelve hours of oxygen, six of them in the record already: nothing is missing, and without those it is."""
    late = (HEAD + minutes(12) + minutes(6, name="o2", first=360)).encode()
    looked = examining.read(late, "raw.csv", record=record)
    alone = examining.findings(looked.refusals, looked.more, looked.prepared, record)
    assert "stack-values-missing" in [one.check for one in alone]
    delivery.deliver(record, (HEAD + minutes(6, name="o2")).encode(), "o2.csv", now=NOW)
    assert told(delivery.deliver(record, late, "raw.csv", now=NOW).doubts) == []


def test_what_is_found_again_and_again_is_counted(record: Record) -> None:
    hours = "".join(
        minutes(1, first=60 * hour, still=range(60 * hour, 60 * hour + 45 if hour % 2 else 60 * hour))
        for hour in range(24)
    )
    doubts = delivery.deliver(record, (HEAD + hours).encode(), "raw.csv", now=NOW).doubts
    assert told(doubts) == ["stack-values-stuck"] * 6
    assert doubts[-1].startswith("the same 7 times more")  # 12 odd hours, of which five are told one by one
