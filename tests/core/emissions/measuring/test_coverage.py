"""Which substances are permitted, reported, measured and found; the factor of a failure on both sides of its edges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.measuring import coverage
from goedebuur.core.emissions.measuring.coverage import Cell, Duty, Finding, Measured, Reported, Spot
from goedebuur.core.permits.conditions import Manner
from goedebuur.rules import measuring, reading

ON = date(2026, 6, 1)
NOX, HG = Spot("K1", "nox"), Spot("K1", "mercury")
LIMIT = {NOX: ["besluit/1"]}
YEARLY = Duty(NOX, Manner.PERIODIC, 1, 12, "besluit/2")


def seen(day: str, spot: Spot = NOX, manner: Manner = Manner.PERIODIC, *, found: bool = True) -> Measured:
    return Measured(spot, manner, date.fromisoformat(day), found, "bureau:1")


def matrix(
    permitted: dict[Spot, list[str]] | None = None,
    duties: Sequence[Duty] = (),
    reported: Sequence[Reported] = (),
    measured: Sequence[Measured] = (),
) -> tuple[Cell, ...]:
    return coverage.matrix(permitted or {}, duties, reported, measured, ON)


def only(*given: object) -> Cell:
    (cell,) = matrix(*given)  # type: ignore[arg-type]
    return cell


@pytest.mark.parametrize(
    ("day", "due", "findings"),
    [("2025-06-01", "2026-06-01", ()), ("2025-05-31", "2026-05-31", (Finding.OVERDUE,))],
)
def test_measurement_is_due_so_many_months_after_the_last(day: str, due: str, findings: tuple[Finding, ...]) -> None:
    cell = only(LIMIT, [YEARLY], [], [seen("2020-01-01"), seen(day)])
    assert (cell.due, cell.findings) == (date.fromisoformat(due), findings)
    assert cell.days == (ON - date.fromisoformat(day)).days


def test_twice_a_year_is_due_twelve_months_after_the_last_but_one() -> None:
    twice = Duty(NOX, Manner.PERIODIC, 2, 12, "besluit/2")
    cell = only(LIMIT, [twice], [], [seen("2026-03-01"), seen("2025-07-01")])
    assert cell.due == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "due", "findings"),
    [("2025-06-01", "2026-06-01", ()), ("2020-03-01", "2021-03-01", (Finding.OVERDUE,))],
)
def test_twice_a_year_with_one_measurement_is_due_when_no_twelve_months_can_have_two(
    day: str, due: str, findings: tuple[Finding, ...]
) -> None:
    twice = Duty(NOX, Manner.PERIODIC, 2, 12, "besluit/2")
    cell = only(LIMIT, [twice], [], [seen(day)])
    assert (cell.due, cell.findings) == (date.fromisoformat(due), findings)


def test_duty_without_any_measurement_is_told() -> None:
    cell = only(LIMIT, [YEARLY])
    assert (cell.findings, cell.days) == ((Finding.NEVER_MEASURED,), None)


def test_continuous_measurement_does_for_a_periodic_one_and_not_the_other_way_round() -> None:
    assert only(LIMIT, [YEARLY], [], [seen("2026-05-31", manner=Manner.CONTINUOUS)]).findings == ()
    always = Duty(NOX, Manner.CONTINUOUS, None, None, "besluit/2")
    assert only(LIMIT, [always], [], [seen("2026-05-31")]).findings == (Finding.NEVER_MEASURED,)


def test_found_and_not_permitted_is_told_and_what_was_not_found_is_not() -> None:
    cells = matrix(LIMIT, [YEARLY], [], [seen("2026-01-01"), seen("2026-01-01", HG)])
    assert {cell.spot: cell.findings for cell in cells}[HG] == (Finding.FOUND_NOT_PERMITTED,)
    assert only({}, [], [], [seen("2026-01-01", HG, found=False)]).findings == ()


def test_reported_without_measurement_or_limit_is_told_of_the_site() -> None:
    cell = only({}, [], [Reported("mercury", 2025, "12 kg")])
    assert cell.spot == Spot("", "mercury")
    assert cell.findings == (Finding.REPORTED_NOT_MEASURED, Finding.REPORTED_NOT_PERMITTED)


def test_limit_of_the_whole_site_holds_at_each_point() -> None:
    cell = only({Spot("", "nox"): ["besluit/1"]}, [], [], [seen("2026-01-01")])
    assert (cell.spot, cell.permitted) == (NOX, ("besluit/1",))


def test_limit_without_a_known_frequency_is_a_question() -> None:
    cell = only(LIMIT, [], [], [seen("2026-01-01")])
    assert cell.findings == (Finding.NO_DUTY,)
    assert "Bal 5.32" in cell.questions[0].en


def test_measurement_after_the_day_asked_about_is_not_known_yet() -> None:
    assert only(LIMIT, [YEARLY], [], [seen("2026-06-02")]).findings == (Finding.NEVER_MEASURED,)


@pytest.mark.parametrize(
    ("failing", "expected"),
    # threshold 100 kg/yr: F = ½ · g/h / 100
    [(599, "0"), (600, "1"), (5999, "1"), (6000, "2"), (59_999, "2"), (60_000, "3"), (599_999, "3"), (600_000, "4")],
)
def test_regime_follows_from_the_factor_of_the_failure(failing: int, expected: str) -> None:
    factor = coverage.failure_factor(Fraction(failing), Fraction(100))
    found = coverage.regime(factor, measuring.regimes(), ON)
    assert found is not None
    assert found.id == expected


def test_factor_is_half_the_emission_at_failure_over_the_threshold() -> None:
    assert coverage.failure_factor(Fraction(300), Fraction(50)) == 3


def test_extremely_risky_substances_are_in_the_strictest_regime() -> None:
    found = coverage.regime(Fraction(0), measuring.regimes(), ON, ers=True)
    assert found is not None
    assert (found.id, found.continuous) == ("4", True)


def test_regime_before_the_law_is_not_known() -> None:
    assert coverage.regime(Fraction(1), measuring.regimes(), date(2023, 12, 31)) is None


def test_regimes_leave_no_gap() -> None:
    data = reading.shipped(measuring.REGIMES).replace(b"\n2,30,300", b"\n2,31,300")
    with pytest.raises(GoedeBuurError, match="line 4, column from"):
        measuring.parse_regimes(data)
