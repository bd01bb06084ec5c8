"""Everything that was made of averages in a file is made of the raw values in the record, as of any tree size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import pytest
from tests.services.deliveries import NOW
from tests.services.measuring import enter_bureau, submit
from tests.services.stack_week import HALF_HOURS, begin, deliver, minutes, settle
from tests.services.stack_year import YEAR, year_of_site
from tests.services.test_control_measurements import control

from goedebuur.core.emissions.duties import DutyKind, State
from goedebuur.core.emissions.measuring.representing import Stands
from goedebuur.core.emissions.peaks.causes import Cause
from goedebuur.core.emissions.streams import CalibrationFunction
from goedebuur.services import (
    control_measurements,
    delivery,
    emission_totals,
    measurement_reports,
    range_surveillance,
    stack_duties,
    stack_peaks,
    streams,
)
from goedebuur.services.record import Record
from goedebuur.services.stack_averages import RecordAverages

MILLIGRAMS = 10**6
"""In a kilogram."""
MEASURED = 2_497_360_000
"""480 half hours of 102.8 mg/Nm³ on average, less the two under the peak (108 and 97.6), with 404.4 twice, in
50,000 Nm³ each. [mg]"""
ON = date(2026, 3, 20)


class Filled(NamedTuple):
    """A record with the ten days in it, and its tree size before these came."""

    record: Record
    before: int


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    made = year_of_site(tmp_path_factory.mktemp("werk"))
    enter_bureau(made)
    settle(made)
    before = deliver(made)
    first = begin(48)  # the half hours 48, 49 and 50: 97.6, 102.8 and 108
    samples = [
        {
            "start": (first + timedelta(minutes=30 * n)).isoformat(),
            "end": (first + timedelta(minutes=30 * (n + 1))).isoformat(),
            "value": value,
            "u95": "6",
        }
        for n, value in enumerate(("95", "100", "105"))
    ]
    submit(made, control(["95"], samples=samples))
    yield Filled(made, before)
    made.close()


def test_peak_is_found_in_the_raw_values(filled: Filled) -> None:
    source = RecordAverages(filled.record)
    found = {one.stream: one for one in stack_peaks.of_site(filled.record, "werk", YEAR, source)}
    nox = found["K1-nox"]
    assert (nox.start, nox.end) == (begin(200), begin(202))
    assert (nox.top, nox.level, nox.height) == (404_400_000, 102_800_000, 301_600_000)
    assert nox.extra_mass == 30_160_000  # 301.6 mg/Nm³ in 100,000 Nm³
    assert nox.of_limit == 4_044  # Bal 4.73: 100 mg/Nm³ for a half hour
    assert (nox.beside, nox.told.cause) == (("K1-co",), Cause.ABATEMENT_FAILURE)


def test_peak_that_passes_every_check_has_its_mass_in_milligrams(filled: Filled) -> None:
    told = stack_peaks.candidates(filled.record, "werk", YEAR, RecordAverages(filled.record))
    alert = next(one.alert for one in told if one.stream == "K1-nox")
    assert alert is not None
    assert (alert.top, alert.extra_mass) == ("404400000", "30160000")


def test_year_is_added_up_from_the_raw_values(filled: Filled) -> None:
    found = emission_totals.of_site(filled.record, "werk", YEAR, RecordAverages(filled.record))
    nox = {one.id: one for one in found.rows}["nox"]
    assert (nox.low, nox.accidental) == (MEASURED, 40_440_000)
    # the other 17,040 half hours of the year with the mean of these 480
    assert nox.mass == MEASURED + MEASURED * (17_520 - HALF_HOURS) // HALF_HOURS == 91_153_640_000
    assert nox.high == MEASURED + 17_040 * 5_400_000  # nineteen in twenty are at most 5.4 kg


def test_control_measurement_stands_beside_the_raw_values(filled: Filled) -> None:
    (found,) = control_measurements.of_site(filled.record, "werk", RecordAverages(filled.record)).reports
    assert found.comparison is not None
    assert [(one.control, one.company) for one in found.comparison.pairs] == [
        (95, Fraction("97.6")),
        (100, Fraction("102.8")),
        (105, 108),
    ]
    assert (found.comparison.bias, found.unmatched) == (Fraction("2.8"), 0)
    assert found.mass is not None
    assert found.mass.reported == Fraction(MEASURED, MILLIGRAMS)


def test_load_of_the_measurement_is_held_against_the_year(filled: Filled) -> None:
    held = measurement_reports.find(filled.record, "meetbureau:control-1")
    found = control_measurements.stands_for(filled.record, held, RecordAverages(filled.record))
    # ten days of seventy are known: a fifth of a seventh is like it, and the other six may all be or none
    assert (found.stands, found.unknown) == (Stands.CANNOT_TELL, Fraction(6, 7))
    # 40 MW in the first 96 half hours, of 102.8 mg/Nm³ on average
    assert (found.hours, found.mass) == (Fraction(96, 480), Fraction(96 * 5_140_000, MEASURED))


def test_weeks_outside_the_range_are_counted_in_the_raw_values(filled: Filled) -> None:
    watched = range_surveillance.of_site(filled.record, "werk", RecordAverages(filled.record), ON)
    found = {one.stream: one.found for one in watched}["K1-nox"]
    assert found is not None
    assert [(one.monday, one.values, one.outside) for one in found.weeks] == [
        (date(2026, 3, 2), 336, 2),
        (date(2026, 3, 9), 144, 0),
    ]


def test_failure_in_the_raw_values_is_to_be_told_within_two_days(filled: Filled) -> None:
    found = stack_duties.of_site(filled.record, "werk", ON, RecordAverages(filled.record))
    (notice,) = [one for one in found.duties if one.kind is DutyKind.NOTICE]
    # half hour 200 begins on Friday 6 March at 4 o'clock
    assert (notice.since, notice.due, notice.state(ON)) == (date(2026, 3, 6), date(2026, 3, 8), State.UNDETERMINED)
    assert not [one for one in found.duties if one.kind is DutyKind.QAL2_RANGE]


def test_before_the_raw_values_came_nothing_followed_from_them(filled: Filled) -> None:
    record, before = filled
    source = RecordAverages(record, before)
    assert stack_peaks.of_site(record, "werk", YEAR, source, as_of=before) == ()
    assert not emission_totals.of_site(record, "werk", YEAR, source, before).years
    assert (
        stack_duties.of_site(record, "werk", ON, source, before).duties
        == stack_duties.of_site(record, "werk", ON, None, before).duties
    )


def test_week_far_outside_the_range_is_a_duty_in_the_calendar(filled: Filled) -> None:
    record = filled.record
    (function,) = streams.functions(record, "K1-nox")
    assert isinstance(function, CalibrationFunction)
    streams.put(record, [replace(function, valid_high="100")], NOW, reason="verkeerd overgenomen")
    found = stack_duties.of_site(record, "werk", ON, RecordAverages(record))
    (duty,) = [one for one in found.duties if one.kind is DutyKind.QAL2_RANGE]
    # two in three half hours lie above 100: from the Monday after that week on, six months
    assert (duty.about, duty.since, duty.due) == ("K1-nox", date(2026, 3, 9), date(2026, 9, 9))
    assert duty.state(ON) is State.OPEN
    streams.put(record, [function], NOW, reason="toch goed overgenomen")


def test_corrected_minutes_change_the_total_from_then_on(filled: Filled) -> None:
    record = filled.record
    size = record.observations.size
    # a half hour of 97.6 that was 77.3 percent higher: 150 raw is 154.8, 57.2 more in 50,000 Nm³
    delivery.deliver(record, minutes(0, 0, nox="150"), "beter.csv", now=NOW, reason="verkeerd afgelezen")
    lows = [
        {one.id: one.low for one in emission_totals.of_site(record, "werk", YEAR, RecordAverages(record, n), n).rows}
        for n in (size, None)
    ]
    assert [one["nox"] for one in lows] == [MEASURED, MEASURED + 2_860_000]
