"""Whether a measurement stands for the year: shares of hours and emission counted by hand on a short year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import polars as pl
import pytest

from goedebuur.core.emissions.measuring.representing import (
    YEAR,
    Moment,
    Represents,
    Stands,
    classes,
    load_of_each,
    represents,
)
from goedebuur.rules import measuring

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def year(
    loads: Sequence[float | None],
    masses: Sequence[int | None] | None = None,
    states: Sequence[str] | None = None,
    fuels: Sequence[str | None] | None = None,
) -> pl.DataFrame:
    n = len(loads)
    return pl.DataFrame(
        {
            "start": [FIRST + timedelta(hours=i) for i in range(n)],
            "length": [3600] * n,
            "load": loads,
            "state": states or ["normal"] * n,
            "fuel": fuels or [None] * n,
            "mass": masses or [None] * n,
        },
        schema=YEAR,
    )


def at(hour: int, **known: object) -> Moment:
    start = FIRST + timedelta(hours=hour)
    return Moment(start, start + timedelta(minutes=30), **known)  # type: ignore[arg-type]


def found(frame: pl.DataFrame, *moments: Moment) -> Represents:
    return represents(frame, moments, measuring.choices())


def test_hours_like_those_measured_lie_within_a_tenth_of_the_load() -> None:
    # measured at 100: 90 and 110 are like it, 89.9 and 110.1 are not
    told = found(year([100, 90, 110, 89.9, 110.1], [10, 10, 10, 10, 60]), at(0))
    assert (told.low, told.high) == (pytest.approx(90), pytest.approx(110))
    assert (told.hours, told.mass) == (Fraction(3, 5), Fraction(30, 100))
    assert (told.above, told.below) == (Fraction(60, 100), Fraction(10, 100))


@pytest.mark.parametrize(
    ("like", "above", "stands"),
    [(50, 50, Stands.YES), (49, 51, Stands.IN_PART), (26, 74, Stands.IN_PART), (25, 75, Stands.NO)],
)
def test_verdict_follows_from_the_part_of_the_emission(like: int, above: int, stands: Stands) -> None:
    assert found(year([100, 200], [like, above]), at(0)).stands is stands


@pytest.mark.parametrize(
    ("like", "above", "lost", "stands"),
    [
        (5, 0, 5, Stands.YES),  # 5 of 10 are like it, whatever the other 5 were
        (4, 0, 6, Stands.CANNOT_TELL),  # 4 of 10, or up to all of them
        (0, 3, 1, Stands.NO),  # 3 of 4 above, whatever the last was
        (0, 2, 1, Stands.CANNOT_TELL),  # 2 of 3, or 3 of 3
        (4, 5, 1, Stands.CANNOT_TELL),  # 4 of 10 or 5
        (8, 11, 1, Stands.IN_PART),  # 8 or 9 of 20 like it, 11 or 12 above: neither half nor three quarters
        (8, 14, 1, Stands.IN_PART),  # 8 or 9 of 23 like it; 14 or 15 above, and 3/4 is 17.25
        (6, 16, 1, Stands.IN_PART),  # 16 or 17 above
        (5, 16, 2, Stands.CANNOT_TELL),  # 16 to 18 above
    ],
)
def test_hours_with_an_unknown_load_leave_only_what_holds_whatever_they_were(
    like: int, above: int, lost: int, stands: Stands
) -> None:
    told = found(year([*[100.0] * like, *[200.0] * above, *[None] * lost]), at(0, load=100.0))
    assert told.stands is stands
    assert told.unknown == Fraction(lost, like + above + lost)
    assert "of the working hours the load is not known" in told.sentence.en


def test_measuring_at_low_load_does_not_stand_for_a_year_at_high_load() -> None:
    told = found(year([40, *[100] * 9], [1, *[11] * 9]), at(0))
    assert told.stands is Stands.NO
    assert (told.mass, told.above) == (Fraction(1, 100), Fraction(99, 100))
    assert told.sentence.en.startswith(
        "The measurement does not stand for the year. It was measured at loads from 36 to 44"
    )
    assert "higher than in 5 % of the hours" in told.sentence.en  # one of ten hours is equal: half of it counts


def test_hours_count_where_no_mass_is_known() -> None:
    told = found(year([100, 100, 100, 200]), at(0))
    assert (told.mass, told.hours, told.stands) == (None, Fraction(3, 4), Stands.YES)
    assert "Of the time, 25 % lay at higher loads" in told.sentence.en


def test_load_of_the_report_goes_before_that_of_the_year() -> None:
    assert found(year([100, 200]), at(0, load=200.0)).low == pytest.approx(180)


def test_other_state_and_other_fuel_are_not_like_it() -> None:
    frame = year([100] * 4, [25] * 4, ["normal", "start_up", "normal", "normal"], ["gas", "gas", "oil", "gas"])
    told = found(frame, at(0))
    assert (told.states, told.fuels, told.mass) == (("normal",), ("gas",), Fraction(1, 2))


def test_unknown_fuel_of_the_year_is_not_held_against_it() -> None:
    assert found(year([100, 100]), at(0, fuel="gas")).hours == 1


def test_plant_at_rest_does_not_count() -> None:
    told = found(year([100, 0, 0], [5, 0, 0], ["normal", "out_of_service", "out_of_service"]), at(0))
    assert told.hours == 1


def test_no_load_cannot_be_told() -> None:
    assert found(year([None, None]), at(0)).stands is Stands.CANNOT_TELL
    assert found(year([None, 100.0]), at(0)).stands is Stands.CANNOT_TELL
    assert found(year([None, 100.0]), at(1)).unknown == Fraction(1, 2)


def test_distance_is_the_largest_between_the_two_distributions() -> None:
    # the year: 10, 20, 30, 40; measured 40 alone: below 40 the year has 3/4, the measurement nothing
    assert found(year([10, 20, 30, 40]), at(3)).distance == pytest.approx(0.75)
    # measured 10 and 40: at 10 the year has 1/4 and the measurement 1/2; at 30 3/4 and 1/2
    assert found(year([10, 20, 30, 40]), at(0), at(3)).distance == pytest.approx(0.25)
    # measured 15, where the year has nothing: 1/4 of the year lies under it
    assert found(year([10, 20, 20, 20]), at(0, load=15.0)).distance == pytest.approx(0.75)


def test_hour_with_an_unknown_fuel_is_not_like_one_with_a_known() -> None:
    assert found(year([100, 100], fuels=["gas", None]), at(0)).hours == Fraction(1, 2)


def test_classes_of_load_are_as_wide_and_hold_all_of_the_year() -> None:
    # of two classes up to 100 the second begins at 50; out of service and an unknown load are in neither
    frame = year([49, 50, 100, 100, None], [1, 2, 3, 9, 9], ["normal"] * 3 + ["out_of_service", "normal"])
    low, high = classes(frame, 2)
    assert ((low.low, low.high), (high.low, high.high)) == ((0, 50), (50, 100))
    assert (low.hours, low.mass) == (Fraction(1, 3), Fraction(1, 6))
    assert (high.hours, high.mass) == (Fraction(2, 3), Fraction(5, 6))


def test_without_a_known_load_or_mass_there_are_no_classes_or_no_masses() -> None:
    assert classes(year([None, None])) == ()
    assert [one.mass for one in classes(year([1, 2]), 1)] == [None]


def test_load_of_a_measurement_is_the_reported_one_else_that_of_the_year() -> None:
    assert load_of_each(year([100, 200]), [at(0, load=90.0), at(1)]) == (90, 200)
