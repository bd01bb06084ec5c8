"""Which limit binds: legal cases as rows that a lawyer can read, in `cases/limits/precedence.csv`.

A row is a site with one installation. `rules` are the rows of the law that a decision says hold there, with `oxygen`
where the law leaves it to the fuel; `kind`, `says` (of tailoring), `value`, `site_average`, `site_oxygen` and `gas`
describe one condition, in mg/Nm³ (dioxins in ng TEQ/Nm³), that holds `from` until `to`; `other_kind` and `other_value`
a second one on the same average and gas, in force since 2023 (`flow`: in kg/h), set aside by a crisis. Asked is the
limit on `substance` with `average` (`hour 95` is 95 % of the hours of a year). `binding` is `site`, `other` or a row.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.core.permits.decisions import condition, decision

from goedebuur.core.permits.precedence import Binding
from goedebuur.core.permits.records import Permit
from goedebuur.core.permits.site_limits import site_limits
from goedebuur.core.permits.timeline import consolidate
from goedebuur.rules import emission

PATH = Path(__file__).parent / "cases" / "limits" / "precedence.csv"
ROWS = list(csv.DictReader(PATH.open(encoding="utf-8")))


def average(text: str) -> dict[str, Any]:
    words = text.split()
    told: dict[str, Any] = {"averaging": words[0]}
    if len(words) == 2 and words[1].isdecimal():
        told["statistic"] = {"share": words[1], "over": "year"}
    return told


def form(row: dict[str, str], value: str, unit: str) -> dict[str, Any]:
    gas = {"oxygen": row["site_oxygen"], **({"dry": row["gas"] == "dry"} if row["gas"] else {})}
    return {
        "substance": {"name": row["substance"], "id": row["substance"]},
        "value": value,
        "unit": unit,
        **average(row["site_average"]),
        "reference": gas,
        **({"tailored": row["says"]} if row["says"] else {}),
    }


def decisions(row: dict[str, str]) -> list[Permit]:
    found = []
    unit = "ng TEQ/Nm³" if row["substance"] == "dioxins" else "mg/Nm³"
    rules = [{"rule": name, "oxygen": row["oxygen"]} for name in row["rules"].split(";") if name]
    if rules:
        found.append(decision("regels", "2023-01-01", general_rules=rules))
    if row["other_kind"]:
        kg = row["other_kind"] == "flow"
        told = form(row | {"says": ""}, row["other_value"], "kg/h" if kg else unit)
        found.append(decision("ander", "2023-01-01", condition("1", kind="emission_limit", form=told)))
    if row["kind"]:
        basis = {"derogation": "bat_ael", "crisis": "crisis"}.get(row["kind"])
        fields: dict[str, Any] = {"kind": "emission_limit", "form": form(row, row["value"], unit)}
        if row["to"]:
            fields["valid_to"] = row["to"]
        if basis:
            fields["derogation"] = {"basis": basis, "article": "IED 15", "reason": "zoals in het besluit"}
        if row["kind"] == "crisis":
            fields["suspends"] = ["ander/1"]
        kind = "tailored_conditions" if row["kind"] == "tailored" else "permit"
        found.append(decision("site", row["from"], condition("1", **fields), kind=kind))
    return found


def asked(row: dict[str, str]) -> Binding | None:
    found = site_limits(consolidate(decisions(row), date.fromisoformat(row["on"])), emission.book())
    assert len(found) <= 1
    words = row["average"].split()
    share = words[1] if len(words) == 2 and words[1].isdecimal() else "100"
    during = "abnormal_operation" if words[-1] == "abnormal" else ""
    for one in found[0].bindings if found else ():
        key = (one.key.substance, one.key.averaging, str(one.key.share), one.key.during)
        if key == (row["substance"], words[0], share, during) and one.key.dimension != "mass flow":
            return one
    return None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["case"])
def test_case(row: dict[str, str]) -> None:
    found = asked(row)
    if row["outcome"] == "ABSENT":
        assert found is None
        return
    assert found is not None
    source = {"site/1": "site", "ander/1": "other"}
    told = "" if found.binding is None else source.get(found.binding.source, found.binding.source)
    assert (found.outcome, told, found.reason) == (row["outcome"], row["binding"], row["reason"])
    assert found.article.startswith(row["article"]) or row["article"] in found.article
    assert bool(found.question) == (row["outcome"] != "BINDS")


def test_there_are_cases_enough() -> None:
    assert len({row["case"] for row in ROWS}) == len(ROWS) >= 60
