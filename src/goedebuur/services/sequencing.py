"""From a prepared delivery to leaves: compare with what holds, keep rows, make the headers. Under the log's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.periods import Period, iso
from goedebuur.core.emissions.measuring import reports
from goedebuur.core.emissions.visible import sightings
from goedebuur.core.expectations import reasons
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
CONTENT: Final = ("release", reasons.KIND, reports.KIND, sightings.KIND)
"""Kinds of records that are a delivery of their own."""
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


@dataclass(frozen=True, slots=True)
class Content:
    """What deliveries say anew about stations and series, or of releases, reasons for gaps, reports and sightings.

    Parameters
    ----------
    news
        Facts that do not hold yet.
    held
        Kind and identifier of those of :data:`CONTENT` on which another word held → the leaf with that.
    """

    news: tuple[CatalogueRecord, ...]
    held: Mapping[tuple[str, str], int]

    @property
    def stored(self) -> int:
        """Return how many of the news are the content of a delivery."""
        return sum(one.kind in CONTENT for one in self.news)

    @property
    def changed(self) -> int:
        """Return on how many of these another word held."""
        return len(self.held)

    def replaced(self, by: Iterable[CatalogueRecord] | None = None) -> tuple[int, ...]:
        """Return the leaves of which some of the news, or all, take a word's place, ascending."""
        keys = [(one.kind, one.id) for one in (self.news if by is None else by)]
        return tuple(sorted({self.held[key] for key in keys if key in self.held}))


def content(
    record: Record, told: Sequence[CatalogueRecord], before: Sequence[tuple[int, CatalogueRecord]] = ()
) -> Content:
    """Return what facts say anew.

    Parameters
    ----------
    before
        Facts that are to be entered first, each with the leaf that will hold it.
    """
    news = record.catalogue.news(told, [one for _, one in before])
    given: dict[str, list[str]] = {}
    for one in news:
        if one.kind in CONTENT:
            given.setdefault(one.kind, []).append(one.id)
    earlier = {(one.kind, one.id): leaf for leaf, one in before}
    held: dict[tuple[str, str], int] = {}
    for kind, names in given.items():
        held |= {(kind, name): leaf for name, (leaf, _) in record.catalogue.newest(kind, names).items()}
        held |= {(kind, name): earlier[kind, name] for name in names if (kind, name) in earlier}
    return Content(tuple(news), held)


def still_holds(record: Record, at: int) -> bool:
    """Return whether what the delivery said that leaf `at` completed surely holds still; false where it may not.

    Decided from headers alone. A later leaf that replaced, withdrew or added something about the same quantity may
    have changed what the delivery said; comparing it again tells. A sealed leaf completes deliveries of every kind.
    """
    last = record.ledger.leaf(at)
    if isinstance(last, ClosedLeaf):
        return True
    if last.kind in ("catalogue", "sealed") and record.catalogue.corrected(at, "catalogue", None):
        return False
    if last.kind == "catalogue" or not record.catalogue.corrected(at, "rows", None):
        return True
    told: set[str] = set()
    for index in range(at, -1, -1):
        leaf = record.ledger.leaf(index)
        if isinstance(leaf, ClosedLeaf) or leaf.payload != last.payload:
            break
        if leaf.kind != "catalogue" and (leaf.counts.get("unchanged") or not leaf.series):
            return False  # what it said of rows that were there already stands in no header
        told |= leaf.quantities()
    return not record.catalogue.corrected(at, "rows", told)


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
    """Return the leaf of what a delivery says anew about stations and series; None where that is nothing.

    Of a delivery that consists of such facts, as releases, it has the account as well, and is there also where it says
    nothing new.
    """
    told = content(record, [*prepared.catalogue, *_submitter(record, prepared, now)])
    if not told.news and not prepared.release:
        return None
    stated, described = _apart(told.news)
    batch = record.evidence.put_records(asdict(one) for one in described).as_dict() if described else None
    counts = {"records": len(told.news)}
    if prepared.release:
        counts |= _accounted(prepared, told.stored, read_of(prepared)) | {"changed": told.changed}
    return Leaf(
        kind="catalogue",
        submitter=prepared.submitter,
        adapter=prepared.adapter,
        received=iso(now),
        payload=_payload(prepared),
        batch=batch,
        series=tuple(sorted({series for series, *_ in stated})),
        supersedes=told.replaced(),
        reason=reason if told.changed else "",
        counts=counts,
        inputs={reasons.GAPS: stated} if stated else None,
        signature=prepared.signature,
    )


def small_leaves(
    record: Record, told: Content, submitter: str, payload: Mapping[str, Any], now: datetime, reason: str
) -> list[tuple[Leaf, Sequence[CatalogueRecord]]]:
    """Return the leaves of what small deliveries say anew, as many as are needed, each with the facts that it holds."""
    common = Leaf(kind="catalogue", submitter=submitter, adapter="", received=iso(now), payload=payload)
    stated, described = _apart(told.news)
    found: list[tuple[Leaf, Sequence[CatalogueRecord]]] = []
    if described:
        batch = record.evidence.put_records(asdict(one) for one in described)
        found.append((replace(common, batch=batch.as_dict()), described))
    in_leaves = [one for one in told.news if one.kind == reasons.KIND]
    for part in reasons.parts(stated):
        series = tuple(sorted({series for series, *_ in part}))
        found.append((replace(common, series=series, inputs={reasons.GAPS: part}), in_leaves[: len(part)]))
        in_leaves = in_leaves[len(part) :]
    return [(_replacing(leaf, told.replaced(said), reason, len(said)), said) for leaf, said in found]


def _replacing(leaf: Leaf, replaced: tuple[int, ...], reason: str, records: int) -> Leaf:
    return replace(leaf, supersedes=replaced, reason=reason if replaced else "", counts={"records": records})


def _apart(news: Sequence[CatalogueRecord]) -> tuple[list[list[str]], list[CatalogueRecord]]:
    """Return the reasons for gaps, which a leaf holds itself, and the records that go into a batch."""
    stated = [
        [str(one.body[name]) for name in ("series", "start", "end", "code")] for one in news if one.kind == reasons.KIND
    ]
    return stated, [one for one in news if one.kind != reasons.KIND]


def observation_leaves(record: Record, prepared: Prepared, found: Difference, now: datetime, reason: str) -> list[Leaf]:
    """Return the leaves of the rows that are to be recorded, the last one with the account of the whole delivery.

    One leaf, unless its header would be too large; then the counts of the others say only how many rows they hold. A
    delivery that says nothing new gets a leaf without rows, so that the bytes and their account are on record and the
    same delivery is known the next time.
    """
    split = parts(found, 2 if prepared.signature else 1)
    leaves = [_leaf(record, prepared, rows, replaces, now, reason) for rows, replaces in split]
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


def parts(found: Difference, share: int) -> list[tuple[pl.DataFrame, pl.DataFrame]]:
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


def nothing_new(prepared: Prepared, found: Difference | None) -> dict[str, int]:
    """Return the account of a delivery that changes nothing; `found` is its difference where it has rows."""
    overruled = found.validated_holds if found is not None else 0
    account = _accounted(prepared, 0, read_of(prepared) - overruled)
    return account | ({VALIDATED_HOLDS: overruled} if overruled else {})


def read_of(prepared: Prepared) -> int:
    """Return how many values of a delivery were read: all but those that its parser skipped."""
    return prepared.values_in - sum(prepared.skipped.values())


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
