"""Five years of a real gas turbine, by the road of every delivery: 36,733 hours, and CO that goes with low load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from goedebuur.core.base.periods import Period
from goedebuur.services import gas_turbine, intake, load_dependence, showcase, stack_checks
from goedebuur.services.record import Record
from goedebuur.store.keys import Ed25519Signer

pytestmark = pytest.mark.real
NOW = datetime(2026, 2, 1, tzinfo=UTC)
WHOLE = Period(datetime(2011, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC))
ROWS = 36_733


@pytest.fixture(scope="module")
def record(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    folder = data_folder / "cems_gas_turbine"
    if not folder.is_dir():
        pytest.skip("no gas turbine in the data folder")
    found = Record.open(tmp_path_factory.mktemp("turbine"), signer=Ed25519Signer("example.org/log", bytes(range(32))))
    shown = showcase.real(found, intake.find_files([folder]).files, now=NOW, progress=lambda *_: None)
    assert [one.error for one in shown.outcomes] == [None] * 5
    assert all("the file has no times" in one.doubts[0] for one in shown.outcomes)
    assert sum(one.counts["values_in"] for one in shown.outcomes) == ROWS * 11
    assert sum(one.counts.get("skipped:finer than can be kept", 0) for one in shown.outcomes) == 9
    yield found
    found.close()


def test_every_hour_is_in_the_record_and_says_that_its_time_is_assumed(record: Record) -> None:
    rows = record.observations.read(
        series=["UCI-GT.stack_nox.1h"], start=WHOLE.start, end=WHOLE.end, columns=("start", "remark")
    )
    assert rows.height == ROWS
    assert rows["remark"].str.contains("time assumed").all()


def test_carbon_monoxide_is_high_at_low_load_and_low_at_full_load(record: Record) -> None:
    found = {
        one.stream.id: one
        for one in load_dependence.of_point(record, gas_turbine.SITE, gas_turbine.POINT, WHOLE, classes=10)
    }
    co, nox = found["uci-gt.co"].found, found["uci-gt.nox"].found
    assert (nox.steps, nox.without) == (ROWS, 0)
    assert co.steps == ROWS - 9
    lowest, highest = co.classes[0], co.classes[-1]
    assert lowest.is_high
    assert not highest.is_high
    assert lowest.median > 4 * highest.median
    assert found["uci-gt.co"].remarked == ROWS - 9


def test_checks_find_the_monitor_that_stood_still_and_no_fault_that_only_minutes_can_show(record: Record) -> None:
    # In gt_2011.csv, lines 1338 to 1439, NOX is 102 times the same number, while the other columns change.
    checked = stack_checks.check(record, gas_turbine.SITE, WHOLE)
    assert checked.streams == 11
    stuck = [one.finding for one in checked.found if one.finding.check == "stack.stuck"]
    assert ("uci-gt.nox", "6120") in {(one.streams[0], one.number("minutes")) for one in stuck}
    assert len(stuck) == 2
    assert {one.finding.check for one in checked.found} <= {"stack.stuck", "stack.interpolated", "stack.missing"}
    assert not any(one.simulated for one in checked.found)
