"""Tests of instruments are worked out again from signed reports, beside what the bureau says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.core.permits.decisions import decision, limit
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit
from tests.services.stacks import ALL, FUNCTION

from goedebuur.core.emissions.en14181.calibration import Method
from goedebuur.core.emissions.en14181.criteria import Outcome
from goedebuur.services import instrument_tests, permits, streams
from goedebuur.services.record import Record

ERRORS = (1, -2, 1) * 5


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    enter_bureau(found)
    streams.put(found, ALL, NOW)
    yield found
    found.close()


def report(purpose: str, pairs: list[dict[str, str]], **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{purpose}-1",
        "site": "werk",
        "emission_point": "K1",
        "purpose": purpose,
        "substance": {"name": "stikstofoxiden (als NO2)", "id": "nox"},
        "bureau": "Meetbureau Voorbeeld",
        "standard": "EN 14792",
        "unit": "mg/m³",
        "stream": "K1-nox",
        "limit": "50",
        "share": "20",
        "limit_source": "voorschrift 1",
        "found": "passed",
        "pairs": pairs,
    } | fields


def parallel(raw: list[Any], reference: list[Any]) -> list[dict[str, str]]:
    return [
        {
            "start": f"2026-03-{4 + n // 5:02d}T{9 + n % 5:02d}:00Z",
            "end": f"2026-03-{4 + n // 5:02d}T{9 + n % 5:02d}:30Z",
            "raw": str(x),
            "reference": str(y),
        }
        for n, (x, y) in enumerate(zip(raw, reference, strict=True))
    ]


QAL2 = parallel(list(range(1, 16)), [2 + 3 * x + e for x, e in zip(range(1, 16), ERRORS, strict=True)])


def the_one(record: Record) -> instrument_tests.InstrumentTest:
    (found,) = instrument_tests.of_site(record, "werk")
    return found


def test_calibration_is_worked_out_beside_the_conclusion_of_the_bureau(record: Record) -> None:
    submit(record, report_file([report("qal2", QAL2)]))
    found = the_one(record)
    assert found.calibration is not None
    assert found.calibration.method is Method.REGRESSION
    assert found.calibration.function is not None
    assert (found.calibration.function.offset, found.calibration.function.slope) == (2, 3)
    assert (found.held.report.found, found.outcome, found.as_known) == (
        "passed",
        Outcome.UNDETERMINED,
        Outcome.PASSED,
    )


def test_limit_that_the_record_does_not_have_is_asked_for(record: Record) -> None:
    submit(record, report_file([report("qal2", QAL2)]))
    assert any("no limit of 50 mg/m³" in question.en for question in the_one(record).questions)


def test_limit_of_the_permit_is_taken_as_it_is(record: Record) -> None:
    nox = {"substance": {"name": "stikstofoxiden (als NO2)", "id": "nox"}}
    told = limit("1", "50", emission_points=["K1"], form=nox)
    permits.publish(record, decision("besluit", "2020-01-01", told, site="werk", example=True), NOW)
    submit(record, report_file([report("qal2", QAL2)]))
    assert not any("no limit" in question.en for question in the_one(record).questions)


@pytest.mark.parametrize(("averaging", "asked"), [("day", False), ("half_hour", True), ("month", True)])
def test_permissible_uncertainty_is_a_share_of_the_limit_on_a_day(record: Record, averaging: str, asked: bool) -> None:
    nox = {"substance": {"name": "stikstofoxiden (als NO2)", "id": "nox"}, "averaging": averaging}
    told = limit("1", "50", emission_points=["K1"], form=nox)
    permits.publish(record, decision("besluit", "2020-01-01", told, site="werk", example=True), NOW)
    submit(record, report_file([report("qal2", QAL2)]))
    assert any("no limit" in question.en for question in the_one(record).questions) is asked


@pytest.mark.parametrize(("named", "asked"), [("50", False), ("100", True), ("200", True)])
def test_permissible_uncertainty_is_a_share_of_the_limit_that_binds(record: Record, named: str, asked: bool) -> None:
    # the condition says 50, Bal 4.73 says 100, and the directive's own floor is 200
    nox = {"substance": {"name": "stikstofoxiden (als NO2)", "id": "nox"}}
    told = limit("1", "50", emission_points=["K1"], form=nox)
    rules = [{"rule": "bal.4.73", "emission_points": ["K1"], "oxygen": "11"}]
    permits.publish(
        record, decision("besluit", "2020-01-01", told, site="werk", general_rules=rules, example=True), NOW
    )
    submit(record, report_file([report("qal2", QAL2, limit=named)]))
    assert any("no limit" in question.en for question in the_one(record).questions) is asked


def test_yearly_test_is_of_the_function_in_the_record(record: Record) -> None:
    # value = -1.2 + 1.04·raw: raw 10 is 9.2, and the reference says 11.2, 9.2, 10.2, 12.2, 8.2
    pairs = parallel([10] * 5, ["12.2", "10.2", "11.2", "13.2", "9.2"])
    submit(record, report_file([report("ast", pairs, function=FUNCTION.id)]))
    found = the_one(record).surveillance
    assert found is not None
    assert found.variability is not None
    assert (found.variability.bias, found.variability.square) == (2, 2.5)


@pytest.mark.parametrize("function", ["K1-nox-1999", "K2-nox"])
def test_yearly_test_of_a_function_that_is_not_of_the_stream_is_a_question(record: Record, function: str) -> None:
    other = replace(FUNCTION, id="K2-nox", valid_from=date(2024, 1, 1))
    other_stream = replace(ALL[4], id="K2-nox-stroom", emission_point="K2", series="K2.stack_nox.1min", installation="")
    streams.put(record, [other_stream, replace(other, stream="K2-nox-stroom")], NOW)
    submit(record, report_file([report("ast", QAL2[:5], function=function)]))
    found = the_one(record)
    assert (found.outcome, found.surveillance) == (Outcome.UNDETERMINED, None)
    assert "Which was tested" in found.questions[0].en


def readings(values: list[str], adjusted: int = -1, **fields: Any) -> bytes:
    told = [
        {"at": f"2026-0{n + 1}-05T08:00Z", "level": "zero", "value": value, "expected": "0"}
        | ({"adjusted": True} if n == adjusted else {})
        for n, value in enumerate(values)
    ]
    body = report("qal3", [], readings=told, **fields)
    return report_file([{name: body[name] for name in body if name not in ("pairs", "limit", "share")}])


def test_drift_on_zero_gas_calls_for_action(record: Record) -> None:
    # s = 2: 4 - 1.002 = 2.998 a reading; 5.996 is above 5.7 at the second
    submit(record, readings(["4", "4"], sigma_zero="2"))
    found = the_one(record)
    assert found.outcome is Outcome.FAILED
    assert found.charts[0].sums[-1].drift == 4


def test_drift_that_was_adjusted_away_is_still_told_of(record: Record) -> None:
    # s = 2: 5.996 is above 5.7 on 5 February; adjusted, and nothing since
    submit(record, readings(["4", "4", "0", "0"], adjusted=1, sigma_zero="2"))
    found = the_one(record)
    assert found.outcome is Outcome.FAILED
    (call,) = [one for one in found.charts[0].calls if one.id == "qal3.cusum.h_x"]
    assert (call.reading.at.date(), call.reading.adjusted) == (date(2026, 2, 5), True)


def test_readings_without_the_deviation_of_the_certificate_are_a_question(record: Record) -> None:
    submit(record, readings(["4", "4"]))
    found = the_one(record)
    assert (found.outcome, found.charts) == (Outcome.UNDETERMINED, ())
    assert "certificate" in found.questions[0].en
