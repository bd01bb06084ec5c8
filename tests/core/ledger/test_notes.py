"""Signed notes and checkpoints are those of C2SP: the vectors come from the specification and from Go's sumdb/note."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.promises import Promise, parse_promise
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier

# golang.org/x/mod/sumdb/note, example_test.go
SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
NOTE = f"{TEXT}\n— PeterNeumann {SIGNATURE}\n".encode()

# C2SP signed-note, "Verifier keys", example
SPEC_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

SIGNER = Ed25519Signer("PeterNeumann", base64.b64decode(SECRET)[1:])
VERIFIER = Ed25519Verifier(VKEY)


def test_signing_the_published_text_gives_the_published_note() -> None:
    assert notes.sign(TEXT, SIGNER) == NOTE


def test_private_key_has_the_published_public_key() -> None:
    assert SIGNER.vkey == VKEY


def test_published_notes_open() -> None:
    assert notes.open_note(NOTE, VERIFIER) == TEXT
    assert notes.open_note(SPEC_NOTE, Ed25519Verifier(SPEC_VKEY)) == "This is an example message.\n"


def test_signature_of_a_key_that_is_not_known_is_passed_over() -> None:
    other = Ed25519Signer("other", bytes(32))
    cosigned = notes.sign(TEXT, other) + NOTE.split(b"\n\n")[1]
    assert notes.open_note(cosigned, VERIFIER) == TEXT


@pytest.mark.parametrize("position", range(len(NOTE)))
def test_note_with_any_byte_changed_does_not_open(position: int) -> None:
    for change in (0x01, 0x20, 0x80):
        changed = bytearray(NOTE)
        changed[position] ^= change
        with pytest.raises(GoedeBuurError):
            notes.open_note(bytes(changed), VERIFIER)


@pytest.mark.parametrize(
    "note",
    [
        b"",
        TEXT.encode(),
        NOTE[:-1],
        NOTE + b"\n",
        NOTE + NOTE.split(b"\n\n")[1] * 100,
        b"\xff" + NOTE,
        NOTE.replace(b"Peter", b"Pe\x00ter"),
        TEXT.encode() + b"\n\xe2\x80\x94 PeterNeumann x08g\n",
    ],
)
def test_what_is_not_a_note_is_refused(note: bytes) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        notes.open_note(note, VERIFIER)
    assert caught.value.code in ("note-malformed", "note-unsigned")


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        SPEC_VKEY.replace("530d903a", "530d903b"),
        SPEC_VKEY.replace("530d903a", "530D903A"),
        SPEC_VKEY[:-1],
        SPEC_VKEY + "=",
        SPEC_VKEY.replace("+Aeky", "+Akky"),
        SPEC_VKEY + "\n",
    ],
)
def test_what_is_not_a_public_key_is_refused(vkey: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        Ed25519Verifier(vkey)
    assert caught.value.code == "note-malformed"


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoint_reads_back(size: int, root: bytes) -> None:
    checkpoint = Checkpoint("record.example/log", size, root)
    assert notes.parse_checkpoint(checkpoint.as_text()) == checkpoint


def test_checkpoint_has_the_three_lines_of_the_specification() -> None:
    # C2SP tlog-checkpoint: origin, decimal size, base64 root hash
    assert Checkpoint("example.com/behind-the-sofa", 20852163, bytes(32)).as_text() == (
        "example.com/behind-the-sofa\n20852163\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n1\nAAAA\n",
        "o\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n١\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "o\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        notes.parse_checkpoint(text)
    assert caught.value.code == "note-malformed"


def test_promise_reads_back_and_is_no_checkpoint() -> None:
    promise = Promise("record.example/log", 42, "ab" * 32, "2021-06-01T12:00:00Z", "2021-06-01T13:00:00Z")
    assert parse_promise(promise.as_text()) == promise
    with pytest.raises(GoedeBuurError):
        notes.parse_checkpoint(promise.as_text())
    with pytest.raises(GoedeBuurError):
        parse_promise(Checkpoint("o", 1, bytes(32)).as_text())


def test_text_without_a_line_break_at_its_end_is_not_signed() -> None:
    with pytest.raises(ValueError, match="line break"):
        notes.sign("abc", SIGNER)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n"])
def test_name_that_would_blur_a_signature_line_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="key name"):
        notes.encode_vkey(name, bytes(32))
