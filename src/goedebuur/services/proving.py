"""The proof file of a published figure, made from the record: any reader checks it without us.

What the file holds is in `core/proof/files.py`, what it shows in `core/proof/checking.py`. Each file is checked here
before it is handed out: one that would not hold is an error of ours, not a surprise at home.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

import polars as pl

import goedebuur
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import CET, Clock, Period, iso
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, quantity
from goedebuur.core.ledger import blocks, notes
from goedebuur.core.ledger.leaves import ClosedLeaf
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.core.ledger.tree import Tree
from goedebuur.core.proof import checking, files
from goedebuur.core.proof.files import AVERAGE, MEAN, VALUE, Claim, FigureProof, Part, Source
from goedebuur.services import averages, inventory
from goedebuur.services.tracing import UNKNOWN_OBSERVATION
from goedebuur.store import keys
from goedebuur.store.keys import Ed25519Verifier
from goedebuur.store.ledger.publication import Publication

if TYPE_CHECKING:
    from pathlib import Path

    from goedebuur.services.record import Record

NO_BLOCKS: Final = declare("query-no-blocks", "The delivery was logged before rows could be proven one by one.")
STEPS_TOO_SHORT: Final = declare("query-no-mean", "The mean of this series cannot be proven row by row.")
MADE_BY: Final = f"goedebuur/{goedebuur.__version__}"
KEPT: Final = 256
"""Batches of which the tree of blocks is remembered: some ten kilobytes each."""
SHORTEST_STEP: Final = 3600
"""Of what a mean can be proven: shorter steps are averaged to hours first, which is a second stage. [s]"""
AT_ONCE: Final = 2
"""Proofs made at the same time: each reads whole batches from disk, and anybody may ask."""
_proving: Final = BoundedSemaphore(AT_ONCE)


def at_once() -> BoundedSemaphore:
    """Return what a proof is made within, so that few are made at the same time."""
    return _proving


@dataclass(frozen=True, slots=True)
class _Batch:
    """The blocks of a batch: which, in order, and the tree over them."""

    names: Mapping[tuple[str, str], int]
    tree: Tree


_seen: OrderedDict[str, _Batch] = OrderedDict()
_seeing: Final = Lock()


def prove_value(record: Record, series_id: str, start: datetime, published: bytes = b"") -> bytes:
    """Return the proof file of one reported value, with all its versions.

    Parameters
    ----------
    published
        The checkpoint that is published, with its cosignatures: it is used where it covers all that is needed.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`, `query-unknown-observation`; `query-no-blocks`.
    """
    inventory.series(record, series_id)
    with _proving:
        return _prove_value(record, series_id, start, published)


def _prove_value(record: Record, series_id: str, start: datetime, published: bytes) -> bytes:
    rows = record.observations.history(series_id, start).sort("leaf")
    if rows.is_empty():
        raise _unknown(series_id, iso(start))
    last = rows.row(-1, named=True)
    begin = files.micros(start)
    claim = Claim(
        kind=VALUE,
        series=series_id,
        start=begin,
        end=begin + last["step"] * 1_000_000,
        step=last["step"],
        figure=as_text(last["value"], last["decimals"]),
        unit=last["unit"],
        count=1,
    )
    return _proof(record, claim, rows.filter(pl.col("step") == last["step"])["leaf"].unique().sort(), published)


def prove_mean(record: Record, series_id: str, period: Period, published: bytes = b"") -> bytes:
    """Return the proof file of the mean of the usable values of a series over a period.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`; `query-unknown-observation` without any usable value; `query-no-blocks`;
        `query-no-mean` for a series whose steps differ, of which the mean is made in more than one stage.
    """
    view = inventory.series(record, series_id)
    with _proving:
        return _prove_mean(record, series_id, period, quantity(view.quantity).unit, published)


def _prove_mean(record: Record, series_id: str, period: Period, unit: str, published: bytes) -> bytes:
    bound = record.projected
    rows = record.observations.read(series=[series_id], start=period.start, end=period.end)
    good = rows.filter(pl.col("micro").is_not_null() & (pl.col("flags") & int(UNUSABLE) == 0))
    if good.is_empty():
        raise _unknown(series_id, f"{iso(period.start)} to {iso(period.end)}")
    steps = rows["step"].unique().to_list()
    if steps and max(steps) <= SHORTEST_STEP and min(steps) < SHORTEST_STEP:
        return _prove_hours(record, series_id, period, published)
    if len(steps) != 1 or steps[0] < SHORTEST_STEP:
        raise GoedeBuurError(
            STEPS_TOO_SHORT,
            "The steps of this series differ, and some are longer than an hour: no mean is published of them together.",
            place=series_id,
            value=", ".join(f"{step} s" for step in sorted(steps)),
            hint="Ask the proof of single values.",
        )
    mean = round_half_away(int(good["micro"].sum()), good.height, CANONICAL_DECIMALS)
    claim = Claim(
        kind=MEAN,
        series=series_id,
        start=files.micros(period.start),
        end=files.micros(period.end),
        step=steps[0],
        figure=as_text(mean, CANONICAL_DECIMALS),
        unit=unit,
        count=good.height,
    )
    replaced = record.observations.replaced(series_id, period.start, period.end, bound)
    found = pl.concat([rows["leaf"], replaced["by"].cast(rows["leaf"].dtype)]).unique().sort()
    return _proof(record, claim, found, published)


def _prove_hours(record: Record, series_id: str, period: Period, published: bytes) -> bytes:
    """Return the proof of the mean of a year of which the steps are averaged to hours first."""
    year = period.end.astimezone(CET).year - 1
    found = averages.averages(record, series_id, year, "year")
    if not found:
        raise _unknown(series_id, str(year))
    return _prove_average(record, series_id, period, found[0], None, published)


def prove_average(record: Record, series_id: str, per: str, label: str, published: bytes = b"") -> bytes:
    """Return the proof file of a mean of hours, as `averages` publishes it.

    Parameters
    ----------
    per, label
        Among `averages.PER`, and its period: `2019-01-31`, `2019-01` or `2019`; of a rolling year its last month.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`; `query-unknown-observation` for a period without any hour; `query-no-blocks`.
    """
    inventory.series(record, series_id)
    period = averages.period_of(per, label)
    with _proving:
        every = averages.averages(record, series_id, int(label[:4]), per) if period is not None else []
        found = next((one for one in every if one.period == label), None)
        if period is None or found is None:
            raise _unknown(series_id, f"{per} {label}")
        return _prove_average(record, series_id, period, found, None, published)


def prove_percentile(
    record: Record, series_id: str, year: int, share: tuple[int, int], published: bytes = b""
) -> bytes:
    """Return the proof file of a percentile of the hours of a year on CET; errors as :func:`prove_average`."""
    inventory.series(record, series_id)
    if not 0 < share[0] < share[1]:
        raise _unknown(series_id, f"percentile {share[0]}/{share[1]}")
    with _proving:
        found = averages.percentile(record, series_id, year, Fraction(*share))
        if found is None:
            raise _unknown(series_id, str(year))
        return _prove_average(record, series_id, Period.year(year, Clock.CET), found, share, published)


def _prove_average(
    record: Record,
    series_id: str,
    period: Period,
    found: averages.Average,
    share: tuple[int, int] | None,
    published: bytes,
) -> bytes:
    claim = Claim(
        kind=AVERAGE,
        series=series_id,
        start=files.micros(period.start),
        end=files.micros(period.end),
        step=files.HOUR,
        figure=found.value,
        unit=quantity(inventory.series(record, series_id).quantity).unit,
        count=found.n,
        expected=found.expected,
        percentile=share,
    )
    return _proof(record, claim, _leaves(record, series_id, period), published)


def _leaves(record: Record, series_id: str, period: Period) -> pl.Series:
    """Return the leaves with rows of a series in a period, those that were replaced and those that replaced them."""
    rows = record.observations.read(series=[series_id], start=period.start, end=period.end)
    replaced = record.observations.replaced(series_id, period.start, period.end, record.projected)
    return pl.concat([rows["leaf"], replaced["by"].cast(rows["leaf"].dtype)]).unique().sort()


def _proof(record: Record, claim: Claim, found: Iterable[int], published: bytes) -> bytes:
    parts = {i: row_parts(record, i, claim.series, claim.start, claim.end) for i in found}
    under = Under.of(record, max(parts), published)
    sources = tuple(under.source(i, those) for i, those in parts.items())
    return checked(record, FigureProof(claim, record.ledger.vkey, MADE_BY, sources))


@dataclass(frozen=True, slots=True)
class Under:
    """The checkpoint under which all leaves of one proof are shown."""

    record: Record
    note: bytes
    size: int

    @classmethod
    def of(cls, record: Record, last: int, published: bytes = b"") -> Under:
        """Return the published checkpoint, which witnesses cosigned, where it covers the last leaf; else the newest."""
        size = _size(record, published)
        if size is not None and size > last:
            return cls(record, published, size)
        return cls(record, record.ledger.signed_checkpoint(), record.ledger.size)

    def source(self, index: int, parts: tuple[Part, ...]) -> Source:
        """Return a leaf with its way to the checkpoint, and blocks of its batch."""
        ledger = self.record.ledger
        proof = TlogProof(index, tuple(ledger.inclusion_proof(index, self.size)), self.note)
        return Source(ledger.entries(index, index + 1)[0], proof.encode(), parts)


def published_note(folder: Path) -> bytes:
    """Return the checkpoint that is published in a folder, with its cosignatures; empty where there is none."""
    try:
        return Publication(folder).note()
    except GoedeBuurError:
        return b""


def _size(record: Record, note: bytes) -> int | None:
    """Return the leaves under a note, None where it is not of this log's past: that is for the monitor to report."""
    try:
        found = notes.parse_checkpoint(notes.open_note(note, Ed25519Verifier(record.ledger.vkey)))
    except GoedeBuurError:
        return None
    same = found.size <= record.ledger.size and record.ledger.root_hash(found.size) == found.root
    return found.size if same else None


def checked(record: Record, proof: FigureProof) -> bytes:
    """Return the bytes of a proof file that holds: one that does not is an error of ours."""
    data = proof.encode()
    checking.check(data, vkey=record.ledger.vkey, verify=keys.verify)
    return data


def batch_of(record: Record, index: int) -> str:
    """Return the name of the batch of a leaf, of which the rows can be proven one by one.

    Raises
    ------
    GoedeBuurError
        `query-no-blocks`.
    """
    leaf = record.ledger.leaf(index)
    if isinstance(leaf, ClosedLeaf) or leaf.batch is None or "blocks" not in leaf.batch:
        raise GoedeBuurError(
            NO_BLOCKS,
            "This delivery names its rows as one file, not as blocks.",
            place=f"leaf {index}",
            hint="Download the delivery itself: its digest is in the leaf. Later deliveries can be proven row by row.",
        )
    return str(leaf.batch["sha256"])


def row_parts(record: Record, index: int, series_id: str, start: int, end: int) -> tuple[Part, ...]:
    """Return the blocks of a leaf's batch with rows of a series from start to end [µs since 1970 UTC]."""
    sha = batch_of(record, index)
    batch = _batch(record, sha)
    months = _months(files.moment(start), files.moment(end))
    rows = record.evidence.rows(sha).filter(
        pl.col("series") == series_id, pl.col("start") >= months.start, pl.col("start") < months.end
    )
    parts = []
    for series, month, text in blocks.texts(rows):
        at = batch.names[series, month]
        parts.append(Part(at, batch.tree.size, tuple(batch.tree.inclusion_proof(at)), text))
    return tuple(parts)


def _months(begin: datetime, end: datetime) -> Period:
    """Return the whole calendar months in UTC that a period touches."""
    first = begin.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = (end - timedelta(microseconds=1)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Period(first, (last + timedelta(days=31)).replace(day=1))


def _batch(record: Record, sha: str) -> _Batch:
    """Return the blocks of a batch. A batch never changes, so the last few are remembered."""
    with _seeing:
        if sha in _seen:
            _seen.move_to_end(sha)
            return _seen[sha]
    names: dict[tuple[str, str], int] = {}
    texts: list[bytes] = []
    for series, month, text in blocks.texts(record.evidence.rows(sha)):
        names[series, month] = len(texts)
        texts.append(text)
    found = _Batch(names, blocks.of_lines(texts))
    with _seeing:
        _seen[sha] = found
        while len(_seen) > KEPT:
            _seen.popitem(last=False)
    return found


def _unknown(place: str, value: str) -> GoedeBuurError:
    return GoedeBuurError(
        UNKNOWN_OBSERVATION,
        "The record has no value of that series and time.",
        place=place,
        value=value,
        hint="The time is the start of a step, in UTC.",
    )
