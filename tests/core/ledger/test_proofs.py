"""Proof files are those of C2SP tlog-proof, and show a leaf to be in a log that its key and witnesses signed."""

from __future__ import annotations

import base64
import hashlib

import pytest
from tests.core.ledger.published import Published

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, notes, proofs
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier, verify

LOG = Ed25519Signer("record.example/log", bytes(range(32)))
WITNESSES = [Ed25519Signer(f"witness.example/w{n}", bytes([n]) * 32) for n in (1, 2, 3)]
POLICY = Policy(2, tuple(one.cosigner_vkey for one in WITNESSES))
VERIFIER = Ed25519Verifier(LOG.vkey)
TIME = 1_700_000_000


def code_of(error: pytest.ExceptionInfo[GoedeBuurError]) -> str:
    return error.value.code


def made(index: int = 5, size: int = 300, witnesses: int = 2, extra: bytes | None = None) -> tuple[TlogProof, bytes]:
    log = Published(size)
    text = log.checkpoint().as_text()
    lines = [cosignatures.cosign(text, one.cosigner_vkey, one.sign, TIME) for one in WITNESSES[:witnesses]]
    note = notes.add_signatures(notes.sign(text, LOG), lines)
    return TlogProof(index, tuple(log.reader().inclusion_proof(index)), note, extra), log.leaves[index]


def test_file_is_laid_out_as_the_specification_and_its_go_implementation_have_it() -> None:
    # transparency-dev/formats, proof: TestMarshal, with hashes and extra data of those names
    hashes = tuple(hashlib.sha256(name).digest() for name in (b"hash1", b"hash2"))
    first, second = (base64.b64encode(one).decode() for one in hashes)
    assert TlogProof(5, hashes, b"test checkpoint\n").encode().decode() == (
        f"c2sp.org/tlog-proof@v1\nindex 5\n{first}\n{second}\n\ntest checkpoint\n"
    )
    assert TlogProof(10, hashes[:1], b"checkpoint data\n", b"extra information").encode().decode() == (
        f"c2sp.org/tlog-proof@v1\nextra ZXh0cmEgaW5mb3JtYXRpb24=\nindex 10\n{first}\n\ncheckpoint data\n"
    )
    assert TlogProof(0, (), b"checkpoint\n").encode() == b"c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"


@pytest.mark.parametrize("extra", [None, b"", b"beside\n\nthe proof"])
@pytest.mark.parametrize(("index", "size"), [(0, 1), (5, 300), (299, 300)])
def test_proof_reads_back_and_holds(index: int, size: int, extra: bytes | None) -> None:
    proof, leaf = made(index, size, extra=extra)
    again = proofs.parse(proof.encode())
    assert again == proof
    proven = proofs.verify(again, leaf, VERIFIER, POLICY, verify)
    assert (proven.index, proven.checkpoint.size, proven.checkpoint.origin) == (index, size, "record.example/log")
    assert [one.time for one in proven.standing.cosigned] == [TIME, TIME]


def test_proof_of_another_leaf_place_or_path_does_not_hold() -> None:
    proof, leaf = made()
    for wrong, data in (
        (proof, leaf + b"!"),
        (TlogProof(6, proof.path, proof.checkpoint), leaf),
        (TlogProof(300, proof.path, proof.checkpoint), leaf),
        (TlogProof(5, proof.path[1:], proof.checkpoint), leaf),
        (TlogProof(5, (*proof.path, bytes(32)), proof.checkpoint), leaf),
    ):
        with pytest.raises(GoedeBuurError) as caught:
            proofs.verify(wrong, data, VERIFIER, POLICY, verify)
        assert code_of(caught) == "proof-wrong"


def test_proof_that_the_log_did_not_sign_does_not_hold() -> None:
    proof, leaf = made()
    other = Ed25519Verifier(Ed25519Signer("record.example/log", bytes(32)).vkey)
    with pytest.raises(GoedeBuurError) as caught:
        proofs.verify(proof, leaf, other, POLICY, verify)
    assert code_of(caught) == "note-unsigned"


def test_checkpoint_of_another_log_signed_with_this_key_does_not_hold() -> None:
    log = Published(3)
    text = log.checkpoint().as_text().replace("record.example/log", "record.example/other")
    proof = TlogProof(0, tuple(log.reader().inclusion_proof(0)), notes.sign(text, LOG))
    with pytest.raises(GoedeBuurError) as caught:
        proofs.verify(proof, log.leaves[0], VERIFIER, Policy(0), verify)
    assert code_of(caught) == "proof-wrong"


@pytest.mark.parametrize("witnesses", [0, 1])
def test_proof_with_fewer_witnesses_than_asked_does_not_hold(witnesses: int) -> None:
    proof, leaf = made(witnesses=witnesses)
    with pytest.raises(GoedeBuurError) as caught:
        proofs.verify(proof, leaf, VERIFIER, POLICY, verify)
    assert code_of(caught) == "proof-unwitnessed"
    assert proofs.verify(proof, leaf, VERIFIER, Policy(0), verify).standing.cosigned == ()


def test_cosignatures_of_later_than_now_do_not_count() -> None:
    proof, leaf = made()
    with pytest.raises(GoedeBuurError) as caught:
        proofs.verify(proof, leaf, VERIFIER, POLICY, verify, now=TIME - 1)
    assert code_of(caught) == "proof-unwitnessed"


def test_any_altered_byte_of_the_file_is_found() -> None:
    proof, leaf = made()
    data = proof.encode()
    for at in range(len(data)):
        for bit in (0x01, 0x20, 0x80):
            altered = data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
            with pytest.raises(GoedeBuurError):
                proofs.verify(proofs.parse(altered), leaf, VERIFIER, POLICY, verify)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: b"",
        lambda data: data[1:],
        lambda data: data.replace(b"@v1", b"@v2"),
        lambda data: data.replace(b"index 5", b"index 05"),
        lambda data: data.replace(b"index 5", b"index -5"),
        lambda data: data.replace(b"index 5", b"index " + b"9" * 5000),
        lambda data: data.replace(b"index 5", b"index"),
        lambda data: data.replace(b"index 5\n", b""),
        lambda data: data.replace(b"index 5\n", b"index 5\nextra AAAA\n"),
        lambda data: data.replace(b"index 5\n", b"extra AAA\nindex 5\n"),
        lambda data: data.replace(b"index 5\n", b"index 5\nAAAA\n"),
        lambda data: data.replace(b"index 5\n", b"index 5\n" + base64.b64encode(bytes(32)) + b"\n" * 1 + b"\xff"),
        lambda data: data.replace(b"index 5\n", b"index 5\n" + (base64.b64encode(bytes(32)) + b"\n") * 60),
        lambda data: data.partition(b"\n\n")[0],
        lambda data: data.partition(b"\n\n")[0] + b"\n\nno checkpoint",
    ],
)
def test_what_is_not_a_proof_is_refused(change: object) -> None:
    assert callable(change)
    with pytest.raises(GoedeBuurError) as caught:
        proofs.parse(change(made()[0].encode()))
    assert code_of(caught) in ("proof-malformed", "note-malformed")
