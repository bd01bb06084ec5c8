"""A newer program reads what an older one kept, from its first answer on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.services.deliveries import NOW, open_record, station_file

from goedebuur.services import queries
from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record


def test_reader_fills_a_catalogue_that_another_version_made(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    deliver(record, station_file({"NL90001": ["1", "2"]}), "a.csv", now=NOW)
    size = record.size
    record.close()
    with sqlite3.connect(tmp_path / "projections" / "catalogue.sqlite3") as db:
        db.execute("PRAGMA user_version = 0")
    reader = Record.open(tmp_path, read_only=True)
    assert reader.projected == size
    assert [one.leaf for one in queries.deliveries(reader)] == list(range(size - 1, -1, -1))
    assert [station.name for station in queries.stations(reader)] == ["Eendorp-NL90001"]
    reader.close()
