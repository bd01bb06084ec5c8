"""A signed delivery is taken in with a receipt that anyone can check, or refused for one reason that is logged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.deliveries import NOW, SIGNER, A, hour, open_record, station_file
from tests.services.signing import BUREAU, ENTERED, FILE, KEY, OTHER_KEY, enter, key, sign, statement

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import receipts, statements
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.statements import Signed
from goedebuur.core.ledger.submitters import Scope
from goedebuur.services import delivery, submitters, submitting
from goedebuur.services.record import Record
from goedebuur.services.verification import verify
from goedebuur.store.refusals import Refusals
from goedebuur.store.spool import Request


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    found = open_record(tmp_path)
    enter(found)
    yield found
    found.close()


def refused(record: Record, signed: Signed, data: bytes = FILE, *, small: bool = False) -> str:
    """The code with which a delivery is refused; nothing is kept of it, but the refusal is."""
    size, before = record.size, len(Refusals(record.data_dir).lines())
    with pytest.raises(GoedeBuurError) as caught:
        submitting.submit(record, signed, data, NOW, small=small)
    assert record.size == size
    assert record.spool.waiting() == []
    assert record.journal is not None
    assert record.journal.pending() == []
    lines = Refusals(record.data_dir).lines()[before:]
    assert [line["code"] for line in lines] == [caught.value.code]
    assert "Eendorp" not in str(lines)  # nothing of what was delivered
    return caught.value.code


def test_signed_delivery_is_in_the_log_and_its_receipt_shows_it(record: Record) -> None:
    receipt = submitting.submit(record, sign(statement()), FILE, NOW)
    shown = receipts.check(receipts.parse(receipt.encode()), vkey=SIGNER.vkey)
    assert shown.status == "logged"
    assert shown.size == record.size
    assert shown.statement == statement()
    for index in shown.indexes:
        leaf = record.ledger.leaf(index)
        assert isinstance(leaf, Leaf)
        assert leaf.submitter == "meetbureau"
        assert statements.check_leaf(leaf, vkey=KEY.vkey) == statement()
    held = record.observations.read(series=[A], start=hour(0), end=hour(2))
    assert held["micro"].to_list() == [12_500_000, 13_000_000]
    assert verify(record.data_dir) == []


def test_unsigned_delivery_stays_without_signature(record: Record) -> None:
    outcome = delivery.deliver(record, FILE, "2019_SO2.csv", now=NOW)
    leaves = [record.ledger.leaf(index) for index in outcome.leaves]
    assert [leaf.signature for leaf in leaves if isinstance(leaf, Leaf)] == [None] * len(leaves)


def test_same_statement_again_is_answered_with_the_leaves_of_the_first_time(record: Record) -> None:
    first = submitting.submit(record, sign(statement()), FILE, NOW)
    size = record.size
    # also a month later, when the clock would no longer do
    again = submitting.submit(record, sign(statement()), FILE, NOW + timedelta(days=30))
    assert [one.index for one in again.leaves] == [one.index for one in first.leaves]
    assert record.size == size


def test_bytes_that_were_ingested_unsigned_get_a_leaf_with_the_signature(record: Record) -> None:
    delivery.deliver(record, FILE, "2019_SO2.csv", now=NOW)
    receipt = submitting.submit(record, sign(statement()), FILE, NOW)
    (proof,) = receipt.leaves
    leaf = record.ledger.leaf(proof.index)
    assert isinstance(leaf, Leaf)
    assert leaf.batch is None
    assert leaf.counts == {"values_in": 4, "stored": 0, "unchanged": 4}
    assert statements.check_leaf(leaf) == statement()


def test_correction_bears_the_signature_and_the_reason(record: Record) -> None:
    submitting.submit(record, sign(statement()), FILE, NOW)
    later = station_file({"NL90001": ["12.5", "14"], "NL90002": ["20", "21"]})
    said = statement(later, nonce="ff" * 16, reason="Nieuwe ijking")
    receipt = submitting.submit(record, sign(said), later, NOW)
    leaf = record.ledger.leaf(receipt.leaves[-1].index)
    assert isinstance(leaf, Leaf)
    assert (leaf.kind, leaf.reason, leaf.counts["changed"]) == ("correction", "Nieuwe ijking", 1)
    assert statements.check_leaf(leaf).reason == "Nieuwe ijking"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"submitter": "onbekend"}, "submission-unknown-submitter"),
        ({"key": "k9"}, "submission-unknown-key"),
        ({"created": iso(NOW + timedelta(minutes=11))}, "submission-clock"),
        ({"created": iso(NOW - timedelta(minutes=11))}, "submission-clock"),
        ({"adapter": "knmi_uurgeg"}, "submission-scope-method"),
        ({"method": ""}, "submission-scope-method"),
        ({"method": "eigen methode"}, "submission-scope-method"),
        ({"sites": ("NL10001",)}, "submission-other-site"),
        ({"sites": ("NL90001",)}, "submission-other-site"),
        ({"size": 5}, "submission-payload"),
        ({"sha256": "0" * 64}, "submission-payload"),
    ],
)
def test_statement_that_does_not_do_is_refused_for_its_own_reason(
    record: Record, changed: dict[str, object], code: str
) -> None:
    assert refused(record, sign(replace(statement(), **changed))) == code  # type: ignore[arg-type]


@pytest.mark.parametrize("minutes", [-10, 10])
def test_clock_that_is_ten_minutes_off_will_do(record: Record, minutes: int) -> None:
    said = statement(created=iso(NOW + timedelta(minutes=minutes)))
    assert submitting.submit(record, sign(said), FILE, NOW).status == "logged"


def test_signature_of_another_key_is_refused(record: Record) -> None:
    assert refused(record, sign(statement(), OTHER_KEY)) == "submission-wrong-signature"


def test_signature_over_another_statement_is_refused(record: Record) -> None:
    signed = sign(statement())
    other = replace(signed, statement=statement(reason="anders").encode())
    assert refused(record, other) == "submission-wrong-signature"


def test_signature_without_the_first_line_is_refused(record: Record) -> None:
    said = statement().encode()
    assert refused(record, Signed(said, KEY.sign(said))) == "submission-wrong-signature"


def test_text_that_is_no_statement_is_refused(record: Record) -> None:
    assert refused(record, Signed(b"{}", bytes(64))) == "submission-malformed"


def test_revoked_key_is_refused_from_its_moment_on(record: Record) -> None:
    submitters.revoke_key(record, "meetbureau", "k1", NOW, "kwijt", NOW)
    assert refused(record, sign(statement())) == "submission-key-revoked"


def test_key_that_is_revoked_later_still_does(record: Record) -> None:
    submitters.revoke_key(record, "meetbureau", "k1", NOW + timedelta(days=1), "oud", NOW)
    assert submitting.submit(record, sign(statement()), FILE, NOW).status == "logged"


# NOW is 2026-02-01
@pytest.mark.parametrize(("first", "last"), [("2026-02-02", ""), ("2026-01-01", "2026-01-31")])
def test_key_outside_its_days_is_refused(tmp_path: Path, first: str, last: str) -> None:
    record = open_record(tmp_path)
    enter(record, valid_from=first, valid_to=last)
    assert refused(record, sign(statement())) == "submission-key-expired"


def test_key_counts_on_its_first_and_last_day(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    enter(record, valid_from="2026-02-01", valid_to="2026-02-01")
    assert submitting.submit(record, sign(statement()), FILE, NOW).status == "logged"


@pytest.mark.parametrize("last", ["2026-01-31", None])
def test_bureau_that_is_not_accredited_on_the_day_is_refused(tmp_path: Path, last: str | None) -> None:
    record = open_record(tmp_path)
    assert BUREAU.accreditation is not None
    accreditation = replace(BUREAU.accreditation, valid_to=last) if last else None
    enter(record, replace(BUREAU, accreditation=accreditation))
    assert refused(record, sign(statement())) == "submission-accreditation"


def test_company_needs_no_accreditation(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    enter(record, replace(BUREAU, roles=("company",), accreditation=None))
    assert submitting.submit(record, sign(statement()), FILE, NOW).status == "logged"


def test_quantity_outside_the_scope_is_refused(record: Record) -> None:
    data = station_file({"NL90001": ["1", "2"]}, component="PM10")
    assert refused(record, sign(statement(data)), data) == "submission-scope-quantity"


def test_station_of_another_is_refused(record: Record) -> None:
    data = station_file({"NL90001": ["1", "2"], "NL10001": ["1", "2"]})
    assert refused(record, sign(statement(data)), data) == "submission-other-site"


def test_scopes_do_not_lend_each_other_stations(tmp_path: Path) -> None:
    record = open_record(tmp_path)
    scope = (
        Scope(("rivm_lml",), ("no2",), ("NL9000*",)),
        Scope(("rivm_lml",), ("so2",), ("NL90001",)),
    )
    enter(record, replace(BUREAU, scope=scope))
    assert refused(record, sign(statement())) == "submission-other-site"


def test_nonce_for_another_delivery_is_refused(record: Record) -> None:
    submitting.submit(record, sign(statement()), FILE, NOW)
    other = station_file({"NL90001": ["1", "2"]})
    assert refused(record, sign(statement(other)), other) == "submission-replay"


def test_nonce_for_another_delivery_is_found_before_delivering(record: Record) -> None:
    submitting.submit(record, sign(statement()), FILE, NOW)
    other = station_file({"NL90001": ["1", "2"]})
    found = submitting.check(record, sign(statement(other)), other, NOW)
    assert [error.code for error in found.findings] == ["submission-replay"]


def test_same_statement_with_other_bytes_is_refused(record: Record) -> None:
    submitting.submit(record, sign(statement()), FILE, NOW)
    assert refused(record, sign(statement()), station_file({"NL90001": ["1", "2"]})) == "submission-replay"


@pytest.mark.parametrize("small", [False, True])
def test_nonce_of_a_delivery_that_waits_is_refused_for_another(record: Record, small: bool) -> None:
    if small:
        submitting.submit(record, sign(statement()), FILE, NOW, small=True)
    else:
        reader = Record.open(record.data_dir, read_only=True)
        assert submitting.submit(reader, sign(statement()), FILE, NOW).status == "waiting"
        reader.close()
    other = station_file({"NL90001": ["1", "2"]})
    with pytest.raises(GoedeBuurError, match="nonce"):
        submitting.submit(record, sign(statement(other)), other, NOW)


def test_file_that_cannot_be_read_is_refused_with_the_error_of_its_parser(record: Record) -> None:
    data = FILE.replace(b"12.5", b"twaalf")
    assert refused(record, sign(statement(data)), data) == "input-number"


def test_refusal_of_an_unknown_name_does_not_write_it_down(record: Record) -> None:
    refused(record, sign(statement(submitter="jan.jansen")))
    assert "jansen" not in str(Refusals(record.data_dir).lines())


def test_check_before_delivery_finds_what_the_server_refuses_and_keeps_nothing(record: Record) -> None:
    data = station_file({"NL10001": ["1", "2"]}, component="PM10")
    said = statement(data, created=iso(NOW - timedelta(hours=1)), adapter="rivm_lml")
    found = submitting.check(record, sign(said), data, NOW)
    codes = [error.code for error in found.findings]
    assert codes == ["submission-clock", "submission-scope-quantity", "submission-other-site"]
    assert refused(record, sign(said), data) == codes[0]
    assert len(Refusals(record.data_dir).lines()) == 1


def test_broken_upload_may_go_on_after_the_clock_ran_on(record: Record) -> None:
    later = NOW + timedelta(hours=3)
    assert submitting.submit(record, sign(statement()), FILE, later, begun=NOW).status == "logged"


def test_small_delivery_is_promised_then_sealed_and_both_are_shown(record: Record) -> None:
    promised = submitting.submit(record, sign(statement()), FILE, NOW, small=True)
    shown = receipts.check(receipts.parse(promised.encode()), vkey=SIGNER.vkey)
    assert (shown.status, shown.seal_by) == ("promised", iso(NOW + timedelta(hours=1)))
    again = submitting.submit(record, sign(statement()), FILE, NOW, small=True)
    assert again == promised
    delivery.seal(record, NOW + timedelta(minutes=30))
    sealed = submitting.receipt(record, sign(statement()).digest)
    shown = receipts.check(receipts.parse(sealed.encode()), vkey=SIGNER.vkey)
    assert (shown.status, shown.seal_by) == ("logged", iso(NOW + timedelta(hours=1)))
    assert sealed.promise == promised.promise
    assert verify(record.data_dir) == []
    assert submitting.submit(record, sign(statement()), FILE, NOW).leaves == sealed.leaves


def test_promise_that_was_broken_is_shown_by_the_receipt(record: Record) -> None:
    submitting.submit(record, sign(statement()), FILE, NOW, small=True)
    delivery.seal(record, NOW + timedelta(minutes=61))
    sealed = submitting.receipt(record, sign(statement()).digest)
    with pytest.raises(GoedeBuurError, match="later than it promised"):
        receipts.check(sealed, vkey=SIGNER.vkey)


def test_same_bytes_signed_twice_in_one_segment_are_both_in_it(record: Record) -> None:
    first, second = sign(statement()), sign(statement(nonce="ab" * 16))
    for signed in (first, second):
        submitting.submit(record, signed, FILE, NOW, small=True)
    delivery.seal(record, NOW + timedelta(minutes=1))
    for signed in (first, second):
        assert receipts.check(submitting.receipt(record, signed.digest)).status == "logged"


def test_delivery_through_a_reader_waits_until_the_sequencer_takes_it(record: Record) -> None:
    reader = Record.open(record.data_dir, read_only=True)
    assert submitting.submit(reader, sign(statement()), FILE, NOW).status == "waiting"
    assert submitting.submit(reader, sign(statement()), FILE, NOW).status == "waiting"
    assert len(delivery.drain(record, NOW)) == 1
    reader.refresh()
    assert submitting.receipt(reader, sign(statement()).digest).status == "logged"
    reader.close()


@pytest.mark.parametrize("drained_before", [False, True])
def test_delivery_that_goes_to_the_log_while_it_is_looked_for_is_found_there(
    record: Record, monkeypatch: pytest.MonkeyPatch, drained_before: bool
) -> None:
    reader = Record.open(record.data_dir, read_only=True)
    submitting.submit(reader, sign(statement()), FILE, NOW)
    plain, turns = reader.spool.kept, []

    def kept() -> list[Request]:
        if not turns:
            turns.append(1)
            delivery.drain(record, NOW)
        return plain()

    if drained_before:
        kept()
    monkeypatch.setattr(reader.spool, "kept", kept)
    assert submitting.receipt(reader, sign(statement()).digest).status == "logged"
    assert turns == [1]
    reader.close()


def test_receipt_of_a_statement_that_never_came_is_unknown(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        submitting.receipt(record, "0" * 64)
    assert caught.value.code == "submission-unknown"


def test_projections_made_again_know_every_statement(record: Record) -> None:
    first = submitting.submit(record, sign(statement()), FILE, NOW)
    small = sign(statement(nonce="cd" * 16))
    submitting.submit(record, small, FILE, NOW, small=True)
    delivery.seal(record, NOW + timedelta(minutes=1))
    record.rebuild()
    assert submitting.submit(record, sign(statement()), FILE, NOW).leaves[0].index == first.leaves[0].index
    assert submitting.receipt(record, small.digest).status == "logged"


def test_record_as_of_earlier_knows_who_might_deliver_then(record: Record) -> None:
    before = record.size
    submitters.revoke_key(record, "meetbureau", "k1", NOW, "kwijt", NOW)
    assert submitters.find(record, "meetbureau", before).keys[0].revoked_on == ""
    assert submitters.find(record, "meetbureau").keys[0].revoked_on == iso(NOW)
    assert submitters.find(record, "meetbureau", before - 1).keys == ()


def test_key_is_never_replaced_by_another_of_its_name(record: Record) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        submitters.add_key(record, "meetbureau", key(vkey=OTHER_KEY.vkey), NOW)
    assert caught.value.code == "submitter-key-taken"
    with pytest.raises(GoedeBuurError) as caught:
        submitters.add_key(record, "meetbureau", key(id="k2"), NOW)
    assert caught.value.code == "submitter-key-taken"


def test_changed_submitter_keeps_its_keys(record: Record) -> None:
    submitters.add(record, replace(BUREAU, name="Anders"), ENTERED + timedelta(days=1))
    assert (submitters.find(record, "meetbureau").name, len(submitters.find(record, "meetbureau").keys)) == (
        "Anders",
        1,
    )


def test_reason_of_a_small_correction_is_in_the_leaf_that_replaces_rows(record: Record) -> None:
    submitting.submit(record, sign(statement()), FILE, NOW)
    for number, reason in enumerate(("calibrated anew", "calibrated anew", "wrong column")):
        data = station_file({"NL90001": [f"{number}.5", "13"], "NL90002": ["20", "21"]})
        said = statement(data, reason=reason, nonce=f"{number:032x}")
        submitting.submit(record, sign(said), data, NOW, small=True)
    size = record.size
    delivery.seal(record, NOW)
    replacing = [leaf for leaf in record.ledger.leaves(size) if isinstance(leaf, Leaf)]
    assert [(leaf.kind, leaf.reason) for leaf in replacing] == [
        ("sealed", "calibrated anew"),
        ("sealed", "calibrated anew"),
        ("sealed", "wrong column"),
    ]
