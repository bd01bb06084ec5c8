"""The form of a decision: what is refused names field, value and what to do; what is read is written the same."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from goedebuur.core.permits import form, schema
from goedebuur.core.permits.conditions import ConditionKind, Noise, WaterDischarge
from goedebuur.core.permits.limits import EmissionLimit, Level

METHODS = Path(__file__).resolve().parents[3] / "docs" / "methods"
EXAMPLE = (METHODS / "permit-example.json").read_bytes()


@pytest.fixture
def body() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE)
    return found


def faults(body: object) -> list[tuple[str, str, str]]:
    read = form.read(body)
    assert read.permit is None
    return [(one.code, one.place, one.value) for one in read.faults]


def limit(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["conditions"][0]["form"]
    return found


def test_documented_example_has_every_kind_of_condition() -> None:
    permit = form.loads(EXAMPLE).require()
    assert {one.kind for one in permit.conditions} == set(ConditionKind)
    nox = permit.conditions[0]
    assert nox.id == "voorbeeld-2019-114/3.1.2"
    assert (nox.site, nox.valid_from) == ("voorbeeld-afvalcentrale", permit.valid_from)
    assert isinstance(nox.form, EmissionLimit)
    assert (nox.form.value, nox.form.unit, nox.form.level) == ("120", "mg/Nm³", Level.SITE)
    noise, water = permit.conditions[7].form, permit.conditions[8].form
    assert isinstance(noise, Noise)
    assert [one.value for one in noise.levels] == ["50", "45", "40"]
    assert isinstance(water, WaterDischarge)
    assert water.receiving == "Voorbeeldkanaal"


def test_what_is_written_reads_as_the_same_decision() -> None:
    permit = form.loads(EXAMPLE).require()
    written = form.dumps(permit)
    assert form.loads(written).require() == permit
    assert form.dumps(form.loads(written).require()) == written


def test_field_that_says_nothing_is_not_written() -> None:
    written = form.write(form.loads(EXAMPLE).require())
    assert "operator" not in written
    assert "statistic" not in written["conditions"][0]["form"]
    assert "tailored" in written["conditions"][0]["form"]


def test_units_of_a_keyboard_are_written_in_one_way(body: dict[str, Any]) -> None:
    limit(body)["unit"] = "mg/Nm3"
    assert form.read(body).require() == form.loads(EXAMPLE).require()


def test_every_fault_is_named_at_once(body: dict[str, Any]) -> None:
    limit(body).update(value="12,5", unit="mg", averaging="week")
    body["conditions"][1]["valid_from"] = "1 juli 2019"
    body["decided_on"] = "2019-13-01"
    del body["reference"]
    body["colour"] = "green"
    assert sorted(faults(body)) == [
        ("field-missing", "reference", ""),
        ("field-unknown", "colour", ""),
        ("field-value", "conditions[0].form.averaging", "week"),
        ("field-value", "conditions[0].form.value", "12,5"),
        ("field-value", "conditions[1].valid_from", "1 juli 2019"),
        ("field-value", "decided_on", "2019-13-01"),
    ]


def test_hint_says_what_can_stand_there(body: dict[str, Any]) -> None:
    limit(body)["averaging"] = "week"
    (fault,) = form.read(body).faults
    assert "half_hour, hour, day" in fault.hint
    limit(body).update(averaging="day", unit="mg/kg")
    (fault,) = form.read(body).faults
    assert fault.place == "conditions[0].form.unit"
    assert "mg/Nm³" in fault.hint


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (("value",), 120.5, "form.value"),
        (("value",), "-1", "form.value"),
        (("value",), "1e2", "form.value"),
        (("value",), "", "form.value"),
        (("reference", "oxygen"), "21", "form.reference.oxygen"),
        (("reference", "dry"), "yes", "form.reference.dry"),
        (("substance", "cas"), "7446-09-6", "form.substance.cas"),
        (("substance",), "NOx", "form.substance"),
        (("statistic",), {"share": "97"}, "form.statistic.over"),
        (("statistic",), {"share": "0", "over": "year"}, "form.statistic.share"),
        (("level",), "national", "form.tailored"),
        (("exemptions", 0, "state"), "sunday", "form.exemptions[0].state"),
        (("above",), {"value": "20", "unit": "mg/Nm³"}, "form.above.unit"),
    ],
)
def test_fault_in_a_limit_has_its_place(
    body: dict[str, Any], place: tuple[str | int, ...], value: object, expected: str
) -> None:
    target: Any = limit(body)
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value
    assert [found for _, found, _ in faults(body)] == [f"conditions[0].{expected}"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": "andere-vergunning/3.1.2"}, "conditions[0].id"),
        ({"valid_to": "2019-06-30"}, "conditions[0].valid_to"),
        ({"valid_from": "2019-06-30"}, "conditions[0].valid_from"),
        ({"form": None}, "conditions[0].form"),
        ({"no_form": "omdat"}, "conditions[0].no_form"),
        ({"number": "3.2.1"}, "conditions[1].id"),
        ({"site": "andere-plaats"}, "conditions[0].permit"),
        ({"document": "0" * 64}, "conditions[0].document"),
        ({"replaces": ["voorbeeld-2019-114/3.1.2"]}, "conditions[0].replaces"),
        ({"text": " "}, "conditions[0].text"),
    ],
)
def test_condition_that_cannot_be_is_refused(body: dict[str, Any], fields: dict[str, Any], expected: str) -> None:
    body["conditions"][0] |= fields
    assert expected in [place for _, place, _ in faults(body)]


def test_crisis_derogation_ends_within_three_months(body: dict[str, Any]) -> None:
    reason = {"basis": "crisis", "article": "IED 15(7)", "reason": "levering van gas bedreigd"}
    body["conditions"][0] |= {"derogation": reason, "valid_to": "2019-10-01"}
    assert [place for _, place, _ in faults(body)] == ["conditions[0].valid_to"]
    body["conditions"][0]["valid_to"] = "2019-09-30"
    assert form.read(body).permit is not None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "revocation", "revokes": ["oud-2001"]}, "conditions"),
        ({"kind": "revocation", "conditions": []}, "revokes"),
        ({"kind": "amendment"}, "amends"),
        ({"conditions": [], "general_rules": []}, "conditions"),
        ({"valid_to": "2019-06-30"}, "valid_to"),
        ({"announced_on": "2019-05-13"}, "announced_on"),
        ({"withdraws": ["voorbeeld-2019-114/9"]}, "withdraws"),
        ({"amends": "voorbeeld-2019-114"}, "amends"),
        ({"conditions": {}}, "conditions"),
    ],
)
def test_decision_that_cannot_be_is_refused(body: dict[str, Any], fields: dict[str, Any], expected: str) -> None:
    assert expected in [place for _, place, _ in faults(body | fields)]


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff\xfe{}", b'{"format": "other/2"}', b"1" * 9_000_000])
def test_file_that_is_no_decision_is_refused(data: bytes) -> None:
    read = form.loads(data)
    assert read.permit is None
    assert len(read.faults) >= 1


def test_schema_file_is_the_schema_of_the_records() -> None:
    written = json.loads((METHODS / "permit.schema.json").read_text("utf-8"))
    assert written == schema.schema()


def test_schema_has_the_fields_of_the_example(body: dict[str, Any]) -> None:
    found = schema.schema()
    assert set(body) <= set(found["properties"])
    condition = found["$defs"]["Condition"]
    assert condition["required"] == ["number", "kind", "text"]
    forms = {
        rule["if"]["properties"]["kind"]["const"]: rule["then"]["properties"]["form"] for rule in condition["allOf"]
    }
    for one in body["conditions"]:
        named = found["$defs"][forms[one["kind"]]["$ref"].rpartition("/")[2]]
        assert set(one.get("form", {})) <= set(named["properties"])


def test_text_that_no_file_can_hold_is_refused(body: dict[str, Any]) -> None:
    body["conditions"][0]["text"] = "ten hoogste \ud800"
    assert [place for _, place, _ in faults(body)] == ["conditions[0].text"]


def test_reading_leaves_what_was_given_as_it_was(body: dict[str, Any]) -> None:
    before = deepcopy(body)
    form.read(body)
    assert body == before
