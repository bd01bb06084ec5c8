"""A closed leaf can be opened by whoever has its folder, and by nobody once that is erased."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.store.replay import Recording

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger import leaves
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.tree import leaf_hash, verify_inclusion
from goedebuur.store.keys import Ed25519Signer
from goedebuur.store.ledger import Ledger
from goedebuur.store.ledger.closed import OPENING, Openings

SIGNER = Ed25519Signer("record.example/log", bytes(32))
DATA = b"under embargo"


def close(root: Path) -> ClosedLeaf:
    openings = Openings(root, Recording(root))
    sha = openings.begin().put_payload(DATA)
    payload = {"name": "closed", "sha256": sha, "size": len(DATA)}
    return openings.close(
        Leaf("observations", "bureau", "stack/1", "2021-06-01T12:00:00Z", payload, reason="embargo"),
        closed_on="2021-06-01T12:00:00Z",
        opens="2022-06-01",
        role="inspector",
        ground="Woo 5.1(2)(d)",
        randomness=lambda count: bytes(range(count)),
    )


def test_closed_leaf_says_nothing_of_its_header_and_opens_to_it(tmp_path: Path) -> None:
    closed = close(tmp_path)
    assert b"embargo" not in leaves.encode(closed)
    held = Openings(tmp_path).open(closed)
    assert held.header.reason == "embargo"
    assert held.salt == bytes(range(32))
    assert held.header.payload is not None
    assert held.evidence.payload(held.header.payload["sha256"]) == DATA


def test_closed_folder_is_its_owners_alone(tmp_path: Path) -> None:
    closed = close(tmp_path)
    folder = Openings(tmp_path).folder(closed.commitment)
    assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / OPENING).stat().st_mode) == 0o600


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
    assert not [path for path in (tmp_path / "closed").rglob("*") if path.is_file()]
    hashed = leaf_hash(leaves.encode(closed))
    assert verify_inclusion(hashed, 0, 1, ledger.inclusion_proof(0), ledger.root_hash())


@pytest.mark.parametrize(
    "change",
    [(b"embargo", b"embarga"), (b'"salt":"00', b'"salt":"10'), (b"{", b"["), (b"}", b""), (b'"salt"', b' "salt"')],
)
def test_opening_that_was_changed_is_damaged(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    closed = close(tmp_path)
    path = Openings(tmp_path).folder(closed.commitment) / OPENING
    path.write_bytes(path.read_bytes().replace(*change, 1))
    with pytest.raises(GoedeBuurError) as caught:
        Openings(tmp_path).open(closed)
    assert caught.value.code == "closed-damaged"


def test_content_that_was_changed_or_taken_away_is_damaged(tmp_path: Path) -> None:
    closed = close(tmp_path)
    (path,) = (p for p in (tmp_path / "closed").rglob("payloads/*/*") if p.is_file())
    for act in (lambda: path.write_bytes(b"over embargo!"), path.unlink):
        act()
        with pytest.raises(GoedeBuurError) as caught:
            Openings(tmp_path).open(closed)
        assert caught.value.code == "closed-damaged"
