"""A file with raw signals that breaks one rule is refused for that rule, by line, column and value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.adapters.samples import SAMPLES, stack_long
from tests.rulebook import seen
from tests.rulebook.cases import Case, require_refused, to
from tests.services import stacks
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL
from tests.services.test_stack_delivery import HEAD, ROWS

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.services import delivery, preparing, streams

LONG, WIDE = "stack long", "stack wide"
NOX = "# stream: nox = K1--a.stack_nox.1min [mg/Nm³]"


def text(old: str, new: str) -> Callable[[bytes], bytes]:
    return to(old, new, "utf-8")


def said(old: str, new: str, line: int, value: str = "", column: str = "") -> Case:
    return Case(LONG, text(old, new), f", line {line}{column}", value)


AGAIN = text("nox;2026-01-31 23:01", "nox;2026-01-31 23:00")
SKIPPED = text("25-10-2026 01:30", "29-03-2026 02:30")
CASES = {
    "stack-first-line": Case(LONG, text("# goedebuur-stack: 1", "# other: 1"), ", line 1", "# other: 1"),
    "stack-line": said("# decimal: ,", "# decimal ,", 4, "# decimal ,"),
    "stack-said-once": said("# decimal: ,", "# decimal: ,\n# decimal: .", 5, "decimal"),
    "stack-key": said("# missing:", "# absent:", 9, "absent"),
    "stack-version": said("# goedebuur-stack: 1", "# goedebuur-stack: 7", 1, "7"),
    "stack-all-said": Case(LONG, text("# clock: CET\n", ""), ", before line 13"),
    "stack-choice": said("# clock: CET", "# clock: kerkklok", 5, "kerkklok"),
    "stack-signs-apart": said("# separator: ;", "# separator: ,", 4, ","),
    "stack-stream-line": said(NOX, "# stream: nox", 12, "nox"),
    "stack-stream-quantity": said("stack_nox", "nox", 12, "K1--a.nox.1min"),
    "stack-stream-step": said("stack_nox.1min", "stack_nox.7s", 12, "7s"),
    "stack-stream-unit": said("[mg/Nm³]", "[pond]", 12, "pond"),
    "stack-streams-apart": said("# stream: o2 =", "# stream: nox =", 13, "nox"),
    "stack-status-words": said("1 = maintenance,", "1 = koffie,", 8, "1 = koffie"),
    "stack-rows-number": said("# rows: 7", "# rows: zeven", 10, "zeven"),
    "stack-covers-period": said("# covers: 2026-01-31T23:00+01:00/", "# covers: ", 11, "2026-02-01"),
    "stack-columns": said("stream;time;value;status", "stream;tijd;value;status", 14, "time"),
    "stack-all-rows": said("# rows: 7", "# rows: 8", 21, "7"),
    "stack-no-quotes": said("183,4", '"183,4"', 15, '"183,4"'),
    "stack-stream-described": said("nox;2026-01-31 23:01", "no;2026-01-31 23:01", 16, "no", ", column stream"),
    "stack-same-step": Case(
        WIDE, text("K2.stack_signal_ma.30min", "K2.stack_signal_ma.10min"), ", line 12", "600 s, 1800 s"
    ),
    "stack-status-explained": said("1,25;7", "1,25;8", 16, "8", ", stream nox, column status"),
    "stack-decimal-sign": said("183,4", "183.4", 15, "183.4", ", stream nox, column value"),
    "stack-once": Case(LONG, AGAIN, ", lines 15 and 16, stream nox", "2026-01-31T22:00:00Z"),
    "stack-covered": said("nox;2026-01-31 23:01", "nox;2026-02-01 03:01", 16, "T02:01:00Z", ", column time"),
    "stack-time": said("nox;2026-01-31 23:01", "nox;2026-01-31 25:01", 16, "2026-01-31 25:01", ", column time"),
    "stack-time-exists": Case(WIDE, SKIPPED, ", line 14, column time", "29-03-2026 02:30"),
    "stack-time-which-hour": Case(
        WIDE,
        lambda data: data.replace(b"25-10-2026 02:30;4,5;0;24;0\r\n", b"").replace(b"# rows: 7", b"# rows: 6"),
        ", line 16, column time",
        "25-10-2026 02:30",
    ),
    "stack-time-of-step": said("nox;2026-01-31 23:01", "nox;2026-01-31 23:01:30", 16, "23:01:30", ", column time"),
    "stack-time-year": said("nox;2026-01-31 23:01", "nox;1026-01-31 23:01", 16, "1026-01-31 23:01", ", column time"),
}


RAW = HEAD + ROWS
UNIT = RAW.replace("[mg/m³]", "[µg/m³]").replace("183,4", "183400")
LATER = RAW.replace("nox;2026-01-01 00:01", "nox;2026-01-02 00:00")
RECORDED = {
    "stack-record-stream-known": (
        RAW.replace("K1.stack_o2", "K9.stack_o2"),
        ", line 10, series K9.stack_o2.1min",
        "K9.stack_o2.1min",
    ),
    "stack-record-unit": (UNIT, ", line 9, series K1.stack_nox.1min", "µg/m³"),
    "stack-record-day": (LATER, ", series K1.stack_nox.1min, the value of 2026-01-01T23:00:00Z", "2026-01-02"),
}


@pytest.mark.parametrize("check", [*CASES, *RECORDED])
def test_refused(check: str, tmp_path: Path) -> None:
    if check in CASES:
        require_refused(check, CASES[check])
        return
    data, place, value = RECORDED[check]
    record = open_record(tmp_path)
    streams.put(record, ALL, NOW)
    streams.put(record, [replace(stacks.NOX, valid_to=date(2026, 1, 1))], NOW + timedelta(hours=1), reason="weg")
    size = record.size
    with pytest.raises(GoedeBuurError) as raised:
        delivery.deliver(record, data.encode(), "raw.csv", now=NOW)
    error = raised.value
    assert (error.check, error.code) == (check, CHECKS[check].code)
    assert (error.place, error.value) == (f"raw.csv{place}", value)
    assert record.size == size
    assert delivery.deliver(record, RAW.encode(), "raw.csv", now=NOW).status == "stored"
    record.close()


def test_number_for_no_value_and_each_status_are_marked() -> None:
    adapter, name, _ = SAMPLES[LONG]
    rows = preparing.prepare(stack_long(), name, preparing.choose(stack_long(), name, adapter)).rows
    coded = rows.filter(rows["flags"] & int(Flag.NOT_A_VALUE) != 0)
    assert coded.select("value", "decimals").rows() == [(-9999, 0)]
    seen.mark("stack-no-value")
