"""Small deliveries: answered from the journal with a signed promise, and sealed together into the log.

One closed segment of the journal is one payload. It becomes one leaf a submitter; more where a delivery speaks again
of a row or fact that an earlier one in the segment gave (a batch says one thing of each), or claims to be complete for
a period (what it leaves out is withdrawn), or where the series do not fit in one leaf. All leaves of a segment are
appended together or not at all, and the header of each batch lists all deliveries of the segment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.expectations import facts
from goedebuur.core.ledger import statements
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.segments import Entry
from goedebuur.core.measurements import corrections
from goedebuur.core.measurements.corrections import Difference
from goedebuur.core.measurements.records import KEY, CatalogueRecord, submission_id
from goedebuur.services import arrivals, doubts, preparing, projection, sequencing, stack_delivery
from goedebuur.services.preparing import Prepared, span
from goedebuur.services.sequencing import VALIDATED_HOLDS, Content, parts, small_leaves, still_holds
from goedebuur.store.journal import Journal, Segment, SmallDelivery

if TYPE_CHECKING:
    from goedebuur.services.record import Record

NO_JOURNAL: Final = declare("journal-read-only", "The record was opened for reading: the journal takes nothing.")
ROOM: Final = 2
"""A sealed leaf is split as one with a signature is: its reasons take as much room."""
REASON_CHARACTERS: Final = 4_000
"""Of the reasons in one leaf; each is whole in the payload."""
_HELD: Final = (*KEY, "micro", "unit", "decimals", "flags", "remark", "leaf")


Split = tuple[Difference, Sequence[tuple[pl.DataFrame, pl.DataFrame]], Content]
"""What deliveries change in rows, the same with what they replace in parts that fit in a leaf each, and in facts."""


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery of the journal, read at sealing; `prepared` is None where that failed or it was here before."""

    entry: Entry
    prepared: Prepared | None
    why: str = ""  # reason of counting it apart: "refused" or "known"


def accept_small(
    record: Record,
    data: bytes,
    name: str,
    *,
    adapter: str | None = None,
    submitter: str | None = None,
    now: datetime,
) -> Promise:
    """Return the signed promise that a small delivery will be in the log, once it is durable.

    Parameters
    ----------
    adapter
        Format; None to recognise it.

    Raises
    ------
    GoedeBuurError
        An `input-…` or `adapter-…` error (nothing is stored then); `journal-too-large`, `journal-read-only`.
    """
    journal = require_journal(record)
    prepared = stack_delivery.prepare(record, data, name, preparing.choose(data, name, adapter), submitter)
    return accept_prepared(journal, prepared, now)


def accept_prepared(journal: Journal, prepared: Prepared, now: datetime) -> Promise:
    """Return the signed promise for a delivery that was read already; errors as :meth:`Journal.accept`."""
    small = SmallDelivery(prepared.submitter, prepared.adapter, prepared.name, now, prepared.data, prepared.signature)
    return journal.accept(small)


def seal(record: Record, now: datetime) -> list[int]:
    """Return the leaves under which the small deliveries in the journal were sealed; empty where none waited.

    Use :func:`goedebuur.services.delivery.seal`, which takes what waits in the spool in its turn.
    """
    journal = require_journal(record)
    positions: list[int] = []
    with record.lock():
        for segment in journal.close():
            if not _is_sealed(record, segment.sha256):
                projection.catch_up_observations(record.ledger, record.evidence, record.observations)
                record.evidence.put_payload(segment.data)
                positions += record.ledger.append(_leaves(record, segment, now))
                projection.catch_up_catalogue(record.ledger, record.evidence, record.catalogue)
        journal.clear_sealed(lambda sha256: _is_sealed(record, sha256))
        projection.catch_up_observations(record.ledger, record.evidence, record.observations)
    return positions


def require_journal(record: Record) -> Journal:
    """Return the journal of a record that was opened to write; `journal-read-only` for another."""
    if record.journal is None:
        raise GoedeBuurError(
            NO_JOURNAL,
            "The record was opened for reading.",
            place="journal",
            hint="Open it with the signing key, or put the delivery in the spool.",
        )
    return record.journal


def _is_sealed(record: Record, sha256: str) -> bool:
    return record.catalogue.submission(submission_id(sha256, projection.SEALED)) is not None


