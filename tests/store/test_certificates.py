"""Certificates vouch for a key only along a sound chain to a root that the record names, of a body and no person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from tests.store.certified import END, OIN, START, SUBJECT, chain, changed, keys, pem, wanted

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.store import certificates

NOW = datetime(2026, 2, 1, tzinfo=UTC)
WHO = {"serialNumber": OIN}


def refused(
    found: tuple[bytes, ...], roots: list[str] | None = None, who: dict[str, str] = WHO, at: datetime = NOW
) -> str:
    with pytest.raises(GoedeBuurError) as caught:
        certificates.require_chain(found, roots or [certificates.fingerprint(found[-1])], who, at)
    assert caught.value.code == "submission-certificate"
    return caught.value.message


@pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
def test_signature_of_a_key_that_a_sound_chain_vouches_for_is_good(kind: str, tmp_path: Path) -> None:
    parts = wanted(kind)
    found = chain(parts)
    certificates.require_chain(found, [certificates.fingerprint(found[-1])], WHO, NOW)
    file = tmp_path / "key.pem"
    file.write_bytes(pem(parts[0].key))
    made = certificates.sign(file, found, b"message")
    named = certificates.algorithm(found[0])
    assert certificates.verify(named, found, made, b"message")
    assert not certificates.verify(named, found, made, b"other")
    assert not certificates.verify("x509-other", found, made, b"message")
    other = chain(changed(parts, 0, key=keys(kind)))
    assert not certificates.verify(named, other, made, b"message")


@pytest.mark.parametrize("at", [START, END])
def test_certificate_counts_in_its_first_and_last_second(at: datetime) -> None:
    found = chain(wanted())
    certificates.require_chain(found, [certificates.fingerprint(found[-1])], WHO, at)


@pytest.mark.parametrize(
    ("place", "said", "why"),
    [
        (0, {"end": datetime(2026, 1, 31, tzinfo=UTC)}, "not valid at the moment"),
        (0, {"start": datetime(2026, 2, 2, tzinfo=UTC)}, "not valid at the moment"),
        (1, {"end": datetime(2026, 1, 31, tzinfo=UTC)}, "not valid at the moment"),
        (2, {"end": datetime(2026, 1, 31, tzinfo=UTC)}, "not valid at the moment"),
        (1, {"authority": False, "path_length": None}, "may not issue"),
        (1, {"usage": "sign"}, "may not issue"),
        (1, {"usage": ""}, "does not say that it is an authority"),
        (2, {"path_length": 0}, "may not issue"),
        (0, {"usage": "encrypt"}, "not for signing"),
        (0, {"usage": ""}, "does not say what its key is for"),
        (0, {"critical": True}, "critical extension"),
        (1, {"critical": True}, "critical extension"),
        (0, {"hashed": hashes.SHA224()}, "hash that is not safe"),
        (0, {"subject": SUBJECT | {NameOID.SURNAME: "Jansen"}}, "names a person"),
        (0, {"subject": SUBJECT | {NameOID.GIVEN_NAME: "Jan"}}, "names a person"),
        (0, {"subject": SUBJECT | {NameOID.EMAIL_ADDRESS: "jan@example.org"}}, "names a person"),
        (0, {"email": "jan@example.org"}, "names a person"),
        (0, {"subject": {NameOID.SERIAL_NUMBER: "00000009999999990000"}}, "another holder"),
        (0, {"subject": {NameOID.COMMON_NAME: OIN}}, "another holder"),
    ],
)
def test_chain_with_one_thing_wrong_is_refused(place: int, said: dict[str, Any], why: str) -> None:
    assert why in refused(chain(changed(wanted(), place, **said)))


@pytest.mark.parametrize("kind", ["p384", "small rsa"])
def test_key_that_is_too_short_or_of_another_kind_is_refused(kind: str) -> None:
    assert "none of" in refused(chain(wanted(kind)))


def test_root_that_the_record_does_not_name_is_refused() -> None:
    found = chain(wanted())
    assert "not in the submitter's record" in refused(found, [certificates.fingerprint(found[1])])


def test_chain_of_which_a_link_is_missing_is_refused() -> None:
    found = chain(wanted())
    assert "not issued by" in refused((found[0], found[2]))


def test_signer_of_another_issuer_of_the_same_name_is_refused() -> None:
    ours, theirs = chain(wanted()), chain(wanted())
    assert "not issued by" in refused((theirs[0], *ours[1:]))


def test_root_alone_is_no_chain() -> None:
    assert "every one up to the root" in refused(chain(wanted())[2:])


def test_bytes_that_are_no_certificate_are_refused() -> None:
    found = chain(wanted())
    assert "not a certificate" in refused((b"x", *found[1:]))


def test_key_file_of_another_certificate_signs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(keys("p256")))
    with pytest.raises(GoedeBuurError) as caught:
        certificates.sign(file, chain(wanted()), b"message")
    assert caught.value.code == "key-file"
