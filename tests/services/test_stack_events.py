"""What happened at a site: peaks, what was seen, the total of the year, and what has to be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from tests.services.deliveries import open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.signing import BUREAU, enter, sign, statement
from tests.services.stack_year import CO, FIRST, MICRO, ROUNDS, YEAR, Told, visible_file, year_of_site
from tests.services.test_instrument_tests import QAL2
from tests.services.test_instrument_tests import report as measured

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.alerts import Check
from goedebuur.core.emissions.duties import DutyKind, State
from goedebuur.core.emissions.peaks.causes import Agreement, Cause
from goedebuur.core.emissions.register import Against, Method, Standing
from goedebuur.core.emissions.tables import Lost
from goedebuur.core.emissions.visible.counting import Outcome
from goedebuur.core.emissions.visible.sightings import Place
from goedebuur.core.ledger.submitters import Scope
from goedebuur.services import (
    delivery,
    emission_totals,
    stack_duties,
    stack_peaks,
    submitting,
    visible_emissions,
)
from goedebuur.services.record import Record

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    made = year_of_site(tmp_path_factory.mktemp("werk"))
    yield made
    made.close()


def test_peak_of_two_streams_is_one_event_held_beside_the_limit_of_its_shortest_average(record: Record) -> None:
    found = {one.stream: one for one in stack_peaks.of_site(record, "werk", YEAR, Told())}
    nox, co = found["K1-nox"], found["K1-co"]
    assert nox.start == co.start == FIRST + timedelta(hours=52)
    assert (nox.top, nox.level, nox.height) == (500 * MICRO, 80 * MICRO, 420 * MICRO)
    assert nox.extra_mass == 2 * 840_000  # two half hours of 1 kg, of which 420/500 is extra
    limit = stack_peaks.limits(record, "werk", YEAR)["K1-nox"]
    # Bal 4.73 has a value for the half hour
    assert limit.averaging.value == "half_hour"
    assert nox.of_limit == 500 * 1000 // int(limit.value)
    assert (nox.beside, co.beside) == (("K1-co",), ("K1-nox",))
    assert nox.event == co.event


def test_stated_start_up_stands_as_a_statement_where_no_signal_tells(record: Record) -> None:
    told = stack_peaks.of_site(record, "werk", YEAR, Told(state="start_up"))[0].told
    assert (told.cause, told.agreement) == (Cause.START_UP, Agreement.STATED_ONLY)


def test_check_before_an_alert_says_what_holds_it_back(record: Record) -> None:
    by_stream = {one.stream: one for one in stack_peaks.candidates(record, "werk", YEAR, Told())}
    assert by_stream["K1-nox"].held_by == ()
    held = {one.stream: one for one in stack_peaks.candidates(record, "werk", YEAR, Told(lost=Lost.CALIBRATING))}
    assert held["K1-nox"].held_by == (Check.NO_FAULT,)
    assert held["K1-nox"].alert is None


def test_year_without_averages_has_no_peaks(record: Record) -> None:
    assert stack_peaks.of_site(record, "werk", 2025, Told()) == ()


def test_total_has_its_unmeasured_hours_and_stands_beside_what_was_reported(record: Record) -> None:
    found = emission_totals.of_site(record, "werk", YEAR, Told())
    year = found.years["K1", "nox"]
    assert (year.steps, year.measured, year.total) == (17_520, 480, 17_520 * 10**9)
    rows = {one.id: one for one in found.rows}
    nox = rows["nox"]
    # 17,520 half hours of 1 kg; at the low end only those that were measured
    assert (nox.mass, nox.low, nox.high) == (17_520 * 10**6, 480 * 10**6, 17_520 * 10**6)
    assert (nox.method, nox.threshold, nox.standing) == (Method.MEASURED, 100_000, Standing.BELOW)
    benzene = rows["benzene"]
    assert (benzene.reported, benzene.parts, benzene.against) == (Fraction(12, 100), (), Against.UNDETERMINED)


def test_total_has_the_uncertainty_of_its_concentrations_where_a_test_tells_it(tmp_path: Path) -> None:
    # s_D = √(30/14), so U = 1.96 · 1.46385 = 2.86915 mg/m³; of 1 kg a half hour at 79, 80, 81 and twice 500 mg/m³ the
    # volumes are Σ 1 kg/c = 159/79 + 160/80 + 159/81 + 2/500 = 5.97962 · 10⁶ m³: 17.1564 kg, the same error all year
    record = year_of_site(tmp_path)
    enter_bureau(record)
    submit(record, report_file([measured("qal2", QAL2)]))
    found = emission_totals.of_site(record, "werk", YEAR, Told())
    record.close()
    year = found.years["K1", "nox"]
    assert year.uncertainty == pytest.approx(17.156408e9, rel=1e-7)
    # at the low end only what was measured, less that; at the high end 17,040 more of 1 kg + 17.1564/480
    assert year.low == 480 * 10**9 - year.uncertainty
    assert year.high == pytest.approx(17_520e9 * (1 + 17.156408 / 480), rel=1e-9)
    nox = next(one for one in found.rows if one.id == "nox")
    assert (nox.low, nox.mass) == (pytest.approx(480e6 - 17.156408e6, rel=1e-7), 17_520 * 10**6)
    assert found.years["K1", "co"].uncertainty is None


def test_total_with_a_half_hour_above_the_range_has_no_upper_end(record: Record) -> None:
    found = emission_totals.of_site(record, "werk", YEAR, Told(lost=Lost.OUTSIDE_RANGE))
    year = found.years["K1", "nox"]
    assert (year.above_range, year.high) == (1, None)
    nox = next(one for one in found.rows if one.id == "nox")
    assert (nox.high, nox.standing) == (None, Standing.UNDETERMINED)


def test_year_before_in_shorter_steps_does_not_empty_the_total(record: Record) -> None:
    told = Told()
    before = told.frame.with_columns(pl.col("start").dt.offset_by("-1y"), length=pl.lit(600, pl.Int32))
    told.frame = pl.concat([before, told.frame])
    assert emission_totals.of_site(record, "werk", YEAR, told).years["K1", "nox"].measured == 480


def test_sightings_are_counted_against_the_permit_and_beside_the_bat_level(record: Record) -> None:
    found = visible_emissions.standing(record, "werk", date(2026, 3, 1), date(2026, 3, 10), NOW)
    by_id = {one.limit.id: one for one in found.standings}
    own = by_id["bp/1.1"]
    assert own.limit.binds
    assert [(one.last.day, one.value, one.outcome) for one in own.periods if one.last.day in (1, 2, 9)] == [
        (1, None, Outcome.UNDETERMINED),
        (2, 4, Outcome.WITHIN),
        (9, 6, Outcome.ABOVE),
    ]
    (month,) = by_id["is.46.doors"].periods
    # in March nobody knows yet what March comes to
    assert (month.value, month.outcome, by_id["is.46.doors"].limit.binds) == (6, Outcome.UNDETERMINED, False)
    april = NOW + timedelta(days=31)
    after = visible_emissions.standing(record, "werk", date(2026, 3, 1), date(2026, 3, 10), april).standings
    assert [one.periods[0].outcome for one in after if one.limit.id == "is.46.doors"] == [Outcome.WITHIN]
    assert dict(found.days_since) == {Place.OVEN_DOOR: 11, Place.RAW_PUSH: 15}
    ((factor, estimate),) = found.estimates
    assert estimate.amount == 6 * 240
    assert factor.question


def test_later_sighting_of_the_same_moment_takes_the_place_of_the_earlier(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    delivery.deliver(record, ROUNDS, "a.csv", now=NOW, submitter="bureau")
    right = visible_file("oven_door,battery-1,2026-03-02T08:00:00Z,,100,5,,inspection,EPA-303,bureau")
    delivery.deliver(record, right, "b.csv", now=NOW, submitter="bureau", reason="verkeerd geteld")
    found = visible_emissions.of_site(record, "werk")
    assert [one.emitting for one in found if one.is_round] == [5, 8]
    assert [one.emitting for one in visible_emissions.of_site(record, "werk", record.size - 1) if one.is_round] == [
        4,
        8,
    ]
    assert record.ledger.leaf(record.size - 1).reason == "verkeerd geteld"  # type: ignore[union-attr]
    record.close()


def test_signed_sightings_are_taken_for_the_sites_in_the_scope_alone(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    scope = (*BUREAU.scope, Scope(("visible_emissions",), ("visible_emission",), ("werk",)))
    enter(record, replace(BUREAU, scope=scope))
    now = datetime(2026, 2, 1, tzinfo=UTC)
    said = statement(ROUNDS, name="doors.csv", adapter="visible_emissions", method="")
    assert submitting.submit(record, sign(said), ROUNDS, now).leaves
    assert len(visible_emissions.of_site(record, "werk")) == 3
    other = ROUNDS.replace(b"werk,", b"elders,")
    elsewhere = statement(other, name="doors.csv", adapter="visible_emissions", method="", nonce="ff" * 16)
    with pytest.raises(GoedeBuurError) as raised:
        submitting.submit(record, sign(elsewhere), other, now)
    assert raised.value.code == "submission-other-site"
    assert not visible_emissions.of_site(record, "elders")
    record.close()


def test_calendar_has_tests_measurements_and_reports_with_where_each_stands(record: Record) -> None:
    on = date(2026, 3, 20)
    found = stack_duties.of_site(record, "werk", on)
    told = {(one.kind, one.about): one for one in found.duties}
    qal2 = told[DutyKind.QAL2, "K1-nox"]
    assert (qal2.since, qal2.due, qal2.state(on)) == (date(2025, 5, 20), date(2030, 5, 20), State.OPEN)
    ast = told[DutyKind.AST, "K1-nox"]
    assert (ast.rule, ast.due, ast.due_latest) == ("ast-waste", date(2026, 5, 20), date(2026, 12, 31))
    # in use since 2024 and never tested, as far as the record knows
    late = told[DutyKind.AST, CO.id]
    assert (late.due, late.state(on)) == (date(2025, 1, 1), State.LATE)
    dust = told[DutyKind.PERIODIC, "K1 dust"]
    assert (dust.due, dust.state(on), dust.rule) == (date(2024, 1, 1), State.LATE, "bp/2")
    reports = [one for one in found.duties if one.kind is DutyKind.YEARLY_REPORT]
    assert [(one.due, one.state(date(2026, 4, 1))) for one in sorted(reports, key=lambda one: one.due)] == [
        (date(2026, 3, 31), State.UNDETERMINED),
        (date(2027, 3, 31), State.OPEN),
    ]
    assert found.unknown == ()


def test_failure_of_the_abatement_asks_whether_it_was_told_within_48_hours(record: Record) -> None:
    found = stack_duties.of_site(record, "werk", date(2026, 3, 20), Told(state="abatement_failure"))
    notices = [one for one in found.duties if one.kind is DutyKind.NOTICE]
    assert [(one.about, one.due, one.state(date(2026, 3, 20))) for one in notices] == [
        ("K1", date(2026, 3, 5), State.UNDETERMINED)
    ]
