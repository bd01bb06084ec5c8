"""Gaps and lateness of some series in the IJmond, 2019-2021, held to a count by the csv module alone."""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from goedebuur.core.base.periods import Clock
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span
from goedebuur.core.expectations.standing import State
from goedebuur.services import expectations, punctuality
from goedebuur.services.delivery import deliver_files
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
WINTER = timezone(timedelta(hours=1))
BEGIN, END = datetime(2019, 1, 1, tzinfo=WINTER), datetime(2022, 1, 1, tzinfo=WINTER)
RECEIVED = {
    2019: datetime(2020, 6, 1, tzinfo=UTC),
    2020: datetime(2021, 6, 1, tzinfo=UTC),
    2021: datetime(2023, 2, 1, tzinfo=UTC),
}
NOW = datetime(2026, 2, 1, tzinfo=UTC)
STATIONS = ("NL49551", "NL49553", "NL49570", "NL49572")
COMPONENTS = {"PM10": "pm10", "SO2": "so2", "H2S": "h2s"}
YEARLY = Expectation(
    id="rivm-year",
    submitter="rivm",
    series=tuple(f"NL*.{quantity}.1h" for quantity in COMPONENTS.values()),
    step=3600,
    every=Every.YEAR,
    clock=Clock.CET,
    term=Span(months=9),
    grace=Span(months=3),
    valid_from="2019-01-01",
    valid_to="2021-12-31",
)


@dataclass
class Loaded:
    record: Record
    files: dict[tuple[int, str], Path]


@pytest.fixture(scope="module")
def loaded(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = data_folder / "rivm_lml"
    files = {(year, name): folder / f"{year}_{name}.csv.gz" for year in RECEIVED for name in COMPONENTS}
    record = Record.open(tmp_path_factory.mktemp("record"), signer=Ed25519Signer("example.org/register", bytes(32)))
    expectations.add(record, YEARLY, datetime(2019, 1, 1, tzinfo=UTC))
    for year, received in RECEIVED.items():
        deliver_files(record, [files[year, name] for name in COMPONENTS], now=received)
    yield Loaded(record, files)
    record.close()


def hours_there(path: Path, station: str) -> set[datetime]:
    """Return the hours of which a station file has a value: label and columns by the csv module, nothing of ours."""
    rows = csv.reader(io.StringIO(gzip.decompress(path.read_bytes()).decode("latin-1")), delimiter=";")
    header = next(row for row in rows if row and row[0] == "Component" and "Bep.periode" in row)
    if station not in header:
        return set()
    column, label = header.index(station), [name.strip() for name in header].index("Begindatumtijd")
    return {
        datetime.strptime(row[label], "%Y%m%d %H:%M").replace(tzinfo=WINTER)
        for row in rows
        if row and row[column].strip()
    }


def gaps(there: set[datetime]) -> list[tuple[datetime, int]]:
    """Return start and hours of every run of hours without a value."""
    found: list[tuple[datetime, int]] = []
    hour, run = BEGIN, 0
    while hour <= END:
        if hour < END and hour not in there:
            run += 1
        elif run:
            found.append((hour - timedelta(hours=run), run))
            run = 0
        hour += timedelta(hours=1)
    return found


def counted(loaded: Loaded, station: str, component: str) -> tuple[set[datetime], list[tuple[datetime, int]]]:
    there: set[datetime] = set()
    for year in RECEIVED:
        there |= hours_there(loaded.files[year, component], station)
    return there, gaps(there)


SERIES = [
    *((station, "PM10") for station in STATIONS),
    *((station, component) for station in STATIONS[:2] for component in ("SO2", "H2S")),
]
"""What is measured there: NL49570 and NL49572 have neither sulphur dioxide nor hydrogen sulphide in these files."""


@pytest.mark.parametrize(("station", "component"), SERIES)
def test_gaps_are_those_that_a_plain_reading_of_the_files_gives(loaded: Loaded, station: str, component: str) -> None:
    there, expected = counted(loaded, station, component)
    series = f"{station}.{COMPONENTS[component]}.1h"
    assert there
    (found,) = punctuality.of_series(loaded.record, series, NOW)
    told = [(one.gap.period.start, one.gap.steps) for one in reversed(found.gaps)]
    assert told == expected
    assert found.missing == 3 * 8760 + 24 - len(there)  # 2020 was a leap year
    row = next((one for one in punctuality.overview(loaded.record, NOW) if one.series == series), None)
    assert row is not None
    assert (row.missing, row.gaps, row.late) == (found.missing, len(expected), 1)


def test_numbers_of_one_series_are_those_that_awk_counted(loaded: Loaded) -> None:
    """Empty cells of the column NL49553 in the three files, runs of them and the longest, counted with zcat and awk."""
    (found,) = punctuality.of_series(loaded.record, "NL49553.pm10.1h", NOW)
    assert (found.missing, len(found.gaps), max(one.gap.steps for one in found.gaps)) == (289, 65, 51)


def test_only_the_year_that_came_after_the_grace_term_is_late(loaded: Loaded) -> None:
    (found,) = punctuality.of_series(loaded.record, "NL49553.pm10.1h", NOW)
    late = [one.standing for one in found.periods if one.standing.late]
    assert [(one.period.start, one.late_by) for one in late] == [
        # due on 1 October 2022, late from 1 January 2023 0:00 CET on: received 31 days and an hour after that
        (datetime(2020, 12, 31, 23, tzinfo=UTC), 31 * 86_400 + 3600)
    ]
    assert all(one.standing.state in (State.LATE, State.PARTLY) for one in found.periods)


def test_list_of_all_series_is_made_in_time_to_read_it(loaded: Loaded) -> None:
    before = time.perf_counter()
    rows = punctuality.overview(loaded.record, NOW + timedelta(hours=1))
    assert len(rows) > 50
    assert time.perf_counter() - before < 2.0  # a shared machine; docs/methods/expectations.md has what was measured
