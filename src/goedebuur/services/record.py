"""One record: the evidence, the log, the projections and the catalogue under one folder, opened together.

The folder holds `payloads/`, `batches/`, `ledger/`, `journal/`, `spool/` and `closed/`: these are the record, back them
up, and keep of `closed/` no copy longer than the law allows.
`projections/` can be thrown away at any time and is made again from the rest.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar, cast

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger.notes import Signer
from goedebuur.services import closed, projection
from goedebuur.services.projection import Progress
from goedebuur.store import locks
from goedebuur.store.catalogue import Catalogue
from goedebuur.store.evidence import Evidence
from goedebuur.store.files import REAL, FileSystem
from goedebuur.store.journal import SEALED_WITHIN, Journal
from goedebuur.store.ledger import Ledger
from goedebuur.store.observations import Observations
from goedebuur.store.spool import Spool

NO_SIGNER: Final = declare("record-no-key", "The record was opened for writing without the key of the log.")
MOST_ANSWERS: Final = 64
Answer = TypeVar("Answer")


@dataclass
class _Asked:
    """One question; `answer` says something once `answered` is true."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    answered: bool = False
    answer: object = None


@dataclass
class _Memory:
    """The last questions asked of one state of the projections."""

    stamp: tuple[int, ...] = ()
    questions: OrderedDict[Hashable, _Asked] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self, stamp: tuple[int, ...], question: Hashable) -> _Asked:
        """Return the place of a question, to be answered by whoever holds its lock first."""
        with self.lock:
            if stamp != self.stamp:
                self.questions, self.stamp = OrderedDict(), stamp
            found = self.questions.setdefault(question, _Asked())
            self.questions.move_to_end(question)
            while len(self.questions) > MOST_ANSWERS:
                self.questions.popitem(last=False)
            return found


def _answer(asked: _Asked, answer: Callable[[], Answer]) -> Answer:
    with asked.lock:
        if not asked.answered:
            asked.answer = answer()
            asked.answered = True
        return cast(Answer, asked.answer)


@dataclass
class Record:
    """An opened record. `repairs` says in sentences what was put right on opening.

    Several processes may have one record open, for reading or writing; whoever adds to it holds :meth:`lock`.
    """

    data_dir: Path
    evidence: Evidence
    ledger: Ledger
    observations: Observations
    catalogue: Catalogue
    spool: Spool
    journal: Journal | None
    read_only: bool
    repairs: list[str] = field(default_factory=list)
    _memory: _Memory = field(default_factory=_Memory, repr=False)
    _catalogue_memory: _Memory = field(default_factory=_Memory, repr=False)

    @classmethod
    def open(
        cls,
        data_dir: Path,
        *,
        signer: Signer | None = None,
        read_only: bool = False,
        fs: FileSystem = REAL,
        sealed_within: timedelta = SEALED_WITHIN,
    ) -> Record:
        """Return the record in a folder.

        A writer makes what is not there, repairs what a crash left, and brings the projections up to date. A reader
        changes nothing of the record and reads what is projected; only a catalogue that a later version emptied, since
        it has another form now, is filled again by whoever comes first: else all of the record would seem to be gone.

        Parameters
        ----------
        sealed_within
            How long after receipt a small delivery is promised to be in the log.

        Raises
        ------
        GoedeBuurError
            `record-no-key` for a writer without a signer; `ledger-missing` for a reader where nothing is; and what
            `Ledger.open` and `Journal.open` raise for a damaged record.
        """
        if signer is None and not read_only:
            raise GoedeBuurError(
                NO_SIGNER,
                "Writing to the record needs the key of the log.",
                place=data_dir.name,
                hint="Give the signing key in the settings, or open the record for reading.",
            )
        ledger = Ledger.open(data_dir, None if read_only else signer, fs)
        journal = None if read_only or signer is None else Journal.open(data_dir, signer, fs, sealed_within)
        repairs = [*ledger.repairs, *(journal.repairs if journal is not None else ())]
        place = data_dir / "projections"
        record = cls(
            data_dir,
            Evidence(data_dir, fs),
            ledger,
            _observations(place / "observations", read_only, repairs),
            _catalogue(place / "catalogue.sqlite3", read_only, repairs),
            Spool(data_dir, fs),
            journal,
            read_only,
            repairs,
        )
        if not read_only:
            record._repair()
        elif record.catalogue.size == 0:
            projection.catch_up_catalogue(ledger, record.evidence, record.catalogue)
        return record

    @property
    def size(self) -> int:
        """Return the tree size."""
        return self.ledger.size

    @property
    def projected(self) -> int:
        """Return the tree size that all projections hold."""
        return min(self.observations.size, self.catalogue.size)

    def remembered(self, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """Return the answer to a question, worked out once for as long as the projections stay as they are.

        Threads that ask the same at the same time wait for the first. The answers asked for longest ago make room.
        """
        return _answer(self._memory.asked((*self.observations.stamp, self.catalogue.size), question), answer)

    def of_catalogue(
        self, question: Hashable, as_of: int | None, answer: Callable[[int], Answer], kinds: tuple[str, ...] = ()
    ) -> Answer:
        """Return the answer to a question about catalogue records alone, worked out once for each state of these.

        Deliveries of measurements leave it as it is. The past does not change, so that an answer holds for as long as
        there is room for it.

        Parameters
        ----------
        as_of
            Tree size whose answer is wanted.
        answer
            Works it out for the smallest tree size that holds the same records.
        kinds
            The kinds of records that it is about; none for all.
        """
        last = self.catalogue.leaves(1, as_of, "catalogue")
        size = last[0] + 1 if last else 0
        if kinds:
            size = self.of_catalogue(("last of", kinds), size, lambda whole: self.catalogue.last_of(kinds, whole) + 1)
        return _answer(self._catalogue_memory.asked((), (question, size)), lambda: answer(size))

    @contextmanager
    def lock(self, *, wait: bool = True) -> Iterator[None]:
        """Be the one who adds to the record, with everything that others added taken over."""
        with self.ledger.lock(wait=wait):
            self.observations.refresh()
            projection.catch_up_catalogue(self.ledger, self.evidence, self.catalogue)
            yield

    def refresh(self) -> None:
        """Take over what other processes appended and projected since."""
        self.ledger.refresh()
        self.observations.refresh()

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make all projections again from the evidence; readers see the old ones until the new are complete."""
        with self.lock():
            projection.rebuild(self, progress)

    def compact(self) -> int:
        """Return how many files of the derived tables were merged away; old ones are deleted, content stays."""
        with self.lock():
            return self.observations.compact()

    def close(self) -> None:
        """Let go of files and connections."""
        self.observations.close()
        self.catalogue.close()

    def _repair(self) -> None:
        try:
            with self.ledger.lock(wait=False):
                self.observations.refresh()
                self.repairs += projection.repair(self)
                self.repairs += closed.tidy(self)
        except GoedeBuurError as error:
            if error.code != locks.LOCK_BUSY:
                raise  # otherwise the process that holds the lock brings the projections up to date


def _observations(root: Path, read_only: bool, repairs: list[str]) -> Observations:
    try:
        return Observations(root)
    except GoedeBuurError:
        if read_only:
            raise
    shutil.rmtree(root)
    repairs.append("The derived tables could not be opened: rebuilt them from the evidence.")
    return Observations(root)


def _catalogue(path: Path, read_only: bool, repairs: list[str]) -> Catalogue:
    try:
        return Catalogue(path)
    except sqlite3.DatabaseError:
        if read_only:
            raise
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)
    repairs.append("The catalogue could not be opened: rebuilt it from the evidence.")
    return Catalogue(path)
