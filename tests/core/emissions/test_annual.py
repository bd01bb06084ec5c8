from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period
from goedebuur.core.emissions.annual import MASSES, Filled, kilograms, merged, year

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)


def rows(*told: tuple[int, Any, str | None, bool]) -> pl.DataFrame:
    """Half-hours: how many, mass [µg], state, valid; one group after another."""
    made, at = [], 0
    for count, mass, state, valid in told:
        for k in range(count):
            value = mass(k) if callable(mass) else mass
            made.append((T0 + HALF * at, 1800, value, state, valid))
            at += 1
    return pl.DataFrame(made, schema=MASSES, orient="row")


def days(number: float) -> Period:
    return Period(T0, T0 + timedelta(days=number))


def test_what_was_measured_whole_is_its_sum_with_no_range() -> None:
    found = year(rows((96, 100, "normal", True)), days(2))
    assert (found.total, found.low, found.high) == (9600, 9600, 9600)
    assert (found.steps, found.measured, found.at_rest, found.filled) == (96, 96, 0, ())


def test_invalid_hours_get_the_mean_of_their_state_and_a_range_never_zero() -> None:
    # measured: masses 1 … 100 µg once each; mean 50.5; one in twenty is at most 5, and nineteen in twenty at most 95
    measured = (100, lambda k: k + 1, "normal", True)
    found = year(rows(measured, (20, None, "normal", False)), days(2.5))
    assert found.filled == (Filled("normal", 20, "normal", 1010, 100, 1900),)
    assert (found.total, found.low, found.high) == (5050 + 1010, 5050 + 100, 5050 + 1900)


def uncertain(*told: tuple[int, Any, str | None, bool], expanded: int | None, above: int = 0) -> pl.DataFrame:
    """The same, with half the 95 % interval of each mass [µg], and so many of the first above the range."""
    made = rows(*told)
    at = pl.int_range(made.height)
    return made.with_columns(expanded=pl.lit(expanded, pl.Int64), above_range=at < above)


def test_uncertainty_of_each_mass_adds_up_whole_as_the_same_error_all_year() -> None:
    # 96 · 5 = 480 µg on 9,600: what an instrument has wrong it has wrong in every step
    found = year(uncertain((96, 100, "normal", True), expanded=5), days(2))
    assert (found.uncertainty, found.low, found.total, found.high) == (480, 9120, 9600, 10_080)


def test_steps_that_were_filled_in_have_the_uncertainty_of_those_that_were_measured() -> None:
    # measured 1 … 100 µg ± 2, sum 5,050 ± 200; 20 filled in at 5 ± 2 up to 95 ± 2
    told = uncertain((100, lambda k: k + 1, "normal", True), (20, None, "normal", False), expanded=2)
    found = year(told, days(2.5))
    assert (found.low, found.total, found.high) == (5050 - 200 + 20 * 3, 5050 + 1010, 5050 + 200 + 20 * 97)


def test_low_end_is_never_below_nothing() -> None:
    # 9,600 ± 19,200 measured, and 48 of which nothing is known: nothing at the low end, 48 · (100 + 200) at the high
    found = year(uncertain((96, 100, "normal", True), expanded=200), days(3))
    assert (found.low, found.high) == (0, 9600 + 19_200 + 48 * 300)


def test_where_one_step_has_no_known_uncertainty_none_is_in_the_range() -> None:
    told = uncertain((96, 100, "normal", True), expanded=5)
    told = told.with_columns(expanded=pl.when(pl.int_range(told.height) > 0).then("expanded"))
    found = year(told, days(2))
    assert (found.uncertainty, found.low, found.high) == (None, 9600, 9600)


def test_year_with_a_step_above_the_range_has_no_upper_end() -> None:
    found = year(uncertain((96, 100, "normal", True), expanded=None, above=1), days(2))
    assert (found.above_range, found.low, found.total, found.high) == (1, 9600, 9600, None)


def test_invalid_value_with_a_mass_does_not_count_as_measured() -> None:
    found = year(rows((95, 100, "normal", True), (1, 9_000_000, "normal", False)), days(2))
    assert (found.measured, found.total) == (95, 9600)


def test_hours_out_of_service_are_counted_and_not_filled_in() -> None:
    found = year(rows((48, 100, "normal", True), (48, None, "out_of_service", False)), days(2))
    assert (found.total, found.at_rest, found.filled) == (4800, 48, ())


def test_mass_measured_while_out_of_service_counts() -> None:
    found = year(rows((48, 100, "normal", True), (48, 7, "out_of_service", True)), days(2))
    assert (found.total, found.at_rest) == (4800 + 48 * 7, 0)


def test_hours_of_which_nothing_is_known_may_have_been_zero_at_the_low_end() -> None:
    found = year(rows((96, 100, "normal", True)), days(3))
    assert found.filled == (Filled("unknown", 48, "all", 4800, 0, 4800),)
    assert (found.low, found.high) == (9600, 14_400)


def test_state_with_less_than_a_day_measured_is_filled_in_by_all_of_the_plant_at_work() -> None:
    few = rows((96, 100, "normal", True), (47, 500, "start_up", True), (1, None, "start_up", False))
    assert year(few, days(3)).filled == (Filled("start_up", 1, "all", 231, 100, 500),)  # 33,100 / 143 = 231.5
    enough = rows((95, 100, "normal", True), (48, 500, "start_up", True), (1, None, "start_up", False))
    assert year(enough, days(3)).filled == (Filled("start_up", 1, "start_up", 500, 500, 500),)


def test_accidental_part_stands_apart_with_what_was_filled_in() -> None:
    told = rows((90, 100, "normal", True), (50, 300, "abatement_failure", True), (4, None, "abatement_failure", False))
    found = year(told, days(3))
    assert (found.accidental, found.accidental_total) == (15_000, 16_200)
    assert year(rows((48, 100, "start_up", True), (48, None, "start_up", False)), days(2)).accidental_total == 0


def test_without_any_measured_step_the_year_is_unknown() -> None:
    found = year(rows((48, None, "normal", False)), days(1))
    assert (found.total, found.low, found.high) == (None, 0, None)
    assert merged([found, year(rows((48, 1, "normal", True)), days(1))]) == (None, 48, None, 0)


def test_second_instrument_fills_what_the_first_missed_and_nothing_counts_twice() -> None:
    first = rows((40, 100, "normal", True), (8, None, "normal", False))
    second = rows((48, 200, "normal", True))
    found = year(pl.concat([first, second]), days(1))
    assert (found.total, found.measured) == (40 * 100 + 8 * 200, 48)


def test_steps_outside_the_year_do_not_count_and_steps_of_two_lengths_are_refused() -> None:
    told = rows((96, 100, "normal", True))
    assert year(told, days(1)).total == 4800
    with pytest.raises(GoedeBuurError, match="one length"):
        year(pl.concat([told, told.with_columns(length=pl.lit(3600, pl.Int32))]), days(1))


def test_kilograms_have_three_digits_that_say_something() -> None:
    assert [kilograms(one) for one in (999_500_000_000, 1_234_567, 99, -1_500_000)] == [
        "1000000",
        "1.23",
        "0.000",
        "-1.50",
    ]
