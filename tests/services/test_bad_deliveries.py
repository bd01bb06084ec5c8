"""A bad delivery never leaves half its rows behind, and says where it is wrong; a corrected one is never unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.samples import SAMPLES
from tests.cli.test_on_a_record import served, wiring
from tests.core.permits.test_form import EXAMPLE
from tests.rulebook.cases import to
from tests.services import bad_files
from tests.services.bad_files import DELIVERED, LATER, Kind
from tests.services.deliveries import NOW, open_record
from tests.services.stacks import ALL
from tests.services.test_stack_tables import exported

from goedebuur.cli.main import run
from goedebuur.cli.wiring import Wiring
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.sites.history import Dated
from goedebuur.core.sites.records import Site
from goedebuur.services import delivery, embargo, sealing, sites, stack_tables, streams
from goedebuur.services.record import Record
from goedebuur.services.sequencing import CONTENT
from goedebuur.services.verification import verify
from goedebuur.store.catalogue import content
from goedebuur.store.observations.schema import NAMES

__all__ = ["served", "wiring"]
OPENS, AFTER = date(2026, 6, 1), datetime(2026, 6, 2, tzinfo=UTC)
FACTS = {
    "eprtr": to("\t0.12\t", "\t0.34\t"),
    "gap reasons": to("instrument-down", "lost-here"),
    "measurement json": to('"61.2"', '"61.4"'),
    "visible emissions": to(",120,7,", ",120,8,"),
}
"""Deliveries that consist of facts and not of rows → a change of one of these."""


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = open_record(tmp_path / "record")
    yield opened
    opened.close()


def state(record: Record, as_of: int | None = None) -> dict[str, Any]:
    return {kind: record.catalogue.state(kind, as_of) for kind in CONTENT}


def accounted(counts: Mapping[str, int]) -> bool:
    skipped = sum(number for name, number in counts.items() if name.startswith("skipped:"))
    return counts["values_in"] == counts["stored"] + counts["unchanged"] + skipped


def accounts(record: Record) -> list[Mapping[str, int]]:
    """The account of each leaf that has one."""
    leaves = [leaf for leaf in record.ledger.leaves() if isinstance(leaf, Leaf)]
    return [leaf.counts for leaf in leaves if "values_in" in leaf.counts]


def small(record: Record, data: bytes, name: str) -> None:
    sealing.accept_small(record, data, name, now=NOW)


def close(record: Record, data: bytes, name: str) -> int:
    ground = "Woo 5.1(6)"  # of which emissions are not excepted
    return embargo.close(record, data, name, opens=OPENS, role="inspector", ground=ground, now=NOW, decided=True)


@pytest.mark.parametrize("what", list(FACTS))
def test_facts_that_came_small_and_were_corrected_are_taken_again(record: Record, what: str) -> None:
    _, name, first = SAMPLES[what]
    small(record, first, name)
    delivery.seal(record, NOW)
    said = state(record)
    assert delivery.deliver(record, first, name, now=NOW).status == "unchanged"
    assert delivery.deliver(record, FACTS[what](first), name, now=LATER).status == "corrected"
    assert state(record) != said
    again = delivery.deliver(record, first, name, now=LATER)
    assert (again.status, again.counts["stored"], again.counts["changed"]) == ("corrected", 1, 1)
    assert state(record) == said
    assert all(map(accounted, (*accounts(record), again.counts)))
    assert list(verify(record.data_dir)) == []


@pytest.mark.parametrize("what", list(FACTS))
def test_facts_that_a_small_delivery_corrected_are_taken_again(record: Record, what: str) -> None:
    _, name, first = SAMPLES[what]
    delivery.deliver(record, first, name, now=NOW)
    said = state(record)
    small(record, FACTS[what](first), name)
    delivery.seal(record, NOW)
    assert state(record) != said
    (counts,) = [leaf.counts for leaf in record.ledger.leaves() if isinstance(leaf, Leaf) and leaf.kind == "sealed"]
    assert (counts["stored"], counts["changed"], counts["unchanged"]) == (1, 1, counts["values_in"] - 1)
    assert delivery.deliver(record, first, name, now=LATER).status == "corrected"
    assert state(record) == said
    assert all(map(accounted, accounts(record)))


@pytest.mark.parametrize("what", list(FACTS))
def test_second_word_on_a_fact_in_one_segment_replaces_the_first(record: Record, what: str) -> None:
    _, name, first = SAMPLES[what]
    second = FACTS[what](first)
    for data in (first, second):
        small(record, data, name)
    delivery.seal(record, NOW)
    leaves = [leaf for leaf in record.ledger.leaves() if isinstance(leaf, Leaf)]
    told = [at for at, leaf in enumerate(leaves) if leaf.kind == "catalogue"]
    assert [leaves[at].supersedes for at in told] == [(), (told[0],)]
    alone = open_record(record.data_dir.parent / "alone")
    delivery.deliver(alone, first, name, now=NOW)
    assert state(record, told[1]) == state(alone)
    delivery.deliver(alone, second, name, now=NOW)
    assert state(record) == state(alone)
    sealed = [leaf.counts for leaf in leaves if leaf.kind == "sealed"]
    number = sealed[0]["values_in"]
    assert [(one["stored"], one["changed"], one["unchanged"]) for one in sealed] == [
        (number, 0, 0),
        (1, 1, number - 1),
    ]
    assert sum(one["deliveries"] for one in sealed) == 2
    alone.close()


@pytest.mark.parametrize("what", [what for what in FACTS if what != "gap reasons"])  # which are never closed
def test_facts_that_came_closed_and_were_corrected_are_taken_again(record: Record, what: str) -> None:
    _, name, first = SAMPLES[what]
    embargo.open_(record, close(record, first, name), AFTER)
    said = state(record)
    assert delivery.deliver(record, FACTS[what](first), name, now=AFTER).status == "corrected"
    assert delivery.deliver(record, first, name, now=AFTER).status == "corrected"
    assert state(record) == said
    assert all(map(accounted, accounts(record)))


def other_bytes(data: bytes) -> bytes:
    """The same releases with other numbers of rows, which say nothing."""
    return data.replace(b"\n1\t", b"\n7\t")


@pytest.mark.parametrize("closed", [False, True])
def test_other_bytes_that_say_the_same_are_accounted_for_and_taken_again(record: Record, closed: bool) -> None:
    _, name, first = SAMPLES["eprtr"]
    delivery.deliver(record, first, name, now=NOW)
    if closed:
        embargo.open_(record, close(record, other_bytes(first), name), AFTER)
    else:
        same = delivery.deliver(record, other_bytes(first), name, now=NOW)
        assert (same.status, same.counts["stored"], same.counts["unchanged"]) == ("unchanged", 0, 3)
    said = state(record)
    delivery.deliver(record, FACTS["eprtr"](first), name, now=AFTER)
    assert delivery.deliver(record, other_bytes(first), name, now=AFTER).status == "corrected"
    assert state(record) == said
    assert all(map(accounted, accounts(record)))


def test_small_delivery_that_comes_again_has_an_account_of_its_own(record: Record) -> None:
    """Three releases and two rounds were sealed together; each says how many of its own there are."""
    for what in ("eprtr", "visible emissions"):
        small(record, SAMPLES[what][2], SAMPLES[what][1])
    delivery.seal(record, NOW)
    for what, number in (("eprtr", 3), ("visible emissions", 2)):
        again = delivery.deliver(record, SAMPLES[what][2], SAMPLES[what][1], now=LATER)
        assert (again.status, dict(again.counts)) == (
            "unchanged",
            {"values_in": number, "stored": 0, "unchanged": number},
        )


# -- a fault in the last row, or in one in the middle -----------------------------------------------------------------

Taken = Callable[[Record, Kind, bytes], object]


def small_one(record: Record, kind: Kind, data: bytes) -> object:
    return sealing.accept_small(record, data, kind.name, adapter=kind.adapter, now=LATER)


def spooled(record: Record, kind: Kind, data: bytes) -> object:
    return delivery.submit(record, data, kind.name, adapter=kind.adapter, now=LATER)


def handed_over(record: Record, kind: Kind, data: bytes) -> object:
    return delivery.hand_over(record, data, kind.name, adapter=kind.adapter, now=LATER)


def closed_one(record: Record, kind: Kind, data: bytes) -> object:
    return close(record, data, kind.name)


ROADS: dict[str, Taken] = {
    "as it is": bad_files.deliver,
    "small": small_one,
    "to the spool": spooled,
    "by the spool": handed_over,
}


def everything(record: Record) -> dict[str, object]:
    """Every byte of evidence, log, journal, spool and what is closed, and every row of the tables and the catalogue."""
    root = record.data_dir
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and "projections" not in path.parts]
    found: dict[str, object] = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    found |= {f"table {name}": record.observations.content_hash(name) for name in NAMES}
    catalogue = content(record.catalogue.path, root.parent / "catalogue-copy")
    (root.parent / "catalogue-copy").unlink()
    return found | {"catalogue": catalogue}


def rows_of(record: Record) -> int:
    whole = record.observations.read(start=datetime(1900, 1, 1, tzinfo=UTC), end=datetime(2100, 1, 1, tzinfo=UTC))
    return whole.height + sum(map(len, state(record).values()))


@pytest.mark.parametrize("what", list(DELIVERED))
def test_a_delivery_with_one_fault_leaves_nothing_behind_and_its_refusal_names_where(record: Record, what: str) -> None:
    kind = DELIVERED[what]
    kind.before(record)
    before = everything(record)
    rows = rows_of(record)
    for which in ("middle", "last"):
        bad = kind.plant(which)
        assert bad.data != kind.data
        for road, take in ROADS.items():
            with pytest.raises(GoedeBuurError) as raised:
                take(record, kind, bad.data)
            error = raised.value
            assert (error.check, bad.place in error.place, bad.value in error.value) == (bad.check, True, True), road
            assert error.place.startswith(kind.name)
            assert error.hint
            assert everything(record) == before, road
        with pytest.raises(GoedeBuurError) as raised:
            close(record, bad.data, kind.name)
        assert raised.value.check == bad.check
        assert everything(record) == before
    outcome = bad_files.deliver(record, kind, kind.data)
    assert outcome.status == "stored"  # type: ignore[attr-defined]
    assert rows_of(record) > rows or what == "weather stations"
    record.rebuild()
    again = open_record(record.data_dir.parent / "good")
    kind.before(again)
    bad_files.deliver(again, kind, kind.data)
    assert everything(again) == everything(record)
    again.close()


@pytest.mark.parametrize("which", ["middle", "last"])
def test_bad_files_among_good_ones_leave_what_the_good_ones_alone_leave(tmp_path: Path, which: str) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    good, mixed = [], []
    for number, (what, kind) in enumerate(DELIVERED.items()):
        if what in ("stack minutes", "gas turbine", "simulated measurements"):
            continue
        for name, data, into in (("bad", kind.plant(which).data, [mixed]), ("good", kind.data, [good, mixed])):
            path = folder / f"{number}-{name}" / kind.name
            path.parent.mkdir()
            path.write_bytes(data)
            for listed in into:
                listed.append(path)
    alone, among = open_record(tmp_path / "alone" / "r"), open_record(tmp_path / "among" / "r")
    told = [one.status for one in delivery.deliver_files(alone, good, now=LATER)]
    assert "refused" not in told
    outcomes = delivery.deliver_files(among, mixed, now=LATER)
    assert [one.status for one in outcomes[1::2]] == told
    assert {one.status for one in outcomes[::2]} == {"refused"}
    assert all(one.error is not None and one.error["check"] for one in outcomes if one.status == "refused")
    assert everything(among) == everything(alone)
    alone.close()
    among.close()


# -- what is entered by a command of its own --------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["middle", "last"])
def test_a_table_set_with_one_fault_enters_nothing(record: Record, which: str) -> None:
    streams.put(record, ALL, NOW)
    before = everything(record)
    bad = bad_files.table_set(exported(record), which)
    with pytest.raises(GoedeBuurError) as raised:
        stack_tables.enter(record, stack_tables.check(record, bad.data, "set.xlsx"), LATER, reason="beter")
    error = raised.value
    assert (error.check, error.place, error.value) == (bad.check, bad.place, bad.value)
    assert everything(record) == before


@pytest.mark.parametrize("which", ["middle", "last"])
def test_a_list_of_sites_or_a_decision_with_one_fault_enters_nothing(
    wiring: Wiring, which: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = wiring.settings().record_dir
    record = open_record(home)
    sites.put(record, [Site("voorbeeld-afvalcentrale", (Dated("Centrale"),), simulated=True)], NOW)
    before = everything(record)
    record.close()
    path = tmp_path / "file.json"
    for bad, command in (
        (bad_files.sites_list(which), ["sites", "enter"]),
        (bad_files.decision(EXAMPLE, which), ["permits", "publish"]),
    ):
        path.write_bytes(bad.data)
        assert run([*command, str(path)], wiring) != 0
        said = capsys.readouterr().err
        for part in (f"file.json: {bad.place}", f"value: '{bad.value}'", f"rule: {bad.check}"):
            assert part in said
        record = open_record(home)
        assert everything(record) == before
        record.close()
