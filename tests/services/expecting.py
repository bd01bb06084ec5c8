"""An expectation of the bureau, and days of hours that it delivers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.services.deliveries import A, station_file

from goedebuur.core.base.periods import Clock
from goedebuur.core.expectations.expected import Expectation
from goedebuur.core.expectations.spans import Every, Span
from goedebuur.services import expectations
from goedebuur.services.delivery import Outcome, deliver
from goedebuur.services.record import Record

ENTERED = datetime(2018, 12, 1, tzinfo=UTC)
DAILY = Expectation(
    id="bureau-daily",
    submitter="meetbureau",
    series=(A,),
    step=3600,
    every=Every.DAY,
    clock=Clock.CET,
    term=Span(hours=6),
    grace=Span(hours=2),
    valid_from="2019-01-01",
)


def expect(record: Record, now: datetime = ENTERED, **changed: Any) -> int | None:
    """Enter what is expected."""
    return expectations.add(record, replace(DAILY, **changed), now)


def day(number: int) -> datetime:
    """The start of a day of January 2019 in CET, in UTC; 32 is the first of February."""
    return datetime(2018, 12, 31, 23, tzinfo=UTC) + timedelta(days=number - 1)


def hours(number: int, lacking: frozenset[int] = frozenset(), values: int = 24) -> bytes:
    """The file of one day, without the hours that are lacking."""
    cells = ["" if hour in lacking else str(10 + hour) for hour in range(values)]
    return station_file({"NL90001": cells}, first=f"201901{number:02d}")


def bring(record: Record, number: int, received: datetime, lacking: frozenset[int] = frozenset()) -> Outcome:
    """Deliver one day, received at a moment."""
    return deliver(record, hours(number, lacking), f"day{number}.csv", submitter="meetbureau", now=received)
