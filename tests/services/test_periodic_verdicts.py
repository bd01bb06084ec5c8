"""Reports of bureaus held to the limits of their day: what decides, what leaves it open, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.samples import measurement_json
from tests.core.permits.decisions import condition, decision
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import MEASURING, report_file, submit
from tests.services.signing import enter
from tests.services.stacks import ALL
from tests.services.test_emission_verdicts import RULES, Given

from goedebuur.core.compliance.emissions.outcomes import Outcome
from goedebuur.core.ledger.submitters import Scope
from goedebuur.services import emission_results, emission_verdicts, periodic_verdicts, permits, streams
from goedebuur.services.periodic_verdicts import ReportVerdict
from goedebuur.services.record import Record

REPORT = json.loads(measurement_json())["reports"][0]
"""61.2, 58.8 and 60 mg/Nm³ in three half hours, each ± 6, at 11 % oxygen, in normal operation."""
SUBSTANCES = ("nox", "dust", "dioxins")


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    scope = (Scope(("measurement_report",), SUBSTANCES, ("werk",), ("EN 14792*",)),)
    enter(found, replace(MEASURING, scope=scope))
    streams.put(found, ALL, NOW)
    permits.publish(found, decision("regels", "2023-01-01", site="werk", general_rules=RULES, example=True), NOW)
    yield found
    found.close()


def limited(record: Record, value: str, averaging: str = "sampling_period", **fields: Any) -> None:
    form = {
        "substance": {"name": "NOx", "id": "nox"},
        "value": value,
        "unit": "mg/Nm³",
        "averaging": averaging,
        "reference": {"oxygen": "11", "dry": True},
    }
    told = condition("1", kind="emission_limit", form=form, emission_points=["K1"], **fields)
    permits.publish(record, decision("meting", "2024-01-01", told, site="werk", example=True), NOW)


def judged(record: Record, **changed: Any) -> ReportVerdict:
    submit(record, report_file([REPORT | changed]))
    (found,) = periodic_verdicts.of_year(record, "werk", 2026)
    return found


def samples(**changed: Any) -> list[dict[str, Any]]:
    return [one | changed for one in REPORT["samples"]]


def said(found: ReportVerdict) -> tuple[Outcome, str]:
    return found.found.outcome, found.found.code


def test_each_and_their_mean_below_the_limit_less_the_uncertainty_meet_it(record: Record) -> None:
    limited(record, "55.2")  # 61.2 - 6 = 55.2, the highest
    found = judged(record)
    assert said(found) == (Outcome.MEETS, "averages-not-above")
    assert (found.requirement, found.unit) == ("nox-sampling_period", "mg/Nm³")


def test_mean_below_and_one_above_is_open_as_the_text_is(record: Record) -> None:
    limited(record, "55.1")  # 55.2 is above it; the mean (55.2 + 52.8 + 54) / 3 = 54 is not
    found = judged(record)
    assert said(found) == (Outcome.UNDETERMINED, "readings-differ")
    assert found.found.question.en.startswith("Must each partial measurement")


def test_each_and_their_mean_above_the_limit_exceed_it(record: Record) -> None:
    limited(record, "52.7")  # the lowest is 58.8 - 6 = 52.8
    assert said(judged(record)) == (Outcome.EXCEEDS, "average-above")


def test_too_few_partial_measurements_decide_nothing(record: Record) -> None:
    limited(record, "10")
    assert said(judged(record, samples=samples()[:2])) == (Outcome.UNDETERMINED, "samples-too-few")


def test_values_at_another_oxygen_decide_nothing(record: Record) -> None:
    limited(record, "10")
    found = judged(record, reference={"oxygen": "3", "dry": True})
    assert said(found) == (Outcome.UNDETERMINED, "samples-reference")


@pytest.mark.parametrize("state", ["", "start_up"])
def test_state_that_is_not_known_or_may_not_count_decides_nothing(record: Record, state: str) -> None:
    limited(record, "10")
    assert said(judged(record, samples=samples(state=state))) == (Outcome.UNDETERMINED, "samples-state")


def test_limit_of_detection_above_the_limit_is_no_exceedance(record: Record) -> None:
    limited(record, "10")
    found = judged(record, samples=samples(below_detection=True))
    assert said(found) == (Outcome.UNDETERMINED, "below-detection")


def test_limit_of_detection_below_the_limit_meets_it(record: Record) -> None:
    limited(record, "70")
    assert said(judged(record, samples=samples(below_detection=True))) == (Outcome.MEETS, "averages-not-above")


def test_measurement_without_a_limit_on_such_measurements_asks_for_it(record: Record) -> None:
    found = judged(record)
    assert said(found) == (Outcome.UNDETERMINED, "no-sampling-limit")
    assert "None in the record" in found.found.question.en


def test_report_that_nobody_signed_decides_nothing(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(record, "10")
    monkeypatch.setattr("goedebuur.services.measurement_reports._signed", lambda _record, _at: False)
    assert said(judged(record)) == (Outcome.UNDETERMINED, "report-unsigned")


def test_toxic_equivalents_are_held_to_the_limit_in_their_own_unit(record: Record) -> None:
    # the limit is on a sampling period of 6 to 8 hours (Bal 4.73)
    days = [f"2026-03-0{n}" for n in (3, 4, 5)]
    values = [
        REPORT["samples"][0] | {"start": f"{day}T09:00Z", "end": f"{day}T16:00Z", "value": "0.02", "u95": "0.005"}
        for day in days
    ]
    found = judged(record, substance={"name": "dioxinen", "id": "dioxins"}, unit="ng TEQ/Nm³", samples=values)
    assert (found.requirement, found.unit) == ("dioxins-sampling_period", "ng TEQ/Nm³")
    assert found.found.outcome is Outcome.MEETS


def test_half_hours_of_dioxins_are_not_the_sampling_period_of_their_limit(record: Record) -> None:
    values = [one | {"value": "0.02", "u95": "0.005"} for one in REPORT["samples"]]
    found = judged(record, substance={"name": "dioxinen", "id": "dioxins"}, unit="ng TEQ/Nm³", samples=values)
    assert said(found) == (Outcome.UNDETERMINED, "samples-length")
    assert found.found.question


def test_report_of_a_state_before_it_came_is_not_there(record: Record) -> None:
    limited(record, "70")
    before = record.size
    judged(record)
    assert periodic_verdicts.of_year(record, "werk", 2026, before) == ()
    assert periodic_verdicts.of_year(record, "werk", 2025) == ()


def test_published_year_holds_what_the_bureau_measured(record: Record) -> None:
    limited(record, "52.7")
    submit(record, report_file([REPORT]))
    found = emission_verdicts.assess(record, "werk", 2026, Given("@2026-03-03T00:00 1x1"))
    (line,) = [one for one in emission_results.as_records(found) if one["type"] == "report"]
    assert (line["outcome"], line["limit"], line["each"][1]["low"]) == ("EXCEEDS", "527/10", "264/5")
    assert "K1/nox-sampling_period" not in found.unmeasured
    assert "K1/dioxins-sampling_period" in found.unmeasured


def test_stream_of_a_substance_with_a_limit_on_samples_is_judged_by_its_other_limits(record: Record) -> None:
    limited(record, "52.7")
    found = emission_verdicts.assess(record, "werk", 2026, Given("@2026-03-03T00:00 1x1"))
    assert {one.requirement for one in found.verdicts} == {"nox-day", "nox-half_hour-97-year"}
    assert "K1/nox-sampling_period" in found.unmeasured


def test_limit_that_does_not_say_over_which_time_is_a_question(record: Record) -> None:
    limited(record, "52.7", "not_stated")
    found = emission_verdicts.assess(record, "werk", 2026, Given("@2026-03-03T00:00 1x1"))
    (open_,) = [one for one in found.verdicts if one.averaging == "not_stated"]
    assert open_.outcome is Outcome.UNDETERMINED
    assert open_.question
