"""The table set of emission points: out and in again without a difference, and each mistake by its sheet and cell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.adapters.samples import eprtr
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, FILTER, FUNCTION, LINE, NOX, OTHER, OXYGEN, POINT, PROCESSING, SITE, STATE

from goedebuur.adapters import stack_tables as files
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.processing import OfStream, Reference
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Place, Site
from goedebuur.services import delivery, sites, stack_tables, streams
from goedebuur.services.record import Record

WRITERS = {"zip": files.as_zip, "xlsx": files.as_workbook}
RICH = (
    replace(
        POINT,
        names=(Dated("=1+1", "2001-01-01", "2009-12-31"), Dated('\'t Hoge; "eind", | ß', source="plan")),
        places=(Place(latitude="52.4", longitude="4.6"),),
        temperature="-5.5",
        speed="18.0",
    ),
    replace(
        PROCESSING,
        references=(Reference("11", True), Reference("", False)),
        streams=(OfStream("K1-nox", lengths=(1800, 3600)), OfStream("K1-o2", references=(Reference("3", True),) * 1)),
    ),
    replace(FUNCTION, valid_high="", offset="-0.50"),
)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def with_cell(data: bytes, sheet: str, row: int, column: str, value: object) -> bytes:
    """The spreadsheet with another value in one cell."""
    return changed(data, lambda book: put(book, sheet, row, column, value))


def put(book: Any, sheet: str, row: int, column: str, value: object) -> None:
    header = [cell.value for cell in book[sheet][1]]
    book[sheet].cell(row, header.index(column) + 1).value = value


def changed(data: bytes, change: Callable[[Any], object]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def faults(record: Record, data: bytes) -> list[tuple[str, int, str, str]]:
    """Sheet, row, column and value of each fault; nothing is written where there is one."""
    checked = stack_tables.check(record, data, "set.xlsx")
    if checked.faults:
        size = record.size
        with pytest.raises(GoedeBuurError) as caught:
            stack_tables.enter(record, checked, NOW, reason="a reason")
        assert caught.value.code == "stack-table"
        assert record.size == size
    return [(one.sheet, one.row, one.column, one.error.value) for one in checked.faults]


def exported(record: Record) -> bytes:
    return files.as_workbook(stack_tables.export(record, "werk"))


@pytest.mark.parametrize("kind", list(WRITERS))
def test_set_that_is_written_and_read_again_changes_nothing(record: Record, kind: str) -> None:
    streams.put(record, RICH, NOW + timedelta(hours=1), reason="rijker")
    data = WRITERS[kind](stack_tables.export(record, "werk"))
    checked = stack_tables.check(record, data, "set")
    assert checked.faults == ()
    held = {LINE, OTHER, NOX, OXYGEN, STATE, FILTER, sites.find(record, EmissionPoint, "K1"), *RICH[1:]}
    assert {one.record for one in checked.records} == held
    assert {counts["unchanged"] for counts in checked.counts.values()} == {1, 2, 3}
    assert not any(counts["new"] or counts["changed"] for counts in checked.counts.values())
    assert stack_tables.enter(record, checked, NOW + timedelta(hours=2)) is None


@pytest.mark.parametrize("kind", list(WRITERS))
def test_set_of_one_record_is_entered_whole_in_another(record: Record, kind: str, tmp_path: Path) -> None:
    data = WRITERS[kind](stack_tables.export(record, "werk"))
    other = open_record(tmp_path / "other")
    sites.put(other, [SITE], NOW)
    leaf = stack_tables.enter(other, stack_tables.check(other, data, "set"), NOW)
    assert leaf == 1
    assert other.size == 2
    assert streams.of_site(other, "werk") == (NOX, OXYGEN, STATE)
    assert streams.processing(other, "werk") == (PROCESSING,)
    assert sites.find(other, EmissionPoint, "K1") == POINT
    other.close()


def test_text_that_begins_as_a_formula_is_none_to_a_spreadsheet(record: Record) -> None:
    streams.put(record, RICH, NOW + timedelta(hours=1), reason="rijker")
    tables = stack_tables.export(record, "werk")
    with zipfile.ZipFile(io.BytesIO(files.as_zip(tables))) as archive:
        assert b"K1,1,'=1+1,2001-01-01" in archive.read("emission_points.names.csv")
        assert b",-5.5," in archive.read("emission_points.csv")
    book = openpyxl.load_workbook(io.BytesIO(files.as_workbook(tables)))
    assert (book["emission_points.names"]["C2"].value, book["emission_points.names"]["C2"].data_type) == ("=1+1", "s")


def test_the_same_set_is_the_same_zip(record: Record) -> None:
    first, second = (files.as_zip(stack_tables.export(record, "werk")) for _ in range(2))
    assert first == second


def test_set_as_of_an_earlier_state_says_what_was_known_then(record: Record) -> None:
    before = files.as_zip(stack_tables.export(record, "werk"))
    streams.put(record, [replace(NOX, range_high="600")], NOW + timedelta(hours=1), reason="groter")
    assert files.as_zip(stack_tables.export(record, "werk", 1)) == before
    assert files.as_zip(stack_tables.export(record, "werk")) != before


def test_numbers_and_days_that_a_spreadsheet_keeps_as_such_are_read_as_typed(record: Record) -> None:
    def change(book: Any) -> None:
        put(book, "streams", 2, "range_high", 412.5)
        put(book, "streams", 2, "step", 60)
        put(book, "streams", 2, "valid_from", date(2024, 2, 29))
        put(book, "streams", 2, "wet", True)

    checked = stack_tables.check(record, changed(exported(record), change), "set.xlsx")
    assert checked.faults == ()
    assert stack_tables.enter(record, checked, NOW + timedelta(hours=1), reason="bereik") is not None
    found = streams.find(record, Stream, "K1-nox")
    assert found == replace(NOX, range_high="412.5", valid_from=date(2024, 2, 29), wet=True)


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value"),
    [
        ("streams", 2, "role", "geur"),
        ("streams", 2, "step", "7"),
        ("streams", 2, "step", "een"),
        ("streams", 2, "unit", "mA"),
        ("streams", 2, "series", "K1.stack_so2.1min"),
        ("streams", 2, "emission_point", "K9"),
        ("streams", 2, "substance.cas", "7446-09-4"),
        ("streams", 2, "substance.id", "nix"),
        ("streams", 2, "range_high", "4,25"),
        ("streams", 2, "valid_from", "31-12-2026"),
        ("streams", 2, "wet", "soms"),
        ("streams.codes", 3, "code", "x"),
        ("emission_points", 2, "height", "501"),
        ("emission_points", 2, "site", "elders"),
        ("emission_points", 2, "installations", "lijn-9"),
        ("calibration_functions", 2, "slope", "0"),
        ("calibration_functions", 2, "stream", "K1-so2"),
        ("processing", 2, "lengths", "900"),
        ("processing", 2, "lengths", "uur"),
        ("processing.references", 2, "oxygen", "22"),
        ("abatement", 2, "substances", "nix"),
        ("substances", 2, "cas", "50-00-0"),
        ("substances", 2, "id", "nix"),
    ],
)
def test_mistake_is_told_by_sheet_row_column_and_value(
    record: Record, sheet: str, row: int, column: str, value: str
) -> None:
    found = faults(record, with_cell(exported(record), sheet, row, column, value))
    assert (sheet, row, column, value) in found


def test_stream_of_a_processing_that_is_not_there_is_told_by_its_list(record: Record) -> None:
    data = with_cell(exported(record), "processing.peripherals", 2, "oxygen.stream", "K1-h2o")
    assert faults(record, data) == [("processing", 2, "peripherals", "K1-h2o")]


def test_every_mistake_is_told_at_once(record: Record) -> None:
    def change(book: Any) -> None:
        put(book, "streams", 2, "step", 7)
        put(book, "streams", 3, "role", "geur")
        put(book, "abatement", 2, "efficiency", 101)

    found = faults(record, changed(exported(record), change))
    assert found == [("abatement", 2, "efficiency", "101"), ("streams", 2, "step", "7"), ("streams", 3, "role", "geur")]


def test_cell_that_must_be_filled_and_column_that_must_be_there_are_told(record: Record) -> None:
    assert ("streams", 2, "unit", "") in faults(record, with_cell(exported(record), "streams", 2, "unit", None))
    assert ("emission_points.names", 2, "value", "") in faults(
        record, with_cell(exported(record), "emission_points.names", 2, "value", " ")
    )
    without = changed(exported(record), lambda book: book["streams"].delete_cols(6))
    assert ("streams", 1, "unit", "") in faults(record, without)


def test_row_that_belongs_to_nothing_and_number_twice_are_told(record: Record) -> None:
    alone = with_cell(exported(record), "streams.codes", 2, "id", "K1-weg")
    assert ("streams.codes", 2, "id", "K1-weg 1") in faults(record, alone)
    twice = with_cell(exported(record), "streams.codes", 3, "number", "1")
    assert ("streams.codes", 3, "number", "1") in faults(record, twice)
    assert ("streams.codes", 3, "number", "a") in faults(record, with_cell(alone, "streams.codes", 3, "number", "a"))
    same = with_cell(exported(record), "streams", 3, "id", "K1-nox")
    assert ("streams", 3, "id", "K1-nox") in faults(record, same)


def test_what_a_spreadsheet_did_to_a_cell_is_told(record: Record) -> None:
    assert faults(record, with_cell(exported(record), "streams", 2, "range_high", "=2*200"))[0][2:] == (
        "range_high",
        "=2*200",
    )
    merged = changed(exported(record), lambda book: book["streams"].merge_cells("E2:F2"))
    assert {one[2] for one in faults(record, merged)} >= {"series", "unit"}
    beside = changed(exported(record), lambda book: book["streams"].cell(2, 40, "los"))
    assert faults(record, beside) == [("streams", 2, "column 40", "los")]
    named = changed(exported(record), lambda book: book.create_sheet("meetpunten"))
    assert faults(record, named) == [("meetpunten", 0, "", "meetpunten")]


def test_set_in_semicolons_and_without_the_other_sheets_is_read(record: Record, tmp_path: Path) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("set/emission_points.csv", "\ufeffid;site;kind;height\r\nK3;werk;vent;12.5\r\n")
        archive.writestr("set/emission_points.names.csv", "id;number;value\r\nK3;1;Dak, oost\r\n")
    checked = stack_tables.check(record, sink.getvalue(), "set.zip")
    assert [one.record for one in checked.records] == [
        EmissionPoint("K3", "werk", "vent", (Dated("Dak, oost"),), height="12.5")
    ]


def test_file_that_is_no_set_or_has_no_row_is_refused(record: Record) -> None:
    for data, code in ((b"id,site\n", "input-not-this-format"), (files.as_zip(stack_tables.template()), "input-empty")):
        with pytest.raises(GoedeBuurError) as caught:
            stack_tables.check(record, data, "set")
        assert caught.value.code == code


def test_facility_of_the_register_gives_a_set_to_begin_with(record: Record) -> None:
    delivery.deliver(record, eprtr(), "air_data.csv", now=NOW)
    name = next(iter(record.catalogue.state("release").values()))["facility"]
    found = stack_tables.export(record, name)
    assert found["site"][1][0]["id"] == name
    assert found["emission_points"][1] == []
    reported = [row for row in found["substances"][1] if row.get("reported")]
    assert reported
    assert all(row["reported_as"] and row["reported_year"] for row in reported)
    found["emission_points"] = (found["emission_points"][0], [{"id": "S1", "site": name, "kind": "stack"}])
    found["emission_points.names"] = (
        found["emission_points.names"][0],
        [{"id": "S1", "number": "1", "value": "Schoorsteen"}],
    )
    checked = stack_tables.check(record, files.as_zip(found), "set.zip")
    assert checked.faults == ()
    assert stack_tables.enter(record, checked, NOW + timedelta(hours=1)) is not None
    assert not sites.find(record, Site, name).checked
    assert sites.find(record, EmissionPoint, "S1").site == name
