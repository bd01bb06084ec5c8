"""A closed delivery says nothing until it is opened, proves then that it was the same, or is erased for good."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, START, A, hour, open_record, station_file

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import closing
from goedebuur.core.ledger import leaves as leaf_format
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.tree import leaf_hash, verify_inclusion
from goedebuur.services import closed, embargo, projection, queries
from goedebuur.services.delivery import deliver
from goedebuur.services.record import Record
from goedebuur.services.verification import verify

DAY = date(2026, 6, 1)
LATER = datetime(2026, 6, 1, 9, tzinfo=UTC)
MARKER = "Geheimdorp"
SECRET = station_file({"NL90001": ["987.6", "45.6", ""]}, name=MARKER)
OPEN = station_file({"NL90001": ["12.5", "45.6", "3.0"]})


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    opened = open_record(tmp_path / "record")
    yield opened
    opened.close()


def close(record: Record, data: bytes = SECRET, ground: str = "unannounced-control", opens: date = DAY) -> int:
    return embargo.close(
        record, data, "2019_SO2_Jansen.csv", opens=opens, role="inspector", ground=ground, now=NOW, decided=True
    )


def held(record: Record) -> list[Path]:
    return [path for path in (record.data_dir / "closed").rglob("*") if path.is_file()]


def elsewhere(record: Record) -> bytes:
    """Return every byte of the record outside `closed/`."""
    paths = (
        p for p in record.data_dir.rglob("*") if p.is_file() and "closed" not in p.relative_to(record.data_dir).parts
    )
    return b"".join(path.read_bytes() for path in paths)


def values(record: Record, as_of: int | None = None) -> list[int]:
    end = START + timedelta(days=1)
    return queries.read_series(record, [A], START, end, as_of)["micro"].to_list()


def code(caught: pytest.ExceptionInfo[GoedeBuurError]) -> str:
    return caught.value.code


def test_closed_delivery_is_one_leaf_that_says_only_its_terms(record: Record) -> None:
    assert close(record) == 0
    leaf = record.ledger.leaf(0)
    assert isinstance(leaf, ClosedLeaf)
    assert (leaf.closed_on, leaf.opens, leaf.role, leaf.ground) == (
        "2026-02-01T00:00:00Z",
        "2026-06-01",
        "inspector",
        "unannounced-control",
    )
    assert queries.stations(record) == []
    assert verify(record.data_dir) == []


def test_nothing_of_a_closed_delivery_lies_outside_its_folder(record: Record) -> None:
    # a number that no digest, salt or signature has by chance
    close(record, station_file({"NL90001": ["987.654321", "45.6", ""]}, name=MARKER))
    outside = elsewhere(record)
    micro = (987_654_321).to_bytes(8, "little")
    for secret in (MARKER.encode(), b"NL90001", b"Jansen", b"987.6", b"987654321", micro):
        assert secret not in outside
    assert any(b"987.654321" in path.read_bytes() for path in held(record))
    assert any(MARKER.encode() in path.read_bytes() for path in held(record))
    assert not any(b"Jansen" in path.read_bytes() for path in held(record))


def test_closed_content_can_be_read_by_its_owner_alone(record: Record) -> None:
    close(record)
    for path in [record.data_dir / "closed", *(record.data_dir / "closed").rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert path.name == "incoming.lock" or not mode & 0o077, path


def test_opened_delivery_reads_as_if_it_was_delivered_and_proves_that_it_was_closed(record: Record) -> None:
    leaf = close(record)
    positions = embargo.open_(record, leaf, LATER)
    assert values(record) == [987_600_000, 45_600_000]
    opened, committed = record.ledger.leaf(positions[-1]), record.ledger.leaf(leaf)
    assert isinstance(opened, Leaf)
    assert isinstance(committed, ClosedLeaf)
    assert closing.proves(opened, committed)
    assert opened.received == "2026-06-01T09:00:00Z"
    assert closing.closed_header(opened)[1].received == "2026-02-01T00:00:00Z"
    assert opened.payload is not None
    assert record.evidence.payload(opened.payload["sha256"]) == SECRET
    assert held(record) == []
    assert verify(record.data_dir) == []
    assert projection.compare(record).equal


def test_what_was_delivered_openly_meanwhile_is_compared_with_what_is_opened(record: Record) -> None:
    leaf = close(record)
    deliver(record, OPEN, "open.csv", now=NOW + timedelta(days=1))
    positions = embargo.open_(record, leaf, LATER)
    last = record.ledger.leaf(positions[-1])
    assert isinstance(last, Leaf)
    assert last.kind == "correction"
    assert (last.counts["changed"], last.counts["unchanged"], last.counts["withdrawn"]) == (1, 1, 1)
    assert last.batch is not None
    assert last.batch["rows"] == 2
    header = closing.closed_header(last)[1]
    assert header.kind == "observations"
    assert header.batch is not None
    assert record.evidence.rows(header.batch["sha256"]).height == 2
    committed = record.ledger.leaf(leaf)
    assert isinstance(committed, ClosedLeaf)
    assert closing.proves(last, committed)
    assert verify(record.data_dir) == []


def test_answers_as_of_before_the_opening_stay_what_they_were(record: Record) -> None:
    leaf = close(record)
    deliver(record, OPEN, "open.csv", now=NOW + timedelta(days=1))
    before = record.size
    told = values(record)
    embargo.open_(record, leaf, LATER)
    assert values(record, before) == told == [12_500_000, 45_600_000, 3_000_000]
    assert queries.size_at(record, LATER - timedelta(seconds=1)) == before
    view = closed.find(record, leaf, before)
    assert view is not None
    assert view.state == "closed"


def test_opening_twice_gives_the_same_leaf(record: Record) -> None:
    leaf = close(record)
    positions = embargo.open_(record, leaf, LATER)
    assert embargo.open_(record, leaf, LATER) == positions[-1:]
    assert deliver(record, SECRET, "2019_SO2.csv", now=LATER).status == "unchanged"


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (datetime(2026, 5, 31, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 5, 31, 22, 0, tzinfo=UTC), True),
    ],
)
def test_leaf_opens_from_midnight_in_the_netherlands_on(record: Record, now: datetime, opens: bool) -> None:
    leaf = close(record)
    if opens:
        assert embargo.open_(record, leaf, now)
        return
    with pytest.raises(GoedeBuurError) as caught:
        embargo.open_(record, leaf, now)
    assert code(caught) == "closing-too-early"
    assert b"NL90001" not in elsewhere(record)


def test_opening_before_its_day_says_why_and_by_which_role(record: Record) -> None:
    leaf = close(record)
    positions = embargo.open_(record, leaf, NOW, reason="control-announced", role="authority")
    opened = record.ledger.leaf(positions[-1])
    assert isinstance(opened, Leaf)
    assert opened.inputs is not None
    assert opened.inputs["early"] == {"reason": "control-announced", "role": "authority"}
    view = closed.find(record, leaf)
    assert view is not None
    assert (view.state, view.by, view.why) == ("opened", positions[-1], "control-announced")


def test_erased_delivery_is_gone_and_every_proof_holds(record: Record) -> None:
    leaf = close(record)
    proof, root = record.ledger.inclusion_proof(leaf), record.ledger.root_hash()
    at = embargo.erase(record, leaf, LATER, ground="AVG 17")
    assert held(record) == []
    assert b"NL90001" not in elsewhere(record)
    blob = leaf_format.encode(record.ledger.leaf(leaf))
    assert verify_inclusion(leaf_hash(blob), leaf, 1, proof, root)
    assert verify_inclusion(
        leaf_hash(blob), leaf, record.size, record.ledger.inclusion_proof(leaf), record.ledger.root_hash()
    )
    view = closed.find(record, leaf)
    assert view is not None
    assert (view.state, view.by, view.why, view.ended) == ("erased", at, "AVG 17", LATER)
    assert verify(record.data_dir) == []


def test_erasing_twice_is_harmless(record: Record) -> None:
    leaf = close(record)
    at = embargo.erase(record, leaf, LATER, ground="AVG 17")
    assert embargo.erase(record, leaf, LATER, ground="court-order", decided=True) == at
    assert record.size == 2


def test_what_is_over_is_neither_opened_nor_erased_nor_postponed(record: Record) -> None:
    gone, public = close(record), close(record, OPEN)
    embargo.erase(record, gone, NOW, ground="AVG 17")
    embargo.open_(record, public, LATER)
    for act in (
        lambda: embargo.open_(record, gone, LATER),
        lambda: embargo.erase(record, public, LATER, ground="AVG 17"),
        lambda: embargo.postpone(record, gone, date(2027, 1, 1), LATER, reason="inquiry-goes-on", role="inspector"),
    ):
        with pytest.raises(GoedeBuurError) as caught:
            act()
        assert code(caught) == "closing-over"


def test_postponed_leaf_shows_the_day_before_and_why(record: Record) -> None:
    leaf = close(record)
    moved = embargo.postpone(record, leaf, date(2027, 1, 1), LATER, reason="inquiry-goes-on", role="public-prosecutor")
    view = closed.find(record, leaf, today=date(2026, 12, 31))
    assert view is not None
    assert (view.first_until, view.until, view.overdue) == (DAY, date(2027, 1, 1), False)
    assert [(p.leaf, p.until, p.reason, p.role) for p in view.postponements] == [
        (moved, date(2027, 1, 1), "inquiry-goes-on", "public-prosecutor")
    ]
    before = closed.find(record, leaf, moved)
    assert before is not None
    assert before.until == DAY
    with pytest.raises(GoedeBuurError) as caught:
        embargo.open_(record, leaf, LATER)
    assert code(caught) == "closing-too-early"
    with pytest.raises(GoedeBuurError) as caught:
        embargo.postpone(record, leaf, date(2026, 9, 1), LATER, reason="inquiry-goes-on", role="inspector")
    assert code(caught) == "closing-date"


@pytest.mark.parametrize(("today", "overdue"), [(DAY, False), (DAY + timedelta(days=1), True)])
def test_leaf_is_overdue_from_the_day_after_it_was_to_be_opened(record: Record, today: date, overdue: bool) -> None:
    leaf = close(record)
    view = closed.find(record, leaf, today=today)
    assert view is not None
    assert view.overdue is overdue


def test_the_same_delivery_on_the_same_terms_is_closed_once(record: Record) -> None:
    assert close(record) == close(record)
    assert record.size == 1
    with pytest.raises(GoedeBuurError) as caught:
        close(record, opens=date(2030, 1, 1))
    assert code(caught) == "closing-known"


def test_a_delivery_that_is_public_cannot_be_closed(record: Record) -> None:
    deliver(record, SECRET, "2019_SO2.csv", now=NOW)
    with pytest.raises(GoedeBuurError) as caught:
        close(record)
    assert code(caught) == "closing-known"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role", "J. de Vries"),
        ("role", "inspecteur J. de Vries"),
        ("ground", "Woo"),
        ("ground", "AVG 17"),
        ("reason", "monster genomen door Jansen"),
        ("reason", "inquiry-goes-on"),
    ],
)
def test_what_is_not_in_the_tables_is_refused_and_not_repeated(record: Record, field: str, value: str) -> None:
    given = {"role": "inspector", "ground": "unannounced-control", "reason": ""} | {field: value}
    with pytest.raises(GoedeBuurError) as caught:
        embargo.close(record, SECRET, "a.csv", opens=DAY, now=NOW, decided=True, **given)
    assert code(caught) == "closing-unknown"
    if " " in value and field != "ground":
        assert value not in caught.value.as_text()
    assert record.size == 0


@pytest.mark.parametrize(
    ("ground", "asked"),
    [
        ("unannounced-control", "That an unannounced control or measurement falls under it is our reading"),
        ("criminal-inquiry", "these articles were not read"),
        ("Woo 5.1(1)(c)", "5.1(6) holds in its place: is this delivery none?"),
        ("Woo 5.2", "Facts are no personal views"),
    ],
)
def test_ground_that_is_not_sure_closes_only_when_a_person_says_so(record: Record, ground: str, asked: str) -> None:
    terms = {"opens": DAY, "role": "inspector", "ground": ground, "now": NOW}
    with pytest.raises(GoedeBuurError) as caught:
        embargo.close(record, SECRET, "a.csv", **terms)
    assert code(caught) == "closing-undecided"
    assert asked in caught.value.hint
    assert (record.size, held(record)) == (0, [])
    assert embargo.close(record, SECRET, "a.csv", decided=True, **terms) == 0


def test_ground_of_which_the_law_was_read_closes_without_a_question(record: Record) -> None:
    terms = {"opens": DAY, "role": "inspector", "ground": "Woo 5.1(6)", "now": NOW}
    assert embargo.close(record, SECRET, "a.csv", **terms) == 0


def test_ground_that_is_not_sure_erases_only_when_a_person_says_so(record: Record) -> None:
    leaf = close(record)
    with pytest.raises(GoedeBuurError) as caught:
        embargo.erase(record, leaf, LATER, ground="court-order")
    assert code(caught) == "closing-undecided"
    assert held(record)
    assert record.size == 1


def test_a_person_cannot_be_the_submitter_of_a_closed_delivery(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        embargo.close(
            record, SECRET, "a.csv", opens=DAY, role="inspector", ground="Woo 5.1(6)", now=NOW, submitter="j.jansen"
        )
    assert code(caught) == "closing-unknown-submitter"


@pytest.mark.parametrize("opens", [NOW.date(), date(2025, 1, 1), date(2126, 1, 1)])
def test_a_day_that_is_past_or_too_far_is_refused(record: Record, opens: date) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        close(record, opens=opens)
    assert code(caught) == "closing-date"


def test_error_in_a_file_to_be_closed_says_nothing_of_what_is_in_it(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        close(record, SECRET.replace(b"987.6", b"9x87.6"))
    assert code(caught).startswith("input-")
    assert "9x87" not in caught.value.as_text()
    assert held(record) == []


def test_leaf_that_was_never_closed_cannot_be_opened(record: Record) -> None:
    deliver(record, OPEN, "open.csv", now=NOW)
    for leaf in (0, 99):
        with pytest.raises(GoedeBuurError) as caught:
            embargo.open_(record, leaf, LATER)
        assert code(caught) == "closing-not-closed"


def test_damaged_closed_content_is_not_opened(record: Record) -> None:
    leaf = close(record)
    (payload,) = (p for p in held(record) if "payloads" in p.parts)
    payload.write_bytes(payload.read_bytes().replace(b"987.6", b"887.6"))
    with pytest.raises(GoedeBuurError) as caught:
        embargo.open_(record, leaf, LATER)
    assert code(caught) == "closed-damaged"
    assert b"887.6" not in elsewhere(record)
    assert record.size == 1


def test_rebuilt_projections_know_what_became_of_closed_leaves(record: Record) -> None:
    leaf, other = close(record), close(record, OPEN)
    embargo.open_(record, leaf, LATER)
    embargo.erase(record, other, LATER, ground="court-order", decided=True)
    told = closed.every(record)
    record.rebuild()
    assert closed.every(record) == told
    assert [view.state for view in told] == ["erased", "opened"]
    assert hour(0) == START


def test_folder_that_no_leaf_names_goes_at_the_next_start(record: Record) -> None:
    close(record)
    folder = next(path for path in (record.data_dir / "closed").glob("??/*"))
    other = folder.parent.parent / "ff" / ("ff" + folder.name[2:])
    other.parent.mkdir(exist_ok=True)
    (other / "payloads").mkdir(parents=True)
    record.close()
    again = open_record(record.data_dir)
    assert not other.exists()
    assert folder.exists()
    assert len(again.repairs) == 1
    again.close()


def test_every_byte_of_closed_content_that_is_changed_is_found(record: Record) -> None:
    close(record)
    files = [path for path in held(record) if path.name != "incoming.lock"]
    assert len(files) == 4  # opening, payload, rows, stations
    for path in files:
        data = path.read_bytes()
        for position in range(0, len(data), 7):
            path.write_bytes(data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :])
            assert [problem.part for problem in verify(record.data_dir)] == ["closed"], f"{path.name}, byte {position}"
        path.unlink()
        assert verify(record.data_dir), path.name
        path.write_bytes(data)
    assert verify(record.data_dir) == []


def test_opened_leaf_that_holds_something_else_is_found(record: Record) -> None:
    leaf = close(record)
    record.ledger.append(
        [
            Leaf("catalogue", "a", "", "2026-02-01T00:00:00Z", inputs={"opens": leaf, "salt": "00" * 32, "header": {}}),
            Leaf("catalogue", "a", "", "2026-02-01T00:00:00Z", inputs={"erases": 7, "ground": "AVG 17"}),
        ]
    )
    told = [str(problem) for problem in verify(record.data_dir)]
    assert "leaf 1: it is not what the closed leaf that it opens committed to" in told
    assert "leaf 2: it erases leaf 7, which is no closed leaf before it" in told


def test_a_copy_without_what_is_closed_is_whole(record: Record) -> None:
    close(record)
    (record.data_dir / "closed").rename(record.data_dir.parent / "elsewhere")
    assert verify(record.data_dir) == []
