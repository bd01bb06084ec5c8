"""The proof file of a published figure, made from the record: any reader checks it without us.

What the file holds is in `core/proof/files.py`, what it shows in `core/proof/checking.py`. Each file is checked here
before it is handed out: one that would not hold is an error of ours, not a surprise at home.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Final

import polars as pl

import goedebuur
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.exact import as_text, round_half_away
from goedebuur.core.base.flags import UNUSABLE
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.base.quantities import CANONICAL_DECIMALS, quantity
from goedebuur.core.ledger import blocks, notes
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.proofs import TlogProof
from goedebuur.core.ledger.tree import Tree
from goedebuur.core.proof import checking, files
from goedebuur.core.proof.files import MEAN, VALUE, Claim, FigureProof, Part, Source
from goedebuur.services import inventory
from goedebuur.services.tracing import UNKNOWN_OBSERVATION
from goedebuur.store import keys

if TYPE_CHECKING:
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


@dataclass(frozen=True, slots=True)
class _Batch:
    """The blocks of a batch: which, in order, and the tree over them."""

    names: Mapping[tuple[str, str], int]
    tree: Tree


_seen: OrderedDict[str, _Batch] = OrderedDict()
_seeing: Final = Lock()


def prove_value(record: Record, series_id: str, start: datetime) -> bytes:
    """Return the proof file of one reported value, with all its versions.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`, `query-unknown-observation`; `query-no-blocks`.
    """
    inventory.series(record, series_id)
    with _proving:
        return _prove_value(record, series_id, start)


def _prove_value(record: Record, series_id: str, start: datetime) -> bytes:
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
    return _proof(record, claim, rows.filter(pl.col("step") == last["step"])["leaf"].unique().sort())


def prove_mean(record: Record, series_id: str, period: Period) -> bytes:
    """Return the proof file of the mean of the usable values of a series over a period.

    Raises
    ------
    GoedeBuurError
        `query-unknown-series`; `query-unknown-observation` without any usable value; `query-no-blocks`;
        `query-no-mean` for a series whose steps differ, of which the mean is made in more than one stage.
    """
    view = inventory.series(record, series_id)
    with _proving:
        return _prove_mean(record, series_id, period, quantity(view.quantity).unit)


def _prove_mean(record: Record, series_id: str, period: Period, unit: str) -> bytes:
    bound = record.projected
    rows = record.observations.read(series=[series_id], start=period.start, end=period.end)
    good = rows.filter(pl.col("micro").is_not_null() & (pl.col("flags") & int(UNUSABLE) == 0))
    if good.is_empty():
        raise _unknown(series_id, f"{iso(period.start)} to {iso(period.end)}")
    steps = rows["step"].unique().to_list()
    if len(steps) != 1 or steps[0] < SHORTEST_STEP:
        raise GoedeBuurError(
            STEPS_TOO_SHORT,
            "Only series of whole hours or days have a mean that is made in one stage.",
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
    return _proof(record, claim, pl.concat([rows["leaf"], replaced["by"].cast(rows["leaf"].dtype)]).unique().sort())


def _proof(record: Record, claim: Claim, found: Iterable[int]) -> bytes:
    ledger = record.ledger
    checkpoint = ledger.signed_checkpoint()
    size = notes.parse_checkpoint(notes.parse_note(checkpoint).text).size
    sources = []
    for index in found:
        proof = TlogProof(index, tuple(ledger.inclusion_proof(index, size)), checkpoint)
        sources.append(Source(ledger.entries(index, index + 1)[0], proof.encode(), _parts(record, index, claim)))
    data = FigureProof(claim, ledger.vkey, MADE_BY, tuple(sources)).encode()
    checking.check(data, vkey=ledger.vkey, verify=keys.verify)
    return data


def _parts(record: Record, index: int, claim: Claim) -> tuple[Part, ...]:
    """Return the blocks of a leaf's batch that hold rows of the claim, with their places."""
    leaf = record.ledger.leaf(index)
    if isinstance(leaf, ClosedLeaf) or leaf.batch is None or "blocks" not in leaf.batch:
        raise GoedeBuurError(
            NO_BLOCKS,
            "This delivery names its rows as one file, not as blocks.",
            place=f"leaf {index}",
            hint="Download the delivery itself: its digest is in the leaf. Later deliveries can be proven row by row.",
        )
    sha = str(leaf.batch["sha256"])
    batch = _batch(record, leaf, sha)
    months = _months(files.moment(claim.start), files.moment(claim.end))
    rows = record.evidence.rows(sha).filter(
        pl.col("series") == claim.series, pl.col("start") >= months.start, pl.col("start") < months.end
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


def _batch(record: Record, leaf: Leaf, sha: str) -> _Batch:
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
