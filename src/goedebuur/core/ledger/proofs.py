"""A proof in one file: that a leaf is in the log, that the log signed it, and who witnessed that. Checked offline.

    c2sp.org/tlog-proof@v1
    extra BASE64                  only where there is extra data
    index NUMBER
    BASE64                        the hashes from the leaf's sibling up to the root's child
    (empty line)
    the checkpoint, as it was signed and cosigned

The leaf itself is not in the file: whoever checks has it, or makes it from what they hold. Extra data is not covered by
any signature and is never believed.

References
----------
C2SP tlog-proof, "Format"; rfc-6962, section 2.1.1
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import cosignatures, notes
from goedebuur.core.ledger.cosignatures import Policy, Standing, Verify
from goedebuur.core.ledger.notes import Checkpoint, Verifier
from goedebuur.core.ledger.tree import HASH_BYTES, leaf_hash, verify_inclusion

PROOF_MALFORMED: Final = declare("proof-malformed", "A proof is not in the form that proofs have.")
PROOF_WRONG: Final = declare("proof-wrong", "A proof does not show what it is given for.")
PROOF_UNWITNESSED: Final = declare("proof-unwitnessed", "Fewer witnesses cosigned than the reader asks for.")

HEADING: Final = "c2sp.org/tlog-proof@v1"
SUFFIX: Final = ".tlog-proof"
MAX_HASHES: Final = 63
MAX_PROOF_BYTES: Final = 2 * notes.MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class TlogProof:
    """What a proof file holds; nothing of it is verified yet.

    Parameters
    ----------
    index
        Number of the leaf.
    path
        The hashes that lead from the leaf to the root.
    checkpoint
        The signed checkpoint, with cosignatures where it has any.
    extra
        Bytes beside the proof, of meaning to the application alone; None where there are none.
    """

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        extra = [] if self.extra is None else [f"extra {_base64(self.extra)}"]
        lines = [HEADING, *extra, f"index {self.index}", *map(_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof that holds has shown.

    Parameters
    ----------
    checkpoint
        The state of the log in which the leaf is.
    index
        The number of the leaf.
    standing
        Who witnessed that state.
    """

    checkpoint: Checkpoint
    index: int
    standing: Standing


def parse(data: bytes) -> TlogProof:
    """Return what is in a proof file.

    Raises
    ------
    GoedeBuurError
        `proof-malformed`, `note-malformed`.
    """
    head, gap, checkpoint = data.partition(b"\n\n")
    try:
        if not gap or len(data) > MAX_PROOF_BYTES:
            raise ValueError("no checkpoint, or too large")
        lines = head.decode("ascii").split("\n")
        if lines.pop(0) != HEADING:
            raise ValueError("another heading")
        extra = _unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        named, _, number = lines.pop(0).partition(" ") if lines else ("", "", "")
        path = tuple(map(_unbase64, lines))
        if named != "index" or len(path) > MAX_HASHES or any(len(one) != HASH_BYTES for one in path):
            raise ValueError("no index, or lines that are no hashes")
        proof = TlogProof(notes.parse_number(number), path, checkpoint, extra)
    except ValueError as error:
        raise GoedeBuurError(
            PROOF_MALFORMED,
            "This is not a proof from a log.",
            value=repr(data[:60]),
            hint="Take the file as it was downloaded, whole.",
        ) from error
    notes.parse_note(checkpoint)
    return proof


def verify(
    proof: TlogProof, leaf: bytes, log: Verifier, policy: Policy, check: Verify, *, now: int | None = None
) -> Proven:
    """Return what the proof shows of these bytes of a leaf.

    Parameters
    ----------
    leaf
        The bytes of the leaf as they are in the log.
    log
        The public key of the log, from elsewhere than the proof.
    policy
        Whose cosignatures count, and how many are enough.
    check
        The mathematics of Ed25519, for the cosignatures.
    now
        Cosignatures of later than this do not count. [s since 1970]

    Raises
    ------
    GoedeBuurError
        `note-malformed`, `note-unsigned` where the checkpoint is not of this log; `proof-wrong` where the leaf is not
        in it at this place; `proof-unwitnessed` where too few cosigned.
    """
    checkpoint = notes.parse_checkpoint(notes.open_note(proof.checkpoint, log))
    if checkpoint.origin != log.name:
        raise GoedeBuurError(
            PROOF_WRONG, "The checkpoint is that of another log.", place="checkpoint", value=checkpoint.origin
        )
    if not verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise GoedeBuurError(
            PROOF_WRONG,
            "This leaf is not at this place in the log that the checkpoint signs.",
            place=f"leaf {proof.index} of {checkpoint.size}",
            value=leaf_hash(leaf).hex(),
            hint="Check that the proof and what it is about belong together; one of them was changed.",
        )
    standing = cosignatures.check(proof.checkpoint, policy, check, now=now)
    if not standing.enough:
        raise GoedeBuurError(
            PROOF_UNWITNESSED,
            f"{len(standing.cosigned)} witnesses cosigned this checkpoint; {policy.needed} are asked for.",
            place=f"the checkpoint of {checkpoint.size} leaves",
            value=", ".join(vkey.split("+")[0] for vkey in standing.missing),
            hint="Ask for a proof under a later checkpoint, or decide to do with fewer witnesses.",
        )
    return Proven(checkpoint, proof.index, standing)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if _base64(data) != text:
        raise ValueError("not the one form of these bytes")
    return data
