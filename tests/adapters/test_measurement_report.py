"""Reports of measurements: both forms say the same, and every fault of a file is named at once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.adapters.samples import measurement_json, measurement_table

from goedebuur.adapters.measurement_report import MeasurementReport
from goedebuur.core.base import plain, rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.emissions.measuring.reports import Purpose, Report


def parse(data: bytes) -> tuple[Report, ...]:
    return MeasurementReport().parse(data, "r").reports


def changed(path: str, value: Any, report: int = 0) -> bytes:
    """The JSON sample with one field changed; `samples.0.value` is a field of its first partial measurement."""
    body = json.loads(measurement_json())
    at = body["reports"][report]
    *way, last = path.split(".")
    for step in way:
        at = at[int(step)] if step.isdecimal() else at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value
    return json.dumps(body).encode()


def error(data: bytes, check: str = "measurement-report-field") -> GoedeBuurError:
    with pytest.raises(GoedeBuurError) as raised:
        parse(data)
    assert raised.value.check == check
    return raised.value


def test_table_and_json_say_the_same() -> None:
    assert parse(measurement_table()) == parse(measurement_json())[:1]


def test_report_is_read_with_its_moments_and_numbers() -> None:
    control, qal2 = parse(measurement_json())
    assert (control.purpose, control.quantity, control.unit) == (Purpose.CONTROL, "nox", "mg/Nm³")
    assert control.first.isoformat() == "2026-03-03T09:00:00+01:00"
    assert control.last.isoformat() == "2026-03-03T11:30:00+01:00"
    assert [one.value for one in control.samples] == ["61.2", "58.8", "60"]
    assert str(qal2.pairs[0].as_pair().raw) == "81/10"
    assert qal2.found == "passed"


def test_what_is_written_is_read_again() -> None:
    faults: list[GoedeBuurError] = []
    for one in parse(measurement_json()):
        assert plain.read(Report, plain.write(one), faults) == one
    assert faults == []


@pytest.mark.parametrize(
    ("path", "value", "report", "place"),
    [
        ("samples.1.value", "60,0", 0, "reports[0].samples[1].value"),
        ("samples.1.value", 60.0, 0, "reports[0].samples[1].value"),
        ("samples.1.u95", "-1", 0, "reports[0].samples[1].u95"),
        ("samples.1.end", "2026-03-03T10:00+01:00", 0, "reports[0].samples[1].end"),
        ("samples.1.start", "2026-03-03T10:00", 0, "reports[0].samples[1].start"),
        ("samples.1.start", "2026-03-03T09:29+01:00", 0, "reports[0].samples"),
        ("samples.1.start", "2026-02-31T10:00+01:00", 0, "reports[0].samples[1].start"),
        ("samples.1.start", "1926-03-03T10:00+01:00", 0, "reports[0].samples[1].start"),
        ("samples.1.state", "asleep", 0, "reports[0].samples[1].state"),
        ("samples.1.operator", "J. Jansen", 0, "reports[0].samples[1].operator"),
        ("samples", [], 0, "reports[0].samples"),
        ("load_unit", None, 0, "reports[0].load_unit"),
        ("unit", "mg/m³", 0, "reports[0]"),
        ("unit", None, 0, "reports[0].unit"),
        ("purpose", "curiosity", 0, "reports[0].purpose"),
        ("substance.cas", "10102-44-1", 0, "reports[0].substance.cas"),
        ("reference.oxygen", "21", 0, "reports[0].reference.oxygen"),
        ("id", "QAL2-2026-02", 0, "reports[1].id"),
        ("pairs", [], 1, "reports[1].pairs"),
        ("stream", None, 1, "reports[1].stream"),
        ("limit", None, 1, "reports[1].limit"),
        ("share", "0", 1, "reports[1].share"),
        ("share", "101", 1, "reports[1].share"),
        ("purpose", "ast", 1, "reports[1].function"),
        ("purpose", "qal3", 1, "reports[1].readings"),
        ("pairs.0.factor", "0", 1, "reports[1].pairs[0].factor"),
        ("found", "splendid", 1, "reports[1].found"),
    ],
)
def test_field_that_cannot_be_is_named_with_its_place(path: str, value: Any, report: int, place: str) -> None:
    assert error(changed(path, value, report)).place.startswith(f"r, {place}")


def test_every_fault_of_a_file_is_named_at_once() -> None:
    body = json.loads(changed("samples.0.value", "much"))
    body["reports"][0]["samples"][2]["u95"] = "little"
    body["reports"][1]["share"] = "none"
    with rulebook.collecting() as found:
        assert parse(json.dumps(body).encode()) == ()
    assert [one.place for one in found.errors] == [
        "r, reports[0].samples[0].value",
        "r, reports[0].samples[2].u95",
        "r, reports[1].share",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (",58.8,", ",58;8,", "line 3.value"),
        (",58.8,", ",58.8,9,", "line 3"),
        ("report,kind,site", "report,kind,plant", "line 1"),
        ("u95,load", "value,load", "line 1"),
        (",sample,", ",guess,", "line 2, kind"),
    ],
)
def test_row_of_a_table_that_cannot_be_is_named_with_its_line(old: str, new: str, place: str) -> None:
    text = measurement_table().decode()
    assert old in text
    assert error(text.replace(old, new, 1).encode()).place.startswith(f"r, {place}")


def test_rows_of_one_report_say_the_same_of_it() -> None:
    lines = measurement_table().decode().split("\n")
    lines[2] = lines[2].replace(",K1,", ",K2,")
    assert error("\n".join(lines).encode()).place == "r, line 3, emission_point"


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ('{"format": "goedebuur-measurement/2", "reports": []}', "measurement-report-form"),
        ('{"format": "goedebuur-measurement/1", "reports": []}', "measurement-report-field"),
        ('{"format": "goedebuur-measurement/1"', "measurement-report-form"),
    ],
)
def test_file_without_reports_is_refused(text: str, check: str) -> None:
    error(text.encode(), check)
