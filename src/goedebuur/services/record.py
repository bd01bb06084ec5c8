"""One record: the evidence, the log, the projections and the catalogue under one folder, opened together.

Folder: `evidence/` (payloads, batches), `ledger/`, `journal/`, `spool/`: these are the record, back them up;
`projections/` can be thrown away at any time and is rebuilt from the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Record:
    """An opened record. `repairs` says in sentences what was put right on opening."""

    data_dir: Path
    evidence: Any
    ledger: Any
    observations: Any
    catalogue: Any
    journal: Any
    read_only: bool
    repairs: list[str]

    @classmethod
    def open(cls, data_dir: Path, *, signer: Any | None = None, read_only: bool = False) -> Record:
        """Return the record in a folder, made when it is not there, repaired and with its projections caught up."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """Return the tree size."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Take over what other processes appended since."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of files and connections."""
        raise NotImplementedError
