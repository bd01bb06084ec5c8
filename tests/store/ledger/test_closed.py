"""A closed leaf can be opened by whoever has salt and header, and by nobody once they are erased."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.replay import Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.tree import leaf_hash, verify_inclusion
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.closed import Openings

SIGNER = Ed25519Signer("record.example/log", bytes(32))
SECRET = Leaf("observations", "bureau", "stack/1", "2021-06-01T12:00:00Z", reason="under embargo")


def close(root: Path) -> ClosedLeaf:
    return Openings(root, Recording(root)).close(
        SECRET,
        closed_on="2021-06-01T12:00:00Z",
        opens="2022-06-01",
        role="inspector",
        ground="Woo 5.1(2)(d)",
        randomness=lambda count: bytes(range(count)),
    )


def test_closed_leaf_says_nothing_of_its_header_and_opens_to_it(tmp_path: Path) -> None:
    closed = close(tmp_path)
    assert b"embargo" not in leaves.encode(closed)
    assert Openings(tmp_path).open(closed) == (SECRET, bytes(range(32)))


def test_erased_opening_is_gone_and_the_proof_still_holds(tmp_path: Path) -> None:
    closed = close(tmp_path)
    ledger = Ledger.open(tmp_path, SIGNER, Recording(tmp_path))
    ledger.append([closed])
    openings = Openings(tmp_path, Recording(tmp_path))
    openings.erase(closed.commitment)
    openings.erase(closed.commitment)
    with pytest.raises(GoedeBuurError) as caught:
        openings.open(closed)
    assert caught.value.code == "closed-missing"
    hashed = leaf_hash(leaves.encode(closed))
    assert verify_inclusion(hashed, 0, 1, ledger.inclusion_proof(0), ledger.root_hash())


@pytest.mark.parametrize(
    "change", [(b"embargo", b"embarga"), (b'"salt":"00', b'"salt":"10'), (b"{", b"["), (b"}", b"")]
)
def test_opening_that_was_changed_is_damaged(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    closed = close(tmp_path)
    path = Openings(tmp_path).path(closed.commitment)
    path.write_bytes(path.read_bytes().replace(*change, 1))
    with pytest.raises(GoedeBuurError) as caught:
        Openings(tmp_path).open(closed)
    assert caught.value.code == "closed-damaged"
