"""Take in one delivery or many: keep the bytes, parse, check, compare with what holds, log, and project."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from goedebuur.adapters.base import Adapter
from goedebuur.core.base import rulebook
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.measurements.corrections import Difference
from goedebuur.services import doubts, preparing, projection, sealing, sequencing, stack_checks, stack_delivery
from goedebuur.services.inventory import SIMULATION
from goedebuur.services.outcomes import Outcome, again, plain, signed_before
from goedebuur.services.preparing import Prepared
from goedebuur.services.sealing import accept_small
from goedebuur.services.sequencing import Unprojected
from goedebuur.store.spool import Request

if TYPE_CHECKING:
    from goedebuur.services.record import Record

__all__ = ["Outcome", "accept_small", "deliver", "deliver_files", "drain", "hand_over", "seal", "settle", "submit"]

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total)."""

SIMULATED_AMONG_MEASURED: Final = (
    "this record now holds simulated figures beside measured ones; keep a simulation in a record of its own"
)
MIXED: Final = rulebook.area(
    "record",
    "Wat het register al heeft",
    "What the record has already",
    rulebook.own("gesimuleerde waarden heten overal zo", "simulated data is labelled so wherever it is shown"),
    "tests/rulebook/test_doubts.py::test_noted",
).note(
    "simulated-apart",
    "Gesimuleerde waarden staan in een eigen register.",
    "Simulated values are in a record of their own.",
)
AHEAD: Final = 3
"""Files parsed ahead of the one that is being logged."""


@dataclass(frozen=True, slots=True)
class Known:
    """A delivery of which the bytes are on record; whether what they say holds still is decided under the lock."""

    data: bytes
    adapter: Adapter
    submitter: str | None


Found = Prepared | Known | Outcome
Waiting = tuple[str, Found, datetime, str]
"""Name, what was read of it, when it was received, and why it replaces what it replaces."""


