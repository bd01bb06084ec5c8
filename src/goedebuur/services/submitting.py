"""Take in a signed delivery: check it in a fixed order, refuse it for the first reason there is, or give a receipt.

The same checks run before a delivery is sent (`goedebuur submit --dry-run`) and when it arrives. The order:

1. the statement is one, its submitter and key are known, the key made the signature (the certificates vouch for it);
2. the very same statement was taken in before: its receipt is the answer, whatever changed since;
3. the key is not revoked, and valid; the clock; the nonce; the accreditation; format and method are in the scope;
4. the bytes are those of the statement, can be read, and hold only quantities and stations of the scope.

All up to 3 needs no bytes, so a server refuses before it reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from goedebuur.core.base import canonical, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.core.base.rulebook import Found
from goedebuur.core.ledger import notes, segments, statements, submitters
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.core.ledger.receipts import Proof, Receipt
from goedebuur.core.ledger.segments import Entry
from goedebuur.core.ledger.statements import ED25519, SAME_BYTES, Signed, Statement
from goedebuur.core.ledger.submitters import Key, Submitter
from goedebuur.services import delivery, examining, preparing, scopes, sealing, stack_delivery, tracing
from goedebuur.services import submitters as registry
from goedebuur.services.preparing import Prepared
from goedebuur.store import certificates, keys
from goedebuur.store.refusals import Refusals
from goedebuur.store.uploads import UNKNOWN_UPLOAD, Uploads, unknown

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN: Final = UNKNOWN_UPLOAD
CLOCK: Final = declare("submission-clock", "The statement was made too long ago, or in the future.")
IN_TIME: Final = statements.BOOK.refuse(
    "clock",
    CLOCK,
    "De verklaring is net gemaakt: de klokken van leverancier en register lopen weinig uiteen.",
    "The statement was made just now: the clocks of submitter and record differ little.",
    basis=rulebook.own(
        "GOEDEBUUR_CLOCK_MINUTES, 10 als niets anders is ingesteld: een oude verklaring kan gestolen zijn",
        "GOEDEBUUR_CLOCK_MINUTES, 10 where nothing else is set: an old statement may be stolen",
    ),
)
TOLERANCE: Final = timedelta(minutes=10)
"""How far the clocks of submitter and record may be apart, where the settings say nothing else."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks found.

    Parameters
    ----------
    findings
        Reasons to refuse, in the order of the checks; the first is the one that a server gives.
    statement
        None where it is none.
    signature
        As a leaf keeps it; None where the signature is not good.
    known
        Whether this very statement was taken in before: then nothing else is checked.
    prepared
        What was read of the bytes; None without them, or where they cannot be read.
    more
        Check → how many further rows it refuses that are not among the findings.
    """

    findings: tuple[GoedeBuurError, ...]
    statement: Statement | None = None
    signature: dict[str, Any] | None = None
    known: bool = False
    prepared: Prepared | None = None
    more: Mapping[str, int] = field(default_factory=dict)


def check(
    record: Record,
    signed: Signed,
    data: bytes | None,
    now: datetime,
    *,
    begun: datetime | None = None,
    tolerance: timedelta = TOLERANCE,
    every: bool = False,
) -> Checked:
    """Return what is wrong with a signed delivery; nothing is kept.

    Parameters
    ----------
    data
        The bytes; None before they came, to check everything that needs none.
    begun
        When the statement was first shown, where that was before now: a broken upload may go on later.
    tolerance
        How far the clocks may be apart.
    every
        Whether to go on reading after the first that is wrong in the bytes, where the format allows.
    """
    statement = None
    try:
        statement = statements.decode(signed.statement)
        submitter = registry.find(record, statement.submitter)
        key = submitter.key(statement.key)
        signature = _verified(signed, statement, key)
    except GoedeBuurError as error:
        return Checked((error,), statement)
    if find(record, signed.digest) is not None:
        other = data is not None and canonical.sha256(data) != statement.sha256
        findings = [statements.replayed(statement.submitter)] if other else []
        return Checked(tuple(findings), statement, signature, known=not other)
    findings = list(_about_statement(record, submitter, key, statement, now, begun or now, tolerance))
    prepared, more = None, {}
    if data is not None:
        with rulebook.collecting() if every else nullcontext(Found()) as found:
            try:
                prepared = _read(record, statement, signature, data)
            except GoedeBuurError as error:
                found.errors.append(error)
        findings, more = findings + found.errors, dict(+found.more)
    if prepared is not None:
        scope = tuple(one for one in submitter.scope if one.takes(statement.adapter, statement.method))
        findings += [*scopes.outside(scope, statement.sites, prepared), *scopes.accredited(submitter, prepared)]
    return Checked(tuple(findings), statement, signature, prepared=prepared, more=more)


def require(
    record: Record, signed: Signed, now: datetime, *, tolerance: timedelta = TOLERANCE
) -> tuple[Statement, bool]:
    """Return the statement once all that can be checked without the bytes was checked, and whether it is known.

    Raises
    ------
    GoedeBuurError
        The first finding, after it was logged.
    """
    checked = check(record, signed, None, now, tolerance=tolerance)
    _refuse(record, signed, checked, now)
    assert checked.statement is not None
    return checked.statement, checked.known


def submit(
    record: Record,
    signed: Signed,
    data: bytes,
    now: datetime,
    *,
    small: bool = False,
    begun: datetime | None = None,
    tolerance: timedelta = TOLERANCE,
) -> Receipt:
    """Return the receipt of a signed delivery, once it is kept.

    The same statement again is answered with the receipt of the first time. A record that is open for reading alone
    keeps the delivery in the spool; its receipt says that it waits.

    Parameters
    ----------
    small
        Keep it in the journal on a promise, to be sealed with others.

    Raises
    ------
    GoedeBuurError
        The first finding, after it was logged; `journal-too-large`, `journal-read-only`.
    """
    checked = check(record, signed, data, now, begun=begun, tolerance=tolerance)
    if not checked.known:
        _refuse(record, signed, checked, now)
        ticket = _keep(record, signed, checked, now, small=small)
        if ticket is not None and not record.read_only:
            _take(record, ticket, signed, checked, now)
    return receipt(record, signed.digest)


def take_waiting(record: Record, now: datetime) -> None:
    """Put what waits in the spool into the log, as whoever writes next does."""
    with record.lock():
        delivery.settle(record, now)


def receipt(record: Record, digest: str) -> Receipt:
    """Return the receipt of the delivery with this statement, as far as it came by now.

    Raises
    ------
    GoedeBuurError
        `submission-unknown`.
    """
    found = find(record, digest)
    if found is None:
        raise unknown(digest)
    if isinstance(found, Entry):
        assert record.journal is not None
        assert found.signature is not None
        vkey, promise = record.journal.promise(found)
        return Receipt(vkey, found.signature, promise=promise.note)
    if isinstance(found, dict):
        return Receipt(record.ledger.vkey, found)
    return _logged(record, digest, found)


def find(record: Record, digest: str) -> list[int] | Entry | dict[str, Any] | None:
    """Return where a statement is: its leaves, its entry in the journal, its signature in the spool; or None."""
    # from journal and spool it goes to the log: one that was in none of the three went there while they were looked at
    return _in_log(record, digest) or _waiting(record, digest) or _in_log(record, digest)


def _in_log(record: Record, digest: str) -> list[int] | None:
    leaves = record.catalogue.signed(digest)
    if leaves and leaves[-1] >= record.ledger.size:
        record.ledger.refresh()  # appended through another object since this one last looked
    return [leaf for leaf in leaves if leaf < record.ledger.size] or None


def _waiting(record: Record, digest: str) -> Entry | dict[str, Any] | None:
    for entry in record.journal.pending() if record.journal is not None else ():
        if entry.signature is not None and _digest(entry.signature) == digest:
            return entry
    for request in record.spool.kept():
        signature = request.fields.get("signature")
        if signature is not None and _digest(signature) == digest:
            return dict(signature)
    return None


def _verified(signed: Signed, statement: Statement, key: Key) -> dict[str, Any]:
    """Return the signature as a leaf keeps it, once the key of the submitter was found to have made it."""
    if key.algorithm == ED25519:
        kept = signed.as_leaf(ED25519, key.vkey)
        statements.check(kept, vkey=key.vkey, verify=keys.verify)
        return kept
    certificates.require_chain(signed.certificates, key.roots, key.subject or {}, statement.moment)
    kept = signed.as_leaf(certificates.algorithm(signed.certificates[0]))
    statements.check(kept, verify_certified=certificates.verify)
    return kept


def _about_statement(
    record: Record,
    submitter: Submitter,
    key: Key,
    statement: Statement,
    now: datetime,
    begun: datetime,
    tolerance: timedelta,
) -> Iterator[GoedeBuurError]:
    try:
        submitters.require_key(key, statement.moment, now)
    except GoedeBuurError as error:
        yield error
    if abs(begun - statement.moment) > tolerance:
        yield IN_TIME.error(
            "The statement was made too long ago, or in the future by the clock here.",
            place="created",
            value=f"{statement.created}; here it was {iso(begun)}",
            hint=f"Set your clock: they may be {int(tolerance.total_seconds() // 60)} minutes apart. Then sign again.",
        )
    if _used(record, statement):
        yield statements.replayed(statement.submitter)
    for required in (submitters.require_accreditation, submitters.covering):
        try:
            required(submitter, statement.moment if required is submitters.require_accreditation else statement)  # type: ignore[arg-type]
        except GoedeBuurError as error:
            yield error


def _used(record: Record, statement: Statement) -> bool:
    """Return whether the submitter used this nonce before, in the log or in what waits for it."""
    if record.catalogue.with_nonce(statement.submitter, statement.nonce) is not None:
        return True
    waiting = [one.signature for one in (record.journal.pending() if record.journal is not None else ())]
    waiting += [one.fields.get("signature") for one in record.spool.kept()]
    for signature in waiting:
        if signature is not None:
            other = statements.decode(str(signature["statement"]).encode())
            if (other.submitter, other.nonce) == (statement.submitter, statement.nonce):
                return True
    return False


def _read(record: Record, statement: Statement, signature: dict[str, Any], data: bytes) -> Prepared:
    if (len(data), canonical.sha256(data)) != (statement.size, statement.sha256):
        raise SAME_BYTES.error(
            "These are not the bytes that the statement is about.",
            place=statement.name,
            value=f"{len(data)} bytes, SHA-256 {canonical.sha256(data)[:16]}…",
            hint="Send the file as it was when the statement was made, or make a new statement.",
        )
    adapter = preparing.choose(data, statement.name, statement.adapter)
    found = stack_delivery.prepare(record, data, statement.name, adapter, statement.submitter)
    return replace(found, signature=signature)


def _refuse(record: Record, signed: Signed, checked: Checked, now: datetime) -> None:
    """Raise the first finding, if any, after writing it down: who, which statement, why; nothing of the bytes."""
    if checked.findings:
        with noting(record, now, signed, checked.statement):
            raise checked.findings[0]


def _keep(record: Record, signed: Signed, checked: Checked, now: datetime, *, small: bool) -> int | None:
    """Return the ticket of a delivery that was put in the spool; None for one in the journal, or kept by another."""
    assert checked.prepared is not None
    assert checked.statement is not None
    with Uploads(record.data_dir).taking():
        if find(record, signed.digest) is not None:
            return None
        if _used(record, checked.statement):
            _refuse(record, signed, replace(checked, findings=(statements.replayed(checked.statement.submitter),)), now)
        if small:
            with noting(record, now, signed, checked.statement):
                sealing.accept_prepared(sealing.require_journal(record), checked.prepared, now)
            return None
        return delivery.put(record, checked.prepared, now, checked.statement.reason)


def _take(record: Record, ticket: int, signed: Signed, checked: Checked, now: datetime) -> None:
    """Put what waits in the spool into the log, this delivery with it."""
    with record.lock():
        if record.spool.result(ticket) is None:
            assert checked.prepared is not None
            delivery.settle(record, now, {ticket: checked.prepared})
        outcome = delivery.answer(record, ticket)
    if outcome.error is not None:
        _refuse(record, signed, replace(checked, findings=(GoedeBuurError(**outcome.error),)), now)


def _logged(record: Record, digest: str, found: list[int]) -> Receipt:
    vkey, checkpoint = record.ledger.signed()
    size = notes.parse_checkpoint(notes.parse_note(checkpoint).text).size
    shown, signature, promise, segment = [], None, b"", b""
    for index in found:
        leaf = record.ledger.leaf(index)
        assert isinstance(leaf, Leaf)
        proof = TlogProof(index, tuple(record.ledger.inclusion_proof(index, size)), checkpoint)
        shown.append(Proof(index, record.ledger.entries(index, index + 1)[0], proof.encode()))
        if leaf.kind != "sealed":
            signature = leaf.signature
        elif leaf.payload is not None and not segment:
            segment = record.evidence.payload(leaf.payload["sha256"])
            entry = next(e for e in segments.parse(segment)[0] if e.signature and _digest(e.signature) == digest)
            signature = entry.signature
            if record.journal is not None:
                promised_by, given = record.journal.promise(entry)
                if promised_by != vkey:  # the keys changed in between: one receipt has one of them
                    record.ledger.refresh()
                    return _logged(record, digest, found)
                promise = given.note
    assert signature is not None
    return Receipt(vkey, signature, tuple(shown), promise, segment)


def as_answer(checked: Checked, record: Record | None = None) -> dict[str, Any]:
    """Return what the checks found, as the answer to whoever asked before delivering; compared with a record."""
    prepared = checked.prepared
    found = examining.findings(checked.findings, checked.more, prepared, record)
    return {
        "found": examining.as_answer(found),
        "doubts": list(prepared.doubts) if prepared is not None else [],
        "findings": [error.as_dict() for error in checked.findings],
        "known": checked.known,
        "rows": prepared.rows.height if prepared is not None else None,
        "values_in": prepared.values_in if prepared is not None else None,
    }


def digest_of(made: Receipt) -> str:
    """Return the digest of the statement of a receipt, by which the delivery is known."""
    return _digest(made.signature)


@contextmanager
def noting(
    record: Record, now: datetime, signed: Signed | None = None, statement: Statement | None = None
) -> Iterator[None]:
    """Write down that a delivery is refused with what is raised within: when, why, whose, which; nothing of its bytes.

    A name that nobody of the record has is not written down: it may be anything.
    """
    try:
        yield
    except GoedeBuurError as error:
        if is_refusal(error):
            fields = {"at": iso(now), "code": error.code}
            if signed is not None:
                fields["statement"] = signed.digest
            if statement is not None and error.code != registry.UNKNOWN_SUBMITTER:
                fields |= {"submitter": statement.submitter, "payload": statement.sha256}
            Refusals(record.data_dir).add(now, fields)
        raise


def is_refusal(error: GoedeBuurError) -> bool:
    """Return whether an error says that a delivery will not do, not that something here went wrong."""
    return error.code.startswith(("submission-", "input-", "adapter-", "journal-"))


def refusals(record: Record, as_of: int | None = None) -> dict[str, int]:
    """Return how many signed deliveries were refused with each code, most first.

    Refusals are no leaves. At a tree size those count that came before its newest leaf was received, or with it.
    """
    if as_of is None:
        return Refusals(record.data_dir).counts()
    return Refusals(record.data_dir).counts(tracing.delivery(record, as_of - 1).received) if as_of else {}


def _digest(signature: Any) -> str:
    return canonical.sha256(str(signature["statement"]).encode())
