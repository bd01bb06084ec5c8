"""A delivery signed with a certificate, PKIoverheid style: the record says whose certificate it has to be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509.oid import NameOID
from tests.services.deliveries import NOW, SIGNER, open_record
from tests.services.signing import BUREAU, ENTERED, FILE, statement
from tests.store.certified import OIN, Wanted, chain, changed, pem, wanted

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import receipts, statements
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.statements import Signed
from goedebuur.core.ledger.submitters import Key
from goedebuur.services import submitters, submitting
from goedebuur.services.record import Record
from goedebuur.services.sending import Identity
from goedebuur.store import certificates


def entered(folder: Path, found: tuple[bytes, ...]) -> Record:
    record = open_record(folder / "record")
    submitters.add(record, BUREAU, ENTERED)
    roots = (certificates.fingerprint(found[-1]),)
    one = Key("zegel", "x509", "2026-01-01", roots=roots, subject={"serialNumber": OIN})
    submitters.add_key(record, "meetbureau", one, ENTERED)
    return record


def signed(folder: Path, parts: list[Wanted], found: tuple[bytes, ...]) -> Signed:
    file = folder / "zegel.pem"
    file.write_bytes(pem(parts[0].key))
    return Identity("meetbureau", "zegel", file, found).sign(statement(key="zegel"))


@pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
def test_delivery_is_taken_in_and_its_leaf_holds_the_certificates(tmp_path: Path, kind: str) -> None:
    parts = wanted(kind)
    found = chain(parts)
    record = entered(tmp_path, found)
    receipt = submitting.submit(record, signed(tmp_path, parts, found), FILE, NOW)
    shown = receipts.check(receipts.parse(receipt.encode()), vkey=SIGNER.vkey, verify_certified=certificates.verify)
    assert shown.status == "logged"
    leaf = record.ledger.leaf(shown.indexes[-1])
    assert isinstance(leaf, Leaf)
    assert leaf.signature is not None
    assert statements.kept(leaf.signature).certificates == found
    with pytest.raises(GoedeBuurError):
        statements.check_leaf(leaf)  # without the mathematics of certificates nothing is believed


def test_certificate_of_another_holder_under_the_same_root_is_refused(tmp_path: Path) -> None:
    parts = wanted()
    record = entered(tmp_path, chain(parts))
    other = changed(parts, 0, subject={NameOID.SERIAL_NUMBER: "00000009999999990000"})
    with pytest.raises(GoedeBuurError) as caught:
        submitting.submit(record, signed(tmp_path, other, (chain(other)[0], *chain(parts)[1:])), FILE, NOW)
    assert caught.value.code == "submission-certificate"
    assert submitting.refusals(record) == {"submission-certificate": 1}


def test_certificate_that_ended_before_the_statement_is_refused(tmp_path: Path) -> None:
    parts = changed(wanted(), 0, end=datetime(2026, 1, 31, tzinfo=UTC))
    found = chain(parts)
    record = entered(tmp_path, found)
    with pytest.raises(GoedeBuurError) as caught:
        submitting.submit(record, signed(tmp_path, parts, found), FILE, NOW)
    assert caught.value.code == "submission-certificate"


def test_statement_with_certificates_but_another_signature_is_refused(tmp_path: Path) -> None:
    parts = wanted()
    found = chain(parts)
    record = entered(tmp_path, found)
    good = signed(tmp_path, parts, found)
    other = Signed(statement(key="zegel", reason="anders").encode(), good.value, good.certificates)
    with pytest.raises(GoedeBuurError) as caught:
        submitting.submit(record, other, FILE, NOW)
    assert caught.value.code == "submission-wrong-signature"


def test_key_with_certificates_needs_a_root_and_a_holder(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    submitters.add(record, BUREAU, ENTERED)
    with pytest.raises(GoedeBuurError) as caught:
        submitters.add_key(record, "meetbureau", Key("zegel", "x509", "2026-01-01", roots=("ab",)), ENTERED)
    assert caught.value.code == "submitter-malformed"
