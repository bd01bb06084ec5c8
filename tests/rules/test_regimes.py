"""The tables by which averages at a stack are judged: numbers as read in the law, and what a table may not hold."""

from __future__ import annotations

import csv
import io
from datetime import date
from fractions import Fraction

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.sourced import Status
from goedebuur.core.compliance.emissions.regimes import Effect, PartOf, effect_of
from goedebuur.core.permits.limits import Averaging, OperatingState
from goedebuur.rules import regimes

DAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("name", "step", "discarded", "days"),
    [
        ("bal.4.3", "hour", 3, 10),
        ("bal.4.4", "half_hour", 5, 10),
        ("bal.5.4.4", "half_hour", None, None),
        ("ied.v", "hour", 3, 10),
        ("ied.vi", "half_hour", 5, 10),
    ],
)
def test_when_a_day_drops_out(name: str, step: str, discarded: int | None, days: int | None) -> None:
    found = regimes.book().named(name, DAY)
    assert found is not None
    assert (found.step, found.discarded_most, found.invalid_days_most) == (step, discarded, days)


@pytest.mark.parametrize(
    ("regime", "substance", "share", "absolute"),
    [
        *(("ied.v", name, share, None) for name, share in (("co", 10), ("so2", 20), ("nox", 20), ("dust", 30))),
        *(("ied.vi", name, share, None) for name, share in (("co", 10), ("tvoc", 30), ("hcl", 40), ("hf", 40))),
        *(("bal.4.3", name, share, None) for name, share in (("co", 10), ("so2", 20), ("nox", 20), ("dust", 30))),
        *(("bal.4.4", name, share, cap) for name, share, cap in (("co", 10, "5"), ("so2", 20, "10"))),
        *(("bal.4.4", name, share, cap) for name, share, cap in (("nox", 20, "14"), ("dust", 30, "1.5"))),
        *(("bal.4.4", name, share, cap) for name, share, cap in (("tvoc", 30, "3"), ("hcl", 40, "4"))),
        *(("bal.4.4", name, share, cap) for name, share, cap in (("hf", 40, "0.4"), ("nh3", 40, "2"))),
        ("bal.4.4", "mercury", 40, "0.004"),
        *(("bal.5.4.4", name, share, None) for name, share in (("so2", 20), ("nox", 20), ("dust", 30))),
        ("bal.5.4.4", "hcl", 40, None),
    ],
)
def test_how_much_is_taken_off_at_most(regime: str, substance: str, share: int, absolute: str | None) -> None:
    found = regimes.book().uncertainty(regime, substance, DAY)
    assert found is not None
    assert found.share == Fraction(share, 100)
    assert found.absolute == (None if absolute is None else Fraction(absolute))
    assert found.status is Status.CONFIRMED


def test_substance_without_a_row_has_none() -> None:
    assert regimes.book().uncertainty("bal.4.3", "hcl", DAY) is None


@pytest.mark.parametrize(
    ("regime", "state", "substance", "effect"),
    [
        ("bal.4.3", "start_up", "nox", "exempt"),
        ("bal.4.3", "abatement_failure", "nox", "exempt"),
        ("bal.4.3", "malfunction", "nox", "counts"),
        ("bal.4.3", "fuel_interruption", "nox", "may"),
        ("ied.v", "fuel_interruption", "nox", "exempt"),
        ("bal.4.4", "abnormal_operation", "nox", "exempt"),
        ("bal.4.4", "abnormal_operation", "co", "counts"),
        ("bal.4.4", "abnormal_operation", "tvoc", "counts"),
        ("bal.4.4", "start_up", "nox", "may"),
        ("bal.5.4.4", "start_up", "nox", "may"),
    ],
)
def test_what_a_state_does(regime: str, state: str, substance: str, effect: str) -> None:
    assert effect_of(regimes.book().state(regime, OperatingState(state), DAY), substance) is Effect(effect)


