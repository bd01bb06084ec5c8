"""Deliveries on their way in: what came so far of each signed statement, so that a broken upload goes on.

    incoming/uploads/<digest of the statement>/envelope.json    statement, signature, when it was first shown
    incoming/uploads/<digest of the statement>/data             the bytes so far

Nothing here is evidence. A lost upload is sent again; one that nobody finishes is removed after a week.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from goedebuur.core.base import canonical, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.periods import iso
from goedebuur.store import files, locks
from goedebuur.store.files import REAL, FileSystem

WRONG_OFFSET: Final = declare("submission-offset", "A part of an upload does not follow what came before it.")
UNKNOWN_UPLOAD: Final = declare("submission-unknown", "No delivery with this statement is here or on its way.")
NO_LENGTH: Final = declare("submission-length", "It was not said how many bytes are sent.")
TOO_LARGE: Final = declare("submission-too-large", "A delivery is larger than this installation takes.")
TOO_SLOW: Final = declare("submission-slow", "A part of an upload took too long.")
TOO_MANY: Final = declare("submission-too-many", "A submitter has more uploads under way than it may have.")

KEPT: Final = timedelta(days=7)
MOST_OPEN: Final = 20
"""Uploads that one submitter may have under way."""

BOOK: Final = rulebook.area(
    "upload",
    "Leveren over het net",
    "Delivering over the network",
    rulebook.own(
        "een server leest niet meer dan mag, en niets voor hij weet van wie het is",
        "a server reads no more than it may, and nothing before it knows whose it is",
    ),
    "tests/rulebook/test_signed.py::test_refused",
)
SIZE: Final = BOOK.refuse(
    "size",
    TOO_LARGE,
    "De levering is niet groter dan deze installatie aanneemt (`GOEDEBUUR_UPLOAD_MB`).",
    "The delivery is no larger than this installation takes (`GOEDEBUUR_UPLOAD_MB`).",
)
LENGTH: Final = BOOK.refuse(
    "length",
    NO_LENGTH,
    "Vooraf is gezegd hoeveel bytes er komen.",
    "It is said beforehand how many bytes come.",
    basis=rulebook.standard("RFC 9110, 8.6"),
    test="tests/web/test_submitting.py::test_body_of_unknown_length_is_refused",
)
BEGINS: Final = BOOK.refuse(
    "part-begins",
    NO_LENGTH,
    "Bij elk deel is gezegd waar het begint.",
    "With each part it is said where it begins.",
    basis=rulebook.described("IETF draft-ietf-httpbis-resumable-upload: Upload-Offset"),
)
QUICK: Final = BOOK.refuse(
    "time",
    TOO_SLOW,
    "Een deel komt binnen de toegestane tijd aan.",
    "A part arrives within the time allowed.",
    test="tests/web/test_submitting.py::test_slow_part_is_stopped_and_what_came_is_kept",
)
FEW_OPEN: Final = BOOK.refuse(
    "open",
    TOO_MANY,
    f"Een leverancier is met ten hoogste {MOST_OPEN} leveringen in delen bezig.",
    f"A submitter has at most {MOST_OPEN} deliveries in parts under way.",
    test="tests/web/test_submitting.py::test_submitter_cannot_have_uploads_without_end",
)
FOLLOWS: Final = BOOK.refuse(
    "part-follows",
    WRONG_OFFSET,
    "Een deel begint waar het vorige ophoudt, en loopt niet verder dan de verklaring zegt.",
    "A part begins where the one before it ends, and goes no further than the statement says.",
    test="tests/web/test_submitting.py::test_part_that_begins_elsewhere_is_refused",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload: its statement's digest, what was sent with it, and how many bytes are here."""

    digest: str
    envelope: Mapping[str, Any]
    path: Path

    @property
    def offset(self) -> int:
        """Return how many bytes are here."""
        return self.path.stat().st_size

    @property
    def begun(self) -> datetime:
        """Return when the statement was first shown."""
        return datetime.fromisoformat(self.envelope["begun"])


