"""Simulated stacks come in by the road of every delivery, marked as simulated, and are checked from the record."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.services import deliveries, planting

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Period
from goedebuur.services import stack_checks, streams
from goedebuur.services.delivery import deliver
from goedebuur.services.demo import permits, shown_stacks, stack_loading
from goedebuur.services.demo.stacks import PointRun, files
from goedebuur.services.demo.stacks import streams as told
from goedebuur.services.demo.stacks.defects import missing_hours, stuck
from goedebuur.services.demo.stacks.plants import COKE, LINE_1
from goedebuur.services.record import Record

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)
PERIOD = Period(planting.START, planting.START + timedelta(days=40))


@pytest.fixture(scope="module")
def run() -> PointRun:
    return planting.run(4, COKE, 35)


@pytest.fixture(scope="module")
def record(run: PointRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    folder: Path = tmp_path_factory.mktemp("stacks")
    found = deliveries.open_record(folder)
    permits.load(found, NOW - timedelta(hours=1), "simulatie")
    planted = stuck(np.random.default_rng(3), run)
    outcomes = stack_loading.load(found, [planted.run], NOW)
    assert [(one.status, one.error) for one in outcomes] == [("stored", None)] * 2  # January, and a part of February
    yield found
    found.close()


def test_every_value_comes_back_as_it_was_made_and_marked_as_simulated(record: Record, run: PointRun) -> None:
    series = told.series(COKE, "nox")
    rows = record.observations.read(series=[series], start=PERIOD.start, end=PERIOD.end)
    made = run.signals["nox"].raw
    assert rows.height == int((~np.isnan(made)).sum())
    assert ((rows["flags"] & int(Flag.SIMULATED)) != 0).all()
    back = rows["micro"].to_numpy() / 1e6
    place = ((rows["start"] - PERIOD.start).dt.total_seconds() // 60).to_numpy()
    different = np.flatnonzero(back != made[place])
    assert len(different) <= 600  # nothing but a value that stands still, if it is this stream's


def test_streams_functions_and_processing_are_in_the_record(record: Record) -> None:
    found = streams.of_site(record, COKE.site)
    assert {one.id for one in found} == {one.id for one in told.streams(COKE)}
    day = planting.START.date() + timedelta(days=1)
    held = streams.functions_on(record, day).get(told.stream_id(COKE, "dust"))
    assert held is not None
    assert (held.offset, held.slope) == ("-15", "3.75")
    (settings,) = streams.processing(record, COKE.site)
    assert [one.key for one in settings.references] == ["o2=5 dry"]


def test_what_was_planted_is_found_from_the_record_and_said_to_be_simulated(record: Record) -> None:
    checked = stack_checks.check(record, COKE.site, PERIOD)
    assert checked.streams == len(told.streams(COKE))
    assert {one.finding.check for one in checked.found} == {"stack.stuck"}
    assert all(one.simulated and one.sentence.nl for one in checked.found)


def test_delivered_averages_with_another_reference_oxygen_are_found_from_the_record(
    record: Record, run: PointRun
) -> None:
    raw = next(one for one in streams.of_site(record, COKE.site) if one.id == told.stream_id(COKE, "nox"))
    series = "SIM-K21.stack_nox.30min"
    half = dataclasses.replace(raw, id="sim-k21.nox-half", series=series, step=1_800, oxygen_included="5")
    streams.put(record, [half], NOW, reason="test")
    one = next(one for one in COKE.pollutants if one.substance == "nox")
    nox, oxygen = run.signals["nox"], run.signals["oxygen"]
    wrong = (one.offset + one.slope * nox.raw) * (21 - 3) / (21 - oxygen.raw)  # the permit brings it to 5
    good = (nox.status == 0) & (oxygen.status == 0) & ~np.isnan(wrong)
    lines = [
        *("# goedebuur-stack: 1", "# layout: long", "# separator: ;", "# decimal: .", "# clock: UTC", "# label: start"),
        *("# day: yyyy-mm-dd", "# status: none", "# source: SIMULATIE", f"# stream: nox = {series} [mg/m³]"),
        "stream;time;value",
    ]
    for begin in range(0, 480 * 30, 30):
        some = wrong[begin : begin + 30][good[begin : begin + 30]]
        if len(some) >= 20:
            lines.append(f"nox;{run.start + timedelta(minutes=begin):%Y-%m-%d %H:%M};{some.mean():.2f}")
    outcome = deliver(record, ("\n".join(lines) + "\n").encode(), "half.csv", now=NOW + timedelta(hours=1))
    assert outcome.error is None
    checked = stack_checks.check(record, COKE.site, PERIOD)
    named = [found for found in checked.found if found.finding.check.startswith("stack.average")]
    assert [found.finding.check for found in named] == ["stack.average_oxygen"]
    assert named[0].finding.streams == (half.id, raw.id)


def test_another_emission_point_has_nothing_and_another_site_is_an_error(record: Record) -> None:
    checked = stack_checks.check(record, COKE.site, PERIOD, emission_point="there-is-none")
    assert (checked.streams, checked.values, checked.found) == (0, 0, ())
    with pytest.raises(GoedeBuurError) as told_error:
        stack_checks.check(record, "no-such-site", PERIOD)
    assert told_error.value.code == "site-unknown"


def test_the_same_run_again_changes_nothing(record: Record, run: PointRun) -> None:
    planted = stuck(np.random.default_rng(3), run)
    assert {one.status for one in stack_loading.load(record, [planted.run], NOW + timedelta(days=1))} <= {
        "already",
        "unchanged",
    }


def test_the_same_values_in_another_file_change_nothing_and_say_so(record: Record, run: PointRun) -> None:
    planted = stuck(np.random.default_rng(3), run)
    data = files.raw_file(planted.run, 0, 31 * 1_440).replace(b"# layout", b"# rows: 44640\n# layout")
    outcome = deliver(record, data, "nog-een-keer.csv", now=NOW + timedelta(days=2))
    assert (outcome.status, outcome.counts["stored"]) == ("unchanged", 0)
    assert outcome.counts["unchanged"] > 500_000


def test_a_file_leaves_an_empty_cell_where_no_row_came() -> None:
    planted = missing_hours(np.random.default_rng(1), planting.run(6, LINE_1, 5))
    name = planted.signals[0]
    text = files.raw_file(planted.run).decode()
    header, rows = text.split("\ntime;")[1].split("\n", 1)
    column = ["time", *header.split(";")].index(name)
    lines = rows.splitlines()
    assert all(lines[at].split(";")[column : column + 2] == ["", ""] for at in range(planted.begin, planted.end))
    assert "SIMULATIE" in text.split("\n")[8]


def test_months_are_cut_on_the_clock_of_the_file(run: PointRun) -> None:
    assert list(files.months(run)) == [(0, 31 * 1_440), (31 * 1_440, 35 * 1_440)]


def test_the_demonstration_shows_starts_stops_and_a_failure() -> None:
    shown = next(iter(shown_stacks.runs()))
    assert set(np.unique(shown.operation.state).tolist()) >= {0, 1, 2, 3, 4}
