"""Bring the projections up to the log, rebuild them, and compare them with a rebuild."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.base.periods import Period, iso
from goedebuur.core.expectations import facts
from goedebuur.core.ledger import closing, segments, statements
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.services import arrivals
from goedebuur.store.catalogue import Catalogue, Entry
from goedebuur.store.evidence import Evidence
from goedebuur.store.observations import Batch, Observations
from goedebuur.store.observations.schema import NAMES

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.ledger import Ledger

CHUNK_ROWS: Final = 4_000_000
"""Rows brought in by one commit of each table: what fits well in memory."""
LEAVES_AT_ONCE: Final = 2_000
SEALED: Final = "sealed"
"""In the identity of a segment of the journal, in place of the parser."""
VALIDATED_KEY: Final = "goedebuur.validated"
"""Key in the header of a batch under which stands for which series and periods it is the validated word."""
OBSERVATION_KINDS: Final = frozenset({"observations", "correction", "sealed"})

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The content of the derived tables as they are, and as a rebuild gives it: table → digest."""

    kept: dict[str, str]
    rebuilt: dict[str, str]

    @property
    def equal(self) -> bool:
        """Return whether both hold the same rows."""
        return self.kept == self.rebuilt


def catch_up(record: Record, progress: Progress | None = None) -> None:
    """Bring catalogue and observations to the size of the log. The caller holds the lock of the log."""
    catch_up_catalogue(record.ledger, record.evidence, record.catalogue)
    catch_up_observations(record.ledger, record.evidence, record.observations, progress)


def catch_up_catalogue(ledger: Ledger, evidence: Evidence, catalogue: Catalogue) -> None:
    """Enter the leaves that the catalogue lacks."""
    while catalogue.size < ledger.size:
        start = catalogue.size
        stop = min(start + LEAVES_AT_ONCE, ledger.size)
        found = ledger.leaves(start, stop)
        catalogue.apply((entry(evidence, start + i, leaf) for i, leaf in enumerate(found)), stop)


def catch_up_observations(
    ledger: Ledger, evidence: Evidence, observations: Observations, progress: Progress | None = None
) -> None:
    """Bring the observations to the size of the log, some millions of rows at a time, and tidy up where it adds up."""
    start, size, before = observations.size, ledger.size, observations.stamp
    for batches, stop in _chunks(ledger, evidence, start, size):
        observations.apply(batches, stop)
        if progress is not None:
            progress("project", stop - start, size - start)
    if start < size:
        observations.tidy(before)


def rebuild(record: Record, progress: Progress | None = None) -> None:
    """Make all projections again from the evidence, then put them in place. The caller holds the lock of the log.

    Readers have the old ones until the new are complete: each table and the catalogue change in one transaction.
    """
    fresh = Observations(record.observations.root.with_name("observations.new"))
    fresh.clear()
    catch_up_observations(record.ledger, record.evidence, fresh, progress)
    found = enumerate(record.ledger.leaves(0, record.ledger.size))
    record.catalogue.replace((entry(record.evidence, i, leaf) for i, leaf in found), record.ledger.size)
    record.observations.take_over(fresh)


def compare(record: Record, folder: Path | None = None, progress: Progress | None = None) -> Comparison:
    """Return the digests of the derived tables beside those of a rebuild elsewhere; nothing is changed."""
    with TemporaryDirectory(dir=folder, prefix="rebuild-") as place:
        fresh = Observations(Path(place) / "observations")
        # the tables may hold less than the log when another process is appending: compare at their size
        build(record.ledger, record.evidence, fresh, record.observations.size, progress)
        kept = {name: record.observations.content_hash(name) for name in NAMES}
        return Comparison(kept, {name: fresh.content_hash(name) for name in NAMES})


def build(ledger: Ledger, evidence: Evidence, fresh: Observations, size: int, progress: Progress | None = None) -> None:
    """Bring empty tables to a size of the log."""
    for batches, stop in _chunks(ledger, evidence, 0, size):
        fresh.apply(batches, stop)
        if progress is not None:
            progress("rebuild", stop, size)


def entry(evidence: Evidence, index: int, leaf: Leaf | ClosedLeaf) -> Entry:
    """Return a leaf as the catalogue enters it, with the records and identities of its batch."""
    told = closing.facts(index, leaf)
    if isinstance(leaf, ClosedLeaf):
        return Entry(index, leaf, told)
    records = evidence.records(leaf.batch["sha256"]) if leaf.kind == "catalogue" and leaf.batch is not None else []
    told = [*records, *told, *facts.records(leaf)]
    return Entry(
        index,
        leaf,
        told,
        submissions(evidence, leaf),
        validated(evidence, leaf),
        signed(evidence, leaf),
        arrivals.of_leaf(evidence, leaf) if leaf.kind in OBSERVATION_KINDS else (),
    )