def _leaves(record: Record, segment: Segment, now: datetime) -> list[Leaf]:
    """Return the leaves of one segment; each group is compared with what holds after the groups before it."""
    leaves: list[Leaf] = []
    read = [_read(record, entry) for entry in segment.entries]
    held = _held(record, [one.prepared for one in read if one.prepared is not None])
    validated: list[tuple[str, Period]] = []
    told: list[tuple[int, CatalogueRecord]] = []
    for submitter in dict.fromkeys(one.entry.submitter for one in read):
        theirs = [one for one in read if one.entry.submitter == submitter]
        described = sequencing.content(record, _facts(theirs, release=False))
        leaves += [leaf for leaf, _ in small_leaves(record, described, submitter, segment.payload(), now, "")]
        for group in _groups(theirs):
            said = sequencing.content(record, _facts(group, release=True), told)
            for leaf, facts_of_it in small_leaves(record, said, submitter, segment.payload(), now, _reason(group)):
                told += [(record.ledger.size + len(leaves), one) for one in facts_of_it]
                leaves.append(leaf)
            found = _difference(record, group, held, validated)
            split = parts(found, ROOM)
            for at, (rows, _) in enumerate(split, record.ledger.size + len(leaves)):
                held = _overlay(held, rows, at)
            leaves += _sealed_leaves(record, segment, submitter, group, (found, split, said), now)
            validated += [fact for one in group if one.prepared is not None for fact in one.prepared.validated]
    return leaves


def _read(record: Record, entry: Entry) -> Read:
    """Return a delivery parsed again. It was parsed before it was promised, so an error here means another parser."""
    known = record.catalogue.submission(entry.id)
    if known is not None and still_holds(record, known):
        return Read(entry, None, "known")
    try:
        adapter = preparing.choose(entry.data, entry.name, entry.adapter.partition("/")[0])
        return Read(entry, preparing.prepare(entry.data, entry.name, adapter, entry.submitter))
    except GoedeBuurError as error:
        if not error.code.startswith(("input-", "adapter-")):
            raise
        return Read(entry, None, "refused")


def _held(record: Record, prepared: Sequence[Prepared]) -> pl.DataFrame:
    series = sorted({name for one in prepared for name in one.named})
    periods = [period for one in prepared if (period := one.period) is not None]
    if not series or not periods:
        period = Period(datetime.fromisoformat("1970-01-01T00:00:00Z"), datetime.fromisoformat("1970-01-01T00:00:01Z"))
    else:
        period = Period(min(p.start for p in periods), max(p.end for p in periods))
    return record.observations.current_rows(series, period).select(_HELD)


def _facts(group: Sequence[Read], *, release: bool) -> list[CatalogueRecord]:
    """Return the facts that deliveries consist of, or those that they tell beside their rows."""
    return [
        fact
        for one in group
        if one.prepared is not None and one.prepared.release == release
        for fact in one.prepared.catalogue
    ]


def _groups(read: Sequence[Read]) -> list[list[Read]]:
    """Return the deliveries in order, in groups that speak at most once of each row and fact."""
    groups: list[list[Read]] = []
    run: list[Read] = []
    for one in read:
        if one.prepared is not None and one.prepared.covers is not None:
            groups += _cut(run)
            run = []
            groups.append([one])
        else:
            run.append(one)
    return groups + _cut(run)


def _cut(run: list[Read]) -> list[list[Read]]:
    groups = []
    while run:
        keys = [
            one.prepared.rows.select(KEY).with_columns(at=pl.lit(i))
            for i, one in enumerate(run)
            if one.prepared is not None and one.prepared.rows.height
        ]
        again = pl.concat(keys).filter(~pl.struct(*KEY).is_first_distinct())["at"].min() if keys else None
        end = min(len(run) if again is None else int(again), _first_again(run))  # type: ignore[arg-type]
        groups.append(run[:end])
        run = run[end:]
    return groups


def _first_again(run: Sequence[Read]) -> int:
    """Return the place of the first delivery that says again what one before it said; their number without any."""
    known: set[tuple[str, str]] = set()
    for place, one in enumerate(run):
        keys = {(fact.kind, fact.id) for fact in _facts([one], release=True)}
        if known & keys:
            return place
        known |= keys
    return len(run)


def _difference(
    record: Record, group: Sequence[Read], held: pl.DataFrame, validated: Sequence[tuple[str, Period]]
) -> Difference:
    prepared = [one.prepared for one in group if one.prepared is not None and one.prepared.named]
    rows = [one.rows for one in prepared if one.rows.height]
    given = pl.concat(rows).sort(*KEY) if rows else preparing.no_rows()
    named = sorted({name for one in prepared for name in one.named})
    covers = prepared[0].covers if len(prepared) == 1 else None
    delivered = {name: record.catalogue.delivered(name) for name in named}
    told = {name: record.catalogue.validated(name) + [p for s, p in validated if s == name] for name in named}
    return corrections.compare(given, held, covers, named, delivered, told)


