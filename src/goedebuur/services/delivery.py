"""Take in one delivery or many: keep the bytes, parse, check, compare with what holds, log, and project."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from goedebuur.services.record import Record

Progress = Callable[[str, int, int], None]
"""Called as progress(what, done, total)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery.

    Parameters
    ----------
    submission_id
        Digest of the bytes with parser and version.
    name
        Name of the delivered file.
    status
        "stored" (new rows), "corrected" (rows replaced or withdrawn), "unchanged" (this very delivery was here
        before, or says nothing new), or "refused" (an error; nothing was stored).
    leaves
        Positions in the log, ascending.
    counts
        As in the leaf: `values_in == stored + unchanged + sum of skipped:*`.
    doubts
        Sentences for the one who delivered.
    error
        For "refused": code, message, place, value, hint.
    """

    submission_id: str
    name: str
    status: str
    leaves: tuple[int, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()
    error: Mapping[str, str] | None = None


def deliver(
    record: Record,
    data: bytes,
    name: str,
    *,
    adapter: str | None = None,
    submitter: str | None = None,
    now: datetime,
    reason: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """Return what became of one delivery, durable and projected; an input error is raised and nothing is stored."""
    raise NotImplementedError


def deliver_files(
    record: Record,
    paths: Sequence[Path],
    *,
    now: datetime,
    reason: str = "",
    submitter: str | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Return one outcome a file, in order; a file in error is "refused" and stops none of the others."""
    raise NotImplementedError


def seal(record: Record, now: datetime) -> list[int]:
    """Return the leaves under which the small deliveries in the journal were sealed."""
    raise NotImplementedError


def drain(record: Record, now: datetime) -> list[Outcome]:
    """Return the outcomes of the deliveries that other processes put in the spool, taken in order."""
    raise NotImplementedError
