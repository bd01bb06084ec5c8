"""Releases in the European register."""

from __future__ import annotations

import pytest
from tests.adapters.samples import eprtr

from goedebuur.adapters.eprtr import Eprtr
from goedebuur.core.base.errors import GoedeBuurError


def test_a_release_keeps_its_digits_its_year_and_its_place_of_that_year() -> None:
    parsed = Eprtr().parse(eprtr(), "x.csv")
    columns = ("facility", "medium", "year", "value", "decimals", "unit", "longitude")
    assert list(parsed.releases.select(columns).iter_rows()) == [
        ("NL.X/1.FACILITY", "air", 2007, 36900, 1, "kg", "4.5"),
        ("NL.X/1.FACILITY", "air", 2008, 12, 2, "kg", "4.6"),
        ("NL.X/2.FACILITY", "water", 2008, 125, 1, "kg", "5.1"),
    ]
    assert parsed.values_in == 3


def test_a_release_without_a_figure_is_counted() -> None:
    parsed = Eprtr().parse(eprtr().replace(b"\t0.12\t", b"\t\t"), "x.csv")
    assert (parsed.releases.height, parsed.skipped) == (2, {"empty": 1})


FAULTS = {
    "columns swapped": (b"Emissions\tYear", b"Year\tEmissions", "input-not-this-format", "line 2"),
    "a column gone": (b"Pollutant\t", b"Stof\t", "input-missing-column", "line 1"),
    "to air and to water": (b"2007\t1\t0", b"2007\t1\t1", "input-not-this-format", "line 2"),
    "one release twice": (b"\t2008\t1\t0", b"\t2007\t1\t0", "input-duplicate", "x.csv"),
    "a figure in words": (b"3690.0", b"3.690,0", "input-number", "line 2, column Emissions"),
    "another encoding": ("É".encode(), b"\xc9", "input-encoding", "line 4"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_ends_in_an_error_with_its_place(fault: str) -> None:
    found, instead, code, place = FAULTS[fault]
    assert found in eprtr()
    with pytest.raises(GoedeBuurError) as raised:
        Eprtr().parse(eprtr().replace(found, instead), "x.csv")
    assert (raised.value.code, place in raised.value.place) == (code, True), raised.value.as_text()
