"""Checking signatures with Python alone: the vectors of RFC 8032, and `cryptography` as peer."""

from __future__ import annotations

import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goedebuur.core.ledger import ed25519

# RFC 8032, section 7.1, tests 1 and 2: public key, message, signature
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_published_signature_is_valid(key: str, message: str, signature: str) -> None:
    assert ed25519.verify(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message))


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_signature_with_any_bit_changed_is_not(key: str, message: str, signature: str) -> None:
    for at in range(0, 512, 7):
        other = bytearray.fromhex(signature)
        other[at // 8] ^= 1 << at % 8
        assert not ed25519.verify(bytes.fromhex(key), bytes(other), bytes.fromhex(message))


def test_signature_says_of_other_keys_and_messages_what_cryptography_says() -> None:
    draw = random.Random(20260101)
    for length in (0, 1, 31, 32, 1000):
        private = Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))
        message, key = draw.randbytes(length), private.public_key().public_bytes_raw()
        signature = private.sign(message)
        assert ed25519.verify(key, signature, message)
        assert not ed25519.verify(key, signature, message + b"x")
        other = Ed25519PrivateKey.from_private_bytes(draw.randbytes(32)).public_key().public_bytes_raw()
        assert not ed25519.verify(other, signature, message)


def test_scalar_beyond_the_order_of_the_group_is_refused() -> None:
    key, message, signature = (bytes.fromhex(part) for part in VECTORS[1])
    s = int.from_bytes(signature[32:], "little") + ed25519.ORDER
    assert not ed25519.verify(key, signature[:32] + s.to_bytes(32, "little"), message)


@pytest.mark.parametrize("key", [b"", bytes(31), b"\xff" * 32, (2).to_bytes(32, "little")])
def test_key_that_is_no_point_is_refused(key: bytes) -> None:
    assert not ed25519.verify(key, bytes.fromhex(VECTORS[0][2]), b"")
