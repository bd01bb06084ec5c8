"""Where a figure comes from: its versions, the deliveries, and what changed between two states of the record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.exact import as_text
from goedebuur.core.base.flags import SUPPLIER_BITS, Flag
from goedebuur.core.base.periods import iso
from goedebuur.core.ledger import closing, statements
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.services import closed, inventory
from goedebuur.services.views import (
    CHANGE_KINDS,
    Change,
    Correction,
    DeliveryView,
    Difference,
    Method,
    Provenance,
    Version,
)

if TYPE_CHECKING:
    from goedebuur.services.record import Record

UNKNOWN_OBSERVATION: Final = declare("query-unknown-observation", "The record has no value of that series and time.")
UNKNOWN_DELIVERY: Final = declare("query-unknown-delivery", "The log has no leaf of that number.")
BAD_TREE_SIZE: Final = declare("query-tree-size", "The log never had that size.")


def provenance(record: Record, series_id: str, start: datetime, as_of: int | None = None) -> Provenance:
    """Return all versions of one observation, newest first, and the checkpoint under which they can be proven.

    Raises
    ------
    GoedeBuurError
        `query-unknown-observation`, `query-unknown-series`.
    """
    view = inventory.series(record, series_id, as_of)
    bound = record.projected if as_of is None else as_of
    rows = record.observations.history(series_id, start).filter(pl.col("leaf") < bound).sort("leaf", descending=True)
    if rows.is_empty():
        raise GoedeBuurError(
            UNKNOWN_OBSERVATION,
            "The record has no value of that series and time.",
            place=series_id,
            value=iso(start),
            hint="The time is the start of a step, in UTC.",
        )
    versions = tuple(_version(record, row, bound) for row in rows.iter_rows(named=True))
    points = record.catalogue.state("sampling_point", as_of, iso(start), [f"{view.station}.{view.quantity}"])
    point: Mapping[str, Any] = next(iter(points.values()), {})
    station = inventory.station(record, view.station, as_of)
    return Provenance(
        series=series_id,
        station=view.station,
        quantity=view.quantity,
        unit=view.unit,
        start=start,
        step=view.step,
        micro=rows["micro"][0],
        versions=versions,
        method=Method(
            principle=point.get("principle") or view.principle,
            instrument=point.get("instrument") or view.instrument,
            accreditation=point.get("accreditation") or view.accreditation,
            operator=station.operator,
        ),
        tree_size=bound,
        root_hash=record.ledger.root_hash(bound).hex(),
        checkpoint=checkpoint(record) if bound == record.size else "",
    )


def checkpoint(record: Record) -> str:
    """Return the newest signed checkpoint, a C2SP signed note."""
    return record.ledger.signed_checkpoint().decode()


def deliveries(
    record: Record,
    limit: int = 50,
    before: int | None = None,
    kind: str | None = None,
    *,
    as_of: int | None = None,
    today: date | None = None,
) -> list[DeliveryView]:
    """Return leaves, newest first, below position `before`; of one kind or all. The others as :func:`delivery`."""
    return [
        delivery(record, position, as_of=as_of, today=today)
        for position in record.catalogue.leaves(limit, before, kind)
    ]


def delivery(record: Record, leaf: int, *, as_of: int | None = None, today: date | None = None) -> DeliveryView:
    """Return one leaf.

    Parameters
    ----------
    as_of, today
        Tree size and civil day at which it is said how a closed leaf stands; None for the present, and for the day of
        the newest leaf. At a tree size there are no leaves but those below it.

    Raises
    ------
    GoedeBuurError
        `query-unknown-delivery`.
    """
    size = record.size if as_of is None else as_of
    try:
        found = record.ledger.leaf(leaf if leaf < size else record.size)
    except IndexError:
        raise GoedeBuurError(
            UNKNOWN_DELIVERY,
            "The log has no leaf of that number.",
            value=str(leaf),
            hint=f"The log has {size} leaves, counted from 0.",
        ) from None
    view = _delivery(leaf, found)
    if isinstance(found, ClosedLeaf):
        return replace(view, standing=closed.find(record, leaf, as_of, today))
    act, concerns = closing.concerns(found) or ("", None)
    return replace(view, act=act, concerns=concerns)


def size_at(record: Record, moment: datetime) -> int:
    """Return the tree size that holds what was received up to a moment: the leaves before the first one after it.

    A delivery that waited in the spool or the journal while a later one was logged counts from its place in the log, so
    that nothing received after the moment is ever read as if it was there.
    """
    found = record.catalogue.size_at(iso(moment))
    return record.projected if found is None else min(found, record.projected)


def difference(
    record: Record, a: int, b: int, series_ids: Sequence[str] | None = None, limit: int = 100_000
) -> list[Change]:
    """Return the first of what reads differently at tree size `b` than at tree size `a`, and look no further.

    In order of quantity, month, series and start. :func:`counted_difference` also says how many there are in all.

    Raises
    ------
    GoedeBuurError
        `query-tree-size` where no answer can be read at such a size (the log never had it, or its last leaves are
        not projected yet), or `a` is the larger.
    """
    changes: list[Change] = []
    for rows in _differing(record, a, b, series_ids):
        changes += [_change(row) for row in rows.head(limit - len(changes)).iter_rows(named=True)]
        if len(changes) >= limit:
            break
    return changes


def counted_difference(
    record: Record,
    a: int,
    b: int,
    series_ids: Sequence[str] | None = None,
    *,
    kinds: Collection[str] | None = None,
    offset: int = 0,
    limit: int = 10_000,
) -> Difference:
    """Return a part of what reads differently at tree size `b` than at tree size `a`, and how much there is in all.

    Parameters
    ----------
    kinds
        Of :data:`~goedebuur.services.views.CHANGE_KINDS`; None for all.
    offset, limit
        How many changes to pass over, and how many to give at most. The order never changes for the same sizes.

    Raises
    ------
    GoedeBuurError
        As :func:`difference`.
    """
    counts: Counter[str] = Counter()
    changes: list[Change] = []
    passed = 0
    for rows in _differing(record, a, b, series_ids):
        counts.update(dict(rows.group_by("kind").len().iter_rows()))
        wanted = rows if kinds is None else rows.filter(pl.col("kind").is_in(list(kinds)))
        shown = wanted.slice(max(offset - passed, 0), limit - len(changes))
        passed += wanted.height
        changes += [_change(row) for row in shown.iter_rows(named=True)]
    return Difference(
        first=a,
        last=b,
        counts={kind: counts[kind] for kind in CHANGE_KINDS if counts[kind]},
        total=passed,
        offset=offset,
        changes=tuple(changes),
    )


def _differing(record: Record, a: int, b: int, series_ids: Sequence[str] | None) -> Iterator[pl.DataFrame]:
    """Yield the rows that read differently with their `kind`, a month of a quantity at a time."""
    readable = record.projected
    if not 0 <= a <= b <= readable:
        raise GoedeBuurError(
            BAD_TREE_SIZE,
            "The log never had that size, or the sizes are swapped.",
            value=f"{a}, {b}",
            hint=f"Give two sizes from 0 to {readable}, the smaller first.",
        )
    known: pl.DataFrame | None = None
    for rows in record.observations.changes(a, b, series_ids):
        differing = rows.with_columns(kind=_kind(rows)).filter(pl.col("kind") != "")
        if (differing["kind"] == "new").any():
            known = _held(record, a) if known is None else known
            differing = _with_filled(known, differing)
        yield differing


def corrections(
    record: Record, series_id: str, start: datetime, end: datetime, as_of: int | None = None
) -> tuple[int, list[Correction]]:
    """Return how many values of one series in [start, end) were changed or withdrawn, and by which leaves, ascending.

    A new status alone, such as a validation, is no correction.
    """
    differing = _replaced(record, series_id, start, end, as_of)
    if differing.is_empty():
        return 0, []
    counted = differing.group_by("by").agg(pl.len()).sort("by")
    found = [Correction(leaf, n, delivery(record, leaf).reason) for leaf, n in counted.iter_rows()]
    return differing["start"].n_unique(), found


def corrected(
    record: Record, series_id: str, start: datetime, end: datetime, as_of: int | None = None
) -> list[datetime]:
    """Return the starts of the values that :func:`corrections` counts, ascending."""
    differing = _replaced(record, series_id, start, end, as_of)
    return [] if differing.is_empty() else differing["start"].unique().sort().to_list()


def corrected_by(
    record: Record, series_id: str, start: datetime, end: datetime, as_of: int | None = None
) -> list[tuple[int, int]]:
    """Return the start of each value that :func:`corrections` counts [s since 1970], with the leaf that changed it."""
    differing = _replaced(record, series_id, start, end, as_of)
    if differing.is_empty():
        return []
    return differing.select(pl.col("start").dt.epoch("s"), pl.col("by").cast(pl.Int64)).unique().sort("start").rows()


def _replaced(record: Record, series_id: str, start: datetime, end: datetime, as_of: int | None) -> pl.DataFrame:
    rows = record.observations.replaced(series_id, start, end, record.projected if as_of is None else as_of)
    if rows.is_empty():
        return rows
    gone = pl.col("flags_after") & int(Flag.TOMBSTONE) != pl.col("flags") & int(Flag.TOMBSTONE)
    same = pl.col("micro").eq_missing(pl.col("micro_after")) & (pl.col("unit") == pl.col("unit_after"))
    return rows.filter(gone | ~same)


def _kind(rows: pl.DataFrame) -> pl.Series:
    """Return what happened to each row; empty where it reads the same."""
    gone = pl.col("flags") & int(Flag.TOMBSTONE) != 0
    held = pl.col("leaf_before").is_not_null()
    same_value = (pl.col("micro") == pl.col("micro_before")) & (pl.col("unit") == pl.col("unit_before"))
    bits = (pl.col("flags") ^ pl.col("flags_before")) & SUPPLIER_BITS == 0
    same_status = bits & pl.col("remark").eq_missing(pl.col("remark_before"))
    told = (
        pl.when(gone & held)
        .then(pl.lit("withdrawn"))
        .when(gone)
        .then(pl.lit(""))
        .when(~held)
        .then(pl.lit("new"))
        .when(~same_value)
        .then(pl.lit("changed"))
        .when(~same_status)
        .then(pl.lit("status"))
        .otherwise(pl.lit(""))
    )
    return rows.select(kind=told)["kind"]


def _held(record: Record, a: int) -> pl.DataFrame:
    """Return the first and last start that each series had at tree size `a`."""
    held = [s for place in inventory.places(record, a) for s in place.series if s.first is not None]
    moment = pl.Datetime("us", "UTC")
    return pl.DataFrame(
        {"series": [s.id for s in held], "first": [s.first for s in held], "last": [s.last for s in held]},
        schema={"series": pl.String(), "first": moment, "last": moment},
    )


def _with_filled(known: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with `filled` for a new one inside the period that its series had."""
    within = pl.col("start").is_between("first", "last") & (pl.col("kind") == "new")
    filled = pl.when(within).then(pl.lit("filled")).otherwise("kind").alias("kind")
    return rows.join(known, on="series", how="left", maintain_order="left").with_columns(filled).drop("first", "last")


