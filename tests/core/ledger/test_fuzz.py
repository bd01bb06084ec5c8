"""Whatever comes from outside, a parser of the log gives what it says or an error that says what is wrong.

Bytes at random, and valid ones with a few changes: bits, cuts, repeats, numbers and nesting beyond all measure.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.ledger.published import Published
from tests.core.ledger.test_cosignatures import CHECKPOINT, GARDEN, REMORA
from tests.core.ledger.test_notes import NOTE, SPEC_NOTE, SPEC_VKEY, VKEY
from tests.core.ledger.test_proofs import LOG, POLICY, VERIFIER, made

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import cosignatures, leaves, notes, promises, proofs, segments, tiles
from goedebuur.core.ledger.audit import audit
from goedebuur.core.ledger.cosignatures import Policy
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.tile_tree import TileTree
from goedebuur.store.keys import verify

GOLDEN = sorted(Path(__file__).with_name("golden").iterdir())
LOGGED = Published(600)
PROOF, LEAF = made(extra=b"beside")
ENTRY = segments.Entry(7, "sim", "mqtt/1", "name", "2021-06-01T12:00:00Z", "2021-06-01T13:00:00Z", b"bytes")
PROMISE = Promise("record.example/log", 42, "ab" * 32, "2021-06-01T12:00:00Z", "2021-06-01T13:00:00Z")
NASTY = [
    b"\n",
    b"\n\n",
    b"\x00",
    b"\xff",
    b"+",
    b" ",
    b"=",
    b"9" * 5000,
    b"[" * 3000,
    b'{"a":' * 3000,
    b"1.5",
    b"1e999",
]
NASTY += [b'"\\ud800"', "\u2014 ".encode(), "\u0660".encode(), b"-1", b"null", b"true", b"\xff\xff", b"\x00\x00"]


@st.composite
def altered(draw: st.DrawFn, samples: list[bytes]) -> bytes:
    """Draw a valid input with up to five changes."""
    data = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(data)))
        to = draw(st.integers(at, min(len(data), at + 40)))
        piece = draw(st.one_of(st.just(b""), st.just(data[at:to] * 2), st.sampled_from(NASTY), st.binary(max_size=9)))
        data = data[:at] + piece + data[to:]
    return data


def inputs(*samples: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(st.binary(max_size=400), altered(list(samples)))


def as_text(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda data: parse(data.decode(errors="surrogateescape"))


def verified_proof(data: bytes) -> object:
    return proofs.verify(proofs.parse(data), LEAF, VERIFIER, POLICY, verify)


PARSERS: dict[str, tuple[Callable[[bytes], Any], tuple[bytes, ...]]] = {
    "note": (notes.parse_note, (NOTE, SPEC_NOTE, CHECKPOINT)),
    "opened note": (lambda data: notes.open_note(data, VERIFIER), (PROOF.checkpoint, NOTE)),
    "signature": (as_text(notes.parse_signature), tuple(CHECKPOINT.split(b"\n")[4:-1])),
    "checkpoint": (as_text(notes.parse_checkpoint), (LOGGED.checkpoint().as_text().encode(),)),
    "checkpoint with more": (
        as_text(lambda text: notes.parse_checkpoint(text, extensions=True)),
        (LOGGED.checkpoint().as_text().encode() + b"more\n",),
    ),
    "key": (as_text(notes.decode_vkey), (VKEY.encode(), SPEC_VKEY.encode(), LOG.vkey.encode())),
    "key of a witness": (as_text(lambda text: Policy(1, (text,))), (REMORA.encode(), GARDEN.encode())),
    "cosignatures": (lambda data: cosignatures.check(data, Policy(1, (REMORA, GARDEN)), verify), (CHECKPOINT,)),
    "promise": (as_text(promises.parse_promise), (PROMISE.as_text().encode(),)),
    "leaf": (leaves.decode, tuple(path.read_bytes() for path in GOLDEN)),
    "segment": (segments.parse, (segments.encode(ENTRY), segments.encode(ENTRY) * 3)),
    "name of a tile": (as_text(tiles.parse_path), (b"tile/0/x001/234.p/5", b"tile/entries/000")),
    "bundle": (tiles.parse_bundle, (tiles.encode_bundle([b"", b"abc", b"x" * 300]),)),
    "proof": (proofs.parse, (PROOF.encode(),)),
    "verified proof": (verified_proof, (PROOF.encode(),)),
}


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_parser_gives_a_result_or_an_error_of_ours(name: str, data: st.DataObject) -> None:
    parse, samples = PARSERS[name]
    given_bytes = data.draw(inputs(*samples))
    with suppress(GoedeBuurError):
        parse(given_bytes)


@pytest.mark.parametrize("name", PARSERS)
def test_parser_takes_what_is_valid(name: str) -> None:
    parse, samples = PARSERS[name]
    if name != "opened note":
        for one in samples:
            parse(one)


@settings(max_examples=250, deadline=None)
@given(inputs(b'{"a":1,"b":["c",null]}'))
def test_canonical_records_are_read_or_refused_with_a_value_error(data: bytes) -> None:
    with suppress(ValueError):
        assert canonical.encode(canonical.decode(data)) == data


@pytest.mark.parametrize("data", [b'{"a":' * 100_000, b"[" * 65_535, b'{"a":1.5}', b'{"a":' + b"9" * 5000 + b"}"])
def test_leaf_that_no_reader_could_hold_is_refused(data: bytes) -> None:
    with pytest.raises(GoedeBuurError) as caught:
        leaves.decode(data)
    assert caught.value.code == "leaf-unreadable"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_tiles_of_whatever_bytes_are_refused_and_named(data: st.DataObject) -> None:
    files = dict(LOGGED.files)
    path = data.draw(st.sampled_from(sorted(files)))
    files[path] = data.draw(inputs(files[path]))
    if files[path] == LOGGED.files[path]:
        return

    def read(name: str) -> bytes:
        if name not in files:
            raise FileNotFoundError(name)
        return files[name]

    assert path in [fault.path for fault in audit(read, LOGGED.checkpoint())]
    with pytest.raises(GoedeBuurError):
        TileTree(read, LOGGED.checkpoint()).entries(0, 600)
