"""An RIVM station file that breaks one rule is refused for that rule, by line, column and value."""

from __future__ import annotations

import pytest
from tests.adapters.samples import SAMPLES, rivm_with_remarks
from tests.rulebook import seen
from tests.rulebook.cases import Case, require_refused, to

from goedebuur.core.base.flags import Flag
from goedebuur.services import preparing

OLD, NEW, REMARKS = "rivm until 2022", "rivm from 2023", "rivm with remarks"
FIRST = "SO2;uur;µg/m³;20190101 00:00;20190101 01:00;-0.5;1034.3"
SECOND = "SO2;uur;µg/m³;20190101 01:00;20190101 02:00;;7"

CASES = {
    "rivm-column-row": Case(OLD, to("Component;Bep.periode", "Stof;Periode"), "", "Export;EXP"),
    "rivm-fixed-columns": Case(OLD, to("Eenheid;", "Unit;"), ", line 10", "Component;Bep.periode;Unit"),
    "rivm-header-block": Case(OLD, to("StationsCode", "Station")),
    "rivm-period": Case(OLD, to("20190101 00:00 - 20190101 03:00", "2019"), "", "2019"),
    "rivm-period-time": Case(OLD, to("20190101 00:00 - ", "1 januari 2019 - "), "", "1 januari 2019"),
    "rivm-period-order": Case(OLD, to("- 20190101 03:00", "- 20181231 03:00"), "", "20181231 03:00"),
    "rivm-remark-column": Case(
        REMARKS, to("Einddatumtijd;NL90001;OpmCode", "Einddatumtijd;OpmCode;NL90001"), ", line 14, column 6"
    ),
    "rivm-station-column": Case(
        OLD, to("Einddatumtijd;NL90001", "Einddatumtijd;NL90003"), ", line 10, column 6", "NL90003"
    ),
    "rivm-station-once": Case(OLD, lambda data: data.replace(b"NL90002", b"NL90001"), ", line 10", "NL90001"),
    "rivm-latin-1": Case(OLD, lambda data: data.decode("latin-1").encode(), ", line 11"),
    "rivm-has-hours": Case(OLD, lambda data: data[: data.index(b"SO2;uur")]),
    "rivm-one-component": Case(OLD, to(SECOND, SECOND.replace("SO2", "NO2")), ", line 12, column Component", "NO2"),
    "rivm-hourly": Case(OLD, lambda data: data.replace(b";uur;", b";dag;"), ", column Bep.periode", "dag"),
    "rivm-component": Case(OLD, lambda data: data.replace(b"SO2;uur", b"HCl;uur"), ", column Component", "HCl"),
    "rivm-time": Case(
        OLD,
        to("SO2;uur;µg/m³;20190101 01:00", "SO2;uur;µg/m³;20190101 25:00"),
        ", line 12, column Begindatumtijd",
        "20190101 25:00",
    ),
    "rivm-hour-long": Case(
        OLD,
        to("01:00;20190101 02:00", "01:00;20190101 03:00"),
        ", line 12, column Einddatumtijd",
        "20190101 01:00 - 20190101 03:00",
    ),
    "rivm-hour-twice": Case(
        OLD,
        to("20190101 02:00;20190101 03:00", "20190101 01:00;20190101 02:00"),
        ", line 13, column Begindatumtijd",
        "20190101 01:00",
    ),
    "rivm-hour-in-period": Case(
        OLD,
        to("20190101 02:00;20190101 03:00", "20190101 04:00;20190101 05:00"),
        ", line 13, column Begindatumtijd",
        "20190101 04:00",
    ),
    "rivm-complete": Case(OLD, to(SECOND + "\r\n", "")),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    require_refused(check, CASES[check])


def test_value_with_a_remark_keeps_it_and_its_mark() -> None:
    adapter, name, data = SAMPLES[REMARKS]
    rows = preparing.prepare(data, name, preparing.choose(data, name, adapter)).rows
    marked = rows.filter(rows["flags"] & int(Flag.REMARK) != 0)
    assert marked["remark"].to_list() == [
        "2020-009",
        "2020-001: Manure nearby; values are technically correct.",
    ]
    assert rows.height == 3  # the second hour of NL90002 is empty
    seen.mark("rivm-remark")


def test_remark_beside_an_empty_cell_is_told() -> None:
    data = rivm_with_remarks()
    told = preparing.prepare(data, "2020_NH3.csv", preparing.choose(data, "2020_NH3.csv", None)).doubts
    assert told == ("1 remarks stand beside an empty cell and are left out. [rivm-remark-without-value]",)
