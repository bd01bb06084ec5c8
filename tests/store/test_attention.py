"""The file with what stands out at each site: which sites are to be made again, and what a reader finds without it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from goedebuur.store.attention import AttentionTable


@pytest.fixture
def table(tmp_path: Path) -> AttentionTable:
    return AttentionTable(tmp_path / "projections" / "attention.sqlite3")


def old(table: AttentionTable) -> list[str]:
    return [one.id for one in table.sites() if one.old]


def test_reader_without_a_file_finds_nothing_and_makes_none(table: AttentionTable) -> None:
    assert (table.mark(), table.sites(), table.detail("a")) == (0, [], b"")
    assert not table.path.exists()


def test_new_site_is_to_be_made_and_one_that_is_gone_is_left_out(table: AttentionTable) -> None:
    table.touch(["a", "b"], [], 5)
    table.put("a", 5, "2026-01-01T00:00:00Z", b"brief", b"detail")
    table.touch(["a", "c"], [], 7)
    assert old(table) == ["c"]
    assert [(one.id, one.made_of, one.brief) for one in table.sites()] == [("a", 5, b"brief"), ("c", None, b"")]
    assert table.mark() == 7
    assert table.detail("a") == b"detail"


def test_site_that_changed_since_it_was_made_is_to_be_made_again(table: AttentionTable) -> None:
    table.touch(["a", "b"], ["a", "b"], 5)
    for name in ("a", "b"):
        table.put(name, 5, "", b"{}", b"{}")
    assert old(table) == []
    table.touch(["a", "b"], ["b"], 6)
    assert old(table) == ["b"]
    table.put("b", 6, "", b"{}", b"{}")
    assert old(table) == []


def test_file_of_another_form_is_nothing_to_a_reader_and_made_anew_by_a_writer(table: AttentionTable) -> None:
    table.touch(["a"], [], 5)
    with sqlite3.connect(table.path) as db:
        db.execute("PRAGMA user_version = 99")
    assert (table.mark(), table.sites(), table.detail("a")) == (0, [], b"")
    table.touch(["b"], [], 3)
    assert [one.id for one in table.sites()] == ["b"]


def test_each_change_gives_the_file_another_stamp(table: AttentionTable) -> None:
    stamps = [table.stamp()]
    table.touch(["a"], [], 5)
    stamps.append(table.stamp())
    for brief in (b"1", b"2", b"3"):
        table.put("a", 5, "", brief, b"")
        stamps.append(table.stamp())
    table.sites()
    assert table.stamp() == stamps[-1]
    assert len(set(stamps)) == 5
    assert stamps[0] == b""


def test_failure_halfway_leaves_the_file_as_it_was(table: AttentionTable) -> None:
    table.touch(["a"], [], 5)
    with pytest.raises(sqlite3.ProgrammingError):
        table.put("a", 6, "", object(), b"")  # type: ignore[arg-type]
    assert [one.made_of for one in table.sites()] == [None]
