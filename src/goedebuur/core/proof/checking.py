"""Checking the proof file of a figure: each step from the published digits to the signature of the log.

What is shown
    the log signed a checkpoint; each leaf is in it; each block of rows is in the batch that its leaf names; the rows
    give the published digits.
What is not shown, and always said
    that the instrument was right; that no later delivery corrects the rows; that there is no other delivery of them
    below the checkpoint; where the key of the log comes from, unless the reader brought it.

Standard library alone: it must run where nothing else is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, MICRO, quantity, ratio
from goedebuur.core.ledger import blocks, ed25519, leaves, notes, proofs
from goedebuur.core.ledger.blocks import Row
from goedebuur.core.ledger.cosignatures import Policy, Verify
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.proofs import PROOF_WRONG
from goedebuur.core.ledger.tree import leaf_hash, verify_inclusion
from goedebuur.core.proof import files
from goedebuur.core.proof.files import MEAN, Claim, FigureProof, Source, said

SIGNED: Final = "signed"
KEY_KNOWN: Final = "key-known"
WITNESSED: Final = "witnessed"
IN_LOG: Final = "in-log"
IN_BATCH: Final = "in-batch"
FIGURE: Final = "figure"
KEY_UNKNOWN: Final = "key-unknown"
NOT_WITNESSED: Final = "not-witnessed"
INSTRUMENT: Final = "instrument"
LATER: Final = "later"
OTHERS: Final = "others"
SIMULATED: Final = "simulated"
SIMULATOR: Final = "simulatie"

Key = tuple[int, int]
"""Start [µs since 1970 UTC] and step [s] of a row."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was shown or cannot be shown: a code of this module, and what its sentence names."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a proof file proves, and what it does not.

    Parameters
    ----------
    claim
        The figure.
    checkpoint
        The state of the log under which it was checked.
    proven, unproven
        In the order of the steps.
    """

    claim: Claim
    checkpoint: Checkpoint
    proven: tuple[Finding, ...]
    unproven: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Verifier:
    """A public key of which signatures are checked by a function that is handed in."""

    vkey: str
    check: Verify

    @property
    def name(self) -> str:
        return notes.decode_vkey(self.vkey)[0]

    def verify(self, signature: bytes, message: bytes) -> bool:
        return self.check(notes.decode_vkey(self.vkey)[1], signature, message)


def check(
    data: bytes, *, vkey: str | None = None, policy: Policy | None = None, verify: Verify = ed25519.verify
) -> Report:
    """Return what a proof file shows, after every step of it held.

    Parameters
    ----------
    data
        The file.
    vkey
        Public key of the log as the reader knows it from elsewhere. Without it the key in the file is used, and the
        report says that it is not known whose it is.
    policy
        Whose cosignatures count and how many are asked for; none without it.
    verify
        The mathematics of Ed25519.

    Raises
    ------
    GoedeBuurError
        At the first step that does not hold: `proof-malformed`, `note-malformed`, `note-unsigned`, `leaf-unreadable`,
        `leaf-block-unreadable`, `proof-wrong`, `proof-unwitnessed`, `input-quantity`, `input-unit`.
    """
    proof = files.parse(data)
    if vkey is not None and proof.vkey != vkey:
        raise _wrong("The file was made for another log than the one whose key was given.", "log", proof.vkey)
    if not proof.sources:
        raise _wrong("The file names no delivery.", "sources", "")
    policy = policy or Policy(0)
    log = _Verifier(proof.vkey, verify)
    proven: list[Finding] = []
    rows: dict[Key, Row] = {}
    checkpoints: dict[bytes, Checkpoint] = {}
    simulated = False
    last = -1
    for at, source in enumerate(proof.sources):
        shown = proofs.verify(proofs.parse(source.proof), source.leaf, log, policy, verify)
        if shown.index <= last:
            raise _wrong("The deliveries are not in the order of the log.", f"sources[{at}]", str(shown.index))
        last = shown.index
        checkpoints[shown.checkpoint.root] = shown.checkpoint
        leaf = leaves.decode(source.leaf)
        if not isinstance(leaf, Leaf):
            raise _wrong("The delivery is closed: it shows no rows.", f"leaf {shown.index}", "")
        simulated = simulated or leaf.submitter == SIMULATOR
        proven += [_in_log(leaf, shown.index)]
        if shown.standing.cosigned and at == 0:
            names = ", ".join(one.name for one in shown.standing.cosigned)
            proven.insert(0, Finding(WITNESSED, {"names": names}))
        rows |= _rows(source, leaf, shown.index, proof.claim)
        proven.append(Finding(IN_BATCH, {"index": str(shown.index), "count": str(len(source.parts))}))
    if len(checkpoints) != 1:
        raise _wrong("The deliveries are proven under different checkpoints.", "sources", str(len(checkpoints)))
    checkpoint = next(iter(checkpoints.values()))
    signed = Finding(SIGNED, {"origin": checkpoint.origin, "size": str(checkpoint.size), "root": checkpoint.root.hex()})
    known = [Finding(KEY_KNOWN, {"key": proof.vkey})] if vkey is not None else []
    proven = [signed, *known, *proven, _figure(proof.claim, rows)]
    witnessed = any(one.code == WITNESSED for one in proven)
    return Report(proof.claim, checkpoint, tuple(proven), tuple(_unproven(proof, vkey, witnessed, simulated)))


def _in_log(leaf: Leaf, index: int) -> Finding:
    payload = leaf.payload if isinstance(leaf.payload, Mapping) else {}
    values = {
        "index": str(index),
        "submitter": leaf.submitter,
        "received": leaf.received,
        "name": str(payload.get("name", "")),
        "sha256": str(payload.get("sha256", "")),
        "reason": leaf.reason,
    }
    return Finding(IN_LOG, values)


def _unproven(proof: FigureProof, vkey: str | None, witnessed: bool, simulated: bool) -> Iterable[Finding]:
    if simulated:
        yield Finding(SIMULATED)
    if vkey is None:
        yield Finding(KEY_UNKNOWN, {"key": proof.vkey})
    if not witnessed:
        yield Finding(NOT_WITNESSED)
    yield Finding(INSTRUMENT)
    yield Finding(LATER)
    yield Finding(OTHERS)


def _rows(source: Source, leaf: Leaf, index: int, claim: Claim) -> dict[Key, Row]:
    """Return the rows of the claim's series in the blocks of one leaf, each block after it was found in its batch."""
    try:
        root = bytes.fromhex((leaf.batch or {})["blocks"])
    except (KeyError, TypeError, ValueError):
        raise _wrong("The delivery was logged without blocks of rows.", f"leaf {index}", "") from None
    found: dict[Key, Row] = {}
    for part in source.parts:
        place = f"leaf {index}, block {part.index} of {part.size}"
        if not verify_inclusion(leaf_hash(part.text), part.index, part.size, part.path, root):
            raise _wrong("These rows are not in the batch that the delivery names.", place, leaf_hash(part.text).hex())
        block = blocks.parse(part.text)
        if block.series != claim.series:
            raise _wrong("These rows are of another series.", place, block.series)
        found |= {(row.start, row.step): row for row in block.rows}
    if not found:
        raise _wrong("The file shows no rows of this delivery.", f"leaf {index}", "")
    return found


