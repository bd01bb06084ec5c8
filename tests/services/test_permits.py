"""Decisions are published under a leaf and read as of any tree size, to the byte."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.core.permits.decisions import condition, decision, limit
from tests.services.deliveries import NOW, open_record

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.precedence import Outcome
from goedebuur.core.permits.records import Permit
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import EmissionPoint, Installation, Site
from goedebuur.services import permit_views, permits, site_decisions, sites, verification
from goedebuur.services.record import Record

SITE = Site("voorbeeld", (Dated("Werk Voorbeeld"),))
EXAMPLE = Site("verzonnen", (Dated("Verzonnen werk"),), simulated=True)
PARTS = (
    Installation("lijn-1", "voorbeeld", (Dated("Lijn 1"),)),
    EmissionPoint("schoorsteen-1", "voorbeeld", "stack", (Dated("Schoorsteen 1"),), ("lijn-1",)),
    Installation("elders", "verzonnen", (Dated("Elders"),)),
)
ON = date(2026, 3, 1)
PDF = b"%PDF-1.7 besluit"
DOCUMENT = {
    "sha256": hashlib.sha256(PDF).hexdigest(),
    "name": "besluit.pdf",
    "size": len(PDF),
    "media_type": "application/pdf",
}
BASE = decision("oud", "2026-01-01", limit("3.1", "5"), condition("4.1"))


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    sites.put(found, (SITE, EXAMPLE, *PARTS), NOW)
    yield found
    found.close()


def code(record: Record, permit: Permit, **fields: Any) -> tuple[str, str]:
    """The code and place with which a decision is refused; nothing is written but the tables of law."""
    permits.rule_record.record_emission_rules(record, NOW)
    size = record.size
    with pytest.raises(GoedeBuurError) as caught:
        permits.publish(record, permit, NOW, **fields)
    assert record.size == size
    return caught.value.code, caught.value.place


def test_decision_and_conditions_are_under_one_leaf_with_a_leaf_for_each_document(record: Record) -> None:
    permits.rule_record.record_emission_rules(record, NOW)
    size = record.size
    with_file = decision("oud", "2026-01-01", limit("3.1", "5"), documents=[DOCUMENT])
    done = permits.publish(record, with_file, NOW, documents=[PDF])
    assert (record.size, done.leaf, done.new) == (size + 2, size + 1, True)
    assert permits.find(record, "oud").permit == with_file
    assert permit_views.document(record, "voorbeeld", DOCUMENT["sha256"])[1] == PDF
    assert list(verification.verify(record.data_dir)) == []


def test_same_decision_again_is_not_new(record: Record) -> None:
    first = permits.publish(record, BASE, NOW)
    size = record.size
    again = permits.publish(record, BASE, NOW + timedelta(days=1))
    assert (again.leaf, again.new, record.size) == (first.leaf, False, size)


def test_page_as_of_last_year_has_the_bytes_of_last_year(record: Record) -> None:
    """The permanent promise: nothing that is published later changes what an earlier state says."""
    permits.publish(record, BASE, NOW)
    size = record.size
    then = permit_views.export(record, "voorbeeld", ON)
    limits = permit_views.limits_record("voorbeeld", permit_views.limits(record, "voorbeeld", ON))
    change = decision(
        "nieuw",
        "2026-02-01",
        limit("3.1", "4", replaces=["oud/3.1"]),
        kind="amendment",
        amends="oud",
        withdraws=["oud/4.1"],
        general_rules=[{"rule": "bal.4.73", "oxygen": "11"}],
    )
    permits.publish(record, change, NOW + timedelta(days=1))
    corrected = decision("oud", "2026-01-01", limit("3.1", "6"), condition("4.1"), title="Besluit, verbeterd")
    permits.publish(record, corrected, NOW + timedelta(days=2), reason="waarde verkeerd overgenomen")
    permits.publish(record, decision("einde", "2026-02-15", kind="revocation", revokes=["oud"]), NOW)
    now = permit_views.export(record, "voorbeeld", ON)
    assert now != then
    assert permit_views.export(record, "voorbeeld", ON, size) == then
    assert permit_views.limits_record("voorbeeld", permit_views.limits(record, "voorbeeld", ON, size)) == limits
    record.rebuild()
    assert permit_views.export(record, "voorbeeld", ON, size) == then
    assert permit_views.export(record, "voorbeeld", ON) == now


def test_page_as_of_last_year_is_the_same_from_a_copy_of_the_record(record: Record, tmp_path: Path) -> None:
    permits.publish(record, BASE, NOW)
    size, then = record.size, permit_views.export(record, "voorbeeld", ON)
    permits.publish(
        record, decision("oud", "2026-01-01", condition("9"), title="Ander"), NOW, reason="verkeerd besluit overgenomen"
    )
    record.close()
    reopened = Record.open(tmp_path, read_only=True)
    try:
        assert permit_views.export(reopened, "voorbeeld", ON, size) == then
    finally:
        reopened.close()


def test_export_is_the_recorded_fields_with_how_they_stand(record: Record) -> None:
    leaf = permits.publish(record, BASE, NOW).leaf
    found = json.loads(permit_views.export(record, "voorbeeld", date(2025, 12, 31)))
    assert found["on"] == "2025-12-31"
    (one,) = found["decisions"]
    assert (one["id"], one["leaves"]) == ("oud", [{"leaf": leaf}])
    assert one["stands"] == {"since": "2026-01-01", "standing": "not_yet"}
    assert [row["id"] for row in found["conditions"]] == ["oud/3.1", "oud/4.1"]
    assert found["conditions"][0]["form"]["value"] == "5"


def test_correction_needs_a_reason_and_shows_it(record: Record) -> None:
    first = permits.publish(record, BASE, NOW).leaf
    better = decision("oud", "2026-01-01", limit("3.1", "6"), condition("4.1"))
    assert code(record, better) == ("permit-no-reason", "reason")
    second = permits.publish(record, better, NOW, reason="waarde verkeerd overgenomen").leaf
    held = permits.find(record, "oud")
    assert held.leaves == ((first, ""), (second, "waarde verkeerd overgenomen"))
    assert held.permit == better
    assert permits.find(record, "oud", second).permit == BASE


def test_correction_that_leaves_a_condition_out_takes_it_away(record: Record) -> None:
    permits.publish(record, BASE, NOW)
    permits.publish(record, decision("oud", "2026-01-01", limit("3.1", "5")), NOW, reason="4.1 hoort er niet in")
    assert [one.id for one in permits.find(record, "oud").permit.conditions] == ["oud/3.1"]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"amends": "onbekend", "kind": "amendment"}, "amends"),
        ({"revokes": ["onbekend"]}, "revokes"),
        ({"withdraws": ["onbekend/1"]}, "withdraws"),
        ({"general_rules": [{"rule": "bal.9.99"}]}, "general_rules[0].rule"),
        ({"general_rules": [{"rule": "bal.4.73", "installations": ["elders"]}]}, "general_rules[0].installations"),
    ],
)
def test_decision_that_names_what_is_not_there_is_refused(record: Record, fields: dict[str, Any], place: str) -> None:
    found = code(record, decision("nieuw", "2026-01-01", condition("1"), **fields))
    assert found == ("permit-reference", place)


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"replaces": ["oud/9.9"]}, "conditions[0].replaces"),
        ({"suspends": ["oud/9.9"]}, "conditions[0].suspends"),
        ({"installations": ["lijn-2"]}, "conditions[0].installations"),
        ({"installations": ["elders"]}, "conditions[0].installations"),
        ({"emission_points": ["schoorsteen-2"]}, "conditions[0].emission_points"),
    ],
)
def test_condition_that_names_what_is_not_there_is_refused(record: Record, fields: dict[str, Any], place: str) -> None:
    permits.publish(record, BASE, NOW)
    found = code(record, decision("nieuw", "2026-01-01", condition("1", **fields)))
    assert found == ("permit-reference", place)


def test_decision_about_an_unknown_site_is_refused(record: Record) -> None:
    assert code(record, decision("nieuw", "2026-01-01", condition("1"), site="nergens"))[0] == "site-unknown"


def test_decision_does_not_move_to_another_site(record: Record) -> None:
    permits.publish(record, BASE, NOW)
    sites.put(record, (Site("ander", (Dated("Ander"),)),), NOW)
    moved = decision("oud", "2026-01-01", condition("1"), site="ander")
    assert code(record, moved, reason="vergissing") == ("permit-other-site", "site")


def test_invented_decision_is_about_an_invented_site_alone(record: Record) -> None:
    assert code(record, decision("nep", "2026-01-01", condition("1"), example=True)) == ("permit-example", "example")
    real = decision("echt", "2026-01-01", condition("1"), site="verzonnen")
    assert code(record, real) == ("permit-example", "example")
    permits.publish(record, decision("nep", "2026-01-01", condition("1"), site="verzonnen", example=True), NOW)


def test_document_must_be_the_file_that_is_named(record: Record) -> None:
    named = decision("oud", "2026-01-01", condition("1"), documents=[DOCUMENT])
    assert code(record, named) == ("permit-document", "documents[0]")
    assert code(record, named, documents=[PDF + b" "])[0] == "permit-document"
    assert code(record, BASE, documents=[PDF]) == ("permit-document", "documents")
    other = decision("oud", "2026-01-01", condition("1"), documents=[DOCUMENT | {"size": 3}])
    assert code(record, other, documents=[PDF]) == ("permit-document", "documents[0].size")


def test_document_that_no_decision_about_the_site_names_is_not_given_out(record: Record) -> None:
    permits.publish(record, decision("oud", "2026-01-01", condition("1"), documents=[DOCUMENT]), NOW, documents=[PDF])
    for site, digest in (("verzonnen", DOCUMENT["sha256"]), ("voorbeeld", "0" * 64)):
        with pytest.raises(GoedeBuurError) as caught:
            permit_views.document(record, site, digest)
        assert caught.value.code == "permit-document"


def test_emissions_are_not_withheld_on_the_grounds_of_the_first_paragraphs(record: Record) -> None:
    part = {"what": "tekening 3", "ground": "Woo 5.1(1)(b)", "until": "2027-01-01", "emissions": True}
    secret = decision("oud", "2026-01-01", condition("1"), withheld=[part])
    assert code(record, secret) == ("permit-emissions", "withheld[0].ground")
    permits.publish(record, decision("oud", "2026-01-01", condition("1"), withheld=[part | {"emissions": False}]), NOW)
    odd = decision("oud2", "2026-01-01", condition("1"), withheld=[part | {"ground": "omdat", "emissions": False}])
    assert code(record, odd)[0] == "closing-unknown"


def test_limits_at_a_point_are_those_of_its_installation(record: Record) -> None:
    rules = [{"rule": "bal.4.73", "installations": ["lijn-1"], "oxygen": "11"}]
    strict = limit("3.1", "2", emission_points=["schoorsteen-1"])
    permits.publish(record, decision("oud", "2026-01-01", strict, general_rules=rules), NOW)
    found = permit_views.limits(record, "voorbeeld", ON)
    (spot,) = found.spots
    assert (spot.spot.installation, spot.spot.emission_point) == ("lijn-1", "schoorsteen-1")
    (dust,) = [
        one for one in spot.bindings if (one.key.substance, one.key.averaging, one.key.share) == ("dust", "day", 100)
    ]
    assert dust.outcome is Outcome.BINDS
    assert dust.binding is not None
    assert dust.binding.source == "oud/3.1"
    assert {one.source for one in dust.candidates} == {"oud/3.1", "bal.4.73.dust.day", "ied.vi.3.dust.day"}


def test_reader_reads_permits(record: Record, tmp_path: Path) -> None:
    permits.publish(record, BASE, NOW)
    reader = Record.open(tmp_path, read_only=True)
    try:
        assert permits.sites_with_permits(reader) == {"voorbeeld": ("oud",)}
    finally:
        reader.close()


def test_decisions_of_a_merged_site_go_on_under_the_other_from_then_on(record: Record) -> None:
    sites.put(record, (Site("tweede", (Dated("Werk Twee"),)),), NOW)
    permits.publish(record, BASE, NOW)
    permits.publish(record, decision("twee", "2026-01-15", condition("1"), site="tweede"), NOW)
    size, then = record.size, permit_views.export(record, "voorbeeld", ON)
    site_decisions.merge(record, "voorbeeld", "tweede", role="administrator", reason="één terrein", now=NOW)
    found = permit_views.view(record, "voorbeeld", ON)
    assert [one.id for one in found.found.in_force] == ["oud/3.1", "oud/4.1", "twee/1"]
    assert permit_views.export(record, "voorbeeld", ON, size) == then


@pytest.mark.parametrize(
    ("substance", "place"),
    [
        ({"name": "NOx"}, "id"),
        ({"name": "iets", "cas": "7446-09-5"}, "id"),
        ({"name": "stof", "id": "dusty"}, "id"),
        ({"name": "zwaveldioxide", "id": "so2", "cas": "630-08-0"}, "cas"),
    ],
)
def test_limit_says_which_substance_of_the_table_it_is_about(
    record: Record, substance: dict[str, str], place: str
) -> None:
    odd = decision("oud", "2026-01-01", limit("3.1", "5", form={"substance": substance}))
    assert code(record, odd) == ("permit-substance", f"conditions[0].form.substance.{place}")
    unknown = decision("oud", "2026-01-01", limit("3.1", "5", form={"substance": {"name": "onbekende stof X"}}))
    assert permits.publish(record, unknown, NOW).new
