from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from goedebuur.core.emissions.peaks.causes import ABATEMENT, LOAD, Agreement, Cause, Reach, told

T0 = datetime(2026, 3, 1, tzinfo=UTC)
PEAK = (T0 + timedelta(hours=5), T0 + timedelta(hours=5, minutes=30))


def load(*spans: tuple[float, float], hours: int = 12) -> pl.DataFrame:
    """At work in these spans of hours, and at rest outside them."""
    starts = [T0 + timedelta(minutes=k) for k in range(hours * 60)]
    work = [any(a <= k / 60 < b for a, b in spans) for k in range(hours * 60)]
    return pl.DataFrame({"start": starts, "length": [60] * len(starts), "at_work": work}, schema=LOAD)


def abatement(*off: tuple[float, float], hours: int = 12) -> pl.DataFrame:
    starts = [T0 + timedelta(minutes=k) for k in range(hours * 60)]
    works = [not any(a <= k / 60 < b for a, b in off) for k in range(hours * 60)]
    return pl.DataFrame({"start": starts, "length": [60] * len(starts), "working": works}, schema=ABATEMENT)


def test_peak_after_the_load_rose_is_a_start_up() -> None:
    assert told(*PEAK, "start_up", load=load((4.5, 12))).agreement is Agreement.AGREE
    assert told(*PEAK, None, load=load((4.5, 12))).cause is Cause.START_UP


def test_peak_before_the_load_fell_is_a_shut_down() -> None:
    assert told(*PEAK, None, load=load((0, 6))).cause is Cause.SHUT_DOWN


def test_load_that_changed_further_away_than_its_reach_is_no_start_up() -> None:
    assert told(*PEAK, None, load=load((2.9, 12))).cause is Cause.NORMAL
    assert told(*PEAK, None, load=load((3.1, 12))).cause is Cause.START_UP
    assert told(*PEAK, None, load=load((2.9, 12)), reach=Reach(load=3 * 3600)).cause is Cause.START_UP


def test_nearest_change_tells_where_a_plant_started_and_stopped() -> None:
    assert told(*PEAK, None, load=load((4.8, 7.2))).cause is Cause.START_UP
    assert told(*PEAK, None, load=load((3.2, 5.6))).cause is Cause.SHUT_DOWN


def test_peak_at_rest_before_a_start_is_part_of_it_and_after_a_stop_of_that() -> None:
    assert told(*PEAK, None, load=load((6, 12))).cause is Cause.START_UP
    assert told(*PEAK, None, load=load((0, 4.5))).cause is Cause.SHUT_DOWN


def test_abatement_off_while_the_plant_is_at_work_is_a_failure() -> None:
    found = told(*PEAK, "normal", load=load((0, 12)), abatement=abatement((4.9, 5.2)))
    assert (found.cause, found.stated, found.seen) == (
        Cause.ABATEMENT_FAILURE,
        Cause.NORMAL,
        Cause.ABATEMENT_FAILURE,
    )
    assert found.agreement is Agreement.DIFFER


def test_abatement_off_during_a_start_up_is_part_of_it() -> None:
    found = told(*PEAK, "start_up", load=load((4.9, 12)), abatement=abatement((0, 5.3)))
    assert (found.cause, found.agreement) == (Cause.START_UP, Agreement.AGREE)


def test_failure_that_ended_a_quarter_of_an_hour_before_goes_not_with_it() -> None:
    assert told(*PEAK, None, abatement=abatement((4.0, 4.7))).cause is Cause.NORMAL
    assert told(*PEAK, None, abatement=abatement((4.0, 4.8))).cause is Cause.ABATEMENT_FAILURE


def test_start_up_that_the_load_does_not_show_is_told_of() -> None:
    found = told(*PEAK, "start_up", load=load((0, 12)))
    assert (found.cause, found.agreement) == (Cause.NORMAL, Agreement.DIFFER)


def test_state_alone_is_believed_as_a_statement_and_nothing_known_is_unknown() -> None:
    assert told(*PEAK, "shut_down").agreement is Agreement.STATED_ONLY
    assert told(*PEAK, "maintenance", load=load((0, 12))).cause is Cause.OTHER_STATE
    assert told(*PEAK, "unknown").cause is Cause.UNKNOWN
    nothing = load((0, 12)).with_columns(at_work=pl.lit(None, pl.Boolean))
    assert told(*PEAK, None, load=nothing).agreement is Agreement.NEITHER


def test_step_of_the_load_in_which_the_peak_begins_counts() -> None:
    starts = [T0 + timedelta(hours=k) for k in range(12)]
    hours = pl.DataFrame({"start": starts, "length": [3600] * 12, "at_work": [k >= 5 for k in range(12)]}, schema=LOAD)
    begin = T0 + timedelta(hours=4, minutes=40)
    assert told(begin, begin + timedelta(minutes=30), None, load=hours, reach=Reach(load=0)).cause is Cause.START_UP