def deliver(
    record: Record,
    data: bytes,
    name: str,
    *,
    adapter: str | None = None,
    submitter: str | None = None,
    now: datetime,
    reason: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """Return what became of one delivery, durable and projected.

    Parameters
    ----------
    adapter
        Format; None to recognise it.
    submitter
        Who delivers; None for the supplier of the format.
    reason
        Why held values are replaced, in the supplier's words or ours.

    Raises
    ------
    GoedeBuurError
        An `input-…` or `adapter-…` error: nothing is stored then. `ledger-read-only` for a record opened to read.
    """
    chosen = preparing.choose(data, name, adapter)
    prepared = None if _known(record, data, chosen) else stack_delivery.prepare(record, data, name, chosen, submitter)
    with record.lock():
        settle(record, now)
        if prepared is None and not _known(record, data, chosen):
            prepared = stack_delivery.prepare(record, data, name, chosen, submitter)
        if prepared is None:
            return again(record, preparing.identity(data, chosen), name)
        outcome = _sequence(record, prepared, now, reason, Unprojected())
        projection.catch_up_observations(record.ledger, record.evidence, record.observations, progress)
    return outcome


def deliver_files(
    record: Record,
    paths: Sequence[Path],
    *,
    now: datetime,
    reason: str = "",
    adapter: str | None = None,
    submitter: str | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Return one outcome a file, in order; a file in error is "refused" and stops none of the others.

    Files are parsed ahead in threads and logged in order; the observations are brought up to date once at the end,
    and in between only where a file says something about rows that are logged but not projected.
    """
    with record.lock():
        settle(record, now)
        found = ((path.name, one, now, reason) for path, one in _prepared(record, paths, adapter, submitter))
        outcomes: list[Outcome] = []
        for outcome in _sequenced(record, found, progress):
            outcomes.append(outcome)
            if progress is not None:
                progress(outcome.name, len(outcomes), len(paths))
    return outcomes


def submit(
    record: Record,
    data: bytes,
    name: str,
    *,
    adapter: str | None = None,
    submitter: str | None = None,
    now: datetime,
    reason: str = "",
) -> int:
    """Return the ticket of a delivery put in the spool, durable, for the sequencer to take; needs no key.

    Raises
    ------
    GoedeBuurError
        An `input-…` or `adapter-…` error: nothing is stored then.
    """
    chosen = preparing.choose(data, name, adapter)
    return put(record, stack_delivery.prepare(record, data, name, chosen, submitter), now, reason)


def put(record: Record, prepared: Prepared, now: datetime, reason: str = "") -> int:
    """Return the ticket of a delivery that was read already, put in the spool."""
    fields: dict[str, object] = {
        "adapter": prepared.adapter.partition("/")[0],
        "name": prepared.name,
        "reason": reason,
        "received": iso(now),
        "submitter": prepared.submitter,
    }
    if prepared.signature is not None:
        fields["signature"] = dict(prepared.signature)
    return record.spool.put(prepared.data, fields)


def settle(
    record: Record, now: datetime, ready: Mapping[int, Prepared] | None = None
) -> tuple[list[Outcome], list[int]]:
    """Put what waits in the spool and the journal into the log: the outcomes of the one, the leaves of the other.

    What was read already of a request in the spool can be given as `ready`, by ticket.

    Whatever adds to the log does this first, so that what was received before never replaces what comes after. The
    one of the two in which the oldest delivery waits goes first. A record opened to read has no journal.
    """
    with record.lock():
        projection.catch_up_observations(record.ledger, record.evidence, record.observations)
        requests = record.spool.waiting()
        entries = record.journal.pending() if record.journal is not None else []
        journal_first = bool(requests and entries) and _received(entries[0].received) <= min(
            _received(request.fields.get("received", ""), now) for request in requests
        )
        leaves = sealing.seal(record, now) if entries and journal_first else []
        outcomes = _take(record, requests, now, ready or {})
        if entries and not journal_first:
            leaves = sealing.seal(record, now)
    return outcomes, leaves


def seal(record: Record, now: datetime) -> list[int]:
    """Return the leaves under which the small deliveries in the journal were sealed; empty where none waited.

    What waits in the spool is taken in too, each in its turn.

    Raises
    ------
    GoedeBuurError
        `journal-read-only` for a record opened to read.
    """
    sealing.require_journal(record)
    return settle(record, now)[1]


def drain(record: Record, now: datetime) -> list[Outcome]:
    """Return the outcomes of the deliveries that other processes put in the spool, taken in order.

    Each keeps the moment at which it was received; `now` is only for those that did not say. What waits in the journal
    is sealed too, each in its turn.
    """
    return settle(record, now)[0]


def _received(text: str, otherwise: datetime | None = None) -> datetime:
    return otherwise if otherwise is not None and not text else datetime.fromisoformat(text)


def _take(record: Record, requests: Sequence[Request], now: datetime, ready: Mapping[int, Prepared]) -> list[Outcome]:
    """Return the outcomes of the spool's requests, each answered as soon as it is in the log."""
    tickets = deque(request.ticket for request in requests)
    outcomes = []
    for outcome in _sequenced(
        record, (_requested(record, request, now, ready.get(request.ticket)) for request in requests)
    ):
        record.spool.answer(tickets.popleft(), plain(outcome))
        outcomes.append(outcome)
    return outcomes


def _requested(record: Record, request: Request, now: datetime, ready: Prepared | None) -> Waiting:
    fields = request.fields
    name = str(fields.get("name", ""))
    found: Found
    if ready is not None:
        found = ready
    else:
        data = record.evidence.payload(request.payload)
        found = _read(record, data, name, fields["adapter"], fields["submitter"], fields.get("signature"))
    return name, found, _received(str(fields.get("received", "")), now), str(fields.get("reason", ""))


def _sequenced(record: Record, waiting: Iterable[Waiting], progress: Progress | None = None) -> Iterator[Outcome]:
    """Yield what became of deliveries, logged in order; the observations are brought up to date at the end.

    Also where it stops half-way: what is in the log is to be read then. The caller holds the lock.
    """
    unprojected = Unprojected()
    started = False
    try:
        for name, found, received, reason in waiting:
            if isinstance(found, Known):
                found = _read_again(record, found, name)
            started = True
            yield _sequence(record, found, received, reason, unprojected) if isinstance(found, Prepared) else found
    finally:
        if started:
            projection.catch_up_observations(record.ledger, record.evidence, record.observations, progress)


def hand_over(
    record: Record,
    data: bytes,
    name: str,
    *,
    adapter: str | None = None,
    submitter: str | None = None,
    now: datetime,
    reason: str = "",
) -> Outcome:
    """Return what became of a delivery that goes through the spool, whichever process took it in.

    Any number of processes may call this at the same time: the first to get the lock takes all that wait, and the
    others find their answer. Errors as :func:`submit`.
    """
    ticket = submit(record, data, name, adapter=adapter, submitter=submitter, now=now, reason=reason)
    with record.lock():
        if record.spool.result(ticket) is None:
            settle(record, now)
        return answer(record, ticket)


def answer(record: Record, ticket: int) -> Outcome:
    """Return what became of a delivery that was taken from the spool."""
    told = record.spool.result(ticket)
    assert told is not None
    return Outcome(**told | {"leaves": tuple(told["leaves"]), "doubts": tuple(told["doubts"])})


def _prepared(
    record: Record, paths: Sequence[Path], adapter: str | None, submitter: str | None
) -> Iterator[tuple[Path, Found]]:
    """Yield files in order, read and parsed ahead by two threads, never more than some at a time in memory."""
    with ThreadPoolExecutor(2) as pool:
        ahead: deque[tuple[Path, Future[Found]]] = deque()
        for path in paths:
            ahead.append((path, pool.submit(_file, record, path, adapter, submitter)))
            if len(ahead) > AHEAD:
                first, job = ahead.popleft()
                yield first, job.result()
        for first, job in ahead:
            yield first, job.result()


def _file(record: Record, path: Path, adapter: str | None, submitter: str | None) -> Found:
    try:
        data = preparing.read_file(path)
    except GoedeBuurError as error:
        return Outcome("", path.name, "refused", error=error.as_dict())
    return _read(record, data, path.name, adapter, submitter)


def _read(
    record: Record,
    data: bytes,
    name: str,
    adapter: str | None,
    submitter: str | None,
    signature: Mapping[str, Any] | None = None,
) -> Found:
    """Return a delivery prepared, as known where what it says holds already, or its outcome where it is in error.

    A signed one is never known: that somebody vouches for these bytes is a fact of its own.
    """
    try:
        chosen = preparing.choose(data, name, adapter)
        if signature is None and _known(record, data, chosen):
            return Known(data, chosen, submitter)
        return replace(stack_delivery.prepare(record, data, name, chosen, submitter), signature=signature)
    except GoedeBuurError as error:
        if not error.code.startswith(("input-", "adapter-")):
            raise
        return Outcome("", name, "refused", error=error.as_dict())


def _read_again(record: Record, known: Known, name: str) -> Prepared | Outcome:
    """Return the outcome of a known delivery, or the delivery where what it says no longer holds. Under the lock."""
    if _known(record, known.data, known.adapter):
        return again(record, preparing.identity(known.data, known.adapter), name)
    found = _read(record, known.data, name, known.adapter.id, known.submitter)
    assert not isinstance(found, Known)
    return found


def _known(record: Record, data: bytes, adapter: Adapter) -> bool:
    """Return whether this very delivery is on record and what it says holds still, as far as headers tell.

    One that came as a small delivery is read again: the account in its leaf is of all that were sealed together.
    """
    leaf = record.catalogue.submission(preparing.identity(data, adapter))
    if leaf is None or leaf >= record.ledger.size:
        return False
    header = record.ledger.leaf(leaf)
    return not (isinstance(header, Leaf) and header.kind == "sealed") and sequencing.still_holds(record, leaf)


def _sequence(record: Record, prepared: Prepared, now: datetime, reason: str, unprojected: Unprojected) -> Outcome:
    """Return what became of a prepared delivery: payload and batches durable, leaves appended, catalogue current."""
    before = signed_before(record, prepared)
    if before is not None:
        return before
    found = None if prepared.release else sequencing.difference(record, prepared, unprojected)
    if prepared.signature is None and _says_nothing_new(record, prepared, found):
        return again(record, prepared.id, prepared.name, sequencing.nothing_new(prepared, found))
    told = prepared.doubts + mixed(record, prepared) + stack_checks.notes(record, prepared, unprojected)
    record.evidence.put_payload(prepared.data)
    leaves: list[Leaf] = []
    described = sequencing.catalogue_leaf(record, prepared, now, reason)
    if described is not None:
        leaves.append(described)
    if prepared.release and described is not None:
        counts = described.counts
        status = "corrected" if counts["changed"] else "stored" if counts["records"] else "unchanged"
    else:
        found = found or sequencing.difference(record, prepared, unprojected)
        leaves += sequencing.observation_leaves(record, prepared, found, now, reason)
        counts = leaves[-1].counts
        told += doubts.sentences(found)
        status = "corrected" if found.corrects else "stored" if found.rows.height or described else "unchanged"
    positions = record.ledger.append(leaves)
    projection.catch_up_catalogue(record.ledger, record.evidence, record.catalogue)
    for leaf in leaves:
        unprojected.add(leaf)
    return Outcome(prepared.id, prepared.name, status, tuple(positions), dict(counts), told)


def _says_nothing_new(record: Record, prepared: Prepared, found: Difference | None) -> bool:
    """Return whether a delivery is on record and changes no row, or as a register no release.

    What a file of measurements says of its stations does not count: two files that differ in that alone would take
    turns for ever.
    """
    if record.catalogue.submission(prepared.id) is None:
        return False
    return found.rows.is_empty() if found is not None else not record.catalogue.news(prepared.catalogue)


def mixed(record: Record, prepared: Prepared) -> tuple[str, ...]:
    """Return the warning of a simulated delivery into a record that holds measured series; else nothing."""
    if prepared.submitter != SIMULATION:
        return ()
    measured = any(who - {SIMULATION} for who in record.catalogue.submitters("series").values())
    return (MIXED.note(SIMULATED_AMONG_MEASURED),) if measured else ()
