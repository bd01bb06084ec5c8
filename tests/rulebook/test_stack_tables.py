"""A table set that breaks one rule is refused for that rule, by sheet, row, column and value; nothing is entered."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.services import stacks
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL
from tests.services.test_stack_tables import changed, exported, put, with_cell

from goedebuur.adapters import stack_tables as files
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.emissions import rules
from goedebuur.core.emissions.processing import Taken
from goedebuur.services import stack_tables, streams
from goedebuur.services.record import Record

Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = open_record(tmp_path_factory.mktemp("record"))
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def cell(sheet: str, row: int, column: str, value: object) -> Change:
    return lambda data: with_cell(data, sheet, row, column, value)


def cells(*told: tuple[str, int, str, object]) -> Change:
    def change(book: Any) -> None:
        for one in told:
            put(book, *one)

    return lambda data: changed(data, change)


def book(change: Callable[[Any], object]) -> Change:
    return lambda data: changed(data, change)


def zipped(name: str, text: bytes) -> Change:
    def make(_: bytes) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as archive:
            archive.writestr(name, text)
        return sink.getvalue()

    return make


def again(sheet: str, row: int, **other: object) -> Change:
    """A row once more below the others, with some cells changed."""

    def change(found: Any) -> None:
        header = [one.value for one in found[sheet][1]]
        copy = [other.get(name, one.value) for name, one in zip(header, found[sheet][row], strict=True)]
        found[sheet].append(copy)

    return book(change)


NOON = datetime.fromisoformat("2026-01-01T12:00")
CSV = b"id,site,kind\n\xff,werk,stack\n"
LONG = b"id,site,kind\n" + b"K3,werk,vent\n" * (rules.MAX_ROWS + 1)
ENDED = (("streams", 2, "valid_from", "2026-02-01"), ("streams", 2, "valid_to", "2026-01-31"))
CASES: dict[str, tuple[Change, str, int, str, str]] = {
    "stack-point-substance": (cell("streams", 3, "substance.name", "NOx"), "streams", 3, "", "oxygen"),
    "stack-point-codes": (cell("streams", 4, "role", "load"), "streams", 4, "", "load"),
    "stack-point-step": (cell("streams", 2, "step", 7), "streams", 2, "step", "7"),
    "stack-point-range": (cell("streams", 2, "range_high", 0), "streams", 2, "range_high", "0"),
    "stack-point-ends": (cells(*ENDED), "streams", 2, "valid_to", "2026-01-31"),
    "stack-point-slope": (cell("calibration_functions", 2, "slope", 0), "calibration_functions", 2, "slope", "0"),
    "stack-point-cleans": (cell("abatement", 2, "emission_points", None), "abatement", 2, "emission_points", ""),
    "stack-point-efficiency": (cell("abatement", 2, "efficiency", 101), "abatement", 2, "efficiency", "101"),
    "stack-point-oxygen": (
        cell("processing.references", 2, "oxygen", 22),
        "processing.references",
        2,
        "oxygen",
        "22",
    ),
    "stack-point-only-above": (
        cells(("processing.references", 2, "oxygen", None), ("processing.references", 2, "only_above", "ja")),
        "processing.references",
        2,
        "only_above",
        "true",
    ),
    "stack-point-above-zero": (
        cell("processing.references", 2, "pressure", "0"),
        "processing.references",
        2,
        "pressure",
        "0",
    ),
    "stack-point-lengths": (cell("processing", 2, "lengths", None), "processing", 2, "lengths", ""),
    "stack-point-length": (cell("processing", 2, "lengths", "900"), "processing", 2, "lengths", "900"),
    "stack-point-share": (cell("processing", 2, "share", "4/3"), "processing", 2, "share", "4/3"),
    "stack-point-oxygen-guard": (cell("processing", 2, "oxygen_guard", 21), "processing", 2, "oxygen_guard", "21"),
    "stack-point-question": (
        cells(("processing", 2, "status", "memory-low"), ("processing", 2, "question", None)),
        "processing",
        2,
        "question",
        "",
    ),
    "stack-point-once": (cell("processing", 2, "lengths", "1800|1800"), "processing", 2, "lengths", "1800"),
    "stack-set-sheet": (book(lambda b: b.create_sheet("meetpunten")), "meetpunten", 0, "", "meetpunten"),
    "stack-set-csv": (zipped("emission_points.csv", CSV), "emission_points", 0, "", "0xff"),
    "stack-set-rows": (zipped("emission_points.csv", LONG), "emission_points", rules.MAX_ROWS + 2, "", ""),
    "stack-set-columns": (book(lambda b: b["streams"].cell(2, 101, "los")), "streams", 1, "", ""),
    "stack-set-column": (cell("streams", 1, "unit", "eenheid"), "streams", 1, "eenheid", "eenheid"),
    "stack-set-column-once": (cell("streams", 1, "standard", "unit"), "streams", 1, "unit", "unit"),
    "stack-set-column-there": (cell("streams", 1, "unit", "eenheid"), "streams", 1, "unit", ""),
    "stack-set-cell-named": (book(lambda b: b["streams"].cell(2, 40, "los")), "streams", 2, "column 40", "los"),
    "stack-set-merged": (book(lambda b: b["streams"].merge_cells("E2:F2")), "streams", 2, "unit", ""),
    "stack-set-formula": (cell("streams", 2, "range_high", "=2*200"), "streams", 2, "range_high", "=2*200"),
    "stack-set-error": (cell("streams", 2, "range_high", "#N/A"), "streams", 2, "range_high", "#N/A"),
    "stack-set-time": (cell("streams", 2, "valid_from", NOON), "streams", 2, "valid_from", "2026-01-01 12:00:00"),
    "stack-set-record-once": (again("streams", 2), "streams", 5, "id", "K1-nox"),
    "stack-set-owner": (cell("streams.codes", 2, "id", "K1-weg"), "streams.codes", 2, "id", "K1-weg 1"),
    "stack-set-number": (cell("streams.codes", 3, "number", "a"), "streams.codes", 3, "number", "a"),
    "stack-set-number-once": (cell("streams.codes", 3, "number", "1"), "streams.codes", 3, "number", "1"),
    "stack-set-substance-known": (cell("substances", 2, "id", "nix"), "substances", 2, "id", "nix"),
    "stack-set-substance-same": (cell("substances", 2, "cas", "50-00-0"), "substances", 2, "cas", "50-00-0"),
    "stack-entry-point": (cell("streams", 2, "emission_point", "K9"), "streams", 2, "emission_point", "K9"),
    "stack-entry-installation": (cell("streams", 2, "installation", "lijn-9"), "streams", 2, "installation", "lijn-9"),
    "stack-entry-stream": (
        cell("calibration_functions", 2, "stream", "K1-so2"),
        "calibration_functions",
        2,
        "stream",
        "K1-so2",
    ),
    "stack-entry-role": (
        cell("processing.peripherals", 2, "oxygen.stream", "K1-nox"),
        "processing",
        2,
        "peripherals",
        "K1-nox",
    ),
    "stack-entry-series-quantity": (
        cell("streams", 2, "series", "K1.geluk.1min"),
        "streams",
        2,
        "series",
        "K1.geluk.1min",
    ),
    "stack-entry-series-step": (
        cell("streams", 2, "series", "K1.stack_nox.10s"),
        "streams",
        2,
        "series",
        "K1.stack_nox.10s",
    ),
    "stack-entry-series-unit": (cell("streams", 2, "unit", "mA"), "streams", 2, "unit", "mA"),
    "stack-entry-series-substance": (
        cell("streams", 2, "series", "K1.stack_so2.1min"),
        "streams",
        2,
        "series",
        "K1.stack_so2.1min",
    ),
    "stack-entry-series-own": (
        again("streams", 2, id="K1-nox-b"),
        "streams",
        5,
        "series",
        "K1.stack_nox.1min",
    ),
    "stack-entry-substance": (cell("streams", 2, "substance.id", "nix"), "streams", 2, "substance.id", "nix"),
    # 7446-09-5 is that of sulphur dioxide
    "stack-entry-cas": (cell("streams", 2, "substance.cas", "7446-09-5"), "streams", 2, "substance.cas", "7446-09-5"),
    "stack-entry-first-day": (
        again("calibration_functions", 2, id="K1-nox-anders"),
        "calibration_functions",
        3,
        "valid_from",
        "2025-06-01",
    ),
}


def empty_set(record: Record) -> object:
    return stack_tables.check(record, files.as_zip(stack_tables.template()), "set.zip")


def without_reason(record: Record) -> object:
    return streams.put(record, [replace(stacks.NOX, range_high="600")], NOW + timedelta(hours=1))


OTHER: dict[str, tuple[Callable[[Record], object], str]] = {
    "stack-set-has-rows": (empty_set, "set.zip"),
    "stack-entry-reason": (without_reason, "reason"),
    "stack-point-taken": (lambda _: Taken(), "stream"),  # no cell says it: an empty one leaves the whole out
}


@pytest.mark.parametrize("check", [*CASES, *OTHER])
def test_refused(record: Record, check: str) -> None:
    size = record.size
    if check in OTHER:
        act, place = OTHER[check]
        with pytest.raises(GoedeBuurError) as raised:
            act(record)
        assert (raised.value.check, raised.value.place) == (check, place)
    else:
        change, sheet, row, column, value = CASES[check]
        checked = stack_tables.check(record, change(exported(record)), "set.xlsx")
        found = [one for one in checked.faults if one.error.check == check]
        assert (sheet, row, column) in [(one.sheet, one.row, one.column) for one in found]
        assert any(value in one.error.value for one in found)
        with pytest.raises(GoedeBuurError) as raised:
            stack_tables.enter(record, checked, NOW, reason="a reason")
        first = checked.faults[0]
        assert (raised.value.check, raised.value.value) == (first.error.check, first.error.value)
        assert raised.value.place.startswith(f"sheet {first.sheet}")
        assert all(one.error.code == CHECKS[check].code for one in found)
    assert record.size == size
