"""What was measured beside each limit of published verdicts: highest and mean of days, months and the year, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from tests.core.permits.decisions import condition, decision
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL, PROCESSING
from tests.services.test_emission_verdicts import CONFIRMED, RULES, SHOWN, YEAR, Given

from goedebuur.core.compliance.emissions.measured import Measured, Span
from goedebuur.services import emission_results, permits, stack_headroom, stack_verdicts, streams
from goedebuur.services.record import Record

VALUES = "@2026-01-31T00:00 48x60 24x30 24x90 @2026-03-03T00:00 8x500 40x114 48x89"
"""31 January 60; 1 February 30 and 90; 3 March 8 of 500 and 40 of 114; 4 March 89. Of each 14 may be taken off."""
DAY, SHARE = ("K1-nox", "nox-day"), ("K1-nox", "nox-half_hour-97-year")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    streams.put(found, [CONFIRMED if one == PROCESSING else one for one in ALL], NOW)
    permits.publish(found, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    yield found
    found.close()


def rooms(record: Record, values: str = VALUES, as_of: int | None = None) -> stack_headroom.Rooms:
    emission_results.publish(record, "werk", YEAR, Given(values), NOW, SHOWN)
    (published,) = stack_verdicts.view(record, "werk", YEAR, as_of).published
    return stack_headroom.of_year(record, published)


def of(found: tuple[Measured, ...]) -> dict[Span, tuple[int, Fraction, str, Fraction]]:
    return {one.span: (one.n, one.highest, one.start, one.mean) for one in found}


def test_days_months_and_year_have_the_highest_and_the_mean_of_what_was_measured(record: Record) -> None:
    march = Fraction(8 * 500 + 40 * 114, 48)  # 178.333
    month = Fraction(8 * 500 + 40 * 114 + 48 * 89, 96)
    assert of(rooms(record)[DAY]) == {
        Span.DAY: (4, march, "2026-03-03", (60 + 60 + march + 89) / 4),
        Span.MONTH: (3, month, "2026-03", (60 + 60 + month) / 3),
        Span.YEAR: (1, (60 * 48 * 2 + month * 96) / 192, "2026", (60 * 48 * 2 + month * 96) / 192),
    }


def test_nothing_is_taken_off_for_the_uncertainty_and_the_limit_stands_beside_it(record: Record) -> None:
    day = rooms(record, "@2026-03-04T00:00 48x89")[DAY][0]
    assert (day.highest, day.limit, day.room) == (89, 100, Fraction(11, 100))


def test_limit_on_each_average_has_the_highest_of_these_too(record: Record) -> None:
    found = rooms(record)[SHARE]
    assert [one.span for one in found] == [Span.SHORT, Span.DAY, Span.MONTH, Span.YEAR]
    assert (found[0].n, found[0].highest, found[0].room) == (192, 500, -4)
    assert found[0].start == "2026-03-02T23:00:00+00:00"  # midnight in winter time


def test_what_does_not_count_for_the_limit_is_left_out(record: Record) -> None:
    found = rooms(record, "@2026-03-03T00:00 24x50 12x900/abnormal_operation 6xmalfunction 6x80")[DAY]
    assert found[0].highest == Fraction(24 * 50 + 6 * 80, 30)


def test_limit_for_which_nothing_counts_has_nothing(record: Record) -> None:
    assert rooms(record, "@2026-03-03T00:00 48xmalfunction")[DAY] == ()


def test_limits_are_those_of_the_receipt_and_not_later_ones(record: Record) -> None:
    emission_results.publish(record, "werk", YEAR, Given(VALUES), NOW, SHOWN)
    stricter = condition(
        "1",
        kind="emission_limit",
        form={
            "substance": {"name": "NOx", "id": "nox"},
            "value": "60",
            "unit": "mg/Nm³",
            "averaging": "day",
            "reference": {"oxygen": "11", "dry": True},
        },
        emission_points=["K1"],
    )
    told = decision("streng", "2026-01-01", stricter, site="werk", example=True)
    permits.publish(record, told, NOW + timedelta(days=1))
    (published,) = stack_verdicts.view(record, "werk", YEAR).published
    assert stack_headroom.of_year(record, published)[DAY][0].limit == 100
    assert rooms(record)[DAY][0].limit == 60
