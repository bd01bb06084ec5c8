"""The private key is made once, kept for its owner alone, and refused when others could have read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Signer, Ed25519Verifier

# RFC 8032, section 7.1, test 2
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_signature_is_the_published_one() -> None:
    assert Ed25519Signer("a", SEED).sign(b"\x72") == SIGNATURE


def test_published_signature_verifies_and_another_does_not() -> None:
    verifier = Ed25519Verifier(Ed25519Signer("a", SEED).vkey)
    assert verifier._public_key == PUBLIC
    assert verifier.verify(SIGNATURE, b"\x72")
    assert not verifier.verify(SIGNATURE, b"\x73")
    assert not verifier.verify(SIGNATURE[:-1], b"\x72")


def test_new_key_is_kept_for_its_owner_alone_and_loads_again(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.key"
    made = keys.load_or_create(path, "record.example/log")
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load(path).vkey == keys.load_or_create(path, "ignored").vkey == made.vkey
    assert os.listdir(path.parent) == ["log.key"]


def test_key_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    keys.create(path, "a")
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        keys.create(path, "a")
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["log.key"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_key_that_others_have_rights_on_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "log.key"
    keys.create(path, "a")
    path.chmod(mode)
    with pytest.raises(GoedeBuurError) as caught:
        keys.load(path)
    assert caught.value.code == "key-unsafe"


def test_missing_key_is_an_error_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        keys.load(tmp_path / "log.key")
    assert caught.value.code == "key-missing"


def test_key_file_with_any_character_changed_is_malformed_or_another_key(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    made = keys.create(path, "record.example/log", lambda count: SEED[:count])
    text = path.read_text()
    for position in range(len(text) - 1):
        path.write_text(text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :])
        with pytest.raises(GoedeBuurError) as caught:
            keys.load(path)
        assert caught.value.code == "key-malformed"
    assert "PRIVATE" not in repr(made)
    assert made.vkey in repr(made)


def test_golang_key_file_loads(tmp_path: Path) -> None:
    # golang.org/x/mod/sumdb/note, example_test.go
    path = tmp_path / "log.key"
    path.write_text("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n")
    path.chmod(0o600)
    assert keys.load(path).vkey == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_key_that_takes_the_place_of_the_old_one_while_they_are_read_is_read_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.key"
    keys.create(path, "a", lambda n: bytes(range(n)))
    new = keys.create(keys.next_path(path), "a", lambda n: bytes(n))
    plain, turns = keys.load, []

    def in_between(file: Path) -> Ed25519Signer:
        if file != path and not turns:
            turns.append(1)
            monkeypatch.setattr(keys, "load", plain)
            keys.replace_by_next(path)
        return plain(file)

    monkeypatch.setattr(keys, "load", in_between)
    assert keys.load_changing(path).vkey == new.vkey
    assert turns == [1]
