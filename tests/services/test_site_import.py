"""Facilities of the release register become sites: none lost, none made up, and what a person did stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.register_files import FARM, MOVES, NEW, OLD, ROWS, deliver

from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import site_decisions, site_import, sites
from goedebuur.services.record import Record

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path / "record")
    deliver(found, tmp_path)
    yield found
    found.close()


def test_every_facility_becomes_a_site_that_nobody_looked_at(record: Record) -> None:
    done = site_import.import_sites(record, NOW)
    assert (done.facilities, done.new, done.changed, done.unchanged, done.left, dict(done.unread)) == (
        4,
        4,
        0,
        0,
        0,
        {},
    )
    found = sites.every(record, Site)
    assert set(found) == {OLD, NEW, MOVES, FARM}
    assert not any(one.checked or one.operators for one in found.values())


def test_the_same_import_again_changes_nothing(record: Record) -> None:
    site_import.import_sites(record, NOW)
    size = record.size
    done = site_import.import_sites(record, LATER)
    assert (done.leaf, done.unchanged) == (None, 4)
    assert record.size == size


def test_places_stand_in_rd_too(record: Record) -> None:
    # series of Schreutelkamp and Strang van Hees (2001), good to half a metre
    (place,) = site_import.proposed(record)[OLD].places
    assert (float(place.x), float(place.y)) == pytest.approx((135321.0, 456900.2), abs=1)


def test_facilities_are_proposed_as_long_as_no_site_claims_them(record: Record) -> None:
    assert set(site_import.proposed(record)) == {OLD, NEW, MOVES, FARM}
    own = Site("steenfabriek", (Dated("Steenfabriek"),), facilities=(Dated(OLD), Dated(NEW)), checked=True)
    sites.put(record, [own], NOW)
    assert set(site_import.proposed(record)) == {MOVES, FARM}
    done = site_import.import_sites(record, NOW)
    assert (done.new, done.left) == (2, 2)
    assert sites.find(record, Site, "steenfabriek") == own


def test_a_later_report_reaches_a_site_that_nobody_looked_at_and_no_other(record: Record, tmp_path: Path) -> None:
    site_import.import_sites(record, NOW)
    checked = replace(sites.find(record, Site, NEW), checked=True)
    sites.put(record, [checked], LATER, reason="nagekeken")
    more = [
        (OLD, "Baksteen", "Eendorp", "52.1", "5.1", "3(g)", 2011),
        (NEW, "Baksteen", "Eendorp", "52.1", "5.1", "3(g)", 2011),
    ]
    deliver(record, tmp_path, [*ROWS, *more], hours=2)
    done = site_import.import_sites(record, NOW + timedelta(hours=3))
    assert (done.changed, done.left, done.unchanged) == (1, 1, 2)
    assert sites.find(record, Site, OLD).names[-1].value == "Baksteen"
    assert sites.find(record, Site, NEW) == checked


def test_what_was_judged_of_coordinates_survives_the_next_import(record: Record, tmp_path: Path) -> None:
    site_import.import_sites(record, NOW)
    site_decisions.judge(record, MOVES, 2016, "wrong", role="specialist", reason="ligt in zee", now=LATER)
    deliver(record, tmp_path, [*ROWS, (MOVES, "Chemie", "Tweedorp", "51.5", "4.2", "4(a)", 2018)], hours=2)
    site_import.import_sites(record, NOW + timedelta(hours=3))
    judged = {place.valid_from[:4]: place.judged for place in sites.find(record, Site, MOVES).places}
    assert judged["2016"] == "wrong"
    assert judged["2017"] == ""


def test_a_facility_that_cannot_be_a_site_is_counted_and_named(record: Record, tmp_path: Path) -> None:
    deliver(record, tmp_path, [*ROWS, ("NL/a/b", "Vreemd", "Eendorp", "52.1", "5.1", "3(g)", 2011)], hours=2)
    done = site_import.import_sites(record, NOW + timedelta(hours=3))
    assert (done.facilities, done.new) == (5, 4)
    assert list(done.unread) == ["NL/a/b"]
