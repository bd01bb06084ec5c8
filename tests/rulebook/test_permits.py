"""A decision that breaks one rule is refused for that rule: in its form, and beside what the record has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.core.permits.decisions import condition, decision, limit
from tests.core.permits.test_form import EXAMPLE
from tests.rulebook.test_fields import Body, require_fault, setting
from tests.services.deliveries import NOW, open_record
from tests.services.test_permits import BASE, DOCUMENT, PARTS, PDF, SITE
from tests.services.test_permits import EXAMPLE as INVENTED

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.permits import form
from goedebuur.core.permits.records import Permit
from goedebuur.services import permits, rule_record, sites

OWN = "voorbeeld-2019-114"
FIRST = f"{OWN}/3.1.2"


def first(**fields: object) -> Callable[[Body], None]:
    return lambda body: body["conditions"][0].update(fields)


def at(number: int, *path: str | int, to: object) -> Callable[[Body], None]:
    return setting("conditions", number, "form", *path, to=to)


def whole(**fields: object) -> Callable[[Body], None]:
    return lambda body: body.update(fields)


def doubled(body: Body) -> None:
    body["documents"].append(dict(body["documents"][0]))


CRISIS = {"basis": "crisis", "article": "IED 15(7)", "reason": "levering van gas bedreigd"}
CASES: dict[str, tuple[Callable[[Body], object], str, str]] = {
    "permit-document-size": (setting("documents", 0, "size", to=0), "documents[0].size", "0"),
    "permit-document-name": (setting("documents", 0, "name", to="a/b.pdf"), "documents[0].name", "a/b.pdf"),
    "permit-document-once": (doubled, "documents", ""),
    "permit-condition-document": (first(document="0" * 64), "conditions[0].document", "0" * 64),
    "permit-condition-id": (first(id="ander/3.1.2"), "conditions[0].id", "ander/3.1.2"),
    "permit-condition-once": (first(number="3.2.1"), "conditions[1].id", f"{OWN}/3.2.1"),
    "permit-condition-of-decision": (first(site="elders"), "conditions[0].permit", OWN),
    "permit-condition-ends": (first(valid_to="2019-06-30"), "conditions[0].valid_to", "2019-06-30"),
    "permit-condition-begins": (first(valid_from="2019-06-30"), "conditions[0].valid_from", "2019-06-30"),
    "permit-condition-form": (first(form=None), "conditions[0].form", ""),
    "permit-condition-own-place": (first(replaces=[FIRST]), "conditions[0].replaces", FIRST),
    "permit-condition-replaced": (
        first(replaces=["oud-1/1"], suspends=["oud-1/1"]),
        "conditions[0].suspends",
        "oud-1/1",
    ),
    # begins on 1 July 2019: three months end on 30 September
    "permit-crisis-term": (
        first(derogation=CRISIS, valid_to="2019-10-01"),
        "conditions[0].valid_to",
        "2019-10-01",
    ),
    "permit-ends": (whole(valid_to="2019-06-30"), "valid_to", "2019-06-30"),
    "permit-announced": (whole(announced_on="2019-05-13"), "announced_on", "2019-05-13"),
    "permit-revocation-alone": (whole(kind="revocation", revokes=["oud-1"]), "conditions", "10"),
    "permit-revocation-what": (whole(kind="revocation", conditions=[]), "revokes", ""),
    "permit-has-conditions": (whole(conditions=[], general_rules=[]), "conditions", ""),
    "permit-amendment-what": (whole(kind="amendment"), "amends", ""),
    "permit-ends-another": (whole(amends=OWN), "amends", OWN),
    "permit-withdraws-another": (whole(withdraws=[f"{OWN}/9"]), "withdraws", f"{OWN}/9"),
    # 7446-09-5: 9·1 + 0·2 + 6·3 + 4·4 + 4·5 + 7·6 = 105, of which the last digit is 5
    "permit-cas-digit": (
        at(1, "substance", "cas", to="7446-09-6"),
        "conditions[1].form.substance.cas",
        "7446-09-6",
    ),
    "permit-oxygen": (at(0, "reference", "oxygen", to="21"), "conditions[0].form.reference.oxygen", "21"),
    "permit-share": (
        at(0, "statistic", to={"share": "101"}),
        "conditions[0].form.statistic.share",
        "101",
    ),
    "permit-factor": (at(0, "statistic", to={"factor": "0"}), "conditions[0].form.statistic.factor", "0"),
    "permit-share-over": (at(0, "statistic", to={"share": "97"}), "conditions[0].form.statistic.over", ""),
    "permit-tailored": (at(0, "level", to="national"), "conditions[0].form.tailored", "relaxes"),
    "permit-above": (
        at(0, "above", to={"value": "20", "unit": "mg/Nm³"}),
        "conditions[0].form.above.unit",
        "mg/Nm³",
    ),
    "permit-unit": (at(0, "unit", to="mg/kg"), "conditions[0].form.unit", "mg/kg"),
    "permit-place": (at(7, "points", 0, "y", to="288999"), "conditions[7].form.points[0].x", "101200, 288999"),
    "permit-load-period": (at(1, "period", to="spot"), "conditions[1].form.period", "spot"),
    "permit-duty-of-what": (at(3, "subjects", to=[]), "conditions[3].form.subjects", ""),
    "permit-how-often": (at(3, "months", to=None), "conditions[3].form.times", ""),
    "permit-number-of": (at(3, "report_within", to=0), "conditions[3].form.report_within", "0"),
    "permit-odour-percentile": (at(6, "percentile", to=""), "conditions[6].form.percentile", ""),
    "permit-odour-places": (at(6, "objects", to=""), "conditions[6].form.points", ""),
    "permit-noise-levels": (at(7, "points", to=[]), "conditions[7].form.points", ""),
    "permit-noise-once": (
        at(7, "levels", 1, "start", to="07:00"),
        "conditions[7].form.levels",
        "07:00, 07:00, 23:00",
    ),
}
FILES = {
    "permit-json": (b"{", "", ""),
    "permit-format": (EXAMPLE.replace(b"goedebuur-permit/1", b"goedebuur-permit/9"), "format", "goedebuur-permit/9"),
}


@pytest.mark.parametrize("check", [*CASES, *FILES, "permit-condition-kind"])
def test_refused(check: str) -> None:
    if check in CASES:
        require_fault(check, *CASES[check])
    elif check in FILES:
        data, place, value = FILES[check]
        (found,) = form.loads(data).faults
        assert (found.check, found.code, found.place) == (check, CHECKS[check].code, place)
        assert value in found.value
    else:  # no file says it: a form is read as that of its kind
        read = form.loads(EXAMPLE).require().conditions
        with pytest.raises(GoedeBuurError) as raised:
            replace(read[0], form=read[1].form)
        assert (raised.value.check, raised.value.place) == (check, "form")


def named(**fields: Any) -> Permit:
    return decision("nieuw", "2026-01-01", condition("1"), **fields)


def of(**substance: str) -> Permit:
    return decision("nieuw", "2026-01-01", limit("3.1", "5", form={"substance": substance}))


SECRET = {"what": "tekening 3", "ground": "Woo 5.1(1)(b)", "until": "2027-01-01", "emissions": True}
PUBLISHED: dict[str, tuple[Permit, dict[str, Any], str, str]] = {
    "permit-record-names-known": (named(revokes=["onbekend"]), {}, "revokes", "onbekend"),
    "permit-record-same-site": (
        decision("oud", "2026-01-01", condition("1"), site="verzonnen", example=True),
        {"reason": "vergissing"},
        "site",
        "verzonnen",
    ),
    "permit-record-reason": (decision("oud", "2026-01-01", limit("3.1", "6")), {}, "reason", "oud"),
    "permit-record-document-given": (named(documents=[DOCUMENT]), {}, "documents[0]", "besluit.pdf"),
    "permit-record-document-bytes": (
        named(documents=[DOCUMENT | {"size": 3}]),
        {"documents": [PDF]},
        "documents[0].size",
        "3",
    ),
    "permit-record-document-named": (
        named(),
        {"documents": [PDF]},
        "documents",
        hashlib.sha256(PDF).hexdigest(),
    ),
    "permit-record-emissions-open": (named(withheld=[SECRET]), {}, "withheld[0].ground", "Woo 5.1(1)(b)"),
    "permit-record-substance-row": (
        of(name="stof", id="dusty"),
        {},
        "conditions[0].form.substance.id",
        "dusty",
    ),
    "permit-record-substance-cas": (
        of(name="zwaveldioxide", id="so2", cas="630-08-0"),
        {},
        "conditions[0].form.substance.cas",
        "630-08-0",
    ),
    "permit-record-substance-said": (of(name="NOx"), {}, "conditions[0].form.substance.id", "NOx"),
    "permit-record-invented": (named(example=True), {}, "example", "true"),
}


@pytest.mark.parametrize("check", list(PUBLISHED))
def test_not_published(check: str, tmp_path: Path) -> None:
    permit, given, place, value = PUBLISHED[check]
    record = open_record(tmp_path)
    sites.put(record, (SITE, INVENTED, *PARTS), NOW)
    permits.publish(record, BASE, NOW)
    rule_record.record_emission_rules(record, NOW)
    size = record.size
    with pytest.raises(GoedeBuurError) as raised:
        permits.publish(record, permit, NOW, **given)
    found = raised.value
    assert (found.check, found.code) == (check, CHECKS[check].code)
    assert (found.place, found.value) == (place, value)
    assert record.size == size
    record.close()
