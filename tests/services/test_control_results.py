"""What is published of measurements by bureaus: read back as it was worked out, by year and by state of the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL
from tests.services.test_control_measurements import LOAD, Averages, control, half_hours
from tests.services.test_instrument_tests import QAL2, report

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.measuring.comparison import Verdict
from goedebuur.core.emissions.measuring.representing import Stands
from goedebuur.services import control_measurements, control_results, measurement_reports, stack_results, streams
from goedebuur.services.record import Record

LATER = NOW + timedelta(days=1)
LOADS, MASSES = [40] * 3 + [100] * 17, [10**9] * 3 + [10**10] * 17
GIVEN = Averages(pl.concat([half_hours(LOAD.id, LOADS), half_hours("K1-nox", [50] * 20, mass=MASSES)]))
"""Three half hours at 40 MW in which was measured, and seventeen at 100 MW with ten times the mass."""


def made(home: Path) -> Record:
    record = open_record(home)
    enter_bureau(record)
    streams.put(record, [*ALL, LOAD], NOW)
    submit(record, report_file([report("qal2", QAL2)]))
    submit(record, control(["60"] * 3), 2)
    return record


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = made(tmp_path)
    yield found
    found.close()


def test_what_is_published_is_read_back_as_it_was_worked_out(record: Record) -> None:
    control_results.publish(record, "werk", GIVEN, LATER)
    (one,) = control_results.view(record, "werk").reports
    worked = control_measurements.beside(record, measurement_reports.find(record, "meetbureau:control-1"), GIVEN)
    assert one.told is not None
    assert one.told.comparison == worked.comparison
    assert (one.told.mass, one.told.questions, one.told.basis) == (worked.mass, worked.questions, worked.basis)
    assert worked.comparison is not None
    assert worked.comparison.verdict is Verdict.DIFFERS


def test_load_of_the_year_is_published_with_it(record: Record) -> None:
    control_results.publish(record, "werk", GIVEN, LATER)
    (one,) = control_results.view(record, "werk").reports
    assert one.told is not None
    stood = one.told.stood
    assert (stood.stands, stood.loads, stood.hours, stood.mass) == (
        Stands.NO,
        ("40", "40", "40"),
        Fraction(3, 20),
        Fraction(3, 173),
    )
    # of ten classes up to 100 MW the fifth begins at 40
    filled = {(each.low, each.hours, each.mass) for each in stood.classes if each.hours}
    assert filled == {("40", Fraction(3, 20), Fraction(3, 173)), ("90", Fraction(17, 20), Fraction(170, 173))}


def test_history_is_of_what_is_published(record: Record) -> None:
    control_results.publish(record, "werk", GIVEN, LATER)
    found = control_results.view(record, "werk")
    assert [(one.name, one.lower, one.relative) for one in found.by_bureau] == [
        ("Meetbureau Voorbeeld", 1, Fraction(-1, 6))
    ]
    assert [one.name for one in found.by_instrument] == ["K1-nox"]


def test_state_before_it_was_published_has_the_report_alone(record: Record) -> None:
    before = record.size
    control_results.publish(record, "werk", GIVEN, LATER)
    (then,) = control_results.view(record, "werk", as_of=before).reports
    assert (then.told, then.published) == (None, 0)
    assert control_results.view(record, "werk", as_of=before).by_bureau == ()


def test_same_figures_are_published_once(record: Record) -> None:
    first = control_results.publish(record, "werk", GIVEN, LATER)
    size = record.size
    assert control_results.publish(record, "werk", GIVEN, LATER + timedelta(days=1)) == first
    assert record.size == size


def test_other_figures_take_the_place_of_the_first(record: Record) -> None:
    (first,) = control_results.publish(record, "werk", GIVEN, LATER)
    same = Averages(half_hours("K1-nox", [60] * 20))
    (second,) = control_results.publish(record, "werk", same, LATER + timedelta(days=1))
    assert record.ledger.leaf(second).supersedes == (first,)  # type: ignore[union-attr]
    (now,) = control_results.view(record, "werk").reports
    assert now.told is not None
    assert now.told.comparison is not None
    assert now.told.comparison.verdict is Verdict.EQUIVALENT


def test_report_that_was_corrected_since_is_marked(record: Record) -> None:
    control_results.publish(record, "werk", GIVEN, LATER)
    submit(record, control(["51"] * 3), 3)
    (one,) = control_results.view(record, "werk").reports
    assert one.outdated


def test_each_year_has_a_result_of_its_own(record: Record) -> None:
    early = [
        {"start": f"2025-04-01T{hour}:00:00Z", "end": f"2025-04-01T{hour}:30:00Z", "value": "60", "u95": "6"}
        for hour in ("08", "09", "10")
    ]
    submit(record, control([], id="control-0", samples=early), 4)
    leaves = control_results.publish(record, "werk", GIVEN, LATER)
    assert [stack_results.read(record, leaf).year for leaf in leaves] == [2025, 2026]
    found = control_results.view(record, "werk")
    assert (found.year, found.years) == (2026, (2026, 2025))
    assert [one.held.report.id for one in control_results.view(record, "werk", 2025).reports] == ["control-0"]


def test_site_that_nobody_knows_is_not_published(record: Record) -> None:
    with pytest.raises(GoedeBuurError, match="site-unknown"):
        control_results.publish(record, "niemand", GIVEN, LATER)
