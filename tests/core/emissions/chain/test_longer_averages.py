"""Days, months and years sum the valid short averages, count the others, and add up the masses that are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import polars as pl
import pytest

from goedebuur.core.base.periods import Clock
from goedebuur.core.emissions.chain import days, months, validated, years
from goedebuur.core.emissions.tables import SHORT, Lost

FIRST = datetime(2026, 3, 28, 23, tzinfo=UTC)  # a day of 23 hours on Dutch time begins


def short(rows: list[dict[str, Any]]) -> Any:
    usual = {"stream": "nox", "reference": "o2=11 dry", "length": 1800, "valid": True, "lost": 0, "at_work": 30}
    made = pl.DataFrame([{**dict.fromkeys(SHORT), **usual, **row} for row in rows], schema=SHORT)
    return ibis.memtable(made.to_arrow(compat_level=pl.CompatLevel.oldest()))


def half_hours(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"start": FIRST + timedelta(minutes=30 * k), "standard": 60_000_000, **more} for k in range(count)]


@pytest.mark.parametrize(("clock", "counts"), [(Clock.LOCAL, [46, 2]), (Clock.CET, [48]), (Clock.UTC, [2, 46])])
def test_a_day_is_that_of_the_clock_of_the_rule(clock: Clock, counts: list[int]) -> None:
    found = days(short(half_hours(48)), clock).to_polars().sort("day")
    assert found["n"].to_list() == counts
    assert found["total"].to_list() == [60_000_000 * count for count in counts]


def test_a_day_sums_what_is_valid_and_counts_what_is_not() -> None:
    rows = half_hours(6)
    rows[1] |= {"valid": False, "lost": int(Lost.CALIBRATING | Lost.TOO_FEW), "standard": 10**12}
    rows[2] |= {"valid": False, "lost": int(Lost.MISSING | Lost.TOO_FEW), "standard": None}
    rows[3] |= {"valid": False, "lost": int(Lost.NOT_AT_WORK), "standard": None, "at_work": 0}
    rows[4] |= {"standard": 60_000_001, "mass": 4_000_000}
    rows[5] |= {"mass": 5_000_000}
    found = days(short(rows), Clock.LOCAL).to_polars().row(0, named=True)
    assert (found["total"], found["n"], found["micro"]) == (180_000_001, 3, 60_000_000)
    assert (found["invalid"], found["idle"]) == (2, 1)
    assert found["lost"] == Lost.CALIBRATING | Lost.TOO_FEW | Lost.MISSING | Lost.NOT_AT_WORK
    assert (found["mass"], found["mass_n"]) == (9_000_000, 2)


def test_months_and_years_are_of_short_averages_too() -> None:
    new_year = datetime(2025, 12, 31, 23, tzinfo=UTC)
    rows = [{"start": new_year + timedelta(minutes=30 * k), "standard": 10 + k} for k in range(-2, 2)]
    found = months(short(rows), Clock.CET, [2025, 2026]).to_polars().sort("month")
    assert found.select("month", "total", "n").rows() == [(2025 * 12 + 11, 17, 2), (2026 * 12, 21, 2)]
    found = years(short(rows), Clock.CET, [2026]).to_polars()
    assert found.select("year", "total", "n", "micro").rows() == [(2026, 21, 2, 11)]  # 10.5, halves away from zero


@pytest.mark.parametrize(
    ("standard", "uncertainty", "wanted"),
    # limit 200, share 20 %: at most 40 is taken off
    [(205, None, 165), (205, 30, 175), (205, 50, 165), (39, None, 0), (40, None, 0), (41, None, 1), (-5, None, 0)],
)
def test_of_the_confidence_interval_at_most_a_share_of_the_limit_is_taken_off(
    standard: int, uncertainty: int | None, wanted: int
) -> None:
    t = ibis.memtable({"standard": [standard * 10**6], "u": [(uncertainty or 0) * 10**6]})
    made = validated(t.standard, 40 * 10**6, None if uncertainty is None else t.u)
    assert t.select(v=made).to_polars()["v"].to_list() == [wanted * 10**6]


def test_after_subtraction_days_are_of_what_is_left() -> None:
    t = short(half_hours(2))
    t = t.mutate(validated=validated(t.standard, 20_000_000))
    assert days(t, Clock.LOCAL, value="validated").to_polars()["total"].to_list() == [80_000_000]
    with pytest.raises(ValueError, match="below zero"):
        validated(t.standard, -1)
