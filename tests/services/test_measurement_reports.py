"""Reports of bureaus come in signed, are kept as they were, and are read as of any state."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.samples import measurement_json
from tests.services.deliveries import NOW, open_record
from tests.services.measuring import enter_bureau, report_file, submit

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.measuring.reports import Purpose
from goedebuur.services import delivery, measurement_reports
from goedebuur.services.record import Record

DATA = measurement_json()


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    enter_bureau(found)
    yield found
    found.close()


def changed(**fields: Any) -> bytes:
    reports = json.loads(DATA)["reports"]
    return report_file([reports[0] | fields, *reports[1:]])


def refused(record: Record, data: bytes, **said: Any) -> str:
    size = record.size
    with pytest.raises(GoedeBuurError) as caught:
        submit(record, data, **said)
    assert record.size == size
    assert measurement_reports.every(record) == ()
    return caught.value.code


def test_signed_report_is_in_the_record_with_whose_it_is(record: Record) -> None:
    submit(record, DATA)
    control, qal2 = measurement_reports.every(record)
    assert (control.id, qal2.id) == ("meetbureau:CM-2026-014", "meetbureau:QAL2-2026-02")
    assert (control.submitter, control.signed, control.received) == ("meetbureau", True, NOW)
    assert control.report.samples[0].value == "61.2"


def test_report_is_found_by_site_point_substance_and_purpose(record: Record) -> None:
    submit(record, DATA)
    assert [one.report.id for one in measurement_reports.of_site(record, "werk", purposes=(Purpose.QAL2,))] == [
        "QAL2-2026-02"
    ]
    assert len(measurement_reports.of_site(record, "werk", emission_point="K1", quantity="nox")) == 2
    assert measurement_reports.of_site(record, "werk", quantity="so2") == ()
    assert measurement_reports.of_site(record, "werk", emission_point="K2") == ()
    assert measurement_reports.of_site(record, "elders") == ()
    assert measurement_reports.find(record, "meetbureau:CM-2026-014").report.purpose is Purpose.CONTROL
    with pytest.raises(GoedeBuurError, match="measurement-unknown"):
        measurement_reports.find(record, "meetbureau:CM-2026-015")


def test_corrected_report_takes_the_place_of_the_earlier_which_stays_readable(record: Record) -> None:
    submit(record, DATA)
    before = record.size
    moved = [dict(one) for one in json.loads(DATA)["reports"][0]["samples"]]
    moved[0] |= {"start": "2026-03-02T09:00+01:00", "end": "2026-03-02T09:30+01:00", "value": "71.2"}
    submit(record, changed(samples=moved), 2, reason="a digit was read wrong")
    (now,) = (one for one in measurement_reports.every(record) if one.report.purpose is Purpose.CONTROL)
    then = measurement_reports.find(record, "meetbureau:CM-2026-014", before)
    assert (now.report.samples[0].value, then.report.samples[0].value) == ("71.2", "61.2")
    assert len(now.leaves) == 2
    leaf = record.ledger.leaf(now.leaf)
    assert leaf.supersedes == (then.leaf,)  # type: ignore[union-attr]


def test_another_submitter_replaces_nothing(record: Record) -> None:
    submit(record, DATA)
    delivery.deliver(record, changed(bureau="Ander Bureau"), "r.json", submitter="ander", now=NOW)
    assert {one.id for one in measurement_reports.every(record) if one.report.id == "CM-2026-014"} == {
        "meetbureau:CM-2026-014",
        "ander:CM-2026-014",
    }
    assert [one.signed for one in measurement_reports.every(record) if one.submitter == "ander"] == [False, False]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"site": "elders"}, "submission-other-site"),
        ({"substance": {"name": "koolmonoxide", "id": "co"}}, "submission-scope-quantity"),
        ({"accreditation": "L998"}, "submission-report-accreditation"),
        ({"unit": "mg"}, "input-measurement-report"),
    ],
)
def test_report_outside_the_scope_of_its_bureau_is_refused(record: Record, fields: dict[str, Any], code: str) -> None:
    assert refused(record, changed(**fields)) == code


def test_method_outside_the_scope_is_refused(record: Record) -> None:
    assert refused(record, DATA, method="EN 14791") == "submission-scope-method"


def test_file_with_one_fault_leaves_nothing_of_it_behind(record: Record) -> None:
    reports = json.loads(DATA)["reports"]
    assert refused(record, report_file([reports[0], reports[1] | {"share": "none"}])) == "input-measurement-report"
