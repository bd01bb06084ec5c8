"""Exit codes of the command line: the one place that knows them. `docs/beheer/exitcodes.md` is held equal by a test."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """What a program that calls `goedebuur` learns from its end."""

    OK = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    NOT_FOUND = 4
    DAMAGED = 5
    BUSY = 6
    UNREACHABLE = 7
    UNDECIDED = 8
    MARKED = 9
    NOTED = 10
    INTERRUPTED = 130
    READER_LEFT = 141


MEANINGS: Final[dict[Exit, str]] = {
    Exit.OK: "Done.",
    Exit.FAILED: "Something went wrong that the program did not foresee.",
    Exit.USAGE: "The command, an option or a setting is not right.",
    Exit.REFUSED: "A delivery was refused; nothing of it was stored.",
    Exit.NOT_FOUND: "What was asked for is not in the record.",
    Exit.DAMAGED: "The record is not what its log says it is, or cannot be read.",
    Exit.BUSY: "Something else is in the way: the port is taken, or another process is writing.",
    Exit.UNREACHABLE: "A supplier, witness or log did not answer, or not as it should.",
    Exit.UNDECIDED: "The rules cannot answer this question.",
    Exit.MARKED: "A dry run found no reason to refuse, and values that would be marked.",
    Exit.NOTED: "A dry run found no reason to refuse and nothing to mark, and something to say.",
    Exit.INTERRUPTED: "Stopped from the keyboard.",
    Exit.READER_LEFT: "Whoever read the answer left before its end, as `head` does.",
}

BY_PREFIX: Final[tuple[tuple[str, Exit], ...]] = (
    ("input-", Exit.REFUSED),
    ("submission-unreachable", Exit.UNREACHABLE),
    ("submission-answer", Exit.UNREACHABLE),
    ("submission-", Exit.REFUSED),
    ("submitter-", Exit.USAGE),
    ("expectation-", Exit.USAGE),
    ("receipt-", Exit.DAMAGED),
    ("settings-", Exit.USAGE),
    ("command-", Exit.USAGE),
    ("adapter-", Exit.USAGE),
    ("case-unknown", Exit.NOT_FOUND),
    ("case-changed", Exit.BUSY),
    ("case-file", Exit.DAMAGED),
    ("case-", Exit.USAGE),
    ("draft-unknown", Exit.NOT_FOUND),
    ("draft-document", Exit.NOT_FOUND),
    ("draft-busy", Exit.BUSY),
    ("draft-", Exit.REFUSED),
    ("people-unknown", Exit.NOT_FOUND),
    ("people-", Exit.USAGE),
    ("dispersion-unknown", Exit.NOT_FOUND),
    ("dispersion-", Exit.USAGE),
    ("query-unknown", Exit.NOT_FOUND),
    ("query-", Exit.USAGE),
    ("serve-", Exit.BUSY),
    ("lock-", Exit.BUSY),
    ("fetch-", Exit.UNREACHABLE),
    ("rules-unknown", Exit.NOT_FOUND),
    ("rules-", Exit.UNDECIDED),
    ("log-", Exit.UNREACHABLE),
    ("ledger-missing", Exit.NOT_FOUND),
    ("ledger-read-only", Exit.USAGE),
    ("ledger-", Exit.DAMAGED),
    ("leaf-too-large", Exit.REFUSED),
    ("leaf-", Exit.DAMAGED),
    ("note-", Exit.DAMAGED),
    ("tile-", Exit.DAMAGED),
    ("publication-missing", Exit.NOT_FOUND),
    ("publication-", Exit.DAMAGED),
    ("proof-", Exit.DAMAGED),
    ("witness-state", Exit.DAMAGED),
    ("witness-answer", Exit.UNREACHABLE),
    ("witness-unreachable", Exit.UNREACHABLE),
    ("witness-address", Exit.BUSY),
    ("witness-", Exit.USAGE),
    ("monitor-", Exit.DAMAGED),
    ("notice-", Exit.UNREACHABLE),
    ("evidence-", Exit.DAMAGED),
    ("field-", Exit.REFUSED),
    ("permit-unknown", Exit.NOT_FOUND),
    ("permit-", Exit.REFUSED),
    ("closing-unknown", Exit.USAGE),
    ("closing-undecided", Exit.USAGE),
    ("closing-not-closed", Exit.NOT_FOUND),
    ("closing-date", Exit.USAGE),
    ("closing-too-early", Exit.USAGE),
    ("closing-", Exit.REFUSED),
    ("closed-missing", Exit.NOT_FOUND),
    ("closed-", Exit.DAMAGED),
    ("journal-too-large", Exit.REFUSED),
    ("journal-read-only", Exit.USAGE),
    ("journal-", Exit.DAMAGED),
    ("spool-", Exit.DAMAGED),
    ("projection-", Exit.DAMAGED),
    ("key-", Exit.USAGE),
    ("record-", Exit.USAGE),
    ("export-", Exit.USAGE),
    ("spark-", Exit.USAGE),
    ("site-unknown", Exit.NOT_FOUND),
    ("alert-unknown", Exit.NOT_FOUND),
    ("alert-record", Exit.DAMAGED),
    ("alert-", Exit.REFUSED),
    ("emission-unknown", Exit.NOT_FOUND),
    ("emission-", Exit.REFUSED),
    ("stack-unknown", Exit.NOT_FOUND),
    ("measurement-unknown", Exit.NOT_FOUND),
    ("stack-", Exit.REFUSED),
    ("site-", Exit.USAGE),
)
"""Area of an error code → how the command ends; the first row that fits counts."""


def exit_of(code: str) -> Exit:
    """Return how the command ends on an error with this code.

    >>> exit_of("input-empty").name
    'REFUSED'
    """
    for prefix, answer in BY_PREFIX:
        if code.startswith(prefix):
            return answer
    return Exit.FAILED
