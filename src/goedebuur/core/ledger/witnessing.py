"""The protocol between a log and its witnesses, without its I/O: what is asked, what is checked, what is answered.

    old NUMBER                    the size that the witness cosigned last, as far as the log knows
    BASE64                        hashes that show the log at that size to be the start of the log now; at most 63
    (empty line)
    the checkpoint, signed by the log

The witness answers with its cosignature, or says why not. What it remembers, and that it does so before it answers, is
`store/witness.py`; connections are `cli/witness_server.py` and `adapters/tlog.py`.

References
----------
C2SP tlog-witness, "add-checkpoint"
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger import notes
from goedebuur.core.ledger.notes import Checkpoint, Note, Signature, Verifier
from goedebuur.core.ledger.tree import EMPTY_ROOT, HASH_BYTES, verify_consistency

WITNESS_REQUEST: Final = declare("witness-request", "A request to a witness is not in the form that it has.")
WITNESS_ANSWER: Final = declare("witness-answer", "A witness gave an answer that is not in the form that it has.")

MAX_PROOF: Final = 63
PATH: Final = "/add-checkpoint"
SIZE_TYPE: Final = "text/x.tlog.size"
TEXT_TYPE: Final = "text/plain; charset=utf-8"

OK: Final = 200
MALFORMED: Final = 400
UNSIGNED: Final = 403
UNKNOWN_LOG: Final = 404
CONFLICT: Final = 409
INCONSISTENT: Final = 422


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """What a log asks of a witness; nothing of it verified.

    Parameters
    ----------
    old
        The size that the proof starts from.
    proof
        The hashes of the consistency proof.
    note
        The signed checkpoint.
    """

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def encode(self) -> bytes:
        """Return the body of the request."""
        lines = [f"old {self.old}", *(base64.b64encode(one).decode() for one in self.proof), "", ""]
        return "\n".join(lines).encode() + self.note


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a witness does not cosign: the status of its answer, and a sentence for whoever reads its log."""

    status: int
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: status, type and bytes of the body."""

    status: int
    content_type: str
    body: bytes


def parse_request(body: bytes) -> tuple[AddCheckpoint, str]:
    """Return what is asked, and the origin of the log that it is about.

    Raises
    ------
    GoedeBuurError
        `witness-request`.
    """
    head, gap, note = body.partition(b"\n\n")
    try:
        if not gap:
            raise ValueError("no empty line after the proof")
        first, *lines = head.decode("ascii").split("\n")
        if not first.startswith("old "):
            raise ValueError("no old size")
        if len(lines) > MAX_PROOF:
            raise ValueError(f"more than {MAX_PROOF} hashes")
        asked = AddCheckpoint(notes.parse_number(first[4:]), tuple(map(_hash, lines)), note)
        origin = notes.parse_checkpoint(notes.parse_note(note).text, extensions=True).origin
    except (ValueError, GoedeBuurError) as error:
        raise GoedeBuurError(
            WITNESS_REQUEST, "The request is not one to add a checkpoint.", value=str(error)[:200]
        ) from error
    return asked, origin


def opened(asked: AddCheckpoint, verifiers: Sequence[Verifier]) -> Note | Refusal:
    """Return the checkpoint with the signatures of keys that are trusted for this log; else the refusal.

    Lines of other keys are left away: anyone can put any number of them under a checkpoint.
    """
    try:
        text, signed = notes.open_by_any(asked.note, verifiers)
    except GoedeBuurError as error:
        return Refusal(UNSIGNED, f"{error.message} {error.value}")
    size = notes.parse_checkpoint(text, extensions=True).size
    if asked.old > size:
        return Refusal(MALFORMED, f"the old size {asked.old} is above the size {size}")
    trusted = {(one.name, notes.key_id(one.name, notes.decode_vkey(one.vkey)[1])) for one in signed}
    lines = {(line.name, line.key): line for line in notes.parse_note(asked.note).signatures}
    return Note(text, tuple(line for named, line in lines.items() if named in trusted))


def judge(asked: AddCheckpoint, checkpoint: Checkpoint, last: Checkpoint | None) -> Refusal | None:
    """Return why a checkpoint may not be cosigned; None where it may.

    Parameters
    ----------
    last
        The latest checkpoint of this log that was cosigned; None before the first, which counts as an empty log.
    """
    size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
    if asked.old != size:
        return Refusal(CONFLICT, f"the old size is {asked.old}, cosigned last was {size}")
    if checkpoint.size == size and checkpoint.root != root:
        return Refusal(CONFLICT, f"another root over {size} leaves than was cosigned: the log has forked")
    if not verify_consistency(size, checkpoint.size, root, checkpoint.root, asked.proof):
        return Refusal(INCONSISTENT, f"{checkpoint.size} leaves are not shown to continue the {size} cosigned last")
    return None


def refused(refusal: Refusal, last: Checkpoint | None = None) -> Answer:
    """Return the answer to a request that is refused: of a conflict, the size that was cosigned last."""
    if refusal.status == CONFLICT:
        return Answer(CONFLICT, SIZE_TYPE, f"{last.size if last is not None else 0}\n".encode())
    return Answer(refusal.status, TEXT_TYPE, f"{refusal.why}\n".encode())


def cosigned(lines: Sequence[Signature]) -> Answer:
    """Return the answer that carries cosignatures."""
    return Answer(OK, TEXT_TYPE, "".join(line.as_line() for line in lines).encode())


def parse_cosignatures(body: bytes) -> list[Signature]:
    """Return the signature lines in an answer, none verified.

    Raises
    ------
    GoedeBuurError
        `witness-answer`.
    """
    try:
        text = body.decode()
        if not text.endswith("\n"):
            raise ValueError("the last line does not end")
        return [notes.parse_signature(line) for line in text[:-1].split("\n")]
    except (ValueError, GoedeBuurError) as error:
        raise _unreadable(body) from error


def parse_size(body: bytes) -> int:
    """Return the size in an answer to a conflict.

    Raises
    ------
    GoedeBuurError
        `witness-answer`.
    """
    try:
        text = body.decode("ascii")
        if not text.endswith("\n"):
            raise ValueError("the line does not end")
        return notes.parse_number(text[:-1])
    except ValueError as error:
        raise _unreadable(body) from error


def _unreadable(body: bytes) -> GoedeBuurError:
    return GoedeBuurError(
        WITNESS_ANSWER,
        "The witness gave an answer that cannot be read.",
        value=repr(body[:80]),
        hint="Check the address of the witness; ask whoever runs it.",
    )


def _hash(line: str) -> bytes:
    data = base64.b64decode(line, validate=True)
    if len(data) != HASH_BYTES or base64.b64encode(data).decode() != line:
        raise ValueError(f"not a hash: {line[:60]!r}")
    return data
