"""A person decides which sites are one and which coordinates are wrong; each decision is a leaf and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, open_record
from tests.services.register_files import FARM, MOVES, NEW, OLD, ROWS, deliver

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.merges import MergeState
from goedebuur.core.sites.records import Place, Site
from goedebuur.services import site_decisions, site_import, site_reports, site_views, sites
from goedebuur.services.record import Record

BY = {"role": "specialist", "reason": "zelfde hek, ander nummer"}


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path / "record")
    deliver(found, tmp_path)
    site_import.import_sites(found, NOW)
    yield found
    found.close()


def later(hours: int = 1) -> dict[str, object]:
    return {**BY, "now": NOW + timedelta(hours=hours)}


def refused(call: object, *args: object, **more: object) -> str:
    with pytest.raises(GoedeBuurError) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value.code


def test_the_same_works_under_two_numbers_is_one_open_question(record: Record) -> None:
    (pair,) = site_decisions.pairs(record)
    assert pair.sites == (OLD, NEW)
    assert pair.open
    assert pair.likeness.points == 100


def test_nothing_is_merged_until_somebody_decides(record: Record) -> None:
    assert site_decisions.decisions(record) == {}
    assert set(site_views.every(record)) == {OLD, NEW, MOVES, FARM}


def test_merged_sites_are_one_with_the_history_and_releases_of_both(record: Record) -> None:
    leaf = site_decisions.merge(record, NEW, OLD, **later())  # type: ignore[arg-type]
    found = site_views.every(record)
    assert set(found) == {NEW, MOVES, FARM}
    assert [one.value for one in found[NEW].facilities] == [OLD, NEW]
    assert sorted(release.year for release in found[NEW].releases) == [2007, 2008, 2009, 2010]
    assert site_views.find(record, OLD).id == NEW
    assert site_views.find(record, OLD, leaf).id == OLD
    (pair,) = site_decisions.pairs(record)
    assert not pair.open
    assert pair.decision is not None
    assert (pair.decision.role, pair.decision.reason, pair.decision.decided_on) == (*BY.values(), "2026-02-01")


def test_a_merge_is_taken_back_whole(record: Record) -> None:
    before = site_views.find(record, OLD)
    site_decisions.merge(record, NEW, OLD, **later())  # type: ignore[arg-type]
    site_decisions.split(record, OLD, NEW, **later(2))  # type: ignore[arg-type]
    after = site_views.find(record, OLD)
    assert (after.names, after.facilities, after.releases) == (before.names, before.facilities, before.releases)
    (pair,) = site_decisions.pairs(record)
    assert pair.decision is not None
    assert pair.decision.state is MergeState.SPLIT
    assert not pair.open


def test_held_apart_the_question_does_not_come_back(record: Record) -> None:
    site_decisions.apart(record, NEW, OLD, **later())  # type: ignore[arg-type]
    assert not any(pair.open for pair in site_decisions.pairs(record))
    assert set(site_views.every(record)) == {OLD, NEW, MOVES, FARM}


def test_a_pair_that_is_one_by_way_of_a_third_is_no_open_question(record: Record) -> None:
    site_decisions.merge(record, FARM, OLD, **later())  # type: ignore[arg-type]
    site_decisions.merge(record, FARM, NEW, **later(2))  # type: ignore[arg-type]
    (pair,) = site_decisions.pairs(record)
    assert pair.decision is None
    assert not pair.open


@pytest.mark.parametrize(
    ("role", "reason", "code"),
    [("company", "x", "site-role"), ("Jan", "x", "site-role"), ("reviewer", " ", "site-no-reason")],
)
def test_a_decision_has_a_role_that_decides_and_a_reason(record: Record, role: str, reason: str, code: str) -> None:
    size = record.size
    assert refused(site_decisions.merge, record, NEW, OLD, role=role, reason=reason, now=NOW) == code
    assert refused(site_decisions.judge, record, MOVES, 2016, "wrong", role=role, reason=reason, now=NOW) == code
    assert record.size == size


def test_a_decision_that_does_not_fit_is_refused(record: Record) -> None:
    assert refused(site_decisions.split, record, NEW, OLD, **later()) == "site-decision"
    site_decisions.merge(record, NEW, OLD, **later())  # type: ignore[arg-type]
    assert refused(site_decisions.merge, record, FARM, OLD, **later(2)) == "site-decision"
    assert refused(site_decisions.merge, record, OLD, FARM, **later(2)) == "site-decision"
    assert refused(site_decisions.apart, record, OLD, NEW, **later(2)) == "site-decision"
    assert refused(site_decisions.merge, record, NEW, "niemand", **later(2)) == "site-unknown"


def test_a_decision_on_sites_that_are_only_proposed_brings_them_in(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    deliver(record, tmp_path)
    site_decisions.merge(record, NEW, OLD, **later())  # type: ignore[arg-type]
    assert set(sites.every(record, Site)) == {OLD, NEW}
    record.close()


def test_a_moved_place_is_open_until_each_of_its_positions_is_judged_or_one_is_right(record: Record) -> None:
    (moved,) = site_decisions.moved(record)
    assert (moved.site, moved.judged, moved.open) == (MOVES, ("", ""), True)
    assert moved.move.distance == pytest.approx(3.336, abs=0.001)  # 0.03 · π · 6371 / 180
    assert moved.move.positions[1].doubts == ("came_back",)
    site_decisions.judge(record, MOVES, 2016, "wrong", **later())  # type: ignore[arg-type]
    site_decisions.judge(record, MOVES, 2014, "right", **later(2))  # type: ignore[arg-type]
    (moved,) = site_decisions.moved(record)
    assert (moved.judged, moved.open) == (("right", "wrong"), False)


def test_the_question_is_closed_by_a_place_that_the_register_does_not_have(record: Record) -> None:
    site = sites.find(record, Site, MOVES)
    own = Place("51.51", "4.21", judged="right", reason="luchtfoto", role="specialist")
    sites.put(record, [replace(site, places=(own,), checked=True)], NOW, reason="nagekeken")
    (moved,) = site_decisions.moved(record)
    assert (moved.judged, moved.open) == (("", ""), False)


def test_a_site_is_where_it_was_judged_right_and_never_where_it_was_judged_wrong(record: Record) -> None:
    site_decisions.judge(record, MOVES, 2016, "right", **later())  # type: ignore[arg-type]
    assert site_views.find(record, MOVES).latitude == 51.53
    site_decisions.judge(record, MOVES, 2016, "wrong", **later(2))  # type: ignore[arg-type]
    assert site_views.find(record, MOVES).latitude == 51.5
    site_decisions.judge(record, MOVES, 2017, "wrong", **later(3))  # type: ignore[arg-type]
    assert site_views.find(record, MOVES).place is None


def test_a_decision_leaves_what_the_register_says_as_it_was_worked_out(record: Record, tmp_path: Path) -> None:
    before = site_reports.alike(record), site_reports.moved(record)
    site_decisions.merge(record, NEW, OLD, **later())  # type: ignore[arg-type]
    assert (site_reports.alike(record), site_reports.moved(record)) == before
    assert site_reports.alike(record) is before[0]
    more = [(OLD, "Steenfabriek Eendorp BV", "Eendorp", "52.1", "5.1", "3(g)", 2009)]
    deliver(record, tmp_path, [*ROWS, *more], hours=5)
    assert site_reports.alike(record)[0].points == 70  # 2009 has a report of both now: -15 in place of 15
    assert site_reports.alike(record, 1) == before[0]


def test_a_year_without_coordinates_cannot_be_judged(record: Record) -> None:
    assert refused(site_decisions.judge, record, MOVES, 2006, "wrong", **later()) == "site-no-place"
    assert refused(site_decisions.judge, record, MOVES, 2016, "perhaps", **later()) == "site-malformed"
