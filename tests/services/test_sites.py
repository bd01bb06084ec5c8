"""Sites and what belongs to them are entered, changed and ended with a leaf each, and read as of any tree size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Activity, Authority, EmissionPoint, Installation, Operator, Place, Site
from goedebuur.services import delivery, sites
from goedebuur.services.record import Record

OPERATOR = Operator("voorbeeld", "12345678", (Dated("Voorbeeld BV"),))
AGENCY = Authority("od-eendorp", "agency", (Dated("Omgevingsdienst Eendorp"),))
SITE = Site("een", (Dated("Werk Een"),), operators=(Dated("voorbeeld", "2010-01-01"),), agencies=(Dated("od-eendorp"),))
PARTS = (
    Installation("sinter", "een", (Dated("Sinterfabriek"),)),
    EmissionPoint("schoorsteen", "een", "stack", (Dated("Schoorsteen"),), ("sinter",)),
)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    yield found
    found.close()


def code(record: Record, *ones: Operator | Site | Installation | EmissionPoint, reason: str = "") -> str:
    """The code with which these are refused; nothing is written."""
    size = record.size
    with pytest.raises(GoedeBuurError) as caught:
        sites.put(record, ones, NOW, reason=reason)
    assert record.size == size
    return caught.value.code


def test_what_belongs_together_is_entered_under_one_leaf(record: Record) -> None:
    leaf = sites.put(record, (OPERATOR, AGENCY, SITE, *PARTS), NOW)
    assert record.size == (leaf or 0) + 1
    assert sites.find(record, Site, "een") == SITE
    assert sites.every(record, EmissionPoint) == {"schoorsteen": PARTS[1]}


def test_a_change_needs_a_reason_and_leaves_the_earlier_state_readable(record: Record) -> None:
    sites.put(record, (OPERATOR, AGENCY, SITE), NOW)
    sold = replace(SITE, operators=(), names=(*SITE.names, Dated("Werk Twee", "2026-01-01")))
    assert code(record, sold) == "site-no-reason"
    leaf = sites.put(record, (sold,), NOW + timedelta(hours=1), reason="exploitant bleek onbekend")
    assert sites.find(record, Site, "een") == sold
    assert sites.find(record, Site, "een", leaf) == SITE


def test_saying_the_same_again_is_no_change(record: Record) -> None:
    sites.put(record, (OPERATOR,), NOW)
    assert sites.put(record, (OPERATOR,), NOW + timedelta(hours=1)) is None


def test_a_site_ends_on_its_last_day_and_not_before_it_began(record: Record) -> None:
    sites.put(record, (OPERATOR, AGENCY, replace(SITE, valid_from="2010-01-01")), NOW)
    sites.end(record, Site, "een", date(2025, 12, 31), NOW, reason="gesloten")
    assert sites.find(record, Site, "een").valid_to == "2025-12-31"
    with pytest.raises(GoedeBuurError) as caught:
        sites.end(record, Site, "een", date(2009, 12, 31), NOW, reason="gesloten")
    assert caught.value.code == "site-malformed"


def test_what_refers_to_nothing_is_refused(record: Record) -> None:
    assert code(record, SITE) == "site-unknown"
    assert code(record, *PARTS) == "site-unknown"
    sites.put(record, (OPERATOR, AGENCY, SITE), NOW)
    assert code(record, PARTS[1]) == "site-unknown"
    with pytest.raises(GoedeBuurError) as caught:
        sites.find(record, Operator, "niemand")
    assert caught.value.code == "site-unknown"


def test_one_kvk_number_is_one_operator(record: Record) -> None:
    other = replace(OPERATOR, id="ander")
    assert code(record, OPERATOR, other) == "site-kvk-taken"
    sites.put(record, (OPERATOR,), NOW)
    assert code(record, other) == "site-kvk-taken"
    sites.put(record, (replace(OPERATOR, kvk=""),), NOW, reason="nummer klopte niet")
    assert sites.put(record, (other,), NOW) is not None


def test_an_activity_that_a_person_enters_is_in_the_list(record: Record) -> None:
    done = (Activity("ied", "9.9"),)
    sites.put(record, (OPERATOR, AGENCY, SITE), NOW)
    assert code(record, replace(PARTS[0], activities=done)) == "site-activity"
    assert code(record, replace(SITE, activities=done, checked=True), reason="nagekeken") == "site-activity"
    # what a register says is kept as it is
    assert sites.put(record, (replace(SITE, activities=done),), NOW, reason="E-PRTR") is not None


def test_places_are_kept_in_both_forms(record: Record) -> None:
    sites.put(record, (OPERATOR, AGENCY, replace(SITE, places=(Place(x="155000", y="463000"),))), NOW)
    (place,) = sites.find(record, Site, "een").places
    assert place.latitude.startswith("52.1551")


def test_sites_are_read_again_only_when_the_catalogue_grew(record: Record) -> None:
    sites.put(record, (OPERATOR,), NOW)
    before = sites.every(record, Operator)
    delivery.deliver(record, station_file({"NL90001": ["1", "2"]}), "2019_SO2.csv", now=NOW)
    delivery.deliver(record, station_file({"NL90001": ["1", "3"]}), "2019_SO2.csv", now=NOW + timedelta(hours=1))
    again = sites.every(record, Operator)
    delivery.deliver(record, station_file({"NL90001": ["1", "4"]}), "2019_SO2.csv", now=NOW + timedelta(hours=2))
    assert sites.every(record, Operator) is again
    assert again == before
    sites.put(record, (replace(OPERATOR, id="ander", kvk=""),), NOW)
    assert set(sites.every(record, Operator)) == {"voorbeeld", "ander"}
    assert set(sites.every(record, Operator, 1)) == {"voorbeeld"}
