"""Proof files made by hand, of a log of our own: what a log's owner could hand out, good or bad."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.services.deliveries import SIGNER

from goedebuur.core.ledger import leaves, notes
from goedebuur.core.ledger.blocks import of_lines
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.core.ledger.tree import Tree, leaf_hash
from goedebuur.core.proof.files import Claim, FigureProof, Part, Source
from goedebuur.store.keys import Ed25519Signer

SERIES = "NL90001.so2.1h"
HOUR = 3_600_000_000
"""Of microseconds."""
START = 1_546_297_200_000_000
"""2018-12-31T23:00:00Z, the first hour of 2019 on CET."""
STRANGER = Ed25519Signer("example.org/elders", bytes(range(1, 33)))
LEAF = Leaf(
    kind="observations",
    submitter="rivm",
    adapter="rivm_lml/1",
    received="2020-02-01T09:00:00Z",
    payload={"name": "2019_SO2.csv", "sha256": "ab" * 32, "size": 1},
    series=(SERIES,),
)


def row(n: int, value: str, decimals: str = "1", unit: str = "µg/m³", flags: str = "0", remark: str = "") -> str:
    """Return the line of the n-th hour."""
    return f"{START + n * HOUR}\t3600\t{value}\t{decimals}\t{unit}\t{flags}\t{remark}"


def block(rows: Sequence[str], series: str = SERIES) -> str:
    """Return a block of these lines."""
    return "\n".join(["goedebuur block 1", series, "2019-01", *rows, ""])


def claim(figure: str, count: int = 1, unit: str = "µg/m³", **changed: Any) -> Claim:
    """Return the claim of a value of the first hour, or of a mean of the first hundred."""
    kind = "value" if count == 1 else "mean"
    hours = 1 if kind == "value" else 100
    return dataclasses.replace(Claim(kind, SERIES, START, START + hours * HOUR, 3600, figure, unit, count), **changed)


def proof(
    said: Claim,
    *deliveries: str,
    leaf: Callable[[Leaf], Leaf | ClosedLeaf | bytes] = lambda leaf: leaf,
    checkpoint: Callable[[Checkpoint], str] = Checkpoint.as_text,
    signer: notes.Signer = SIGNER,
) -> bytes:
    """Return the proof file of a claim from deliveries of one block each, all steps of it in order."""
    log, made = Tree(), []
    log.append(leaf_hash(b"another leaf"))
    for text in deliveries:
        blocks = of_lines([b"another block", text.encode(), b"a third"])
        found = leaf(dataclasses.replace(LEAF, batch={"blocks": blocks.root().hex(), "rows": 1}))
        data = found if isinstance(found, bytes) else leaves.encode(found)
        log.append(leaf_hash(data))
        made.append((data, Part(1, 3, tuple(blocks.inclusion_proof(1)), text.encode())))
    note = notes.sign(checkpoint(Checkpoint(signer.name, log.size, log.root())), signer)
    sources = tuple(
        Source(data, TlogProof(at, tuple(log.inclusion_proof(at)), note).encode(), (part,))
        for at, (data, part) in enumerate(made, 1)
    )
    return FigureProof(said, signer.vkey, "a test", sources).encode()


def changed(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a proof file after a change of what is in it."""
    body = json.loads(data)
    change(body)
    return json.dumps(body, ensure_ascii=False).encode()


def swapped(data: bytes, old: str, new: str) -> bytes:
    """Return a proof file with the first occurrence of a text replaced."""
    text = data.decode()
    assert old in text, old
    return text.replace(old, new, 1).encode()


def without(fields: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return fields but for one."""
    return {key: value for key, value in fields.items() if key != name}
