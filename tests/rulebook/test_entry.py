"""What is typed of a decision and breaks a rule is told at its field by that rule, with the value and what to do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.core.permits.entry.test_reading import DECISION, KINDS, LAW, LIMIT, PLACES

from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.permits.entry import reading
from goedebuur.core.permits.entry.troubles import Trouble
from goedebuur.rules.substance_names import names

Typed = Mapping[str, str]


def of_limit(**fields: str) -> tuple[Trouble, ...]:
    return reading.condition({**LIMIT, **fields}, names(), places=PLACES).troubles


def of_kind(kind: str, **fields: str) -> tuple[Trouble, ...]:
    typed = {"number": "1", "text": "x", **KINDS[kind], "kind": kind, **fields}
    return reading.condition(typed, names()).troubles


def of_decision(**fields: str) -> tuple[Trouble, ...]:
    return tuple(reading.decision({**DECISION, **fields}, names(), PLACES, LAW)[1])


def twice() -> tuple[Trouble, ...]:
    return tuple(one for of in reading.permit(DECISION, [LIMIT, LIMIT], names()).by_condition for one in of)


CASES = {
    "permit-entry-number": (of_limit(value="ca. 5"), "value", "ca. 5"),
    "permit-entry-point": (of_limit(value="1.250"), "value", "1.250"),
    "permit-entry-count": (of_limit(page="0"), "page", "0"),
    "permit-entry-day": (of_limit(valid_from="31-02-2026"), "valid_from", "31-02-2026"),
    "permit-entry-unit": (of_limit(unit="mg/kub"), "unit", "mg/kub"),
    "permit-entry-one-line": (of_limit(article="Bal 4.73\nen verder"), "article", "Bal 4.73"),
    "permit-entry-points": (of_kind("noise", points="a; 1"), "points", "a; 1"),
    "permit-entry-requirements": (of_kind("technique", requirements="warm"), "requirements", "warm"),
    "permit-entry-levels": (of_kind("noise", level_other="06:00; 45"), "level_other", "06:00; 45"),
    "permit-entry-twice": (twice(), "number", "3.1.2"),
    "permit-entry-rule": (of_decision(general_rules="bal.9.99"), "general_rules", "bal.9.99"),
    "permit-entry-none-beside": (of_decision(general_rules="geen\nbal.4.73"), "general_rules", "none"),
    "permit-entry-none-oxygen": (of_decision(general_rules="geen; ; ; 11"), "general_rules", "11"),
    "permit-entry-ground": (of_decision(withheld="x; Woo 9; 1-1-2031; nee"), "withheld", "Woo 9"),
    "permit-entry-emissions": (
        of_decision(withheld="x; Woo 5.1(1)(c); 1-1-2031; ja"),
        "withheld",
        "Woo 5.1(1)(c)",
    ),
    "permit-entry-operator": (of_decision(operator="Ander bedrijf"), "operator", "Ander bedrijf"),
    "permit-entry-stray": (of_limit(percentile="98"), "percentile", "98"),
    "permit-entry-stray-no-form": (of_limit(no_form="verwijst naar een plan"), "substance", "NOx"),
    "permit-entry-choice": (of_limit(averaging="dagje"), "averaging", "dagje"),
    "permit-entry-unit-of-kind": (of_limit(unit="dB(A)"), "unit", "dB(A)"),
    "permit-entry-place": (of_limit(installations="lijn 7"), "installations", "lijn 7"),
    "permit-entry-cas": (of_limit(cas="7446-09-5"), "cas", "7446-09-5"),
    "permit-entry-filled": (of_limit(value=""), "value", ""),
    "permit-entry-parts": (
        of_decision(general_rules="bal.4.73; ; ; 11; x"),
        "general_rules",
        "bal.4.73; ; ; 11; x",
    ),
}


@pytest.mark.parametrize("check", list(CASES))
def test_refused(check: str) -> None:
    troubles, field, value = CASES[check]
    (found,) = [one for one in troubles if (one.check, one.field) == (check, field)]
    error = found.error("besluit.xlsx, E3")
    assert (error.check, error.code, error.place) == (check, CHECKS[check].code, "besluit.xlsx, E3")
    assert (found.value, error.value) == (value, value)
    assert found.message.nl
    assert found.message.en


def test_fault_of_the_documented_form_keeps_its_rule() -> None:
    """A CAS number of which the last digit is wrong is seen by the form, and told at the field."""
    (found,) = [one for one in of_limit(substance="iets", cas="7446-09-1") if one.field == "cas"]
    assert (found.check, found.error("x").check) == ("permit-cas-digit", "permit-cas-digit")
