"""The evidence: bytes as received, and batches of what was parsed from them, each named by its SHA-256.

A file is there whole or not at all and is never changed. Every `put` returns only when the file and its name are on
the disk; the same bytes twice are one file. What a batch belongs to is said by its leaf in `store/ledger`.

    payloads/ab/abcd…            bytes as received
    batches/ab/abcd….parquet     rows
    batches/ab/abcd….jsonl       records, one canonical JSON a line
    incoming/                    unfinished files
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base import canonical
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import blocks
from goedebuur.core.ledger.leaves import ClosedLeaf, Leaf
from goedebuur.core.ledger.tree import Tree
from goedebuur.core.measurements.records import KEY, OBSERVATIONS
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

if TYPE_CHECKING:
    import pyarrow as pa

EVIDENCE_MISSING: Final = declare("evidence-missing", "A file of the evidence is not there.")
EVIDENCE_DAMAGED: Final = declare("evidence-damaged", "A file of the evidence does not hold the bytes that were kept.")

ROWS_PER_GROUP: Final = 1 << 17
_DELTA: Final = ("start", "value")
_DICTIONARY: Final = ("series", "step", "decimals", "unit", "flags", "remark")


@dataclass(frozen=True, slots=True)
class BatchRef:
    """A batch as its leaf names it.

    Parameters
    ----------
    sha256
        Digest of the file, 64 hexadecimal digits.
    size
        Length of the file. [byte]
    rows
        Number of rows or records.
    blocks
        Root of the tree over the rows as blocks of text (`core/ledger/blocks.py`), or over the records as lines, 64
        hexadecimal digits.
    """

    sha256: str
    size: int
    rows: int
    blocks: str

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for :attr:`goedebuur.core.ledger.leaves.Leaf.batch`."""
        return {"sha256": self.sha256, "size": self.size, "rows": self.rows, "blocks": self.blocks}


class Evidence:
    """The evidence under one folder. Any number of processes may put at the same time.

    Parameters
    ----------
    root
        Folder of the record.
    fs
        Where changes go: the disk, or a recording of it in tests.
    """

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self.root = root
        self.fs = fs
        self._incoming = root / "incoming"
        self._durable: set[Path] = set()

    def put_payload(self, data: bytes) -> str:
        """Keep bytes as received and return their SHA-256, once they are on the disk."""
        sha = canonical.sha256(data)
        self._put(self.payload_path(sha), data)
        return sha

    def payload(self, sha: str) -> bytes:
        """Return the bytes as received.

        Raises
        ------
        GoedeBuurError
            `evidence-missing`, or `evidence-damaged` where the bytes no longer have this digest.
        """
        return _checked(self.payload_path(sha), sha)

    def put_rows(self, frame: pl.DataFrame, metadata: Mapping[str, str]) -> BatchRef:
        """Keep rows as a Parquet file and return its reference, once it is on the disk.

        The same rows and metadata give the same bytes (with one version of the Parquet library).

        Parameters
        ----------
        frame
            Columns :data:`OBSERVATIONS`, in any order of rows: they are kept sorted by series, start and step.
        metadata
            Entries for the file's header, e.g. the digests of the deliveries sealed together.
        """
        rows = _in_order(frame)
        return self._put_batch(parquet_bytes(rows, metadata), ".parquet", rows.height, blocks.of_rows(rows))

    def rows(self, sha: str) -> pl.DataFrame:
        """Return the rows of a batch, checked against its digest; errors as :meth:`payload`."""
        return pl.read_parquet(io.BytesIO(self.batch(sha)), columns=list(OBSERVATIONS), use_pyarrow=False)

    def metadata(self, sha: str) -> dict[str, str]:
        """Return the header entries that were given with the rows of a batch."""
        import pyarrow.parquet as pq

        found = pq.read_metadata(io.BytesIO(self.batch(sha))).metadata or {}
        return {key.decode(): value.decode() for key, value in found.items()}

    def put_records(self, records: Iterable[Mapping[str, Any]]) -> BatchRef:
        """Keep records as lines of canonical JSON and return their reference, once they are on the disk."""
        lines = [canonical.encode(record) + b"\n" for record in records]
        return self._put_batch(b"".join(lines), ".jsonl", len(lines), blocks.of_lines(lines))

    def records(self, sha: str) -> list[dict[str, Any]]:
        """Return the records of a batch, checked against its digest; errors as :meth:`payload`."""
        return [canonical.decode(line) for line in self.batch(sha).split(b"\n")[:-1]]

    def batch(self, sha: str) -> bytes:
        """Return the bytes of a batch, checked against its digest; errors as :meth:`payload`."""
        return _checked(self.batch_path(sha), sha)

    def payload_path(self, sha: str) -> Path:
        """Return where the payload with this digest lies or would lie."""
        return self.root / "payloads" / sha[:2] / sha

    def batch_path(self, sha: str) -> Path:
        """Return where the batch with this digest lies: Parquet, unless there is a JSON-lines file."""
        folder = self.root / "batches" / sha[:2]
        lines = folder / f"{sha}.jsonl"
        return lines if lines.exists() else folder / f"{sha}.parquet"

    def adopt(self, other: Evidence, sha: str) -> None:
        """Keep a batch of other evidence here too, and return once it is on the disk; errors as :meth:`payload`."""
        self._put(self.root / "batches" / sha[:2] / other.batch_path(sha).name, other.batch(sha))

    def digests(self) -> set[str]:
        """Return the names of all payloads and batches that are here."""
        found = (self.root / part for part in ("payloads", "batches"))
        return {path.stem for folder in found for path in folder.rglob("*") if path.is_file()}

    def forget(self, shas: Iterable[str]) -> None:
        """Take payloads and batches away for good. Only for what no leaf names: all else is kept for ever."""
        for sha in shas:
            for path in (self.payload_path(sha), self.batch_path(sha)):
                if path.exists():
                    self.fs.remove(path)
                    self.fs.fsync_dir(path.parent)

    def require(self, leaf: Leaf | ClosedLeaf) -> None:
        """Raise `evidence-missing` if a file that the leaf names is not there."""
        if isinstance(leaf, ClosedLeaf):
            return
        for named, path in ((leaf.payload, self.payload_path), (leaf.batch, self.batch_path)):
            if named is not None and not path(named["sha256"]).exists():
                raise _missing(path(named["sha256"]), named["sha256"])

    def sweep(self) -> list[str]:
        """Remove what dead processes left unfinished, and return the names.

        While another process is putting something its file cannot be told from a dead one: then nothing is removed.
        """
        if not self._incoming.is_dir():
            return []
        try:
            with locks.exclusive(self.root / "incoming.lock", wait=False):
                return files.sweep(self.fs, self._incoming)
        except GoedeBuurError:
            return []

    def _put_batch(self, data: bytes, suffix: str, rows: int, tree: Tree) -> BatchRef:
        sha = canonical.sha256(data)
        self._put(self.root / "batches" / sha[:2] / f"{sha}{suffix}", data)
        return BatchRef(sha, len(data), rows, tree.root().hex())

    def _put(self, target: Path, data: bytes) -> None:
        self._folder(self._incoming)
        self._folder(target.parent)
        with locks.shared(self.root / "incoming.lock"):
            # also where the file is there: who put it may have died before its name was on the disk
            files.publish(self.fs, self._incoming, target, data)

    def _folder(self, path: Path) -> None:
        if path not in self._durable:
            files.make_dirs(self.fs, self.root, path)
            self._durable.add(path)


