"""Two defects that lie in what is measured and when: a load picked for the measurement, a substance nobody reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.services import deliveries, planting

from goedebuur.core.emissions.measuring.coverage import Finding
from goedebuur.core.emissions.measuring.representing import YEAR, Moment, Stands, represents
from goedebuur.rules import measuring
from goedebuur.services import coverage
from goedebuur.services.demo import permits, stack_loading
from goedebuur.services.demo.permits import places
from goedebuur.services.demo.stacks import PointRun
from goedebuur.services.demo.stacks.designs import NORMAL, STATES, Point, Pollutant
from goedebuur.services.demo.stacks.plants import LINE_1, POWER

NOW = datetime(2026, 4, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def power() -> PointRun:
    return planting.run(2, POWER, 120)


def hours(run: PointRun) -> pl.DataFrame:
    """Return what is known of each hour: load, state of its first minute, and NOx let go."""
    count = run.minutes // 60
    mass = run.inside["nox"] * run.duct.normal_flow / 60  # mg/m³ · m³/h in a minute
    return pl.DataFrame(
        {
            "start": [run.start + timedelta(hours=hour) for hour in range(count)],
            "length": [3600] * count,
            "load": (run.operation.load[: count * 60].reshape(count, 60).mean(axis=1) * run.point.gas.full).tolist(),
            "state": [STATES[int(code)] for code in run.operation.state[: count * 60 : 60]],
            "fuel": [None] * count,
            "mass": np.round(mass[: count * 60].reshape(count, 60).sum(axis=1)).astype(np.int64).tolist(),
        },
        schema=YEAR,
    )


def stands(run: PointRun, chosen: Sequence[int]) -> Stands:
    moments = [Moment(run.start + timedelta(hours=at), run.start + timedelta(hours=at + 1)) for at in chosen]
    return represents(hours(run), moments, measuring.choices()).stands


def test_measurements_at_the_lowest_loads_alone_do_not_stand_for_the_year(power: PointRun) -> None:
    frame = hours(power).with_row_index("at").filter(pl.col("state") == STATES[NORMAL])
    lowest = frame.sort("load")["at"].to_list()
    assert stands(power, lowest[20:23]) is Stands.NO


def test_measurements_at_loads_from_low_to_high_stand_for_the_year(power: PointRun) -> None:
    frame = hours(power).with_row_index("at").filter(pl.col("state") == STATES[NORMAL])
    ordered = frame.sort("load")["at"].to_list()
    assert stands(power, [ordered[len(ordered) * part // 20] for part in (1, 10, 19)]) is Stands.YES


def findings(folder: Path, point: Point) -> set[tuple[str, Finding]]:
    record = deliveries.open_record(folder)
    permits.load(record, NOW - timedelta(hours=1), "simulatie")
    stack_loading.load(record, [planting.run(1, point, 1)], NOW)
    cells = coverage.matrix(record, point.site, date(2025, 12, 31))
    record.close()
    here = places.part_id(point.site, point.name)
    return {
        (cell.spot.substance, finding)
        for cell in cells
        if cell.spot.emission_point == here
        for finding in cell.findings
    }


def test_a_substance_that_no_condition_is_about_is_named_and_the_others_are_not(tmp_path: Path) -> None:
    found = {name for name, finding in findings(tmp_path / "clean", LINE_1) if finding is Finding.FOUND_NOT_PERMITTED}
    assert found == set()
    more = Pollutant("h2s", 1.2, 0.3, "ftir", 30, 0.1, wet=True)
    planted = replace(LINE_1, pollutants=(*LINE_1.pollutants, more))
    found = {name for name, finding in findings(tmp_path / "more", planted) if finding is Finding.FOUND_NOT_PERMITTED}
    assert found == {"h2s"}
