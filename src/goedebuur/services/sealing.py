"""Small deliveries: answered from the journal with a signed promise, and sealed together into the log.

One closed segment of the journal is one payload. It becomes one leaf a submitter; more where a delivery speaks again
of a row that an earlier one in the segment gave (a batch says one thing of each row), or claims to be complete for a
period (what it leaves out is withdrawn). All leaves of a segment are appended together or not at all, and the header of
each batch lists all deliveries of the segment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.core.ledger.promises import Promise
from goedebuur.core.ledger.segments import Entry
from goedebuur.core.measurements import corrections
from goedebuur.core.measurements.corrections import Difference
from goedebuur.core.measurements.records import KEY, submission_id
from goedebuur.services import doubts, preparing, projection
from goedebuur.services.preparing import Prepared, span
from goedebuur.services.sequencing import VALIDATED_HOLDS, still_holds
from goedebuur.store.journal import Journal, Segment, SmallDelivery

if TYPE_CHECKING:
    from goedebuur.services.record import Record

NO_JOURNAL: Final = declare("journal-read-only", "The record was opened for reading: the journal takes nothing.")
_HELD: Final = (*KEY, "micro", "unit", "decimals", "flags", "remark", "leaf")


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
    prepared = preparing.prepare(data, name, preparing.choose(data, name, adapter), submitter)
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
    for submitter in dict.fromkeys(one.entry.submitter for one in read):
        theirs = [one for one in read if one.entry.submitter == submitter]
        described = _catalogue_leaf(record, segment, submitter, theirs, now)
        leaves += [] if described is None else [described]
        for group in _groups(theirs):
            found = _difference(record, group, held, validated)
            held = _overlay(held, found, record.ledger.size + len(leaves))
            validated += [fact for one in group if one.prepared is not None for fact in one.prepared.validated]
            leaves.append(_sealed_leaf(record, segment, submitter, group, found, now))
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


def _groups(read: Sequence[Read]) -> list[list[Read]]:
    """Return the deliveries in order, in groups that speak at most once of each row."""
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
        end = len(run) if again is None else int(again)  # type: ignore[arg-type]
        groups.append(run[:end])
        run = run[end:]
    return groups


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


def _overlay(held: pl.DataFrame, found: Difference, leaf: int) -> pl.DataFrame:
    """Return what holds once the rows of a difference are in the log at that position."""
    if found.rows.is_empty():
        return held
    rest = held.join(found.rows.select(KEY), on=list(KEY), how="anti")
    fresh = preparing.converted(found.rows.filter(pl.col("value").is_not_null()))
    return pl.concat([rest, fresh.with_columns(leaf=pl.lit(leaf, pl.Int64)).select(_HELD)])


def _catalogue_leaf(
    record: Record, segment: Segment, submitter: str, read: Sequence[Read], now: datetime
) -> Leaf | None:
    told = [fact for one in read if one.prepared is not None for fact in one.prepared.catalogue]
    news = record.catalogue.news(told)
    if not news:
        return None
    return Leaf(
        kind="catalogue",
        submitter=submitter,
        adapter="",
        received=iso(now),
        payload=segment.payload(),
        batch=record.evidence.put_records(asdict(one) for one in news).as_dict(),
        counts={"records": len(news)},
    )


def _sealed_leaf(
    record: Record, segment: Segment, submitter: str, group: Sequence[Read], found: Difference, now: datetime
) -> Leaf:
    prepared = [one.prepared for one in group if one.prepared is not None]
    skipped: Counter[str] = Counter()
    for one in prepared:
        skipped.update({f"skipped:{reason}": number for reason, number in one.skipped.items()})
    counts = {
        "deliveries": len(group),
        "values_in": sum(one.values_in for one in prepared),
        "stored": found.rows.height - found.withdrawn,
        "unchanged": found.unchanged,
        "filled": found.filled,
        "changed": found.changed,
        "status_only": found.status_only,
        "withdrawn": found.withdrawn,
        **skipped,
        **doubts.flagged(found.rows),
        **({VALIDATED_HOLDS: found.validated_holds} if found.validated_holds else {}),
        **Counter(f"deliveries_{one.why}" for one in group if one.why),
    }
    adapters = {one.entry.adapter for one in group}
    header = segment.header() | projection.validated_header([fact for one in prepared for fact in one.validated])
    period = span(found.rows)
    return Leaf(
        kind="sealed",
        submitter=submitter,
        adapter=adapters.pop() if len(adapters) == 1 else "",
        received=iso(now),
        payload=segment.payload(),
        batch=record.evidence.put_rows(found.rows, header).as_dict(),
        series=tuple(found.rows["series"].unique().sort().to_list()),
        period=(iso(period.start), iso(period.end)) if period is not None else None,
        supersedes=tuple(found.replaces["leaf"].unique().sort().to_list()),
        counts=counts,
    )
