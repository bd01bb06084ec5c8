"""A check marks what it should, and nothing beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.quantities import MICRO, QUANTITIES
from goedebuur.core.measurements import checks
from goedebuur.core.measurements.check_bounds import CHECK_BOUNDS, Check

START = datetime(2020, 1, 1, tzinfo=UTC)


def _frame(
    values: Sequence[float | None], quantity: str = "no2", hours: Sequence[int] | None = None, station: str = "A"
) -> pl.DataFrame:
    moments = [START + timedelta(hours=k) for k in (hours or range(len(values)))]
    return pl.DataFrame(
        {
            "series": [f"{station}.{quantity}.1h"] * len(values),
            "quantity": [quantity] * len(values),
            "start": moments,
            "step": [3600] * len(values),
            "micro": [None if v is None else round(v * MICRO) for v in values],
        },
        schema={
            "series": pl.String,
            "quantity": pl.String,
            "start": pl.Datetime("us", "UTC"),
            "step": pl.Int32,
            "micro": pl.Int64,
        },
    )


def _marked(flags: pl.Series, flag: Flag) -> list[int]:
    return [k for k, f in enumerate(flags.to_list()) if f & flag]


def test_a_value_at_the_end_of_the_range_is_fine_and_beyond_it_is_not() -> None:
    # EN 14211: nitrogen dioxide up to 500 µg/m³
    assert _marked(checks.out_of_range(_frame([500.0, 500.1, 0.0])), Flag.OUT_OF_RANGE) == [1]


def test_relative_humidity_has_two_ends() -> None:
    frame = _frame([-1.0, 0.0, 100.0, 101.0], "relative_humidity")
    assert _marked(checks.out_of_range(frame), Flag.OUT_OF_RANGE) == [0, 3]


def test_a_new_years_peak_of_particles_is_within_the_range() -> None:
    assert _marked(checks.out_of_range(_frame([1500.0], "pm10")), Flag.OUT_OF_RANGE) == []


def test_a_step_is_seen_upwards_and_downwards() -> None:
    assert _marked(checks.step(_frame([10.0, 211.0, 212.0, 11.0])), Flag.STEP) == [1, 3]


def test_a_step_of_exactly_the_bound_is_fine() -> None:
    assert _marked(checks.step(_frame([10.0, 210.0])), Flag.STEP) == []


def test_a_step_across_a_gap_is_not_judged() -> None:
    assert _marked(checks.step(_frame([10.0, 400.0], hours=[0, 2])), Flag.STEP) == []


def test_a_step_to_another_series_is_none() -> None:
    both = pl.concat([_frame([10.0]), _frame([400.0], hours=[1], station="B")])
    assert _marked(checks.step(both), Flag.STEP) == []


@pytest.mark.parametrize(("times", "marked"), [(7, []), (8, list(range(1, 9)))])
def test_eight_equal_values_in_a_row_are_stuck_and_seven_are_not(times: int, marked: list[int]) -> None:
    frame = _frame([40.0, *[41.0] * times, 42.0])
    assert _marked(checks.stuck(frame), Flag.STUCK) == marked


def test_a_gap_ends_a_run_of_equal_values() -> None:
    hours = [0, 1, 2, 3, 5, 6, 7, 8]
    assert _marked(checks.stuck(_frame([41.0] * 8, hours=hours)), Flag.STUCK) == []


def test_equal_values_near_zero_are_resolution_and_not_a_stuck_instrument() -> None:
    assert _marked(checks.stuck(_frame([1.0] * 20)), Flag.STUCK) == []


def test_a_run_does_not_continue_into_the_next_series() -> None:
    both = pl.concat([_frame([41.0] * 4), _frame([41.0] * 4, hours=[4, 5, 6, 7], station="B")])
    assert _marked(checks.stuck(both), Flag.STUCK) == []


def test_noise_below_zero_is_kept_and_more_than_the_detection_limit_is_marked() -> None:
    # 3.3 nmol/mol of nitrogen dioxide at 20 °C is 6.3 µg/m³
    assert _marked(checks.negative(_frame([-6.3, -6.4, -1.0])), Flag.NEGATIVE) == [1]


def test_frost_is_not_a_negative_concentration() -> None:
    assert _marked(checks.negative(_frame([-12.0], "temperature")), Flag.NEGATIVE) == []


def test_the_second_of_two_equal_rows_is_the_duplicate() -> None:
    twice = pl.concat([_frame([5.0]), _frame([5.0]), _frame([5.0], hours=[1])])
    assert _marked(checks.duplicate(twice), Flag.DUPLICATE) == [1]


def test_the_first_row_after_a_gap_is_marked_and_the_first_of_a_series_is_not() -> None:
    frame = pl.concat([_frame([1.0, 2.0, 3.0], hours=[0, 1, 4]), _frame([1.0], hours=[9], station="B")])
    assert _marked(checks.after_gap(frame), Flag.AFTER_GAP) == [2]


def test_a_withdrawn_value_gets_no_flag_for_what_it_is_not() -> None:
    assert checks.check(_frame([None])).to_list() == [0]


def test_a_quantity_without_bounds_passes() -> None:
    assert checks.check(_frame([1e6], "ps")).to_list() == [0]


def test_all_checks_together_keep_each_others_marks() -> None:
    found = checks.check(_frame([10.0, 600.0, -9.0], hours=[0, 1, 3]))
    assert found.to_list() == [
        0,
        int(Flag.OUT_OF_RANGE | Flag.STEP),
        int(Flag.NEGATIVE | Flag.AFTER_GAP),
    ]


def test_an_empty_frame_has_no_flags() -> None:
    found = checks.check(_frame([]))
    assert (found.len(), found.dtype) == (0, pl.Int32)


def test_no_check_makes_a_value_unusable() -> None:
    ours = Flag.OUT_OF_RANGE | Flag.STEP | Flag.STUCK | Flag.NEGATIVE | Flag.DUPLICATE | Flag.AFTER_GAP
    assert not ours & UNUSABLE


def test_every_bound_is_of_a_known_quantity_and_says_where_it_comes_from() -> None:
    assert {b.quantity for b in CHECK_BOUNDS} <= set(QUANTITIES)
    assert all(b.reference and b.status in {"confirmed", "memory", "judgement"} for b in CHECK_BOUNDS)
    assert all(b.low or b.high for b in CHECK_BOUNDS)
    assert len({(b.check, b.quantity) for b in CHECK_BOUNDS}) == len(CHECK_BOUNDS)


def test_every_check_cites_its_basis() -> None:
    assert all("References" in (one.__doc__ or "") for one in checks.ALL)


def _bounds(check: Check, quantity: str) -> tuple[float | None, float | None]:
    for b in CHECK_BOUNDS:
        if b.check is check and b.quantity == quantity:
            return (float(b.low) if b.low else None, float(b.high) if b.high else None)
    return None, None


@given(
    st.sampled_from(["no2", "pm10", "temperature", "h2s"]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(-40, 1100)), max_size=30, unique_by=lambda pair: pair[0]),
)
def test_range_step_negative_and_gap_equal_a_plain_loop(quantity: str, pairs: list[tuple[int, int]]) -> None:
    pairs = sorted(pairs)
    frame = _frame([float(v) for _, v in pairs], quantity, [h for h, _ in pairs] or None)
    low, high = _bounds(Check.RANGE, quantity)
    floor, _ = _bounds(Check.NEGATIVE, quantity)
    _, most = _bounds(Check.STEP, quantity)
    wanted = []
    for k, (hour, value) in enumerate(pairs):
        flags = Flag.NONE
        if (low is not None and value < low) or (high is not None and value > high):
            flags |= Flag.OUT_OF_RANGE
        if floor is not None and value < floor:
            flags |= Flag.NEGATIVE
        if k and hour == pairs[k - 1][0] + 1 and most is not None and abs(value - pairs[k - 1][1]) > most:
            flags |= Flag.STEP
        if k and hour > pairs[k - 1][0] + 1:
            flags |= Flag.AFTER_GAP
        wanted.append(int(flags))
    found = checks.check(frame) & ~int(Flag.STUCK)
    assert found.to_list() == wanted