def test_hours_and_terms_of_a_failed_abatement() -> None:
    found = regimes.book().state("bal.4.3", OperatingState.ABATEMENT_FAILURE, DAY)
    assert found is not None
    assert (found.run_hours, found.period_hours, found.window, found.notify_hours) == (24, 120, "twelve_months", 48)


def test_readings_of_the_day_of_a_combustion_plant() -> None:
    found = regimes.book().factor("bal.4.36.nox.9", Averaging.DAY, DAY)
    assert found is not None
    assert found.factors == (110, 210)


def test_a_law_of_tomorrow_says_nothing_of_today() -> None:
    assert regimes.book().regime("bal.4.73", date(2025, 12, 29)) is None
    assert regimes.book().regime("bal.4.73", date(2025, 12, 30)) is not None


@pytest.mark.parametrize(
    ("table", "before", "after", "column"),
    [
        ("emission_regimes", ",hour,CET|local,", ",day,CET|local,", "step"),
        ("emission_regimes", ",CET|local,", ",,", "clock"),
        ("emission_states", "bal.4.3,start_up,", "bal.9,start_up,", "regime"),
        ("emission_states", ",24,120,twelve_months,", ",24,120,,", "period"),
        ("emission_states", "co|tvoc", "co|nothing", "not_for"),
        ("measurement_uncertainty", "ied.v,co,10,", "ied.v,co,110,", "share"),
        ("measurement_uncertainty", "bal.4.4,co,10,5,", "bal.4.4,co,10,,", "caps"),
        ("measurement_uncertainty", ",own,,no,", ",own,,perhaps,", "demonstrated"),
        ("limit_readings", "110|210", "110", "factors"),
        ("sampling_rules", ",3,15,30,", ",3,35,30,", "most_minutes"),
        ("sampling_rules", ",3,15,30,", ",0,15,30,", "samples"),
        ("sampling_rules", ",3,15,30,", ",a|3,15,30,", "samples"),
        ("sampling_rules", ",dioxins,", ",nothing,", "substance"),
    ],
)
def test_table_that_is_not_right_is_refused_with_its_column(table: str, before: str, after: str, column: str) -> None:
    tables = regimes.shipped()
    text = tables[table].decode()
    assert before in text
    with pytest.raises(GoedeBuurError) as error:
        regimes.parse(tables | {table: text.replace(before, after, 1).encode()})
    assert error.value.code == "rules-table"
    assert f"column {column}" in error.value.place


def test_two_rows_on_one_thing_are_refused() -> None:
    tables = regimes.shipped()
    lines = tables["measurement_uncertainty"].decode().splitlines()
    again = lines[1].replace("ied.v.co", "ied.v.co.again", 1)
    with pytest.raises(GoedeBuurError, match="same thing"):
        regimes.parse(tables | {"measurement_uncertainty": "\n".join([*lines, again]).encode()})


@pytest.mark.parametrize(("table", "column"), [("emission_regimes", "part_of"), ("sampling_rules", "substance")])
def test_table_of_before_a_column_is_read_as_it_was(table: str, column: str) -> None:
    tables = regimes.shipped()
    # rows that only the column tells apart were not there
    lines = [line for line in csv.reader(io.StringIO(tables[table].decode(), newline="")) if "dioxins" not in line]
    at = lines[0].index(column)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([*line[:at], *line[at + 1 :]] for line in lines)
    before = regimes.parse({**tables, table: text.getvalue().encode()})
    sampling = before.samples("bal.4.4", "dioxins", DAY)
    regime = before.named("ied.v", DAY)
    assert regime is not None
    assert sampling is not None
    now = (PartOf.SHORT, PartOf.SHORT_OF_VALID_DAYS)
    assert regime.part_of == ((PartOf.SHORT,) if column == "part_of" else now)
    assert sampling.least_minutes == (30 if column == "substance" else 360)
