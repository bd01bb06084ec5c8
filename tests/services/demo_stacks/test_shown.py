"""The demonstration of stacks has of each kind something to find, and only where it was put."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from tests.services import deliveries

from goedebuur.core.emissions.measuring.comparison import Verdict
from goedebuur.core.emissions.measuring.coverage import Finding
from goedebuur.core.emissions.measuring.representing import Stands
from goedebuur.core.emissions.visible.counting import Outcome
from goedebuur.services import control_measurements, coverage, measurement_reports, stack_verdicts, visible_emissions
from goedebuur.services.control_measurements import Controlled
from goedebuur.services.demo import permits, shown_stacks
from goedebuur.services.demo.stacks.plants import COKE, LINE_1, SINTER
from goedebuur.services.record import Record
from goedebuur.services.stack_averages import RecordAverages

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    found = deliveries.open_record(tmp_path_factory.mktemp("shown"))
    permits.load(found, datetime(2026, 4, 20, 9, tzinfo=UTC), "simulatie")
    outcomes = shown_stacks.load(found)
    assert {(one.status, one.error) for one in outcomes} == {("stored", None)}
    yield found
    found.close()


@pytest.fixture(scope="module")
def averages(record: Record) -> RecordAverages:
    return RecordAverages(record)


@pytest.fixture(scope="module")
def controls(record: Record, averages: RecordAverages) -> dict[str, Controlled]:
    return {
        one.held.report.id: one
        for site in (LINE_1.site, SINTER.site)
        for one in control_measurements.of_site(record, site, averages).reports
    }


def test_only_the_bureau_with_another_outcome_differs_from_the_company(controls: dict[str, Controlled]) -> None:
    told = {name: one.comparison.verdict for name, one in controls.items() if one.comparison is not None}
    assert {name for name, verdict in told.items() if verdict is Verdict.DIFFERS} == {"S31-2025-1"}
    assert all(one.held.report.simulated for one in controls.values())


def test_what_was_measured_at_the_lowest_loads_is_like_few_hours_and_a_month_says_nothing_of_a_year(
    record: Record, averages: RecordAverages
) -> None:
    told = {
        one.report.id: control_measurements.stands_for(record, one, averages)
        for one in measurement_reports.of_site(record, LINE_1.site, purposes=control_measurements.MEASURED)
    }
    assert {one.stands for one in told.values()} == {Stands.CANNOT_TELL}
    for name, one in told.items():  # also of hydrogen fluoride, of which there is no instrument
        assert one.hours is not None
        assert (one.hours < Fraction(1, 3)) is name.startswith("A2")


def test_the_substance_that_no_condition_names_is_found(record: Record) -> None:
    cells = coverage.matrix(record, SINTER.site, date(2025, 12, 31))
    found = {
        (cell.spot.emission_point.rsplit(".", 1)[1], cell.spot.substance)
        for cell in cells
        if Finding.FOUND_NOT_PERMITTED in cell.findings
    }
    assert ("schoorsteen-31-sinterband", "benzene") in found


def test_doors_leak_at_one_coke_plant_and_nothing_is_said_of_the_other(record: Record) -> None:
    found = visible_emissions.standing(record, COKE.site, date(2025, 11, 1), date(2025, 11, 30), NOW)
    told = {one.limit.id.split("/")[1]: one.periods[0].outcome for one in found.standings if one.limit.binds}
    assert told == {
        "4.2.3.1": Outcome.UNDETERMINED,
        "4.2.4.1": Outcome.UNDETERMINED,
        "5.2.3.1": Outcome.ABOVE,
        "5.2.4.1": Outcome.WITHIN,
    }


def test_verdicts_of_both_sites_are_published_and_a_year_of_one_month_decides_nothing(record: Record) -> None:
    shown_stacks.publish(record, NOW, lambda *_: None)
    for site in (LINE_1.site, SINTER.site):
        (published,) = stack_verdicts.view(record, site).published
        assert published.verdicts
        assert {one["year"]["outcome"] for one in published.verdicts} <= {"UNDETERMINED", "EXCEEDS"}
    shown_stacks.publish(record, NOW, lambda *_: None)
    assert len(stack_verdicts.view(record, COKE.site).published) == 1
