"""The table of limits on emissions: values as read in the law by hand, and what the table may not hold."""

from __future__ import annotations

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.rules import emission


@pytest.mark.parametrize(
    ("row", "value", "unit", "averaging", "factor", "share", "oxygen"),
    [
        ("bal.4.73.dust.day", "3", "mg/Nm³", "day", "100", "100", ("11", "3")),
        ("bal.4.73.nox.halfhour", "100", "mg/Nm³", "half_hour", "100", "97", ("11", "3")),
        ("bal.4.73.month.nox.month", "70", "mg/Nm³", "month", "100", "100", ("11", "3")),
        ("bal.4.73.dioxins.sample", "0.03", "ng TEQ/Nm³", "sampling_period", "100", "100", ("11", "3")),
        ("bal.4.36.nox.9.hour", "70", "mg/Nm³", "hour", "200", "95", ("3",)),
        ("bal.4.36.nox.9.month", "70", "mg/Nm³", "month", "100", "100", ("3",)),
        ("bal.5.30.so2.halfhour", "50", "mg/Nm³", "half_hour", "200", "100", ("6", "3")),
        ("bal.4.77.nox.open", "500", "mg/Nm³", "not_stated", "100", "100", ("10",)),
        ("ied.vi.3.dust.halfhour-a", "30", "mg/Nm³", "half_hour", "100", "100", ("11",)),
        ("ied.vi.3.dust.halfhour-b", "10", "mg/Nm³", "half_hour", "100", "97", ("11",)),
    ],
)
def test_value_of_the_law(
    row: str, value: str, unit: str, averaging: str, factor: str, share: str, oxygen: tuple[str, ...]
) -> None:
    (found,) = emission.book().named(row)
    limit = found.limit
    held = found.oxygen or ((limit.reference.oxygen,) if limit.reference and limit.reference.oxygen else ())
    told = (limit.value, limit.unit, limit.averaging, limit.statistic.factor, limit.statistic.share, held)
    assert told == (value, unit, averaging, factor, share, oxygen)
    assert found.status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("row", "ceiling"),
    [
        ("bal.4.36.nox.6.month", "50"),
        ("bal.4.36.nox.8.month", "75"),
        ("bal.4.36.nox.9.month", "100"),
        ("bal.4.36.nox.10.month", "150"),
        ("bal.4.73.hcl.day", "8"),
        ("bal.4.73.hf.day", "1"),
        ("bal.4.73.nox.day", "150"),
        ("bal.4.73.nh3.day", "10"),
        ("bal.4.73.co.day", "50"),
        ("bal.4.73.dioxins.sample", "0.06"),
        ("bal.4.73.dust.day", ""),
    ],
)
def test_ceiling_of_tailoring(row: str, ceiling: str) -> None:
    (found,) = emission.book().named(row)
    assert found.ceiling == ceiling


def test_limit_that_applies_from_a_load_says_so() -> None:
    (found,) = emission.book().named("bal.5.30.nox.day")
    assert found.limit.above is not None
    assert (found.limit.above.value, found.limit.above.unit) == ("1000", "kg")


def test_row_that_is_not_confirmed_asks() -> None:
    rows = [row for row in emission.book().rules if row.status is not Status.CONFIRMED]
    assert {row.limit.substance.id for row in rows if row.status is Status.MEMORY_HIGH} == {"co"}
    assert all(row.question for row in rows)


@pytest.mark.parametrize(
    ("table", "before", "after", "column"),
    [
        (emission.LIMITS, ",nox,100,mg/Nm³,day", ",nox,100,mg/kg,day", "unit"),
        (emission.LIMITS, ",nox,100,mg/Nm³,day", ",noxious,100,mg/Nm³,day", "substance"),
        (emission.LIMITS, ",nox,100,mg/Nm³,day", ",nox,100,mg/Nm³,dag", "averaging"),
        (emission.LIMITS, "bal.4.73,ied.vi.3,", "bal.4.73,ied.vi.4,", "floor"),
        (emission.PRECEDENCE, "strictest,strictest,binds", "strictest,laxest,binds", "relation"),
        (emission.PRECEDENCE, "strictest,strictest,binds", "strictest,strictest,bends", "effect"),
    ],
)
def test_cell_that_cannot_be_is_told(table: str, before: str, after: str, column: str) -> None:
    tables = emission.shipped()
    changed = tables[table].decode().replace(before, after, 1)
    assert changed != tables[table].decode()
    with pytest.raises(GoedeBuurError) as error:
        emission.parse(tables | {table: changed.encode()})
    assert error.value.place.endswith(f"column {column}")


def test_two_rows_for_one_relation_on_one_day_are_refused() -> None:
    tables = emission.shipped()
    changed = tables[emission.PRECEDENCE].decode().replace("2013-01-07,2024-08-03", "2013-01-07,2024-08-04", 1)
    with pytest.raises(GoedeBuurError, match="same relation"):
        emission.parse(tables | {emission.PRECEDENCE: changed.encode()})
