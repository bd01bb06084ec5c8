"""Every average equals the one computed by hand in fractions, for any values, gaps and flags."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.measurements.averaging import oracle
from tests.core.measurements.averaging.engine import TABLE, Engine, frame_of, means

from goedebuur.core.base.periods import Clock
from goedebuur.core.measurements import averaging as av

SHARE = (3, 4)
YEARS = [2018, 2019, 2020]
PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _hour(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) // 3600  # type: ignore[arg-type, misc]


# around both changes of the clock, both ends of a year, and a leap day
ANCHORS = [_hour(2019, 3, 30, 20), _hour(2019, 10, 26, 20), _hour(2018, 12, 31, 18), _hour(2020, 2, 28, 20)]
VALUES = st.one_of(
    st.integers(-(10**13), 10**13), st.integers(-20, 20), st.sampled_from([0, 10**13, -(10**13), 500_000, -500_000])
)


@st.composite
def observations(draw: st.DrawFn) -> list[oracle.Row]:
    rows: list[oracle.Row] = []
    for series in ("A.o3.1h", "B.o3.10min"):
        step = 3600 if series.endswith("1h") else 600
        base = draw(st.sampled_from(ANCHORS))
        slots = draw(st.lists(st.integers(0, 48 * 3600 // step), unique=True, max_size=60))
        for slot in slots:
            flags = draw(st.sampled_from([0, 0, 0, 0, 0, 2, 16, 1 << 17]))
            micro = draw(VALUES) if flags != 16 or draw(st.booleans()) else None
            rows.append((series, base * 3600 + slot * step, step, micro, flags))
    return rows


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


HOURS: Any = av.hours(TABLE, SHARE)


def maxima() -> Any:
    return av.day_maxima(av.running(HOURS, 8, SHARE), Clock.LOCAL, SHARE, 8)


@PROPERTY
@given(observations())
def test_hours_equal_the_oracle(engine: Engine, rows: list[oracle.Row]) -> None:
    found = engine.run("hours", lambda: HOURS, frame_of(rows))
    assert means(found, "hour") == oracle.hours(rows, SHARE)


@pytest.mark.parametrize("clock", list(Clock))
@PROPERTY
@given(rows=observations())
def test_days_equal_the_oracle_on_every_clock(engine: Engine, clock: Clock, rows: list[oracle.Row]) -> None:
    found = engine.run(f"days {clock}", lambda: av.days(HOURS, clock, SHARE), frame_of(rows))
    assert means(found, "day") == oracle.days(oracle.hours(rows, SHARE), clock, SHARE)


@pytest.mark.parametrize("clock", list(Clock))
@PROPERTY
@given(rows=observations())
def test_months_equal_the_oracle_on_every_clock(engine: Engine, clock: Clock, rows: list[oracle.Row]) -> None:
    found = engine.run(f"months {clock}", lambda: av.months(HOURS, clock, SHARE, YEARS), frame_of(rows))
    assert means(found, "month") == oracle.months(oracle.hours(rows, SHARE), clock, SHARE)


@pytest.mark.parametrize("clock", list(Clock))
@PROPERTY
@given(rows=observations())
def test_years_equal_the_oracle_on_every_clock(engine: Engine, clock: Clock, rows: list[oracle.Row]) -> None:
    found = engine.run(f"years {clock}", lambda: av.years(HOURS, clock, SHARE, YEARS), frame_of(rows))
    assert means(found, "year") == oracle.years(oracle.hours(rows, SHARE), clock, SHARE)


@pytest.mark.parametrize("width", [2, 8, 12])
@PROPERTY
@given(rows=observations())
def test_running_means_equal_the_oracle(engine: Engine, width: int, rows: list[oracle.Row]) -> None:
    found = engine.run(f"running {width}", lambda: av.running(HOURS, width, SHARE), frame_of(rows))
    assert means(found, "hour") == oracle.running(oracle.hours(rows, SHARE), width, SHARE)


@PROPERTY
@given(rows=observations())
def test_day_maxima_equal_the_oracle(engine: Engine, rows: list[oracle.Row]) -> None:
    table = engine.run("maxima", maxima, frame_of(rows))
    found = {
        (s, day): (Fraction(total, n), windows, expected, valid, hour)
        for s, day, total, n, windows, expected, valid, hour in table.select(
            "series", "day", "total", "n", "windows", "expected", "valid", "hour"
        ).rows()
    }
    assert found == oracle.day_maxima(oracle.running(oracle.hours(rows, SHARE), 8, SHARE), "local", SHARE)


@pytest.mark.parametrize("p", [(0, 1), (1, 2), (904, 1000), (98, 100), (1, 1)])
@pytest.mark.parametrize("rule", list(av.RankRule))
@PROPERTY
@given(rows=observations())
def test_percentiles_equal_the_sorted_values(
    engine: Engine, rule: av.RankRule, p: tuple[int, int], rows: list[oracle.Row]
) -> None:
    table = engine.run(f"percentile {rule} {p}", lambda: av.percentiles(HOURS, p, rule, ["series"]), frame_of(rows))
    found = {s: (Fraction(total, n), count) for s, total, n, count in table.rows()}
    groups: dict[str, list[int]] = defaultdict(list)
    for (series, _), (_, _, _, valid, micro) in oracle.hours(rows, SHARE).items():
        if valid:
            groups[series].append(micro)
    assert found == {s: (_percentile(sorted(v), Fraction(*p), rule), len(v)) for s, v in groups.items()}


def _percentile(values: list[int], p: Fraction, rule: av.RankRule) -> Fraction:
    if rule is av.RankRule.LINEAR:
        position = (len(values) - 1) * p
        low = int(position)
        high = min(low + 1, len(values) - 1)
        return values[low] + (values[high] - values[low]) * (position - low)
    k = ceil(p * len(values)) if rule is av.RankRule.NEAREST else int(p * len(values) + Fraction(1, 2))
    return Fraction(values[min(max(k, 1), len(values)) - 1])


@PROPERTY
@given(rows=observations(), limit=st.one_of(st.integers(-20, 20), st.integers(-(10**13), 10**13)))
def test_exceedances_equal_the_comparison_of_fractions(engine: Engine, rows: list[oracle.Row], limit: int) -> None:
    days = oracle.days(oracle.hours(rows, SHARE), "CET", SHARE)
    wanted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (series, _), (total, n, _, valid, _) in days.items():
        if valid:
            wanted[series][0] += Fraction(total, n) > limit
            wanted[series][1] += 1
    # the limit is part of the expression: a new one each time
    engine.compiled.pop("above", None)
    found = engine.run("above", lambda: av.above(av.days(HOURS, Clock.CET, SHARE), limit, ["series"]), frame_of(rows))
    assert {s: [over, count] for s, over, count in found.rows()} == dict(wanted)
