"""A receipt: with which tree, which inputs, which code and which rules a result was made.

With the receipt anyone redoes the result from a copy of the record, without trusting the host that published it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from goedebuur.core.base import canonical


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a result was made of.

    Parameters
    ----------
    tree_size
        The record as of this many leaves was read.
    root_hash
        Root of the log at that size, hexadecimal; empty where the caller has no log.
    inputs_sha256
        Digest of the digests of the batches that were read, see :func:`inputs_digest`.
    inputs
        How many batches that is.
    code
        Name and version of the program, with the version of the unit conversions.
    rules_sha256
        Digest of the rule tables.
    rules_leaf
        Leaf in which those rule tables are recorded; None when they are those that came with the program and were
        not recorded yet at this tree size.
    """

    tree_size: int
    root_hash: str
    inputs_sha256: str
    inputs: int
    code: str
    rules_sha256: str
    rules_leaf: int | None = None

    def as_record(self) -> dict[str, Any]:
        """Return the receipt as the fields of a leaf's `inputs`."""
        return {
            "code": self.code,
            "inputs": self.inputs,
            "inputs_sha256": self.inputs_sha256,
            "root_hash": self.root_hash,
            "rules_leaf": self.rules_leaf,
            "rules_sha256": self.rules_sha256,
            "tree_size": self.tree_size,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Receipt:
        """Return the receipt in a leaf's `inputs`; fields that this version does not know are left alone."""
        return cls(
            tree_size=record["tree_size"],
            root_hash=record["root_hash"],
            inputs_sha256=record["inputs_sha256"],
            inputs=record["inputs"],
            code=record["code"],
            rules_sha256=record["rules_sha256"],
            rules_leaf=record["rules_leaf"],
        )


def inputs_digest(digests: Iterable[str]) -> str:
    """Return one digest for a set of digests, whatever their order: SHA-256 of the canonical sorted list.

    >>> inputs_digest(["b", "a"]) == inputs_digest(["a", "b", "a"])
    True
    """
    return canonical.sha256(canonical.encode({"inputs": sorted(set(digests))}))
