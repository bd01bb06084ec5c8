"""What a person types becomes the documented form, or every mistake in it with its field, value and advice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import get_args

import pytest

from goedebuur.core.base import plain
from goedebuur.core.base.sourced import Text
from goedebuur.core.permits.conditions import FORMS, ConditionKind
from goedebuur.core.permits.entry import fields as entry_fields
from goedebuur.core.permits.entry import reading
from goedebuur.core.permits.entry.kinds import OF_KIND, UNITS_OF
from goedebuur.core.permits.entry.law import GeneralRules, Ground, Law
from goedebuur.core.permits.entry.places import Places
from goedebuur.core.permits.entry.shapes import Shape
from goedebuur.core.permits.entry.words import CHOICES, chosen
from goedebuur.core.permits.records import Condition, GeneralRule, Permit, Withheld
from goedebuur.core.permits.units import UNITS
from goedebuur.rules.substance_names import names

LIMIT = {
    **{"number": "3.1.2", "kind": "emissiegrenswaarde", "text": "x", "substance": "NOx", "value": "0,05"},
    **{"unit": "mg/Nm3", "averaging": "dag"},
}
DECISION = {
    **{"id": "vb-1", "kind": "vergunning", "site": "s", "authority": "GS", "reference": "1", "title": "t"},
    **{"article": "Ow 5.1", "decided_on": "14-03-2026", "valid_from": "1 mei 2026"},
}
KINDS: Mapping[str, Mapping[str, str]] = {
    "emission_limit": LIMIT,
    "load_cap": {"substance": "SO2", "value": "40", "unit": "ton", "period": "jaar"},
    "technique": {"technique": "doekfilter", "requirements": "temperatuur; minstens; 850; °C; uur"},
    "measuring_duty": {"subjects": "NOx; CO", "manner": "periodiek", "times": "2", "months": "12"},
    "study_duty": {"subject": "x", "due": "31-12-2026"},
    "deadline": {"action": "x", "due": "31-12-2026"},
    "odour": {"value": "0,5", "unit": "ouE/m3", "percentile": "98", "objects": "woningen"},
    "noise": {"indicator": "LAr,LT", "level_day": "50", "level_night": "40", "points": "p; 101500; 497200; 1,5"},
    "water_discharge": {"substance": "zink", "value": "200", "unit": "ug/l", "averaging": "steekmonster"},
}


def entered(**fields: str) -> reading.Checked:
    return reading.condition({**LIMIT, **fields}, names())


def wrong(**fields: str) -> list[tuple[str, str]]:
    return [(one.field, one.value) for one in entered(**fields).troubles]


@pytest.mark.parametrize("kind", list(ConditionKind))
def test_each_kind_is_read_from_its_fields(kind: ConditionKind) -> None:
    typed = {"number": "1", "text": "x", **KINDS[kind.value], "kind": kind.value}
    read = reading.condition(typed, names())
    assert read.troubles == ()
    assert read.condition is not None
    assert isinstance(read.condition.form, FORMS[kind])


def test_limit_is_read_in_the_documented_form() -> None:
    read = entered(oxygen="11", dry="ja", exemptions="opstarten; stilleggen", share="97", share_over="jaar")
    assert read.plain == {
        "number": "3.1.2",
        "text": "x",
        "kind": "emission_limit",
        "form": {
            "substance": {"name": "stikstofoxiden (als NO2)", "id": "nox"},
            "value": "0.05",
            "unit": "mg/Nm³",
            "averaging": "day",
            "reference": {"oxygen": "11", "dry": True},
            "statistic": {"share": "97", "over": "year"},
            "exemptions": [{"state": "start_up"}, {"state": "shut_down"}],
        },
    }


def test_empty_fields_are_left_out_and_nothing_is_filled_in() -> None:
    form = entered().plain["form"]
    assert "reference" not in form
    assert "tailored" not in form


def test_every_mistake_is_told_at_once_with_its_value() -> None:
    assert wrong(value="1.250", averaging="dagje", unit="kg", number="3 1") == [
        ("value", "1.250"),
        ("averaging", "dagje"),
        ("unit", "kg"),
    ]
    assert sorted(wrong(number="3 1", oxygen="30")) == [("number", "3 1"), ("oxygen", "30")]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"value": ""}, "value"),
        ({"value": "ca. 5"}, "value"),
        ({"value": "-5"}, "value"),
        ({"value": "5-10"}, "value"),
        ({"unit": "mg/kub"}, "unit"),
        ({"unit": "dB(A)"}, "unit"),
        ({"valid_from": "31-02-2026"}, "valid_from"),
        ({"valid_from": "1-1-2027", "valid_to": "1-1-2026"}, "valid_to"),
        ({"cas": "7446-09-5"}, "cas"),
        ({"substance": "iets", "cas": "7446-09-1"}, "cas"),
        ({"share": "95"}, "share_over"),
        ({"page": "0"}, "page"),
        ({"replaces": "vb 1"}, "replaces"),
        ({"derogation_basis": "crisis (IED 15(7))"}, "derogation_article"),
        ({"points": "a; 1; 2"}, "points"),
        ({"no_form": "verwijst naar een plan"}, "substance"),
    ],
)
def test_mistake_stands_at_its_field_with_dutch_advice(fields: dict[str, str], field: str) -> None:
    troubles = entered(**fields).troubles
    assert field in [one.field for one in troubles]
    assert all(one.message.nl and one.message.en and "field-" not in one.message.nl for one in troubles)


def test_condition_without_form_says_why_and_has_no_fields_of_its_kind() -> None:
    read = reading.condition({"number": "1", "kind": "technique", "text": "x", "no_form": "verwijst"}, names())
    assert read.condition is not None
    assert read.condition.no_form == "verwijst"


def test_field_of_another_kind_is_not_dropped_unseen() -> None:
    typed = {"number": "1", "text": "x", **KINDS["deadline"], "kind": "deadline", "value": "5"}
    assert [(one.field, one.value) for one in reading.condition(typed, names()).troubles] == [("value", "5")]


def test_substance_that_the_table_lacks_stands_as_it_is_typed() -> None:
    assert entered(substance="een nieuwe stof").plain["form"]["substance"] == {"name": "een nieuwe stof"}


def test_part_of_the_site_is_found_by_name_and_another_is_a_mistake() -> None:
    places = Places({"lijn-1": "verbrandingslijn 1"}, {})
    typed = {**LIMIT, "installations": "Verbrandingslijn 1; lijn-2"}
    read = reading.condition(typed, names(), places=places)
    assert read.plain["installations"] == ["lijn-1", "lijn-2"]
    assert [(one.field, one.value) for one in read.troubles] == [("installations", "lijn-2")]


def test_decision_with_its_conditions_is_read_whole() -> None:
    whole = reading.permit(DECISION, [LIMIT, {**LIMIT, "number": "3.1.3"}], names())
    assert whole.permit is not None
    assert [one.id for one in whole.permit.conditions] == ["vb-1/3.1.2", "vb-1/3.1.3"]
    assert whole.permit.valid_from.isoformat() == "2026-05-01"


def test_number_twice_and_condition_before_its_decision_are_told_at_the_condition() -> None:
    whole = reading.permit(DECISION, [LIMIT, LIMIT], names())
    assert [[one.field for one in troubles] for troubles in whole.by_condition] == [[], ["number"]]
    whole = reading.permit(DECISION, [{**LIMIT, "valid_from": "1-1-2020"}], names())
    assert [one.field for one in whole.by_condition[0]] == ["valid_from"]


def test_decision_without_conditions_and_amendment_without_its_permit_are_told() -> None:
    assert [one.field for one in reading.permit(DECISION, [], names()).of_decision] == ["conditions"]
    whole = reading.permit({**DECISION, "kind": "wijziging"}, [LIMIT], names())
    assert [one.field for one in whole.of_decision] == ["amends"]


# -- what it says of the law ------------------------------------------------------------------------------------------

PLACES = Places({"lijn-1": "verbrandingslijn 1"}, {"s-1": "schoorsteen 1, noord", "s-2": "schoorsteen 2"})
LAW = Law(
    {"bal.4.73": GeneralRules("bal.4.73", Text("afval", "waste"), "Bal 4.73")},
    {
        "Woo 5.1(1)(c)": Ground("Woo 5.1(1)(c)", Text("bedrijfsgegevens", "company data"), emissions=False),
        "criminal-inquiry": Ground("criminal-inquiry", Text("onderzoek", "inquiry"), emissions=True),
    },
    {"ve": "Voorbeeld Energie"},
)


def of_law(**fields: str) -> tuple[dict[str, object], list[tuple[str, str]]]:
    plain, troubles = reading.decision({**DECISION, **fields}, names(), PLACES, LAW)
    assert all(one.message.nl and one.message.en for one in troubles)
    return plain, [(one.field, one.value) for one in troubles]


def test_general_rules_withheld_parts_and_operator_are_read_in_the_documented_form() -> None:
    rules = "bal.4.73; verbrandingslijn 1; ; 11,5\nbal.4.73; ; schoorsteen 1, noord; geen\ngeen; ; schoorsteen 2"
    withheld = "bijlage 3; bedrijfsgegevens; 1-1-2031; nee"
    typed = {**DECISION, "general_rules": rules, "withheld": withheld, "operator": "voorbeeld energie"}
    whole = reading.permit(typed, [], names(), places=PLACES, law=LAW)
    assert (whole.of_decision, whole.by_condition) == ((), ())
    assert whole.permit is not None
    assert whole.permit.operator == "ve"
    assert whole.permit.general_rules == (
        GeneralRule("bal.4.73", ("lijn-1",), (), "11.5"),
        GeneralRule("bal.4.73", (), ("s-1",), "none"),
        GeneralRule("none", (), ("s-2",)),
    )
    assert whole.permit.withheld == (Withheld("bijlage 3", "Woo 5.1(1)(c)", date(2031, 1, 1), emissions=False),)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("general_rules", "bal.9.99", "bal.9.99"),
        ("general_rules", "; verbrandingslijn 1", ""),
        ("general_rules", "bal.4.73; lijn 7", "lijn 7"),
        ("general_rules", "bal.4.73; ; ; elf", "elf"),
        ("general_rules", "bal.4.73; ; ; 11; x", "bal.4.73; ; ; 11; x"),
        ("general_rules", "geen; ; ; 11", "11"),
        ("general_rules", "geen\nbal.4.73", "none"),
        ("withheld", "x; Woo 9; 1-1-2031; nee", "Woo 9"),
        ("withheld", "x; Woo 5.1(1)(c); 1-1-2031; ja", "Woo 5.1(1)(c)"),
        ("withheld", "x; Woo 5.1(1)(c); ooit; nee", "ooit"),
        ("withheld", "x; Woo 5.1(1)(c); 1-1-2031", ""),
        ("operator", "Ander bedrijf", "Ander bedrijf"),
    ],
)
def test_what_cannot_be_said_of_the_law_is_a_mistake_at_its_field(field: str, typed: str, value: str) -> None:
    assert of_law(**{field: typed})[1] == [(field, value)]


def test_emissions_are_withheld_on_a_ground_that_holds_for_them() -> None:
    assert of_law(withheld="x; criminal-inquiry; 1-1-2031; ja")[1] == []


def test_exemption_has_the_hours_condition_and_article_that_the_decision_states() -> None:
    terms = "uitval van de reiniging; 60; toevoer stopt; Bal 4.75\nopstarten; ; zo kort mogelijk"
    read = entered(exemptions="opstarten; stilleggen", exemption_terms=terms)
    assert read.condition is not None
    assert read.plain["form"]["exemptions"] == [
        {"state": "shut_down"},
        {"state": "abatement_failure", "hours": 60, "condition": "toevoer stopt", "article": "Bal 4.75"},
        {"state": "start_up", "condition": "zo kort mogelijk"},
    ]
    assert wrong(exemption_terms="dutten; 60") == [("exemption_terms", "dutten")]
    assert wrong(exemption_terms="storing; een paar") == [("exemption_terms", "een paar")]


# -- the table of fields ----------------------------------------------------------------------------------------------


def test_every_choice_has_words_in_both_languages_and_is_found_by_them() -> None:
    fields = (*entry_fields.DECISION, *entry_fields.every_condition_field())
    asked: set[type[StrEnum]] = {one.choices for one in fields if one.choices is not None}
    assert asked <= set(CHOICES)
    for choices in asked:
        for choice in choices:
            words = CHOICES[choices][choice]
            assert words.nl
            assert words.en
            assert chosen(choices, words.nl) is choice
            assert chosen(choices, words.en) is choice


def test_every_unit_that_is_offered_is_one_that_the_form_takes() -> None:
    for kind, units in UNITS_OF.items():
        for unit in units:
            assert unit in UNITS
            typed = {"number": "1", "text": "x", **KINDS[kind.value], "kind": kind.value, "unit": unit}
            if kind is ConditionKind.ODOUR and unit != "ouE/m³":
                typed["percentile"] = ""
            assert reading.condition(typed, names()).troubles == (), unit


def test_fields_of_a_kind_cover_its_form() -> None:
    known = {
        **{"statistic": "share", "reference": "oxygen", "levels": "level_day", "level": "", "above": "above"},
        **{"substance": "substance"},
    }
    for kind, form in FORMS.items():
        own = {one.name for one in OF_KIND[kind]}
        for name in plain.parts(form):
            assert known.get(name, name) in own | {""}, f"{kind}: {name}"


def test_fields_of_decisions_and_conditions_are_known_by_the_records() -> None:
    left = {"conditions", "documents", "language"}
    assert {one.name for one in entry_fields.DECISION} == set(plain.parts(Permit)) - left
    own = {one.name for one in (*entry_fields.SHARED, *entry_fields.REST) if not one.name.startswith("derogation_")}
    assert own == set(plain.parts(Condition)) - {"id", "permit", "site", "derogation", "form", "language", "document"}


def test_labels_tell_the_fields_of_a_kind_apart() -> None:
    for kind in ConditionKind:
        labels = [one.label.nl.lower() for one in entry_fields.of_condition(kind)]
        assert len(set(labels)) == len(labels)


def test_every_field_has_words_in_both_languages_and_one_that_must_be_filled_in_an_example() -> None:
    for one in (*entry_fields.DECISION, *entry_fields.every_condition_field()):
        assert one.label.nl
        assert one.label.en
        assert bool(one.help.nl) == bool(one.help.en)
        assert one.example or one.shape is Shape.YES_NO
    assert get_args(Shape) == ()
