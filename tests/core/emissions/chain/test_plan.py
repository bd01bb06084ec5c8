"""What is done with a series changes on the day that settings, instruments and functions say, and not else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
from tests.core.emissions.chain.test_worked_examples import OXYGEN, STATE, WATER, T, nox, settings

from goedebuur.core.base.periods import Clock, Period
from goedebuur.core.emissions.chain import Buckets, plan, together
from goedebuur.core.emissions.chain.plans import CONCENTRATION, EVER, Shape
from goedebuur.core.emissions.processing import OfStream, Order, Peripherals, Taken
from goedebuur.core.emissions.streams import CalibrationFunction

BESIDE = (Peripherals(oxygen=Taken("o2"), state="s"),)


def utc(*moment: int) -> int:
    return int(datetime(*moment, tzinfo=UTC).timestamp()) * 10**6  # type: ignore[arg-type, misc]


def function(name: str, first: date, last: date | None = None, slope: str = "2") -> CalibrationFunction:
    return CalibrationFunction(name, "nox", "0", slope, "mg/m³", "0", "500", first, first, last)


def spans(kind: int, *of: object, **more: object) -> list[tuple[int, int, float | None, bool]]:
    made = plan(*of)  # type: ignore[arg-type]
    mine = made.spans.filter((pl.col("kind") == kind) & (pl.col("stream") == "nox"))
    return mine.select("low_us", "high_us", "slope", "known").rows()


def test_a_function_holds_from_the_first_moment_of_its_day_on_the_clock_that_was_settled() -> None:
    by = settings(streams=(), peripherals=BESIDE)
    of = [nox(), OXYGEN, STATE]
    functions = [function("a", date(2026, 2, 1), date(2026, 7, 1)), function("b", date(2026, 7, 1), None, "3")]
    assert spans(CONCENTRATION, [by], of, functions) == [
        (utc(2025, 12, 31, 23), utc(2026, 1, 31, 23), 1.0, False),
        (utc(2026, 1, 31, 23), utc(2026, 6, 30, 23), 2.0, True),
        (utc(2026, 6, 30, 23), utc(2026, 7, 1, 23), 3.0, True),  # both hold: the later one does
        (utc(2026, 7, 1, 23), EVER, 3.0, True),
    ]
    summer = spans(CONCENTRATION, [replace(by, clock=Clock.LOCAL)], of, functions)
    assert summer[1][1] == utc(2026, 6, 30, 22)


def test_later_settings_take_over_on_their_first_day() -> None:
    one = settings(peripherals=BESIDE)
    two = replace(one, id="two", valid_from=date(2026, 3, 1), valid_to=date(2026, 4, 30), order=Order.AVERAGE)
    made = plan([two, one], [nox(), OXYGEN], ())
    mine = made.spans.filter(pl.col("kind") == CONCENTRATION)
    assert mine.select("order", "low_us", "high_us").rows() == [
        ("each_value", utc(2025, 12, 31, 23), utc(2026, 2, 28, 23)),
        ("average", utc(2026, 2, 28, 23), utc(2026, 4, 30, 23)),
    ]
    assert made.shapes == [Shape(Order.EACH_VALUE, False, False), Shape(Order.AVERAGE, False, False)]


def test_an_instrument_counts_on_the_days_on_which_it_was_in_use() -> None:
    used = nox(valid_from=date(2026, 2, 1), valid_to=date(2026, 2, 28))
    found = spans(CONCENTRATION, [settings(peripherals=BESIDE)], [used, OXYGEN], ())
    assert [row[:2] for row in found] == [(utc(2026, 1, 31, 23), utc(2026, 2, 28, 23))]


def test_a_unit_that_nothing_says_the_meaning_of_is_a_question() -> None:
    ppm = replace(nox(), series="L1.stack_nox_ppm.1min", unit="ppm")
    made = plan([settings(peripherals=BESIDE)], [ppm, OXYGEN, STATE], ())
    assert made.questions[0] == "What is a value of nox in ppm? No function says so."
    assert made.spans.filter(pl.col("kind") == CONCENTRATION)["known"].to_list() == [False]
    given = replace(function("f", date(2026, 1, 1)), unit="ppm")
    made = plan([settings(streams=(), peripherals=BESIDE)], [nox(), OXYGEN, STATE], [given])
    assert made.questions == ("How many of its own unit is ppm, that f gives?",)


def test_functions_in_smaller_units_give_milligrams() -> None:
    given = replace(function("f", date(2026, 1, 1)), unit="µg/m³", valid_high="40000")
    made = plan([settings(streams=(), peripherals=BESIDE)], [nox(), OXYGEN], [given])
    mine = made.spans.filter(pl.col("kind") == CONCENTRATION)
    assert mine.select("gain", "loss", "high").rows() == [(1.0, 1000.0, 40_000_000)]


def test_plans_of_several_points_keep_their_rows_and_groups_apart() -> None:
    one = plan([settings(peripherals=BESIDE)], [nox(), OXYGEN, STATE], ())
    both = together([one, one])
    assert both.spans["no"].to_list() == list(range(2 * one.spans.height))
    assert sorted(both.spans["group"].drop_nulls().unique()) == [0, 1]
    assert together([]).spans.is_empty()


def test_values_of_other_steps_are_spread_over_the_moments_that_they_hold_for() -> None:
    hourly = replace(T, step=3600, series="L1.stack_temperature.1h")
    quick = replace(WATER, step=20, series="L1.stack_moisture.20s")
    beside = (Peripherals(temperature=Taken("t"), moisture=Taken("h2o"), oxygen=Taken("o2")),)
    made = plan([settings(peripherals=beside)], [nox(), hourly, quick, OXYGEN], ())
    assert made.shapes == [Shape(Order.EACH_VALUE, True, False)]
    spread = made.spread.group_by("from_step").agg(pl.len(), pl.col("after").max()).sort("from_step")
    assert spread.rows() == [(20, 1, 0), (60, 1, 0), (3600, 60, 59 * 60 * 10**6)]


def test_only_periods_that_begin_in_the_stretch_are_wanted() -> None:
    period = Period(datetime(2026, 3, 10, 9, 10, tzinfo=UTC), datetime(2026, 3, 10, 10, tzinfo=UTC))
    found = Buckets.of(period, [1800, 600]).frame
    assert found.filter(pl.col("of_length") == 1800)["bucket"].to_list() == [utc(2026, 3, 10, 9, 30)]
    assert found.filter(pl.col("of_length") == 600).height == 5


def test_streams_have_their_own_lengths() -> None:
    by = settings(peripherals=BESIDE, streams=(OfStream("nox", delivered=True, lengths=(600, 1800)),))
    made = plan([by], [nox(), OXYGEN, STATE], ())
    assert made.lengths == [600, 1800]
    of_state = made.spans.filter(pl.col("stream") == "s")
    assert of_state["length"].to_list() == [600, 1800]
