"""What a stack let out hour by hour, from raw minutes in the record: each mass is that of a hand computation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.services import stack_week
from tests.services.deliveries import NOW, open_record
from tests.services.stack_year import CO
from tests.services.stacks import ALL

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.services import delivery, streams
from goedebuur.services.dispersion_recorded import of_point
from goedebuur.services.record import Record

HOUR = timedelta(hours=1)
FIRST = stack_week.begin(0)


def starts(count: int) -> list[datetime]:
    return [FIRST + number * HOUR for number in range(count)]


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, [*ALL, CO], NOW)
    stack_week.settle(found)
    yield found
    found.close()


def deliver(record: Record, *spans: tuple[int, int], **other: str) -> None:
    for number, span in enumerate(spans):
        delivery.deliver(record, stack_week.minutes(*span, **other), f"{number}.csv", now=NOW)


def test_hour_has_the_mass_of_its_half_hours(record: Record) -> None:
    deliver(record, (0, 5), (200, 201))
    found = of_point(record, "werk", "K1", "nox", [*starts(3), FIRST + 100 * HOUR])
    # kg in the half hours: 4.88 + 5.14, 5.4 + 4.88, 5.14 + 5.4, and of the failure 2 · 20.22; 1 kg/h is 1/3.6 g/s
    assert found.grams == pytest.approx(np.array([10.02, 10.28, 10.54, 40.44]) / 3.6, rel=1e-9)
    assert (found.without, found.doubtful) == ({}, {})


def test_hour_of_which_a_half_lacks_is_left_out_and_counted(record: Record) -> None:
    deliver(record, (0, 2), (4, 5))
    found = of_point(record, "werk", "K1", "nox", starts(5))
    assert np.isnan(found.grams).tolist() == [False, True, False, True, True]
    assert found.without == {"not delivered": 3}


def test_mass_below_nought_is_taken_as_nought_and_counted(record: Record) -> None:
    deliver(record, (0, 1), co="-5")
    deliver(record, (2, 3))
    found = of_point(record, "werk", "K1", "co", starts(2))
    # 22 and 20 mg/m³ in 50,000 m³ each: 2.1 kg
    assert found.grams == pytest.approx(np.array([0, 2.1 / 3.6]))
    assert found.doubtful == {"below nought, taken as nought": 1}


def test_standing_still_lets_out_nothing_and_is_counted(record: Record) -> None:
    deliver(record, (0, 1), state="0")
    deliver(record, (2, 2), state="0")
    deliver(record, (3, 5))
    found = of_point(record, "werk", "K1", "nox", starts(3))
    # of the second hour the half in which it was at work counts
    assert found.grams == pytest.approx(np.array([0, 4.88, 10.54]) / 3.6)
    assert (found.without, found.doubtful) == ({}, {"out of service, taken as nought": 1})


@pytest.mark.parametrize(("substance", "said"), [("so2", "nox"), ("", "nox")])
def test_substance_that_is_not_measured_is_named(record: Record, substance: str, said: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        of_point(record, "werk", "K1", substance, starts(2))
    assert caught.value.code == "query-no-stream"
    assert said in caught.value.hint


def test_hours_without_a_zone_are_refused(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        of_point(record, "werk", "K1", "nox", [datetime(2026, 3, 2)])  # noqa: DTZ001
    assert caught.value.code == "input-time"
