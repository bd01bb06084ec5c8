"""Which years a demonstration shows, and that it is the same folder as before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.adapters import samples
from tests.services.deliveries import NOW as LATER
from tests.services.deliveries import open_record, station_file

from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record
from goedebuur.services.showcase import IJMOND, bounds, fingerprint, judged_years
from goedebuur.store.keys import Ed25519Signer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = Record.open(tmp_path / "record", signer=Ed25519Signer("example.org/log", bytes(range(32))))
    # two substances at two stations in 2019: four series; one of them in 2023, the other column empty
    for component in (b"SO2", b"NO2"):
        data = samples.rivm_until_2022().replace(b"SO2;uur", component + b";uur")
        deliver(opened, data, f"2019_{component.decode()}.csv", now=NOW)
    stray = samples.rivm_from_2023().replace(b";1.5;2.5", b";1.5;").replace(b";3.5;4.5", b";3.5;")
    deliver(opened, stray, "2023_PM25.csv", now=NOW)
    yield opened
    opened.close()


def test_year_with_one_stray_file_is_not_shown_as_the_newest(record: Record) -> None:
    assert judged_years(record) == [2019]


def test_hour_before_new_year_in_utc_belongs_to_the_year_on_the_clock_of_the_networks(record: Record) -> None:
    # the first hour of 2019 CET starts on 31 December 2018 in UTC
    assert 2018 not in judged_years(record)


def test_folder_with_a_changed_file_is_another_folder(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"1")
    before = fingerprint([file])
    assert fingerprint([file]) == before
    os.utime(file, ns=(0, 0))
    assert fingerprint([file]) != before


@pytest.mark.parametrize(
    ("place", "area"),
    [
        (b"(52.493,4.601)", IJMOND),  # Wijk aan Zee
        (b"(52.341,4.550)", None),  # south of it
        (b"(52.493,4.900)", None),  # east of it
        (b"", None),
    ],
)
def test_map_starts_in_the_ijmond_when_a_station_lies_there(
    tmp_path: Path, place: bytes, area: tuple[float, ...] | None
) -> None:
    opened = open_record(tmp_path / "record")
    deliver(opened, station_file({"NL90001": ["1"]}).replace(b"(52.100001,4.500002)", place), "a.csv", now=LATER)
    assert bounds(opened) == area
    opened.close()
