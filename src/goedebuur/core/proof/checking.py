"""Checking the proof file of a figure: each step from the published digits to the signature of the log.

What is shown
    the log signed a checkpoint; each leaf is in it; each block of rows is in the batch that its leaf names; the rows
    give the published digits. Of a verdict also: the rules are those of their leaves; rows and rules give the verdict
    in every field; it is in the batch of the leaf under which it was published, made with the same rules.
What is not shown, and always said
    that the instrument was right; that a rule says what the law says; that no later delivery corrects the rows, and no
    later leaf the rules or the verdict; that there is no other delivery of them below the checkpoint; where the key of
    the log comes from, unless the reader brought it.

Standard library alone: it must run where nothing else is installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, MICRO, quantity, ratio
from goedebuur.core.compliance import wording
from goedebuur.core.ledger import blocks, ed25519, leaves, notes, proofs
from goedebuur.core.ledger.blocks import Row
from goedebuur.core.ledger.cosignatures import Policy, Verify
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.notes import Checkpoint
from goedebuur.core.ledger.proofs import Proven
from goedebuur.core.ledger.tree import leaf_hash, verify_inclusion
from goedebuur.core.proof import files, judging
from goedebuur.core.proof import hours as by_hand
from goedebuur.core.proof.files import AVERAGE, MEAN, Claim, FigureProof, Part, Source, VerdictClaim, said
from goedebuur.core.proof.hours import Key
from goedebuur.core.proof.refusing import wrong

SIGNED: Final = "signed"
KEY_KNOWN: Final = "key-known"
WITNESSED: Final = "witnessed"
IN_LOG: Final = "in-log"
IN_BATCH: Final = "in-batch"
FIGURE: Final = "figure"
RULE: Final = "rule"
PUBLISHED: Final = "published"
VERDICT: Final = "verdict"
KEY_UNKNOWN: Final = "key-unknown"
NOT_WITNESSED: Final = "not-witnessed"
NO_WITNESSES: Final = "no-witnesses"
WITNESS_MISSING: Final = "witness-missing"
READING: Final = "reading"
INSTRUMENT: Final = "instrument"
LATER: Final = "later"
OTHERS: Final = "others"
LAW: Final = "law"
NOT_PUBLISHED: Final = "not-published"
NEWER_RULES: Final = "newer-rules"
NOT_USABLE: Final = "not-usable"
SIMULATED: Final = "simulated"
SIMULATOR: Final = "simulatie"


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

    claim: Claim | VerdictClaim
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
        raise wrong("The file was made for another log than the one whose key was given.", "log", proof.vkey)
    if not proof.sources:
        raise wrong("The file names no delivery.", "sources", "")
    walk = _Walk(_Verifier(proof.vkey, verify), policy or Policy(0))
    rows: dict[Key, Row] = {}
    for at, source in enumerate(proof.sources):
        leaf, index = walk.logged(source, f"sources[{at}]")
        shown = _rows(source, leaf, index, proof.claim.series)
        walk.simulated = walk.simulated or any(row.flags & Flag.SIMULATED for row in shown.values())
        rows |= shown
        walk.proven.append(Finding(IN_BATCH, {"index": str(index), "count": str(len(source.parts))}))
    if isinstance(proof.claim, VerdictClaim):
        found = _verdict(proof, proof.claim, rows, walk)
        checkpoint = walk.checkpoint()
    else:
        checkpoint = walk.checkpoint()
        found = [_figure(proof.claim, rows)]
        walk.usable = proof.claim.kind != files.VALUE or not rows[proof.claim.start, proof.claim.step].flags & UNUSABLE
    signed = Finding(SIGNED, {"origin": checkpoint.origin, "size": str(checkpoint.size), "root": checkpoint.root.hex()})
    known = [Finding(KEY_KNOWN, {"key": proof.vkey})] if vkey is not None else []
    proven = (signed, *known, *walk.witnessed(), *walk.proven, *found)
    return Report(proof.claim, checkpoint, proven, tuple(_unproven(proof, vkey, walk)))


@dataclass(slots=True)
class _Walk:
    """The way along the leaves of a file: what was found of them, and under which checkpoints."""

    log: _Verifier
    policy: Policy
    proven: list[Finding] = field(default_factory=list)
    checkpoints: dict[bytes, Checkpoint] = field(default_factory=dict)
    witnesses: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    others: int = 0
    simulated: bool = False
    usable: bool = True
    law: Finding | None = None
    last: int = -1

    def logged(self, source: Source, place: str) -> tuple[Leaf, int]:
        """Return a leaf and its number, after it was found in the log."""
        shown = proofs.verify(proofs.parse(source.proof), source.leaf, self.log, self.policy, self.log.check)
        if shown.index <= self.last:
            raise wrong("The deliveries are not in the order of the log.", place, str(shown.index))
        self.last = shown.index
        if not self.checkpoints:
            self._see(shown, source)
        self.checkpoints[shown.checkpoint.root] = shown.checkpoint
        leaf = leaves.decode(source.leaf)
        if not isinstance(leaf, Leaf):
            raise wrong("The delivery is closed: it shows no rows.", f"leaf {shown.index}", "")
        self.simulated = self.simulated or leaf.submitter == SIMULATOR
        if leaf.kind != "result":  # it has no file; where a verdict is published is said with it
            self.proven.append(_in_log(leaf, shown.index))
        return leaf, shown.index

    def _see(self, shown: Proven, source: Source) -> None:
        """Keep who cosigned the checkpoint: all leaves are under the same one, so the first of them tells."""
        self.witnesses = tuple(one.name for one in shown.standing.cosigned)
        self.missing = tuple(vkey.split("+")[0] for vkey in shown.standing.missing)
        lines = notes.parse_note(proofs.parse(source.proof).checkpoint).signatures
        self.others = sum(line.name != self.log.name for line in lines)

    def checkpoint(self) -> Checkpoint:
        """Return the one checkpoint under which all leaves were found."""
        if len(self.checkpoints) != 1:
            raise wrong("The deliveries are proven under different checkpoints.", "sources", str(len(self.checkpoints)))
        return next(iter(self.checkpoints.values()))

    def witnessed(self) -> list[Finding]:
        return [Finding(WITNESSED, {"names": ", ".join(self.witnesses)})] if self.witnesses else []


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


def _unproven(proof: FigureProof, vkey: str | None, walk: _Walk) -> Iterable[Finding]:
    if walk.simulated:
        yield Finding(SIMULATED)
    if not walk.usable:
        yield Finding(NOT_USABLE)
    if vkey is None:
        yield Finding(KEY_UNKNOWN, {"key": proof.vkey})
    if not walk.policy.witnesses:
        yield Finding(NO_WITNESSES, {"count": str(walk.others)})
    elif not walk.witnesses:
        yield Finding(NOT_WITNESSED, {"names": ", ".join(walk.missing)})
    elif walk.missing:
        yield Finding(WITNESS_MISSING, {"names": ", ".join(walk.missing)})
    if walk.law is not None:
        yield walk.law
        if proof.result is None:
            yield Finding(NOT_PUBLISHED)
        yield Finding(NEWER_RULES)
    yield Finding(READING)
    yield Finding(INSTRUMENT)
    yield Finding(LATER)
    yield Finding(OTHERS)


def _verdict(proof: FigureProof, claim: VerdictClaim, rows: Mapping[Key, Row], walk: _Walk) -> list[Finding]:
    """Return what is shown of a verdict: its rule, where it was published, and that it follows from rows and rule."""
    tables = judging.Tables()
    walk.last = -1
    for at, source in enumerate(proof.rules):
        leaf, index = walk.logged(source, f"rules[{at}]")
        lines, root = _lines(source, leaf, index)
        tables.add(leaf, index, lines, root)
    book, index = tables.book(claim.rule)
    told = []
    if proof.result is not None:
        walk.last = -1
        leaf, at = walk.logged(proof.result, "result")
        lines, _ = _lines(proof.result, leaf, at)
        told = [Finding(PUBLISHED, judging.published(claim, leaf, at, lines, book.sha256))]
    verdict = judging.conclude(claim, rows, book)
    rule = book.rule(claim.rule)
    assert rule is not None  # the book was made for it
    names = {"rule": rule.id, "limit": rule.measure.value, "unit": rule.measure.unit, "article": rule.article}
    status, outcome = wording.STATUSES[rule.status], wording.outcome(verdict)
    walk.law = Finding(LAW, names | {"status_nl": status.nl, "status_en": status.en})
    said = {
        "outcome_nl": outcome.nl,
        "outcome_en": outcome.en,
        "reason_nl": verdict.reason,
        "reason_en": verdict.reason_en,
    }
    return [Finding(RULE, names | {"index": str(index)}), *told, Finding(VERDICT, said)]


def _root(leaf: Leaf, index: int) -> bytes:
    try:
        return bytes.fromhex((leaf.batch or {})["blocks"])
    except (KeyError, TypeError, ValueError):
        raise wrong("The delivery was logged without blocks of rows.", f"leaf {index}", "") from None


def _part(part: Part, root: bytes, index: int) -> str:
    """Return the place of a block, after it was found in the batch of its leaf."""
    place = f"leaf {index}, block {part.index} of {part.size}"
    if not verify_inclusion(leaf_hash(part.text), part.index, part.size, part.path, root):
        raise wrong("These rows are not in the batch that the delivery names.", place, leaf_hash(part.text).hex())
    return place


def _lines(source: Source, leaf: Leaf, index: int) -> tuple[list[bytes], bytes]:
    """Return the lines of records that are in the batch of one leaf, and the root of that batch."""
    root = _root(leaf, index)
    for part in source.parts:
        _part(part, root, index)
    return [part.text for part in source.parts], root


def _rows(source: Source, leaf: Leaf, index: int, series: str) -> dict[Key, Row]:
    """Return the rows of a series in the blocks of one leaf, each block after it was found in its batch."""
    root = _root(leaf, index)
    found: dict[Key, Row] = {}
    for part in source.parts:
        place = _part(part, root, index)
        block = blocks.parse(part.text)
        if block.series != series:
            raise wrong("These rows are of another series.", place, block.series)
        found |= {(row.start, row.step): row for row in block.rows}
    if not found:
        raise wrong("The file shows no rows of this delivery.", f"leaf {index}", "")
    return found


def _figure(claim: Claim, rows: Mapping[Key, Row]) -> Finding:
    if claim.kind == MEAN:
        figure, unit, count = _mean(claim, rows)
    elif claim.kind == AVERAGE:
        figure, unit, count = _average(claim, rows)
    else:
        row = rows.get((claim.start, claim.step))
        if row is None:
            raise wrong("No row of this time is in the deliveries.", claim.series, said(claim.start))
        figure, unit, count = as_text(row.value, row.decimals), row.unit, 1
        if claim.end - claim.start != claim.step * MICRO:
            raise wrong("The claim does not end one step after it starts.", claim.series, said(claim.end))
    if (figure, unit, count) != (claim.figure, claim.unit, claim.count):
        raise wrong(
            f"The rows give {figure} {unit} of {count}, not what is claimed.",
            f"{claim.series} from {said(claim.start)}",
            f"{claim.figure} {claim.unit} of {claim.count}",
        )
    return Finding(FIGURE, {"figure": figure, "unit": unit, "count": str(count)})


def _average(claim: Claim, rows: Mapping[Key, Row]) -> tuple[str, str, int]:
    """Return the mean of the hours in the period, or a percentile of them, and how many hours there are."""
    name = _quantity(claim)
    expected = (claim.end - claim.start) // (files.HOUR * MICRO)
    if claim.expected != expected:
        raise wrong(f"The period has {expected} hours, not what is claimed.", claim.series, str(claim.expected))
    try:
        hours = by_hand.hours(by_hand.values(rows, name, claim.start, claim.end), (0, 1))
    except ValueError:
        hours = []
    if not hours:
        raise wrong("The rows of this period give no mean.", claim.series, "0 values")
    if claim.percentile is None:
        figure = round_half_away(sum(hour.micro for hour in hours), len(hours), CANONICAL_DECIMALS)
    else:
        figure = by_hand.ranked([hour.micro for hour in hours], claim.percentile)
    return as_text(figure, CANONICAL_DECIMALS), quantity(name).unit, len(hours)


def _quantity(claim: Claim) -> str:
    return claim.series.split(".")[1] if claim.series.count(".") > 1 else ""


def _mean(claim: Claim, rows: Mapping[Key, Row]) -> tuple[str, str, int]:
    """Return the mean of the usable values in the period, six decimals in the canonical unit, and how many they are."""
    name = _quantity(claim)
    total, count = Fraction(0), 0
    for (start, step), row in rows.items():
        if step != claim.step or not claim.start <= start < claim.end or row.value is None or row.flags & UNUSABLE:
            continue
        numerator, denominator = ratio(name, row.unit)
        total += Fraction(row.value * numerator * MICRO, denominator * 10**row.decimals)
        count += 1
    if not count or total.denominator != 1:
        raise wrong("The rows of this period give no mean.", claim.series, f"{count} values")
    mean = round_half_away(total.numerator, count, CANONICAL_DECIMALS)
    return as_text(mean, CANONICAL_DECIMALS), quantity(name).unit, count
