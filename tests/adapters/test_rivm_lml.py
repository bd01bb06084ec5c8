"""The RIVM station files: what each layout gives, and what each fault in one ends in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.adapters.samples import rivm_from_2023, rivm_until_2022, rivm_with_remarks

from goedebuur.adapters.base import Fetched, FetchRequest
from goedebuur.adapters.rivm_lml import RivmLml
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import CET, Clock, Period
from goedebuur.core.measurements.records import Parsed


def parse(data: bytes) -> Parsed:
    return RivmLml().parse(data, "file.csv")


def rows(data: bytes) -> list[tuple[str, datetime, int, int, int, str | None]]:
    frame = parse(data).observations
    return list(frame.select("series", "start", "value", "decimals", "flags", "remark").iter_rows())


def error_of(data: bytes) -> GoedeBuurError:
    with pytest.raises(GoedeBuurError) as raised:
        parse(data)
    return raised.value


def test_reported_digits_are_kept_and_hours_start_in_utc() -> None:
    validated = int(Flag.VALIDATED)
    eleven, midnight, one = (
        datetime(2018, 12, 31, 23, tzinfo=UTC),
        datetime(2019, 1, 1, 0, tzinfo=UTC),
        datetime(2019, 1, 1, 1, tzinfo=UTC),
    )
    assert rows(rivm_until_2022()) == [
        ("NL90001.so2.1h", eleven, -5, 1, validated, None),
        ("NL90001.so2.1h", one, 16150, 3, validated, None),
        ("NL90002.so2.1h", eleven, 10343, 1, validated, None),
        ("NL90002.so2.1h", midnight, 7, 0, validated, None),
        ("NL90002.so2.1h", one, 225, 2, validated, None),
    ]
    assert parse(rivm_until_2022()).skipped == {"empty": 1}


def test_the_period_of_the_header_is_what_the_file_covers() -> None:
    covers = parse(rivm_until_2022()).covers
    assert covers == Period(datetime(2019, 1, 1, tzinfo=CET), datetime(2019, 1, 1, 3, tzinfo=CET))


def test_times_from_2023_on_do_not_follow_summer_time() -> None:
    starts = sorted({row[1] for row in rows(rivm_from_2023())})
    assert starts == [datetime(2023, 3, 26, 0, tzinfo=UTC), datetime(2023, 3, 26, 1, tzinfo=UTC)]
    assert {row[0] for row in rows(rivm_from_2023())} == {"NL90001.pm25.1h", "NL90002.pm25.1h"}


def test_a_remark_travels_with_its_value_and_its_words() -> None:
    noted = int(Flag.VALIDATED | Flag.REMARK)
    found = {(row[0], row[2]): (row[3], row[4], row[5]) for row in rows(rivm_with_remarks())}
    assert found == {
        ("NL90001.nh3.1h", 4000001): (6, int(Flag.VALIDATED), None),
        ("NL90001.nh3.1h", 42): (1, noted, "2020-009"),
        ("NL90002.nh3.1h", 991): (1, noted, "2020-001: Manure nearby; values are technically correct."),
    }


def test_a_remark_beside_an_empty_cell_is_told() -> None:
    assert parse(rivm_with_remarks()).doubts == (
        "1 remarks stand beside an empty cell and are left out. [rivm-remark-without-value]",
    )


def test_the_period_without_a_space_is_read() -> None:
    covers = parse(rivm_with_remarks()).covers
    assert covers is not None
    assert covers.end == datetime(2020, 12, 31, 23, tzinfo=UTC)


def test_station_and_instrument_come_from_the_header_block() -> None:
    records = {(record.kind, record.id): record.body for record in parse(rivm_until_2022()).catalogue}
    station = records["station", "NL90002"]
    assert (station["name"], station["latitude"], station["longitude"]) == ("Tweestad-Kade", "52.2", "4.6")
    assert (station["operator"], station["area"], station["kind"]) == ("GGD Elders", "stad", "industrie")
    point = records["sampling_point", "NL90002.so2"]
    assert (point["principle"], point["instrument"], point["accreditation"]) == (
        "Differentiële optica",
        "Monitor B",
        "nvt",
    )
    assert parse(rivm_until_2022()).catalogue[0].valid_from == "2018-12-31T23:00:00Z"


FAULTS = {
    "a decimal comma": (b";2.25", b";2,25", "input-number", "line 13, column NL90002"),
    "words for a value": (b"-0.5", b"n.b.", "input-number", "line 11, column NL90001"),
    "an exponent": (b"16.150", b"1.6e01", "input-number", "line 13, column NL90001"),
    "seven decimals": (b"16.150", b"16.1500001", "input-decimals", "line 13, column NL90001"),
    "a fill value": (b"16.150", b"99999999999", "input-magnitude", "line 13, column NL90001"),
    "a component nobody knows": (b"\nSO2;", b"\nXY9;", "input-quantity", "column Component"),
    "another component on one line": (
        b"\nSO2;uur;\xb5g/m\xb3;20190101 01",
        b"\nNO2;uur;\xb5g/m\xb3;20190101 01",
        "input-not-this-format",
        "line 12",
    ),
    "an unknown unit": (b"\xb5g/m\xb3", b"mol/l", "input-unit", ""),
    "daily values": (b";uur;", b";dag;", "input-time", "column Bep.periode"),
    "a day that is not there": (
        b"20190101 02:00;20190101 03:00;1",
        b"20190132 02:00;20190101 03:00;1",
        "input-time",
        "line 13",
    ),
    "begin and end swapped": (
        b"20190101 00:00;20190101 01:00",
        b"20190101 01:00;20190101 00:00",
        "input-time",
        "line 11",
    ),
    "an hour twice": (b"20190101 01:00;20190101 02:00", b"20190101 00:00;20190101 01:00", "input-duplicate", "line"),
    "an hour outside the period": (
        b"20190101 02:00;20190101 03:00;1",
        b"20190101 03:00;20190101 04:00;1",
        "input-time",
        "line 13",
    ),
    "stations swapped under the header": (
        b"Einddatumtijd;NL90001;NL90002",
        b"Einddatumtijd;NL90002;NL90001",
        "input-missing-column",
        "line 10, column 6",
    ),
    "one station in two columns": (b"NL90002", b"NL90001", "input-missing-column", "line 10"),
    "a column too few": (b";7\r", b"\r", "input-missing-column", "line 12"),
    "no unit column": (b"Eenheid;", b"Eenh.;", "input-missing-column", "line 10"),
    "no period": (b"Periode;", b"Tijdvak;", "input-missing-column", "file.csv"),
    "utf-8": (b"\xb5g/m\xb3", "µg/m³".encode(), "input-encoding", "line"),
    "a simulated file": (b"Export;EXP", b"Export;SIMULATIE EXP", "input-simulated", "file.csv"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_fault_ends_in_an_error_with_its_place(fault: str) -> None:
    found, instead, code, place = FAULTS[fault]
    data = rivm_until_2022()
    assert found in data
    error = error_of(data.replace(found, instead))
    assert (error.code, place in error.place, bool(error.hint)) == (code, True, True), error.as_text()


def test_a_line_that_went_missing_is_not_taken_for_values_withdrawn() -> None:
    lines = rivm_until_2022().split(b"\r\n")
    error = error_of(b"\r\n".join(lines[:11] + lines[12:]))
    assert error.code == "input-truncated"
    assert "promises 3 hours, and 2 are there" in error.message


class Shop:
    """A client that gives back what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get(self, url: str, params: object = None, *, name: str) -> Fetched:
        self.asked.append(url)
        return Fetched(name, b"", url, datetime(2026, 1, 1, tzinfo=UTC))


