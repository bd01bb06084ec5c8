"""The promise that a small delivery is answered with: which bytes, under which number, in the log before when.

A promise is a signed note (`core/ledger/notes.py`). Whoever holds one can show that the log broke it: the sealed batch
that names the number is in the log, with the same digest, or it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.ledger.notes import NOTE_MALFORMED, parse_number

HEADING: Final = "goedebuur promise v1"


@dataclass(frozen=True, slots=True)
class Promise:
    """What is promised for one small delivery.

    Parameters
    ----------
    origin
        The log that promises.
    sequence
        Number of the delivery in the journal.
    sha256
        Digest of the bytes as received.
    received
        When they were received, ISO UTC.
    seal_by
        Latest moment at which a leaf of the log covers them, ISO UTC.
    note
        The signed text.
    """

    origin: str
    sequence: int
    sha256: str
    received: str
    seal_by: str
    note: bytes = b""

    def as_text(self) -> str:
        """Return the lines that are signed."""
        return f"{HEADING}\n{self.origin}\n{self.sequence}\n{self.sha256}\n{self.received}\n{self.seal_by}\n"


def parse_promise(text: str) -> Promise:
    """Return the promise in the text of a note.

    Raises
    ------
    GoedeBuurError
        `note-malformed`.
    """
    lines = text.split("\n")
    if len(lines) == 7:
        try:
            promise = Promise(lines[1], parse_number(lines[2]), lines[3], lines[4], lines[5])
            if promise.as_text() == text:
                return promise
        except ValueError:
            pass
    raise GoedeBuurError(NOTE_MALFORMED, "This is not a promise of a log.", value=text)
