"""A file of the other suppliers that breaks one rule is refused for that rule, by line, column and value."""

from __future__ import annotations

import pytest
from tests.adapters.samples import SAMPLES
from tests.rulebook import seen
from tests.rulebook.cases import Case, require_refused, to

from goedebuur.core.base.flags import Flag
from goedebuur.services import preparing

HL, API, PRTR, GAPS, TURBINE = "hollandse luchten", "luchtmeetnet", "eprtr", "gap reasons", "gas turbine"
FIRST_GAP = "NL90002.so2.1h,2026-03-01T00:00:00+01:00,2026-03-03T12:00:00+01:00,instrument-down"


def many_reasons(data: bytes) -> bytes:
    lines = [f"NL{90000 + n}.so2.1h,2026-03-01T00:00:00Z,2026-03-01T05:00:00Z,not-measured" for n in range(1000)]
    return data.split(b"\n")[0] + b"\n" + "\n".join(lines).encode() + b"\n"


CASES = {
    "hollandse-luchten-columns": Case(HL, to('"FN"', '"XX"'), ", line 1", "XX"),
    "hollandse-luchten-has-hours": Case(HL, lambda data: data[: data.index(b"\n") + 1]),
    "hollandse-luchten-quotes": Case(HL, to('"NL90001"', '"NL90001'), ", line 4, column station_number", '"NL90001'),
    "hollandse-luchten-hour": Case(
        HL, to("2019-12-31 23:00:00", "2019-12-31 23:30:00"), ", line 3, column date", "23:30"
    ),
    "luchtmeetnet-json": Case(API, to('{"pagination"', '{pagination"'), ", character 1", "{pagination"),
    "luchtmeetnet-whole": Case(API, lambda data: data[:-2], f", character {len(SAMPLES[API][2]) - 2}"),
    "luchtmeetnet-sound": Case(API, to('"FN"', '"\\ud800"'), "", "{"),
    "luchtmeetnet-field": Case(API, to('"formula":"FN"', '"x":"FN"'), ", data[1]", "timestamp_measured"),
    "luchtmeetnet-number": Case(API, to("16.10", '"veel"'), ", data[0].value", "veel"),
    "luchtmeetnet-end-of-hour": Case(
        API, to("18:00:00+00:00", "18:30:00+00:00"), ", data[0].timestamp_measured", "18:30"
    ),
    "eprtr-columns": Case(PRTR, to("\tYear\t", "\tJaar\t"), ", line 1", "Year"),
    "eprtr-has-releases": Case(PRTR, lambda data: data[: data.index(b"\n") + 1]),
    "eprtr-release": Case(PRTR, to("\t2007\t", "\t207\t"), ", line 2, column Year", "Benzene, 207"),
    "eprtr-release-once": Case(PRTR, to("0.12\t2008", "0.12\t2007"), ", line 3, column Pollutant", "Benzene, 2007"),
    "gap-reasons-columns": Case(GAPS, to("series,start", "series,begin"), ", line 1", "series,begin"),
    "gap-reasons-has-reasons": Case(GAPS, lambda data: data[: data.index(b"\n") + 1]),
    "gap-reasons-once": Case(
        GAPS,
        lambda data: data + FIRST_GAP.replace("instrument-down", "not-measured").encode() + b"\n",
        ", line 4, column reason",
        "NL90002",
    ),
    "gap-reasons-room": Case(GAPS, many_reasons, "", "1000"),
    "gap-reasons-series": Case(
        GAPS, to("NL90001.so2.1h", "NL90001.gold.1h"), ", line 3, column series", "NL90001.gold.1h"
    ),
    "gap-reasons-moment": Case(
        GAPS, to("2026-03-01T05:00:00Z", "2026-03-01T05:00"), ", line 3, column end", "2026-03-01T05:00"
    ),
    "gap-reasons-order": Case(GAPS, to("2026-03-01T05:00:00Z", "2026-03-01T00:00:00Z"), ", line 3, column end"),
    "gap-reasons-code": Case(GAPS, to("not-measured", "Jan was ziek"), ", line 3, column reason"),
    "gas-turbine-columns": Case(TURBINE, to("TEY", "MW"), ", line 1", "MW"),
    "gas-turbine-fits-year": Case(TURBINE, lambda data: data[: data.index(b"\n") + 1]),
    "simulated-says-so": Case("simulated rivm", to("SIMULATIE EXP", "EXP"), "", "Export;EXP"),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    require_refused(check, CASES[check])


def test_every_value_of_a_simulated_file_is_marked() -> None:
    _, name, data = SAMPLES["simulated rivm"]
    rows = preparing.prepare(data, name, preparing.choose(data, name, None)).rows
    assert rows.height
    assert (rows["flags"] & int(Flag.SIMULATED) != 0).all()
    seen.mark("simulated-value")


def test_own_words_of_a_reason_are_not_repeated() -> None:
    error = require_refused("gap-reasons-code", CASES["gap-reasons-code"])
    assert "Jan" not in error.as_text()