def _overlay(held: pl.DataFrame, rows: pl.DataFrame, leaf: int) -> pl.DataFrame:
    """Return what holds once rows are in the log at that position."""
    if rows.is_empty():
        return held
    rest = held.join(rows.select(KEY), on=list(KEY), how="anti")
    fresh = preparing.converted(rows.filter(pl.col("value").is_not_null()))
    return pl.concat([rest, fresh.with_columns(leaf=pl.lit(leaf, pl.Int64)).select(_HELD)])


def _sealed_leaves(
    record: Record, segment: Segment, submitter: str, group: Sequence[Read], split: Split, now: datetime
) -> list[Leaf]:
    """Return the leaves of one group, one for each part of its rows; the last has the account of all of them."""
    found, shares, said = split
    prepared = [one.prepared for one in group if one.prepared is not None]
    header = segment.header() | projection.validated_header([fact for one in prepared for fact in one.validated])
    adapters = {one.entry.adapter for one in group}
    received = sorted(one.entry.received for one in group)
    common = Leaf(
        kind="sealed",
        submitter=submitter,
        adapter=adapters.pop() if len(adapters) == 1 else "",
        received=iso(now),
        payload=segment.payload(),
        inputs={facts.RECEIVED: [received[0], received[-1]]},
    )
    leaves, why = [], _reason(group)
    for rows, replaces in shares:
        period = span(rows)
        batch = record.evidence.put_rows(rows, header | arrivals.header(_received(rows, group)))
        leaf = replace(
            common,
            batch=batch.as_dict(),
            series=tuple(rows["series"].unique().sort().to_list()),
            period=(iso(period.start), iso(period.end)) if period is not None else None,
            supersedes=tuple(replaces["leaf"].unique().sort().to_list()),
            reason=why if replaces.height else "",
            counts={"stored": rows.height},
        )
        leaves.append(leaf)
    return [*leaves[:-1], replace(leaves[-1], counts=_account(group, found, said))]


def _account(group: Sequence[Read], found: Difference, said: Content) -> dict[str, int]:
    """Return how many values came in and what became of them."""
    prepared = [one.prepared for one in group if one.prepared is not None]
    facts_read = sum(sequencing.read_of(one) for one in prepared if one.release)
    skipped: Counter[str] = Counter()
    for one in prepared:
        skipped.update({f"skipped:{reason}": number for reason, number in one.skipped.items()})
    return {
        "deliveries": len(group),
        "values_in": sum(one.values_in for one in prepared),
        "stored": found.rows.height - found.withdrawn + said.stored,
        "unchanged": found.unchanged + facts_read - said.stored,
        "filled": found.filled,
        "changed": found.changed + said.changed,
        "status_only": found.status_only,
        "withdrawn": found.withdrawn,
        **skipped,
        **doubts.flagged(found.rows),
        **({VALIDATED_HOLDS: found.validated_holds} if found.validated_holds else {}),
        **Counter(f"deliveries_{one.why}" for one in group if one.why),
    }


def _reason(group: Sequence[Read]) -> str:
    """Return the reasons that the submitters signed, each once, cut where a leaf has no room for all."""
    given = dict.fromkeys(statements.reason_in(one.entry.signature) for one in group)
    text = "; ".join(reason for reason in given if reason)
    return text if len(text) <= REASON_CHARACTERS else f"{text[: REASON_CHARACTERS - 1]}…"


def _received(rows: pl.DataFrame, group: Sequence[Read]) -> pl.DataFrame:
    """Return the rows of a group with the moment at which each was received. [s since 1970]

    What follows from a claim of completeness was received with it: a delivery that claims is a group of its own.
    """
    moments = [
        (int(datetime.fromisoformat(one.entry.received).timestamp()), one.prepared.rows.select(KEY))
        for one in group
        if one.prepared is not None
    ]
    known = [keys.with_columns(received=pl.lit(moment, pl.Int64)) for moment, keys in moments if keys.height]
    if not known:
        return rows.with_columns(received=pl.lit(moments[0][0] if moments else None, pl.Int64))
    told = rows.join(pl.concat(known), on=list(KEY), how="left", maintain_order="left")
    return told.with_columns(pl.col("received").fill_null(moments[0][0]))