class Uploads:
    """The uploads under a record's folder. Any number of processes may take parts, one at a time of each upload."""

    def __init__(self, root: Path, fs: FileSystem = REAL) -> None:
        self._root = root
        self._fs = fs
        self._folder = root / "incoming" / "uploads"

    def begin(self, digest: str, envelope: Mapping[str, Any], now: datetime) -> Upload:
        """Return the upload of a statement: the one that is under way, or a new one.

        Raises
        ------
        GoedeBuurError
            `submission-too-many`.
        """
        files.make_dirs(self._fs, self._root, self._folder)
        with locks.exclusive(self._folder / "lock"):
            self._forget(now)
            place = self._folder / digest
            if not (place / "envelope.json").exists():
                self._require_room(str(envelope.get("submitter", "")))
                files.make_dirs(self._fs, self._root, place)
                (place / "data").unlink(missing_ok=True)
                self._fs.create(place / "data", b"")
                body = canonical.encode({**envelope, "begun": iso(now)})
                files.publish(self._fs, place, place / "envelope.json", body)
        return self.find(digest)

    def find(self, digest: str) -> Upload:
        """Return an upload that is under way; `submission-unknown` where there is none."""
        place = self._folder / digest
        try:
            envelope = canonical.decode((place / "envelope.json").read_bytes())
        except (FileNotFoundError, ValueError):
            raise unknown(digest) from None
        return Upload(digest, envelope, place / "data")

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Be the only one who decides whether a statement is new, and takes it in."""
        files.make_dirs(self._fs, self._root, self._folder)
        with locks.exclusive(self._folder / "taking"):
            yield

    @contextmanager
    def alone(self, upload: Upload) -> Iterator[None]:
        """Be the only one who works on an upload; `lock-busy` where another does."""
        with locks.exclusive(upload.path.with_name("lock"), wait=False):
            yield

    def add(self, upload: Upload, offset: int, chunks: Iterable[bytes], size: int) -> int:
        """Return how many bytes are here after adding what comes; what came before a break stays.

        Parameters
        ----------
        offset
            Where the part begins: where the last one ended.
        size
            How many bytes there may be in all.

        Raises
        ------
        GoedeBuurError
            `submission-offset` for a part that begins elsewhere or goes on after the end.
        """
        if offset != upload.offset:
            raise _elsewhere(upload.offset, offset)
        descriptor = os.open(upload.path, os.O_WRONLY | os.O_APPEND)
        try:
            for chunk in chunks:
                if offset + len(chunk) > size:
                    raise _elsewhere(size, offset + len(chunk))
                os.write(descriptor, chunk)
                offset += len(chunk)
        finally:
            os.fsync(descriptor)
            os.close(descriptor)
        return upload.offset

    def restart(self, upload: Upload) -> None:
        """Forget the bytes of an upload, not its statement."""
        self._fs.truncate(upload.path, 0)

    def end(self, upload: Upload) -> None:
        """Forget an upload."""
        shutil.rmtree(upload.path.parent, ignore_errors=True)

    def _forget(self, now: datetime) -> None:
        for place in self._folder.iterdir():
            if place.is_dir():
                try:
                    old = self.find(place.name).begun + KEPT < now
                except GoedeBuurError:
                    old = True
                if old:
                    shutil.rmtree(place, ignore_errors=True)

    def _require_room(self, submitter: str) -> None:
        there = [self.find(place.name).envelope for place in self._folder.iterdir() if place.is_dir()]
        if sum(one.get("submitter") == submitter for one in there) >= MOST_OPEN:
            raise FEW_OPEN.error(
                f"This submitter has {MOST_OPEN} uploads under way.",
                place=submitter,
                hint="Finish them, or wait: what nobody finishes is removed after a week.",
            )


def unknown(digest: str) -> GoedeBuurError:
    """Return the error of a statement that nothing is known of."""
    return GoedeBuurError(
        UNKNOWN_UPLOAD,
        "No delivery with this statement is here or on its way.",
        value=digest,
        hint="Send the statement first. A delivery is known by the SHA-256 of its statement.",
    )


def _elsewhere(expected: int, given: int) -> GoedeBuurError:
    return FOLLOWS.error(
        f"The next part begins at byte {expected}.",
        place="Upload-Offset",
        value=str(given),
        hint="Ask with HEAD how much is here, and go on from there.",
    )