def _figure(claim: Claim, rows: Mapping[Key, Row]) -> Finding:
    if claim.kind == MEAN:
        figure, unit, count = _mean(claim, rows)
    else:
        row = rows.get((claim.start, claim.step))
        if row is None:
            raise _wrong("No row of this time is in the deliveries.", claim.series, said(claim.start))
        figure, unit, count = as_text(row.value, row.decimals), row.unit, 1
        if claim.end - claim.start != claim.step * MICRO:
            raise _wrong("The claim does not end one step after it starts.", claim.series, said(claim.end))
    if (figure, unit, count) != (claim.figure, claim.unit, claim.count):
        raise _wrong(
            f"The rows give {figure} {unit} of {count}, not what is claimed.",
            f"{claim.series} from {said(claim.start)}",
            f"{claim.figure} {claim.unit} of {claim.count}",
        )
    return Finding(FIGURE, {"figure": figure, "unit": unit, "count": str(count)})


def _mean(claim: Claim, rows: Mapping[Key, Row]) -> tuple[str, str, int]:
    """Return the mean of the usable values in the period, six decimals in the canonical unit, and how many they are."""
    name = claim.series.split(".")[1] if claim.series.count(".") > 1 else ""
    total, count = Fraction(0), 0
    for (start, step), row in rows.items():
        if step != claim.step or not claim.start <= start < claim.end or row.value is None or row.flags & UNUSABLE:
            continue
        numerator, denominator = ratio(name, row.unit)
        total += Fraction(row.value * numerator * MICRO, denominator * 10**row.decimals)
        count += 1
    if not count or total.denominator != 1:
        raise _wrong("The rows of this period give no mean.", claim.series, f"{count} values")
    mean = round_half_away(total.numerator, count, CANONICAL_DECIMALS)
    return as_text(mean, CANONICAL_DECIMALS), quantity(name).unit, count


def _wrong(message: str, place: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        PROOF_WRONG,
        message,
        place=place,
        value=value,
        hint="Ask for the proof again. If it stays wrong, keep the file: it shows that something was changed.",
    )