def test_a_download_asks_one_file_a_year_and_component() -> None:
    shop, adapter = Shop(), RivmLml()
    period = Period(datetime(2019, 1, 1, tzinfo=CET), datetime(2021, 1, 1, tzinfo=CET))
    request = FetchRequest(period, quantities=("pm25", "ox"), settings={"url": "http://x/{year}/{component}"})
    assert [answer.name for answer in adapter.fetch(shop, request)] == [
        "2019_PM25.csv",
        "2019_Ox.csv",
        "2020_PM25.csv",
        "2020_Ox.csv",
    ]
    assert shop.asked == ["http://x/2019/PM25", "http://x/2019/Ox", "http://x/2020/PM25", "http://x/2020/Ox"]


def test_an_interrupted_download_goes_on_after_what_was_kept() -> None:
    shop = Shop()
    request = FetchRequest(Period.year(2019, Clock.CET), quantities=("pm10", "no2", "o3"), resume_after="2019_NO2.csv")
    assert [answer.name for answer in RivmLml().fetch(shop, request)] == ["2019_O3.csv"]
    assert shop.asked[0] == "https://data.rivm.nl/data/luchtmeetnet/Vastgesteld-jaar/2019/2019_O3.csv"


def test_a_download_needs_a_period_and_a_quantity() -> None:
    with pytest.raises(GoedeBuurError) as raised:
        list(RivmLml().fetch(Shop(), FetchRequest()))
    assert raised.value.code == "adapter-request"