def validated_header(found: Sequence[tuple[str, Period]]) -> dict[str, str]:
    """Return what the header of a batch says of the series and periods that it holds the validated word on."""
    if not found:
        return {}
    by_period: dict[Period, list[str]] = {}
    for series, period in found:
        by_period.setdefault(period, []).append(series)
    listed = [[iso(period.start), iso(period.end), *sorted(names)] for period, names in sorted(by_period.items())]
    return {VALIDATED_KEY: canonical.encode({"validated": listed}).decode()}


def validated(evidence: Evidence, leaf: Leaf) -> tuple[tuple[str, Period], ...]:
    """Return the series and periods that the batch of a leaf holds the validated word on."""
    if leaf.kind not in OBSERVATION_KINDS or leaf.batch is None:
        return ()
    text = evidence.metadata(leaf.batch["sha256"]).get(VALIDATED_KEY)
    if text is None:
        return ()
    found = canonical.decode(text.encode())["validated"]
    return tuple(
        (series, Period(datetime.fromisoformat(start), datetime.fromisoformat(end)))
        for start, end, *names in found
        for series in names
    )


def signed(evidence: Evidence, leaf: Leaf) -> tuple[tuple[str, str, str], ...]:
    """Return submitter, nonce and digest of each signed statement that a leaf holds.

    Of a sealed leaf they stand in its payload, which may have been erased: its deliveries are not recognised then.
    """
    kept = [leaf.signature]
    if leaf.kind == "sealed" and leaf.payload is not None:
        try:
            entries, _ = segments.parse(evidence.payload(leaf.payload["sha256"]))
        except GoedeBuurError:
            entries = []
        kept = [one.signature for one in entries if one.submitter == leaf.submitter]
    found = []
    for one in kept:
        if one is not None:
            statement = str(one["statement"]).encode()
            said = statements.decode(statement)
            found.append((said.submitter, said.nonce, canonical.sha256(statement)))
    return tuple(found)


def submissions(evidence: Evidence, leaf: Leaf) -> tuple[str, ...]:
    """Return the identities of the deliveries that a leaf completes.

    A delivery may have a catalogue leaf before the leaf of its observations; the last one carries `values_in`.
    """
    if leaf.kind == "sealed" and leaf.batch is not None:
        listed = evidence.metadata(leaf.batch["sha256"]).get(segments.HEADER_KEY, "").split()
        segment = leaf.payload["sha256"] if leaf.payload is not None else ""
        return (f"{segment}:{SEALED}", *listed)
    if leaf.payload is not None and leaf.adapter and "values_in" in leaf.counts:
        return (f"{leaf.payload['sha256']}:{leaf.adapter}",)
    return ()


def _chunks(ledger: Ledger, evidence: Evidence, start: int, size: int) -> Iterator[tuple[list[Batch], int]]:
    """Yield batches of whole leaves with the tree size to which they lead; the last one leads to `size`."""
    batches: list[Batch] = []
    rows = 0
    for at in range(start, size, LEAVES_AT_ONCE):
        for i, leaf in enumerate(ledger.leaves(at, min(at + LEAVES_AT_ONCE, size))):
            if isinstance(leaf, ClosedLeaf) or leaf.kind not in OBSERVATION_KINDS or leaf.batch is None:
                continue
            count = int(leaf.batch["rows"])
            if count == 0:
                continue
            if batches and rows + count > CHUNK_ROWS:
                yield batches, at + i
                batches, rows = [], 0
            batches.append(Batch(at + i, evidence.rows(leaf.batch["sha256"])))
            rows += count
    if start < size:
        yield batches, size


def repair(record: Record) -> list[str]:
    """Return in sentences what was put right in the projections. The caller holds the lock of the log."""
    said = []
    watermarks = {name: table.watermark for name, table in record.observations.tables.items()}
    if record.catalogue.size > record.ledger.size or max(watermarks.values()) > record.ledger.size:
        rebuild(record)
        return ["The projections held more than the log, which was put back to an earlier copy: rebuilt them."]
    if len(set(watermarks.values())) > 1:
        said.append(f"A projection had stopped half-way ({_listed(watermarks)}): completed it.")
    if record.catalogue.size < record.ledger.size or record.observations.size < record.ledger.size:
        said.append(
            f"The projections held {record.observations.size} of {record.ledger.size} leaves: brought them up to date."
        )
    try:
        catch_up(record)
    except (GoedeBuurError, OSError, ValueError) as error:
        if isinstance(error, GoedeBuurError) and error.code.startswith(("evidence-", "ledger-")):
            raise
        rebuild(record)
        return ["The projections could not be read: rebuilt them from the evidence."]
    return said


def _listed(watermarks: dict[str, int]) -> str:
    return ", ".join(f"{name} {size}" for name, size in watermarks.items())