def _change(row: Mapping[str, Any]) -> Change:
    return Change(
        series=row["series"],
        start=row["start"],
        step=row["step"],
        kind=row["kind"],
        before=as_text(row["value_before"], row["decimals_before"] or 0),
        after=as_text(row["value"], row["decimals"]),
        unit=row["unit"],
        before_leaf=row["leaf_before"],
        after_leaf=row["leaf"],
    )


def _version(record: Record, row: Mapping[str, Any], bound: int) -> Version:
    leaf = record.ledger.leaf(row["leaf"])
    assert isinstance(leaf, Leaf)  # rows come from open leaves alone
    payload: Mapping[str, Any] = leaf.payload or {}
    by = row["by"]
    return Version(
        leaf=row["leaf"],
        kind=leaf.kind,
        value_text=as_text(row["value"], row["decimals"]),
        unit=row["unit"],
        flags=row["flags"],
        remark=row["remark"] or "",
        received=datetime.fromisoformat(leaf.received),
        submitter=leaf.submitter,
        payload_sha256=payload.get("sha256", ""),
        payload_name=payload.get("name", ""),
        adapter=leaf.adapter,
        reason=leaf.reason,
        superseded_by=by if by is not None and by < bound else None,
    )


def _delivery(position: int, leaf: Leaf | ClosedLeaf) -> DeliveryView:
    if isinstance(leaf, ClosedLeaf):
        return DeliveryView(
            leaf=position,
            kind="closed",
            submitter=leaf.role,
            adapter="",
            received=datetime.fromisoformat(leaf.closed_on),
            payload_name="",
            payload_sha256="",
            payload_size=0,
            batch_sha256="",
            rows=0,
            series=(),
            period=None,
            supersedes=(),
            reason=leaf.ground,
            closed=True,
        )
    payload: Mapping[str, Any] = leaf.payload or {}
    batch: Mapping[str, Any] = leaf.batch or {}
    period = leaf.period
    return DeliveryView(
        leaf=position,
        kind=leaf.kind,
        submitter=leaf.submitter,
        adapter=leaf.adapter,
        received=datetime.fromisoformat(leaf.received),
        payload_name=payload.get("name", ""),
        payload_sha256=payload.get("sha256", ""),
        payload_size=payload.get("size", 0),
        batch_sha256=batch.get("sha256", ""),
        rows=batch.get("rows", 0),
        series=leaf.series,
        period=(datetime.fromisoformat(period[0]), datetime.fromisoformat(period[1])) if period is not None else None,
        supersedes=leaf.supersedes,
        reason=leaf.reason,
        counts=dict(leaf.counts),
        inputs=leaf.inputs,
        signed_with=statements.decode(str(leaf.signature["statement"]).encode()).key if leaf.signature else "",
    )
