"""Emissions over time by hand: factors on the clock that was named, hours from a table, and what is not known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Clock
from goedebuur.services.dispersion_emissions import Known, OverTime, constant, over_time

HOUR = timedelta(hours=1)
EVEN = {"A": 2.0, "B": 10.0}
SPRING = datetime(2024, 3, 30, 23, tzinfo=UTC)
"""Midnight in Amsterdam; at 1:00 in UTC its clocks go from 2:00 to 3:00."""
AUTUMN = datetime(2024, 10, 26, 22, tzinfo=UTC)
"""Midnight in Amsterdam; at 1:00 in UTC its clocks go from 3:00 back to 2:00."""
BY_HOUR = "source,by,of,factor\n" + "".join(f"A,hour,{number},{number}\n" for number in range(24))
BY_DAY = "source,by,of,factor\n" + "".join(f"A,weekday,{number},{number}\n" for number in range(1, 8))
BY_MONTH = "source,by,of,factor\n" + "".join(f"A,month,{number},{number}\n" for number in range(1, 13))


def hours(first: datetime, count: int) -> list[datetime]:
    return [first + number * HOUR for number in range(count)]


def told(first: datetime, count: int, clock: Clock = Clock.LOCAL, **tables: Any) -> OverTime:
    """Return what A and B let out, from tables by their names."""
    given = {
        name: (table.encode(), f"{name}.csv") if isinstance(table, str) else table for name, table in tables.items()
    }
    return over_time(hours(first, count), EVEN, clock=clock, **given)


def of_a(first: datetime, count: int, clock: Clock = Clock.LOCAL, **tables: Any) -> list[float]:
    return told(first, count, clock, **tables).of["A"].grams.tolist()


def test_without_more_it_is_even() -> None:
    assert np.array_equal(told(SPRING, 3).table(), [[2, 10]] * 3)


def test_hour_that_the_clock_leaps_over_has_no_emission_of_its_own() -> None:
    # 0:00, 1:00, and then 3:00
    assert of_a(SPRING, 5, factors=BY_HOUR) == [0, 2, 6, 8, 10]
    assert told(SPRING, 5, factors=BY_HOUR).of["B"].grams.tolist() == [10] * 5


def test_hour_that_the_clock_has_twice_has_its_emission_twice() -> None:
    # 0:00, 1:00, 2:00 on summer time, 2:00 on winter time, 3:00
    assert of_a(AUTUMN, 5, factors=BY_HOUR) == [0, 2, 4, 4, 6]


def test_factors_are_on_utc_where_that_is_said() -> None:
    assert of_a(SPRING, 4, factors=BY_HOUR, clock=Clock.UTC) == [46, 0, 2, 4]


def test_hours_without_a_zone_are_taken_as_they_stand() -> None:
    assert of_a(datetime(2024, 3, 31, 1), 3, factors=BY_HOUR) == [2, 4, 6]  # noqa: DTZ001


def test_day_and_month_are_those_of_the_clock() -> None:
    # 30 March 2024 is a Saturday (6), and 23:00 in UTC of the 31st is 1 April in Amsterdam
    assert of_a(SPRING - HOUR, 2, factors=BY_DAY) == [12, 14]
    assert of_a(datetime(2024, 3, 31, 21, tzinfo=UTC), 2, factors=BY_MONTH) == [6, 8]


def test_factors_of_each_kind_go_times_each_other() -> None:
    both = BY_HOUR + BY_MONTH.partition("\n")[2]
    assert of_a(SPRING, 2, factors=both) == [0, 2 * 1 * 3]


STATES_OF_A = "source,by,of,factor\nA,state,normal,1\nA,state,standstill,0\n"


def test_state_has_its_factor_and_an_hour_without_one_is_not_known() -> None:
    states = (
        "source,start,state\n,2024-03-30T23:00Z,normal\n,2024-03-31T01:00+01:00,standstill\n,2024-03-31T01:00Z,\n"
        ",2030-01-01T00:00Z,normal\n"
    )
    found = told(SPRING, 4, factors=STATES_OF_A, states=states)
    assert found.of["A"].grams[:2].tolist() == [2, 0]
    assert np.isnan(found.of["A"].grams[2:]).all()
    assert found.of["A"].without == {"no state told": 2}
    assert found.of["B"] == Known(found.of["B"].grams)
    assert found.unused == {"states.csv": 1}


def test_states_of_a_source_alone_go_before_those_of_all() -> None:
    states = "source,start,state\n,2024-03-30T23:00Z,normal\nA,2024-03-30T23:00Z,standstill\n"
    assert of_a(SPRING, 1, factors=STATES_OF_A, states=states) == [0]


def test_hours_of_a_table_stand_and_what_is_not_there_is_counted() -> None:
    table = "source,start,emission\nA,2024-03-31T00:00Z,7.5\nA,2024-03-31T01:00Z,\nA,2023-01-01T00:00Z,1\n"
    found = told(SPRING, 4, hourly=table)
    assert found.of["A"].grams[1] == 7.5
    assert np.isnan(found.of["A"].grams[[0, 2, 3]]).all()
    assert found.of["A"].without == {"no line of that hour": 2, "no value in that hour": 1}
    assert found.unused == {"hourly.csv": 1}
    assert found.grams()["B"] == pytest.approx([10] * 4)


def test_what_the_record_says_stands() -> None:
    known = Known(np.array([1.0, np.nan]), {"not delivered": 1})
    assert told(SPRING, 2, recorded={"A": known}).of["A"] is known


@pytest.mark.parametrize(
    ("tables", "code", "place", "value"),
    [
        ({"factors": BY_HOUR.replace("A,hour,7,7\n", "")}, "input-truncated", "source A", "none for hour 7"),
        ({"factors": BY_DAY.replace("A,weekday,7", "A,weekday,0")}, "input-number", "line 8, column of", "0"),
        ({"factors": BY_DAY.replace("weekday,1", "day,1")}, "input-number", "line 2, column by", "day"),
        ({"factors": BY_DAY.replace("A,weekday,2", "C,weekday,2")}, "query-unknown-source", "line 3, column", "C"),
        ({"factors": BY_DAY + "A,weekday,7,1\n"}, "input-duplicate", "line 9, column of", "7"),
        ({"factors": BY_DAY.replace("7,7", "7,-1")}, "input-number", "line 8, column factor", "-1"),
        ({"factors": BY_DAY.replace("7,7", "7,nan")}, "input-number", "line 8, column factor", "nan"),
        ({"factors": "source,by,factor\n"}, "input-missing-column", "line 1", "of"),
        (
            {"factors": STATES_OF_A, "states": "source,start,state\nA,2024-03-31T00:00Z,start-up\n"},
            "input-truncated",
            "states.csv, line 2, column state",
            "start-up",
        ),
        ({"hourly": "source,start,emission\nA,gisteren,1\n"}, "input-time", "line 2, column start", "gisteren"),
        ({"hourly": "source,start,emission\nA,2024-03-31T00:30Z,1\n"}, "input-time", "line 2, column start", ":30Z"),
        ({"hourly": "source,start,emission\nA,2024-03-31T00:00,1\n"}, "input-time", "line 2, column start", "T00:00"),
        ({"hourly": "source,start,emission\nA,2024-03-31T00:00Z,-1\n"}, "input-number", "column emission", "-1"),
        ({"hourly": "source,start,emission\nC,2024-03-31T00:00Z,1\n"}, "query-unknown-source", "column source", "C"),
        (
            {"hourly": "source,start,emission\nA,2024-03-31T00:00Z,1\nA,2024-03-31T01:00+01:00,1\n"},
            "input-duplicate",
            "line 3, column start",
            "2024-03-31T01:00+01:00",
        ),
        (
            {"hourly": "source,start,emission\nA,2024-03-31T00:00Z,1\n", "factors": BY_HOUR},
            "input-duplicate",
            "factors.csv, line 2, column source",
            "A",
        ),
        (
            {"hourly": "source,start,emission\nA,2024-03-31T00:00Z,1\n", "recorded": {"A": Known(np.ones(5))}},
            "input-duplicate",
            "line 2, column source",
            "A",
        ),
        ({"recorded": {"C": Known(np.ones(5))}}, "query-unknown-source", "source C", "C"),
    ],
)
def test_mistake_in_a_table_has_its_place(tables: dict[str, Any], code: str, place: str, value: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        told(SPRING, 5, **tables)
    assert caught.value.code == code
    assert place in caught.value.place
    assert value in caught.value.value
    assert caught.value.hint


def test_time_with_a_zone_does_not_go_with_hours_without_one() -> None:
    with pytest.raises(GoedeBuurError, match="standard time of the place"):
        told(datetime(2024, 3, 31), 2, hourly="source,start,emission\nA,2024-03-31T00:00Z,1\n")  # noqa: DTZ001


def test_emissions_are_those_of_tables_of_sources() -> None:
    stacks = b"id,x,y,emission,height\nA,0,0,2,60\n", "s.csv"
    volumes = b"id,emission\nB,10\n", "v.csv"
    assert constant([stacks, volumes]) == EVEN
    with pytest.raises(GoedeBuurError) as caught:
        constant([stacks, stacks])
    assert (caught.value.code, caught.value.place) == ("input-duplicate", "s.csv, line 2, column id")
