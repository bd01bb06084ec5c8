"""Hollandse Luchten's extract of official stations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.adapters.samples import hollandse_luchten

from goedebuur.adapters.hollandse_luchten import HollandseLuchten
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag


def test_dates_are_starts_of_hours_in_cet() -> None:
    frame = HollandseLuchten().parse(hollandse_luchten(), "x.csv").observations
    found = list(frame.select("series", "start", "value", "decimals").iter_rows())
    ten, eleven = datetime(2019, 12, 31, 22, tzinfo=UTC), datetime(2019, 12, 31, 23, tzinfo=UTC)
    assert found == [
        ("NL90001.c6h6.1h", eleven, 4, 1),
        ("NL90001.pm10.1h", eleven, -2, 0),
        ("NL90001.so2.1h", eleven, 120, 2),
        ("NL90002.bc.1h", ten, 3, 0),
        ("NL90002.bc.1h", eleven, 276, 2),
        ("NL90002.pm10.1h", ten, 841, 1),
        ("NL90002.pm10.1h", eleven, 532, 1),
        ("NL90002.so2.1h", eleven, 887, 1),
    ]
    assert frame["flags"].unique().to_list() == [int(Flag.PROVISIONAL)]


def test_what_an_extract_leaves_out_withdraws_nothing() -> None:
    parsed = HollandseLuchten().parse(hollandse_luchten(), "x.csv")
    assert parsed.covers is None
    assert (parsed.values_in, parsed.skipped) == (12, {"empty": 4})


FAULTS = {
    "station and date swapped": (
        b'"NL90002",2019-12-31 23:00:00',
        b'2019-12-31 23:00:00,"NL90002"',
        "input-time",
        "line 3",
    ),
    "an unknown column": (b'"C6H6"', b'"C6H5"', "input-missing-column", "line 1"),
    "half an hour": (b"23:00:00", b"23:30:00", "input-time", "line 3"),
    "a station's hour twice": (b'"NL90001",2020', b'"NL90002",2020', "input-duplicate", "NL90002"),
    "words for a value": (b"84.1", b"n/a", "input-number", "line 3, column pm10"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_ends_in_an_error_with_its_place(fault: str) -> None:
    found, instead, code, place = FAULTS[fault]
    assert found in hollandse_luchten()
    with pytest.raises(GoedeBuurError) as raised:
        HollandseLuchten().parse(hollandse_luchten().replace(found, instead), "x.csv")
    assert (raised.value.code, place in raised.value.place) == (code, True), raised.value.as_text()
