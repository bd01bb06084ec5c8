"""From a prepared delivery to leaves: compare with what holds, keep rows, make the headers. Under the log's lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.periods import Period, iso
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.measurements import corrections
from goedebuur.core.measurements.corrections import Difference
from goedebuur.core.measurements.records import KEY, CatalogueRecord
from goedebuur.services import doubts, projection
from goedebuur.services.preparing import Prepared, span

if TYPE_CHECKING:
    from goedebuur.services.record import Record

VALIDATED_HOLDS: Final = "skipped:validated_holds"
"""Under which provisional rows are counted that a validated delivery overrules."""
MOST_SUPERSEDED: Final = 4_000
MOST_SERIES: Final = 1_500
"""What one leaf names at most: its header has to stay below 65,535 bytes."""


@dataclass
class Unprojected:
    """Which series and periods the leaves touch that the observations do not hold yet."""

    found: list[tuple[frozenset[str], Period]] = field(default_factory=list)

    def add(self, leaf: Leaf) -> None:
        """Remember a leaf."""
        if leaf.period is not None:
            start, end = (datetime.fromisoformat(text) for text in leaf.period)
            self.found.append((frozenset(leaf.series), Period(start, end)))

    def touches(self, series: Iterable[str], period: Period) -> bool:
        """Return whether what holds for these series and this period can only be known after projecting."""
        wanted = set(series)
        return any(period.overlaps(other) and not wanted.isdisjoint(names) for names, other in self.found)


def still_holds(record: Record, at: int) -> bool:
    """Return whether what the delivery said that leaf `at` completed surely holds still; false where it may not.

    Decided from headers alone. A later leaf that replaced, withdrew or added something about the same quantity may
    have changed what the delivery said; comparing it again tells.
    """
    last = record.ledger.leaf(at)
    if isinstance(last, ClosedLeaf):
        return True
    kind = "catalogue" if last.kind == "catalogue" else "rows"
    if kind == "catalogue" or not record.catalogue.corrected(at, kind, None):
        return not record.catalogue.corrected(at, kind, None)
    told: set[str] = set()
    for index in range(at, -1, -1):
        leaf = record.ledger.leaf(index)
        if isinstance(leaf, ClosedLeaf) or leaf.payload != last.payload:
            break
        if leaf.kind != "catalogue" and (leaf.counts.get("unchanged") or not leaf.series):
            return False  # what it said of rows that were there already stands in no header
        told |= leaf.quantities()
    return not record.catalogue.corrected(at, kind, told)


def difference(record: Record, prepared: Prepared, unprojected: Unprojected) -> Difference:
    """Return what a delivery changes in what holds now; projects first where that is not known yet."""
    period = prepared.period
    if period is None or not prepared.named:
        return corrections.all_new(prepared.rows)
    delivered = {series: record.catalogue.delivered(series) for series in prepared.named}
    validated = {series: record.catalogue.validated(series) for series in prepared.named}
    known = [*delivered.values(), *validated.values()]
    if not any(period.overlaps(other) for found in known for other in found):
        return corrections.all_new(prepared.rows)
    if unprojected.touches(prepared.named, period):
        projection.catch_up_observations(record.ledger, record.evidence, record.observations)
        unprojected.found.clear()
    held = record.observations.current_rows(prepared.named, period)
    return corrections.compare(prepared.rows, held, prepared.covers, prepared.named, delivered, validated)


def catalogue_leaf(record: Record, prepared: Prepared, now: datetime, reason: str) -> Leaf | None:
    """Return the leaf of what a delivery says anew about stations, series or releases; None where that is nothing."""
    told = [*prepared.catalogue, *_submitter(record, prepared, now)]
    news = record.catalogue.news(told)
    if not news:
        return None
    batch = record.evidence.put_records(asdict(one) for one in news)
    counts = {"records": len(news)}
    superseded: set[int] = set()
    if prepared.release:
        releases = [one for one in news if one.kind == "release"]
        known = {name: leaf for leaf, name, _, _ in record.catalogue.records("release")}
        superseded = {known[one.id] for one in releases if one.id in known}
        changed = sum(one.id in known for one in releases)
        counts |= _accounted(prepared, len(releases), prepared.values_in - sum(prepared.skipped.values()))
        counts |= {"changed": changed}
    return Leaf(
        kind="catalogue",
        submitter=prepared.submitter,
        adapter=prepared.adapter,
        received=iso(now),
        payload=_payload(prepared),
        batch=batch.as_dict(),
        supersedes=tuple(sorted(superseded)),
        reason=reason if superseded else "",
        counts=counts,
        signature=prepared.signature,
    )


def observation_leaves(record: Record, prepared: Prepared, found: Difference, now: datetime, reason: str) -> list[Leaf]:
    """Return the leaves of the rows that are to be recorded, the last one with the account of the whole delivery.

    One leaf, unless its header would be too large; then the counts of the others say only how many rows they hold. A
    delivery that says nothing new gets a leaf without rows, so that the bytes and their account are on record and the
    same delivery is known the next time.
    """
    parts = _parts(found, 2 if prepared.signature else 1)
    leaves = [_leaf(record, prepared, rows, replaces, now, reason) for rows, replaces in parts]
    stored = found.rows.height - found.withdrawn
    account = _accounted(prepared, stored, stored + found.unchanged)
    if found.validated_holds:
        account[VALIDATED_HOLDS] = found.validated_holds
    if found.filled:
        account["filled"] = found.filled
    if found.corrects:
        account |= {
            "changed": found.changed,
            "filled": found.filled,
            "status_only": found.status_only,
            "withdrawn": found.withdrawn,
        }
    last = asdict(leaves[-1])
    last["counts"] = account | doubts.flagged(found.rows)
    return [*leaves[:-1], Leaf(**last)]


def _leaf(
    record: Record, prepared: Prepared, rows: pl.DataFrame, replaces: pl.DataFrame, now: datetime, reason: str
) -> Leaf:
    corrects = replaces.height > 0
    period = span(rows)
    header = projection.validated_header(prepared.validated)
    batch = record.evidence.put_rows(rows, header).as_dict() if rows.height else None
    return Leaf(
        kind="correction" if corrects else "observations",
        submitter=prepared.submitter,
        adapter=prepared.adapter,
        received=iso(now),
        payload=_payload(prepared),
        batch=batch,
        series=tuple(rows["series"].unique().sort().to_list()) if rows.height else (),
        period=(iso(period.start), iso(period.end)) if period is not None else None,
        supersedes=tuple(replaces["leaf"].unique().sort().to_list()),
        reason=reason if corrects else "",
        counts={"stored": rows.height},
        signature=prepared.signature,
    )


def _parts(found: Difference, share: int) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
    """Return rows and what they replace in as many parts as leaves are needed, halved by series, then by time.

    A leaf with a signature has room for half as much: certificates are long.
    """
    todo = [(found.rows, found.replaces)]
    done = []
    while todo:
        rows, replaces = todo.pop()
        series = rows["series"].n_unique()
        if series <= MOST_SERIES // share and replaces["leaf"].n_unique() <= MOST_SUPERSEDED // share:
            done.append((rows, replaces))
            continue
        column = "series" if series > MOST_SERIES // share else "start"
        values = rows[column].unique().sort()
        middle = pl.lit(values[len(values) // 2])
        for side in (pl.col(column) >= middle, pl.col(column) < middle):
            half = rows.filter(side)
            todo.append((half, replaces.join(half.select(KEY), on=list(KEY), how="semi")))
    return done


def _accounted(prepared: Prepared, stored: int, read: int) -> dict[str, int]:
    counts = {"values_in": prepared.values_in, "stored": stored, "unchanged": read - stored}
    return counts | {f"skipped:{reason}": number for reason, number in sorted(prepared.skipped.items())}


def _payload(prepared: Prepared) -> dict[str, Any]:
    return {"name": prepared.name, "sha256": prepared.sha256, "size": len(prepared.data)}


def _submitter(record: Record, prepared: Prepared, now: datetime) -> Sequence[CatalogueRecord]:
    if record.catalogue.state("submitter", ids=[prepared.submitter]):
        return ()
    body = {"id": prepared.submitter, "name": prepared.submitter, "delivers": prepared.title}
    return (CatalogueRecord("submitter", prepared.submitter, iso(now), body),)