def parquet_bytes(frame: pl.DataFrame, metadata: Mapping[str, str]) -> bytes:
    """Return the rows as a Parquet file: zstd, delta-encoded time, statistics, sorted by series, start and step."""
    import pyarrow.parquet as pq

    table = _arrow(_in_order(frame))
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink,
        table.schema,
        version="2.6",
        compression="zstd",
        compression_level=3,
        use_dictionary=list(_DICTIONARY),
        column_encoding=dict.fromkeys(_DELTA, "DELTA_BINARY_PACKED"),
        write_statistics=True,
        store_schema=False,
    ) as writer:
        writer.write_table(table, row_group_size=ROWS_PER_GROUP)
        writer.add_key_value_metadata(dict(sorted(metadata.items())))
    return sink.getvalue()


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of :data:`OBSERVATIONS`, sorted by :data:`KEY`."""
    rows = frame.select([pl.col(name).cast(kind) for name, kind in OBSERVATIONS.items()])
    return rows if _sorted(rows) else rows.sort(KEY)


def _arrow(rows: pl.DataFrame) -> pa.Table:
    import pyarrow as pa

    names = {
        pl.String(): pa.string(),
        pl.Int64(): pa.int64(),
        pl.Int32(): pa.int32(),
        pl.Int8(): pa.int8(),
        pl.Datetime("us", "UTC"): pa.timestamp("us", "UTC"),
    }
    return rows.to_arrow().cast(pa.schema([(name, names[kind]) for name, kind in OBSERVATIONS.items()]))


def _sorted(rows: pl.DataFrame) -> bool:
    before = {name: pl.col(name).shift(1) for name in KEY}
    in_order = (
        (pl.col("series") > before["series"])
        | ((pl.col("series") == before["series"]) & (pl.col("start") > before["start"]))
        | (
            (pl.col("series") == before["series"])
            & (pl.col("start") == before["start"])
            & (pl.col("step") >= before["step"])
        )
    )
    return bool(rows.lazy().select(in_order.all(ignore_nulls=True)).collect().item())


def _checked(path: Path, sha: str) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise _missing(path, sha) from None
    found = canonical.sha256(data)
    if found != sha:
        raise GoedeBuurError(
            EVIDENCE_DAMAGED,
            "The bytes of this file are not those that were kept.",
            place="/".join(path.parts[-3:]),
            value=found,
            hint="Put it back from a copy of the record, then run `goedebuur record verify`.",
        )
    return data


def _missing(path: Path, sha: str) -> GoedeBuurError:
    return GoedeBuurError(
        EVIDENCE_MISSING,
        "This file of the evidence is not there.",
        place="/".join(path.parts[-3:]),
        value=sha,
        hint="Put it back from a copy of the record; its name is the SHA-256 of its bytes.",
    )
