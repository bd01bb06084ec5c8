"""Where short averages come from, and one such place: a Parquet file in the form of `core/emissions/tables.SHORT`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.emissions.streams import Stream
from goedebuur.core.emissions.tables import SHORT

if TYPE_CHECKING:
    import polars as pl

BAD_FILE: Final = declare("emission-short", "A file of short averages has not the columns that judging needs.")


class Averages(Protocol):
    """Where short averages come from, and of which batches they were made."""

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the short averages of a stream in a year and the year before, of each length and reference."""

    def inputs(self) -> Sequence[str]:
        """Return the digests of the batches that were read."""


class FileAverages:
    """The short averages in one file; its digest is what the verdicts were made of.

    Raises
    ------
    GoedeBuurError
        `emission-short` for a file that is no Parquet, or has other columns or types.
    """

    def __init__(self, path: Path) -> None:
        import polars as pl

        data = path.read_bytes()
        self.sha256 = hashlib.sha256(data).hexdigest()
        try:
            frame = pl.read_parquet(data)
        except pl.exceptions.PolarsError:
            raise GoedeBuurError(BAD_FILE, "This is no Parquet file.", place=str(path)) from None
        for name, kind in SHORT.items():
            if name not in frame.columns or frame.schema[name] != kind:
                found = str(frame.schema.get(name, "absent"))
                raise GoedeBuurError(
                    BAD_FILE, f"The column {name} is not {kind}.", place=f"{path}, column {name}", value=found
                )
        self.frame = frame.select(list(SHORT))

    def short(self, stream: Stream, year: int) -> pl.DataFrame:
        """Return the short averages of a stream."""
        import polars as pl

        return self.frame.filter(pl.col("stream") == stream.id)

    def inputs(self) -> Sequence[str]:
        """Return the digest of the file."""
        return (self.sha256,)
