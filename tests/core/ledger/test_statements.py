"""A statement has one form, its signature is over nothing else, and a leaf shows by itself what was signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves, notes, statements
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.statements import Signed, Statement

# RFC 8032, section 7.1, test 1: a public key of which the secret is published too
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
VKEY = notes.encode_vkey("bureau.example", PUBLIC)
SAID = Statement(
    sha256="ab" * 32,
    size=3,
    name="2019_SO2.csv",
    adapter="rivm_lml",
    submitter="bureau",
    key="k1",
    created="2026-02-01T00:00:00Z",
    nonce="00112233445566778899aabbccddeeff",
)
# written out by hand: what a submitter in any language has to sign
TEXT = (
    '{"adapter":"rivm_lml","created":"2026-02-01T00:00:00Z","format":"goedebuur delivery 1","key":"k1","method":"",'
    '"nonce":"00112233445566778899aabbccddeeff","payload":{"name":"2019_SO2.csv","sha256":"'
    + "ab"
    * 32
    + '","size":3},'
    '"reason":"","sites":[],"submitter":"bureau"}'
)
# made by OpenSSL 3.0.19 (`pkeyutl -sign -rawin`) with the secret key of that test over the first line and TEXT
BY_OPENSSL = (
    "68d0abd3d44cc72c33a6db8bfad53b501e51cc421402ecdd0c30e1f87423e28c"
    "67c1d3df36024ba3c82f595100b3b8c31881cd2e09fe34a73f1afbda85b7c209"
)


def always(*_: object) -> bool:
    return True


def code(call: Callable[[], object]) -> str:
    with pytest.raises(GoedeBuurError) as caught:
        call()
    return caught.value.code


def test_statement_is_the_text_that_the_documentation_gives() -> None:
    assert SAID.encode() == TEXT.encode()
    assert statements.decode(TEXT.encode()) == SAID
    assert statements.message(SAID.encode()).startswith(b'goedebuur delivery 1\n{"adapter"')


def test_signature_made_by_openssl_is_good_and_over_these_bytes_alone() -> None:
    signed = Signed(TEXT.encode(), bytes.fromhex(BY_OPENSSL))
    assert statements.check(signed.as_leaf("ed25519", VKEY), vkey=VKEY) == SAID
    other = Signed(replace(SAID, reason="x").encode(), signed.value)
    assert code(lambda: statements.check(other.as_leaf("ed25519", VKEY))) == "submission-wrong-signature"
    elsewhere = notes.encode_vkey("bureau.example", bytes(32))
    assert (
        code(lambda: statements.check(signed.as_leaf("ed25519", VKEY), vkey=elsewhere)) == "submission-wrong-signature"
    )


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "\n",
        TEXT.replace('"reason":"",', ""),
        TEXT.replace('"reason":""', '"reason":"","more":""'),
        TEXT.replace("delivery 1", "delivery 2"),
        TEXT.replace('"size":3', '"size":3.0'),
        TEXT.replace('"size":3', '"size":true'),
        TEXT.replace('"size":3', '"size":0'),
        TEXT.replace('"size":3', '"size":-1'),
        TEXT.replace("abab", "ABAB"),
        TEXT.replace('"sites":[]', '"sites":"NL1"'),
        TEXT.replace('"sites":[]', '"sites":[1]'),
        TEXT.replace('"sites":[]', '"sites":["a b"]'),
        TEXT.replace("2019_SO2.csv", "../2019_SO2.csv"),
        TEXT.replace("2019_SO2.csv", ""),
        TEXT.replace("2019_SO2.csv", "a\\nb"),
        TEXT.replace("2019_SO2.csv", "x" * 201),
        TEXT.replace("00:00:00Z", "00:00:00"),
        TEXT.replace("00:00:00Z", "00:00:00+00:00"),
        TEXT.replace("00:00:00Z", "00:00:00.5Z"),
        TEXT.replace("ddeeff", "DDEEFF"),
        TEXT.replace("00112233445566778899aabbccddeeff", "1234"),
        TEXT.replace('"reason":""', '"reason":"' + "x" * 1001 + '"'),
        TEXT.replace('"bureau"', '"bur eau"'),
        TEXT.replace('"bureau"', "null"),
        json.dumps(json.loads(TEXT)),
        "[]",
        "",
        "x" * 9000,
    ],
)
def test_any_other_text_is_no_statement(text: str) -> None:
    assert code(lambda: statements.decode(text.encode())) == "submission-malformed"


def reads_or_refuses(data: bytes) -> bool:
    """Whether the reader gave these bytes back, or refused them as it refuses everything."""
    try:
        return statements.decode(data).encode() == data
    except GoedeBuurError as error:
        return error.code == "submission-malformed"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert reads_or_refuses(data)


PLAIN = st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=("Cs",)))


@given(st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner)))
def test_no_field_of_another_kind_breaks_the_reader(value: Any) -> None:
    for name in json.loads(TEXT):
        body = json.loads(TEXT) | {name: value}
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert reads_or_refuses(text.encode())


def leaf(**changed: Any) -> Leaf:
    about = Leaf(
        kind="observations",
        submitter="bureau",
        adapter="rivm_lml/1",
        received="2026-02-01T00:00:00Z",
        payload={"name": "2019_SO2.csv", "sha256": "ab" * 32, "size": 3},
        signature=Signed(TEXT.encode(), bytes.fromhex(BY_OPENSSL)).as_leaf("ed25519", VKEY),
    )
    return replace(about, **changed)


def test_leaf_alone_shows_what_was_signed_also_after_it_was_written_and_read() -> None:
    read = leaves.decode(leaves.encode(leaf()))
    assert isinstance(read, Leaf)
    assert statements.check_leaf(read, vkey=VKEY) == SAID


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": {"name": "2019_SO2.csv", "sha256": "cd" * 32, "size": 3}},
        {"payload": {"name": "2019_SO2.csv", "sha256": "ab" * 32, "size": 4}},
        {"payload": {"name": "2020_SO2.csv", "sha256": "ab" * 32, "size": 3}},
        {"payload": None},
        {"submitter": "ander"},
        {"adapter": "knmi_uurgeg/1"},
    ],
)
def test_signature_in_a_leaf_about_something_else_is_found_out(changed: dict[str, Any]) -> None:
    assert code(lambda: statements.check_leaf(leaf(**changed))) == "submission-other-leaf"


@pytest.mark.parametrize(
    "signature",
    [None, {}, {"algorithm": "ed25519"}, {"algorithm": 1, "key": VKEY, "statement": TEXT, "value": "AAAA"}],
)
def test_leaf_without_a_whole_signature_shows_nothing(signature: dict[str, Any] | None) -> None:
    assert code(lambda: statements.check_leaf(leaf(signature=signature))) == "submission-malformed"


@pytest.mark.parametrize("algorithm", ["none", "x509-sha1", "x509-ed25519"])
def test_algorithm_that_is_not_known_is_never_good(algorithm: str) -> None:
    signature = Signed(TEXT.encode(), b"x", (b"certificate",)).as_leaf(algorithm)
    if algorithm in statements.CERTIFIED:
        assert statements.check(signature, verify_certified=always) == SAID
        assert code(lambda: statements.check(signature)) == "submission-wrong-signature"
    else:
        assert code(lambda: statements.check(signature, verify_certified=always)) == "submission-wrong-signature"


@pytest.mark.parametrize("chain", [(bytes(4000), bytes(4000)), (b"x",) * 9])
def test_certificates_that_would_not_fit_in_a_leaf_are_refused(chain: tuple[bytes, ...]) -> None:
    assert code(lambda: Signed(TEXT.encode(), b"x", chain)) == "submission-malformed"


def test_longest_statement_and_chain_fit_in_a_leaf_with_all_that_it_may_name() -> None:
    said = replace(SAID, reason="\u20ac" * 1000, method="\u20ac" * 200, name="\u20ac" * 200, sites=("x" * 80,) * 20)
    signed = Signed(said.encode(), bytes(1024), (bytes(3072), bytes(3072)))
    about = leaf(
        payload={"name": said.name, "sha256": said.sha256, "size": 2**53 - 1},
        signature=signed.as_leaf("x509-rsa-pss-sha256"),
        series=tuple(f"NL{n:05d}.wind_speed_10min.10min" for n in range(750)),
        supersedes=tuple(range(10**7, 10**7 + 2000)),
        reason=said.reason,
    )
    leaves.encode(about)
