"""A file of KNMI that breaks one rule is refused for that rule, by line, column and value."""

from __future__ import annotations

import pytest
from tests.adapters.samples import knmi
from tests.rulebook import seen
from tests.rulebook.cases import Case, require_refused, to

from goedebuur.core.base.flags import Flag
from goedebuur.services import preparing
from goedebuur.services.preparing import Prepared

HOURS, LIST = "knmi", "knmi stations"
LINE = "  901,20191231,   22,"

CASES = {
    "knmi-column-row": Case(HOURS, to("# STN,YYYYMMDD", "# STATION,YYYYMMDD"), "", "BRON: KON"),
    "knmi-columns": Case(HOURS, to("   FX,", "   XX,"), ", line 7", "XX"),
    "knmi-has-hours": Case(HOURS, lambda data: data[: data.index(b"  901,2019")]),
    "knmi-hour": Case(HOURS, to(LINE, "  901,20191231,   25,"), ", line 10, column HH", "901,20191231,25"),
    "knmi-hour-twice": Case(HOURS, to(LINE, "  901,20191231,   21,"), ", line 10, column HH", "901,20191231,21"),
    "knmi-wind-direction": Case(HOURS, to(",  990,", ",  361,"), ", line 11, column DD", "361"),
    "knmi-stations-rows": Case(LIST, lambda data: data + b"1,2\n"),
    "knmi-stations-whole": Case(LIST, lambda data: data[:-1]),
    "knmi-stations-degrees": Case(LIST, to("4.6001", "8.6001"), ", line 5, column 2", "8.6001"),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    require_refused(check, CASES[check])


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("  901,20191231,   22,", "  9X1,20191231,   22,", "STN"), ("20191231,   22,", "20191331,   22,", "YYYYMMDD")],
)
def test_column_of_a_moment_that_cannot_be_read_is_named(old: str, new: str, column: str) -> None:
    require_refused("knmi-hour", Case(HOURS, to(old, new), f", line 10, column {column}"))


def read(data: bytes) -> Prepared:
    return preparing.prepare(data, "uurgeg_901.txt", preparing.choose(data, "uurgeg_901.txt", None))


def test_code_in_place_of_a_value_is_marked_with_its_meaning() -> None:
    rows = read(knmi()).rows
    marked = rows.filter(rows["flags"] & int(Flag.NOT_A_VALUE) != 0)
    found = [
        (series.split(".")[1], value, remark)
        for series, value, remark in marked.select("series", "value", "remark").iter_rows()
    ]
    assert sorted(found) == [
        ("cloud_cover", 9, "bovenlucht onzichtbaar"),
        ("rain", -1, "minder dan 0,05 mm"),
        ("sunshine", -1, "minder dan 0,05 uur"),
        ("wind_direction", 0, "windstil"),
        ("wind_direction", 990, "veranderlijke windrichting"),
    ]
    seen.mark("knmi-code")


def test_hour_without_a_line_is_told() -> None:
    data = knmi().replace(b"  901,20191231,   22,    0,   10,    0,   20,    5,     ,   -1,    3,    8,     \r\n", b"")
    assert read(data).doubts == ("1 hours between the first and the last have no line. [knmi-hours-missing]",)


def test_last_day_that_is_not_whole_is_told() -> None:
    data = knmi()[: knmi().index(b"  901,20191231,   24,")]
    (told,) = read(data).doubts
    assert told.endswith(" [knmi-last-day]")
