"""Files of AERMET: what is there is read, what its numbers say is not there stays empty, a mistake has a place."""

from __future__ import annotations

from datetime import datetime

import pytest

from goedebuur.adapters import aermet
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import aermet_hours

HEADER = "   52.463N    4.555E          UA_ID: 00000901  SF_ID: 901     OS_ID: 99999        VERSION: 24142"
DAY = "24 6 29 181 13 204.4 0.310 2.270 0.005 1539. 398. -9.8 0.100 0.75 0.25 4.02 204.0 10.0 304.4 2.0 0"
NIGHT = "24 6 30 182 1 -27.7 0.259 -9.000 -9.000 -999. 317. 73.9 0.100 1.50 1.00 2.86 1.0 10.0 262.5 2.0 0"
CALM = "24 6 30 182 2 -999.0 -9.000 -9.000 -9.000 -999. -999. -99999.0 0.100 1.50 1.00 0.00 0.0 10.0 262.5 2.0 0"
GONE = "24 6 30 182 24 -999.0 -9.000 -9.000 -9.000 -999. -999. -99999.0 0.100 1.50 1.00 999.00 999.0 10.0 999.0 2.0 0"
LEVELS = """24 6 29 13 10.0 0 204.0 4.02 31.2 25.60 0.48
24 6 29 13 50.0 1 -999.0 -999.00 -99.9 99.00 99.00
"""


def surface(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines, "")).encode()


def test_every_quantity_of_an_hour_is_read() -> None:
    (row,) = aermet.surface(surface(DAY), "a.sfc").iter_rows(named=True)
    # hour 13 is from 12:00
    assert row["start"] == datetime(2024, 6, 29, 12)  # noqa: DTZ001
    assert (row["sensible"], row["friction"], row["convective"], row["gradient"]) == (204.4, 0.31, 2.27, 0.005)
    assert (row["mixed_by_heat"], row["mixed_by_wind"], row["obukhov"], row["roughness"]) == (1539, 398, -9.8, 0.1)
    assert (row["bowen"], row["albedo"], row["wind"], row["direction"]) == (0.75, 0.25, 4.02, 204)
    assert (row["wind_height"], row["temperature"], row["temperature_height"]) == (10, 304.4, 2)


def test_what_is_not_there_is_empty_and_the_rest_is_not() -> None:
    night, gone = aermet.surface(surface(NIGHT, GONE), "a.sfc").iter_rows(named=True)
    empty = ["convective", "gradient", "mixed_by_heat", *aermet.FALLING]
    assert [name for name, value in night.items() if value is None] == empty
    assert gone["start"] == datetime(2024, 6, 30, 23)  # noqa: DTZ001
    assert [name for name, value in gone.items() if value is not None] == [
        *("start", "roughness", "bowen", "albedo", "wind_height", "temperature_height"),
    ]


def test_what_comes_down_is_read_where_the_file_has_it() -> None:
    wet, none = aermet.surface(
        surface(f"{DAY} 1.20 96. 998. 7 NAD-OS NoSubs", f"{NIGHT[:-1]}9999 -9.00 999. 99999. 99 NAD-OS NoSubs"), "a.sfc"
    ).iter_rows(named=True)
    assert [wet[name] for name in aermet.FALLING] == [0, 1.2, 96, 998, 7]
    assert [none[name] for name in aermet.FALLING] == [None] * 5


def test_hour_without_wind_is_calm_and_has_no_direction() -> None:
    (row,) = aermet.surface(surface(CALM), "a.sfc").iter_rows(named=True)
    assert (row["wind"], row["direction"], row["temperature"]) == (0, None, 262.5)


def test_levels_of_a_profile_are_read() -> None:
    low, high = aermet.profile(LEVELS.encode(), "a.pfl").iter_rows(named=True)
    assert (low["height"], low["top"], low["direction"], low["wind"]) == (10, 0, 204, 4.02)
    assert (low["temperature"], low["turn"], low["rise"]) == (31.2, 25.6, 0.48)
    assert (high["height"], high["top"]) == (50, 1)
    assert {high[name] for name in ("direction", "wind", "temperature", "turn", "rise")} == {None}


@pytest.mark.parametrize(("year", "meant"), [("49", 2049), ("50", 1950), ("99", 1999), ("2024", 2024)])
def test_year_of_two_digits_lies_from_1950_to_2049(year: str, meant: int) -> None:
    assert aermet.surface(surface(year + DAY[2:]), "a.sfc")["start"][0].year == meant


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (b"", "input-not-this-format", "a.sfc, line 1"),
        (b"station,hour\n", "input-not-this-format", "a.sfc, line 1"),
        (surface(), "input-empty", "a.sfc"),
        (surface(DAY, NIGHT[:40]), "input-truncated", "a.sfc, line 3"),
        (surface(DAY.replace("0.310", "veel")), "input-number", "a.sfc, line 2"),
        (surface(DAY.replace("0.310", "nan")), "input-number", "a.sfc, line 2"),
        (surface(f"{DAY} 1.20 96. 998. regen"), "input-number", "a.sfc, line 2"),
        (surface(DAY.replace("181 13", "181 25")), "input-time", "a.sfc, line 2"),
        (surface(DAY.replace("24 6 29", "24 6 31")), "input-time", "a.sfc, line 2"),
        (surface(DAY, DAY), "input-duplicate", "a.sfc"),
        (surface(DAY) + b"\xe9", "input-encoding", "a.sfc, byte"),
    ],
)
def test_mistake_has_its_code_and_place(data: bytes, code: str, place: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        aermet.surface(data, "a.sfc")
    assert caught.value.code == code
    assert caught.value.place.startswith(place)


def test_hours_are_counted_by_what_there_is_to_go_by() -> None:
    found = aermet_hours.of_files(surface(DAY, NIGHT, CALM, GONE), "a.sfc", LEVELS.encode(), "a.pfl")
    # from 29 June 12:00 to 30 June 23:00 there are 36 hours
    assert found.counts == {
        **{"hours": 4, "stable": 1, "unstable": 1, "calm": 1, "missing": 1, "absent": 32, "levels": 2},
    }


def test_profile_of_another_run_is_refused() -> None:
    with pytest.raises(GoedeBuurError) as caught:
        aermet_hours.of_files(surface(NIGHT), "a.sfc", LEVELS.encode(), "a.pfl")
    assert caught.value.code == "input-time"
    assert caught.value.value == "2024-06-29 12:00"
